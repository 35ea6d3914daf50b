//! Arguments of calls: model to contract.

use super::Wiped;
use crate::bindings::iam::connector::types as wire;
use crate::model::{
    Attribute, AttributesToGet, Change, Delta, Filter, Options, Reference, Scope, SearchOptions, Start, Uid, Value,
    Values,
};
use crate::properties::Configuration;

impl From<&Value> for wire::Value {
    fn from(value: &Value) -> Self {
        match value {
            Value::None => Self::None,
            Value::Text(text) => Self::Text(text.clone()),
            Value::Boolean(value) => Self::Boolean(*value),
            Value::Integer(value) => Self::Integer(*value),
            Value::Long(value) => Self::Long(*value),
            Value::Float(value) => Self::Float(*value),
            Value::Double(value) => Self::Double(*value),
            Value::Character(value) => Self::Character(*value),
            Value::Byte(value) => Self::Byte(*value),
            Value::Bytes(value) => Self::Bytes(value.clone()),
            Value::Decimal(text) => Self::Decimal(text.clone()),
            Value::BigInteger(text) => Self::BigInteger(text.clone()),
            Value::DateTime(text) => Self::DateTime(text.clone()),
            Value::Secret(secret) => Self::Secret(secret.reveal().clone()),
            Value::SecretBytes(secret) => Self::SecretBytes(secret.reveal().clone()),
            Value::Reference(reference) => Self::Reference(reference.into()),
            Value::Json(text) => Self::Json(text.clone()),
        }
    }
}

impl From<&Reference> for wire::ObjectReference {
    fn from(reference: &Reference) -> Self {
        Self { object_class: reference.object_class.clone(), uid: reference.uid.clone(), name: reference.name.clone() }
    }
}

fn values(values: &[Value]) -> Vec<wire::Value> {
    values.iter().map(Into::into).collect()
}

impl From<&Attribute> for wire::Attribute {
    fn from(attribute: &Attribute) -> Self {
        let (values, complete) = match &attribute.values {
            Values::Unknown => (None, true),
            Values::Complete(list) => (Some(values(list)), true),
            Values::Incomplete(list) => (Some(values(list)), false),
        };
        Self { name: attribute.name.clone(), values, complete }
    }
}

impl From<&Uid> for wire::Uid {
    fn from(uid: &Uid) -> Self {
        Self { value: uid.value.clone(), revision: uid.revision.clone(), name_hint: uid.name_hint.clone() }
    }
}

impl From<&Delta> for wire::AttributeDelta {
    fn from(delta: &Delta) -> Self {
        let change = match &delta.change {
            Change::Replace(list) => wire::Change::Replace(values(list)),
            Change::Adjust { add, remove } => {
                wire::Change::Adjust(wire::Adjustment { add: values(add), remove: values(remove) })
            }
        };
        Self { name: delta.name.clone(), change }
    }
}

impl From<&Filter> for wire::Filter {
    fn from(filter: &Filter) -> Self {
        let mut nodes = Vec::new();
        flatten(filter, &mut nodes);
        Self { nodes }
    }
}

/// Appends the operands, then the filter itself, and answers its position.
fn flatten(filter: &Filter, nodes: &mut Vec<wire::FilterNode>) -> u32 {
    let node = match filter {
        Filter::And(operands) => wire::FilterNode::And(flatten_all(operands, nodes)),
        Filter::Or(operands) => wire::FilterNode::Or(flatten_all(operands, nodes)),
        Filter::Not(operand) => wire::FilterNode::Not(flatten(operand, nodes)),
        Filter::Equals(name, list) => test(name, wire::Comparison::Equals, values(list)),
        Filter::EqualsIgnoreCase(name, text) => test(name, wire::Comparison::EqualsIgnoreCase, one(text)),
        Filter::Contains(name, text) => test(name, wire::Comparison::Contains, one(text)),
        Filter::StartsWith(name, text) => test(name, wire::Comparison::StartsWith, one(text)),
        Filter::EndsWith(name, text) => test(name, wire::Comparison::EndsWith, one(text)),
        Filter::GreaterThan(name, value) => test(name, wire::Comparison::GreaterThan, vec![value.into()]),
        Filter::GreaterThanOrEqual(name, value) => test(name, wire::Comparison::GreaterThanOrEqual, vec![value.into()]),
        Filter::LessThan(name, value) => test(name, wire::Comparison::LessThan, vec![value.into()]),
        Filter::LessThanOrEqual(name, value) => test(name, wire::Comparison::LessThanOrEqual, vec![value.into()]),
        Filter::ContainsAllValues(name, list) => test(name, wire::Comparison::ContainsAllValues, values(list)),
    };
    nodes.push(node);
    // A filter of four thousand million nodes does not fit into memory.
    u32::try_from(nodes.len()).unwrap_or(u32::MAX) - 1
}

