//! What a filter means for the objects of a class: attributes and types.

use host_harness::model::{Filter, ObjectClassInfo, Value};

use super::Mistake;
use super::grammar::{Comparison, Expression, Operand, Operator, Placed};
use crate::cli::typed::{self, Typed};

/// The filter that an expression means.
pub(super) fn of(class: &ObjectClassInfo, expression: &Expression) -> Result<Filter, Mistake> {
    let all =
        |operands: &[Expression]| -> Result<Vec<_>, _> { operands.iter().map(|operand| of(class, operand)).collect() };
    Ok(match expression {
        Expression::And(operands) => Filter::And(all(operands)?),
        Expression::Or(operands) => Filter::Or(all(operands)?),
        Expression::Not(operand) => !of(class, operand)?,
        Expression::Comparison(comparison) => compare(class, comparison)?,
    })
}

fn compare(class: &ObjectClassInfo, comparison: &Comparison) -> Result<Filter, Mistake> {
    let Comparison { name, operator, operand } = comparison;
    let attribute = Typed::find(class, &name.it).ok_or_else(|| Mistake {
        at: name.at,
        what: format!("{} has no attribute {}; {}", class.name, name.it, typed::attributes_of(class)),
    })?;
    let name = attribute.name.to_owned();
    Ok(match operator {
        Operator::Equals if operand.it == Operand::Null => Filter::Equals(name, Vec::new()),
        Operator::Equals => Filter::Equals(name, values(attribute, operand)?),
        Operator::Has => Filter::ContainsAllValues(name, values(attribute, operand)?),
        Operator::EqualsIgnoreCase => Filter::EqualsIgnoreCase(name, only(operand)?.to_owned()),
        Operator::StartsWith => Filter::StartsWith(name, only(operand)?.to_owned()),
        Operator::EndsWith => Filter::EndsWith(name, only(operand)?.to_owned()),
        Operator::Contains => Filter::Contains(name, only(operand)?.to_owned()),
        Operator::Less => Filter::LessThan(name, value(attribute, only(operand)?, operand.at)?),
        Operator::LessOrEqual => Filter::LessThanOrEqual(name, value(attribute, only(operand)?, operand.at)?),
        Operator::Greater => Filter::GreaterThan(name, value(attribute, only(operand)?, operand.at)?),
        Operator::GreaterOrEqual => Filter::GreaterThanOrEqual(name, value(attribute, only(operand)?, operand.at)?),
    })
}

/// The values of an operator that takes several.
fn values(attribute: Typed<'_>, operand: &Placed<Operand>) -> Result<Vec<Value>, Mistake> {
    match &operand.it {
        Operand::Null => Err(Mistake { at: operand.at, what: "null goes with = alone".into() }),
        Operand::One(text) => Ok(vec![value(attribute, text, operand.at)?]),
        Operand::Several(texts) => texts.iter().map(|text| value(attribute, &text.it, text.at)).collect(),
    }
}

/// The text of an operator that takes one.
fn only(operand: &Placed<Operand>) -> Result<&str, Mistake> {
    match &operand.it {
        Operand::One(text) => Ok(text),
        Operand::Null => Err(Mistake { at: operand.at, what: "null goes with = alone".into() }),
        Operand::Several(_) => Err(Mistake { at: operand.at, what: "this operator takes one value".into() }),
    }
}

fn value(attribute: Typed<'_>, text: &str, at: usize) -> Result<Value, Mistake> {
    typed::parse(attribute.value_type, text)
        .map_err(|wanted| Mistake { at, what: format!("{} takes {wanted}", attribute.name) })
}
