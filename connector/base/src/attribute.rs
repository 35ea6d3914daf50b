//! Attributes, changes of attributes and objects.

use crate::contract::{Adjustment, Attribute, Change, Uid};
use crate::error::{Error, Result};
use crate::schema::AttributeDef;
use crate::value::{Case, Value};

/// The name of the attribute that holds the unique identifier.
pub const UID: &str = "__UID__";
/// The name of the attribute that holds the name.
pub const NAME: &str = "__NAME__";
/// The name of the attribute that says whether an account is enabled.
pub const ENABLE: &str = "__ENABLE__";
/// The name of the attribute that holds the password.
pub const PASSWORD: &str = "__PASSWORD__";

/// An attribute with all of its values.
pub fn attribute(name: &str, values: Vec<Value>) -> Attribute {
    Attribute { name: name.to_owned(), values: Some(values), complete: true }
}

/// The values of an attribute after a change, given those before it. What a change adds to a
/// single-valued attribute takes the place of what it had.
pub fn applied(change: &Change, attribute: &AttributeDef, before: &[Value]) -> Vec<Value> {
    let case = attribute.case();
    let mut after: Vec<Value> = Vec::new();
    let mut put = |value: &Value| {
        if !after.iter().any(|present| present.same(value, case)) {
            after.push(value.clone());
        }
    };
    match change {
        Change::Replace(values) => values.iter().for_each(&mut put),
        Change::Adjust(Adjustment { add, .. }) if !add.is_empty() && !attribute.is_multi_valued() => {
            add.iter().for_each(&mut put);
        }
        Change::Adjust(Adjustment { add, remove }) => {
            before.iter().filter(|value| !remove.iter().any(|gone| gone.same(value, case))).for_each(&mut put);
            add.iter().for_each(&mut put);
        }
    }
    after
}

/// Whether two lists hold the same values, in any order.
pub fn same_values(one: &[Value], two: &[Value], case: Case) -> bool {
    let holds = |list: &[Value], value: &Value| list.iter().filter(|other| other.same(value, case)).count();
    one.len() == two.len() && one.iter().all(|value| holds(one, value) == holds(two, value))
}

/// The one value of a single-valued attribute, or none.
///
/// Errors: `invalid-attribute-value` for more than one.
pub fn single<'a>(name: &str, values: &'a [Value]) -> Result<Option<&'a Value>> {
    match values {
        [] | [Value::None] => Ok(None),
        [value] => Ok(Some(value)),
        more => Err(Error::attribute(name, format!("{name} takes one value, not {}", more.len()))),
    }
}

/// The uid record of an identifier.
pub fn uid(value: impl Into<String>) -> Uid {
    Uid { value: value.into(), revision: None, name_hint: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::ValueType;

    const MANY: AttributeDef = AttributeDef::new("MANY", ValueType::Text, "").multi_valued();
    const ONE: AttributeDef = AttributeDef::new("ONE", ValueType::Text, "");

    fn texts(texts: &[&str]) -> Vec<Value> {
        texts.iter().map(|text| Value::text(*text)).collect()
    }

    #[test]
    fn an_adjustment_leaves_what_it_does_not_name() {
        let change = Change::Adjust(Adjustment { add: texts(&["c", "a"]), remove: texts(&["b", "x"]) });
        assert_eq!(applied(&change, &MANY, &texts(&["a", "b"])), texts(&["a", "c"]));
    }

    #[test]
    fn what_is_added_to_a_single_valued_attribute_replaces_its_value() {
        let add = Change::Adjust(Adjustment { add: texts(&["new"]), remove: vec![] });
        assert_eq!(applied(&add, &ONE, &texts(&["old"])), texts(&["new"]));
        let remove = Change::Adjust(Adjustment { add: vec![], remove: texts(&["old"]) });
        assert_eq!(applied(&remove, &ONE, &texts(&["old"])), texts(&[]));
        assert_eq!(applied(&remove, &ONE, &texts(&["other"])), texts(&["other"]));
    }

    #[test]
    fn lists_are_equal_in_any_order_and_with_the_same_multiplicity() {
        assert!(same_values(&texts(&["a", "b"]), &texts(&["b", "a"]), Case::Exact));
        assert!(!same_values(&texts(&["a", "a"]), &texts(&["a", "b"]), Case::Exact));
        assert!(!same_values(&texts(&["a"]), &texts(&[]), Case::Exact));
    }
}