fn flatten_all(operands: &[Filter], nodes: &mut Vec<wire::FilterNode>) -> Vec<u32> {
    operands.iter().map(|operand| flatten(operand, nodes)).collect()
}

fn test(name: &str, comparison: wire::Comparison, values: Vec<wire::Value>) -> wire::FilterNode {
    wire::FilterNode::Test(wire::AttributeTest { name: name.to_owned(), comparison, values })
}

fn one(text: &str) -> Vec<wire::Value> {
    vec![wire::Value::Text(text.to_owned())]
}

impl From<&Options> for wire::Options {
    fn from(options: &Options) -> Self {
        let run_as = options.run_as.as_ref();
        Self {
            run_as_user: run_as.map(|run_as| run_as.user.clone()),
            run_with_password: run_as.and_then(|run_as| run_as.password.as_ref()).map(|it| it.reveal().clone()),
            deadline_ms: options.deadline.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
            extra: options
                .extra
                .iter()
                .map(|option| wire::ExtraOption { name: option.name.clone(), values: values(&option.values) })
                .collect(),
        }
    }
}

impl From<&SearchOptions> for wire::SearchOptions {
    fn from(options: &SearchOptions) -> Self {
        let (attributes_to_get, return_default_attributes) = match &options.attributes_to_get {
            AttributesToGet::Default => (None, false),
            AttributesToGet::Only(names) => (Some(names.clone()), false),
            AttributesToGet::DefaultAnd(names) => (Some(names.clone()), true),
        };
        let (page_offset, page_cookie) = match &options.start {
            Start::Beginning => (None, None),
            Start::Offset(offset) => (Some(offset.get()), None),
            Start::Cookie(cookie) => (None, Some(cookie.clone())),
        };
        Self {
            attributes_to_get,
            return_default_attributes,
            page_size: options.page_size.map(Into::into),
            page_offset,
            page_cookie,
            sort_keys: options
                .sort_keys
                .iter()
                .map(|key| wire::SortKey { name: key.name.clone(), ascending: key.ascending })
                .collect(),
            scope: options.scope.map(Into::into),
            container: options.container.as_ref().map(|container| wire::Container {
                object_class: container.object_class.clone(),
                uid: (&container.uid).into(),
            }),
            allow_partial_results: options.allow_partial_results,
            allow_partial_attribute_values: options.allow_partial_attribute_values,
        }
    }
}

impl From<Scope> for wire::SearchScope {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Object => Self::Object,
            Scope::OneLevel => Self::OneLevel,
            Scope::Subtree => Self::Subtree,
        }
    }
}

/// The configuration as `connector.open` takes it.
pub(crate) fn properties(configuration: &Configuration) -> Wiped<Vec<wire::ConfigurationProperty>> {
    Wiped::new(
        configuration
            .values()
            .map(|(name, list)| wire::ConfigurationProperty { name: name.to_owned(), values: values(&list) })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_flattened_with_its_operands_first() {
        let filter = Filter::And(vec![
            Filter::equals("a", "1"),
            !Filter::Or(vec![Filter::StartsWith("b".into(), "2".into()), Filter::Equals("c".into(), vec![])]),
        ]);
        let nodes = wire::Filter::from(&filter).nodes;
        let test = |position: usize| match &nodes[position] {
            wire::FilterNode::Test(test) => (test.name.as_str(), test.comparison, test.values.len()),
            _ => panic!("node {position} is no test"),
        };
        assert_eq!(test(0), ("a", wire::Comparison::Equals, 1));
        assert_eq!(test(1), ("b", wire::Comparison::StartsWith, 1));
        assert_eq!(test(2), ("c", wire::Comparison::Equals, 0));
        assert!(matches!(&nodes[3], wire::FilterNode::Or(it) if *it == [1, 2]));
        assert!(matches!(&nodes[4], wire::FilterNode::Not(3)));
        assert!(matches!(&nodes[5], wire::FilterNode::And(it) if *it == [0, 4]));
        assert_eq!(nodes.len(), 6);
    }
}
