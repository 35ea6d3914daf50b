//! Groups: between Zoom's types and attributes. Nothing here calls anybody.

use connector_base::attribute::{self, UID};
use connector_base::connector::Selection;
use connector_base::contract::ConnectorObject;
use connector_base::filter::Filter;
use connector_base::value::Value;

use crate::api::groups::Group;
use crate::schema::{GROUP, GROUP_ATTRIBUTES, GroupAttribute};
use crate::user::field_values;

/// The object of a group.
pub(crate) fn object(group: &Group, selection: &Selection) -> ConnectorObject {
    let attributes = GROUP_ATTRIBUTES
        .iter()
        .filter(|attribute| selection.wants(attribute.def.name))
        .map(|row| attribute::attribute(row.def.name, values(group, row)))
        .collect();
    ConnectorObject {
        object_class: GROUP.to_owned(),
        uid: attribute::uid(group.id()),
        name: group.name().to_owned(),
        attributes,
    }
}

fn values(group: &Group, attribute: &GroupAttribute) -> Vec<Value> {
    field_values(group.record(), attribute.field, attribute.def.value_type)
}

/// What a filter says of a group.
pub(crate) fn verdict(filter: &Filter, group: &Group) -> Option<bool> {
    filter.verdict(|name| {
        if name == UID {
            return Some(vec![Value::text(group.id())].into());
        }
        let attribute = GROUP_ATTRIBUTES.iter().find(|attribute| attribute.def.name == name)?;
        Some(values(group, attribute).into())
    })
}
