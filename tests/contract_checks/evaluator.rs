//! What a filter means, written down once more from the contract's words, to compare the connector with.

use std::cmp::Ordering;

use host_harness::model::{ConnectorObject, Filter, ObjectClassInfo, Value};

use super::values;

/// Whether a filter holds for an object that has all that can be read.
pub(super) fn holds(filter: &Filter, class: &ObjectClassInfo, object: &ConnectorObject) -> bool {
    let of = |name: &str| Tested::of(class, object, name);
    match filter {
        Filter::And(all) => all.iter().all(|one| holds(one, class, object)),
        Filter::Or(any) => any.iter().any(|one| holds(one, class, object)),
        Filter::Not(one) => !holds(one, class, object),
        Filter::Equals(name, wanted) => of(name).has_exactly(wanted),
        Filter::EqualsIgnoreCase(name, text) => {
            let tested = of(name);
            tested.values.len() == 1 && tested.first_text().is_some_and(|first| lower(first) == lower(text))
        }
        Filter::Contains(name, part) => of(name).first(part, |text, part| text.contains(part)),
        Filter::StartsWith(name, part) => of(name).first(part, |text, part| text.starts_with(part)),
        Filter::EndsWith(name, part) => of(name).first(part, |text, part| text.ends_with(part)),
        Filter::GreaterThan(name, bound) => of(name).is(bound, Ordering::is_gt),
        Filter::GreaterThanOrEqual(name, bound) => of(name).is(bound, Ordering::is_ge),
        Filter::LessThan(name, bound) => of(name).is(bound, Ordering::is_lt),
        Filter::LessThanOrEqual(name, bound) => of(name).is(bound, Ordering::is_le),
        Filter::ContainsAllValues(name, wanted) => {
            let tested = of(name);
            wanted.iter().all(|wanted| tested.values.contains(&tested.folded(wanted)))
        }
        other => panic!("the evaluator does not know {other:?}"),
    }
}

/// The values of the attribute that a test is about.
struct Tested {
    values: Vec<Value>,
    ignores_case: bool,
}

impl Tested {
    fn of(class: &ObjectClassInfo, object: &ConnectorObject, name: &str) -> Self {
        let info = class.attribute(name);
        let ignores_case = info.is_some_and(|info| info.subtype.as_deref() == Some("__STRING_CASE_IGNORE__"));
        let name = if class.is_uid(name) { "__UID__" } else { &info.expect("an attribute").name };
        let known = values(object, name).unwrap_or_else(|| panic!("{name} is not known of {}", object.name));
        let mut tested = Self { values: Vec::new(), ignores_case };
        tested.values = known.iter().map(|value| tested.folded(value)).collect();
        tested
    }

    fn folded(&self, value: &Value) -> Value {
        match value {
            Value::Text(text) if self.ignores_case => Value::Text(lower(text)),
            other => other.clone(),
        }
    }

    fn has_exactly(&self, wanted: &[Value]) -> bool {
        let wanted: Vec<Value> = wanted.iter().map(|value| self.folded(value)).collect();
        super::same(&self.values, &wanted)
    }

    fn first_text(&self) -> Option<&str> {
        self.values.first().and_then(Value::as_text)
    }

    fn first(&self, part: &str, holds: fn(&str, &str) -> bool) -> bool {
        let part = if self.ignores_case { lower(part) } else { part.to_owned() };
        self.first_text().is_some_and(|text| holds(text, &part))
    }

    fn is(&self, bound: &Value, wanted: fn(Ordering) -> bool) -> bool {
        match self.values.as_slice() {
            [value] => wanted(order(value, &self.folded(bound))),
            _ => false,
        }
    }
}

fn order(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Text(one), Value::Text(other)) => one.cmp(other),
        (Value::Boolean(one), Value::Boolean(other)) => one.cmp(other),
        _ => one.as_i64().expect("a number").cmp(&other.as_i64().expect("a number")),
    }
}

fn lower(text: &str) -> String {
    text.to_lowercase()
}
