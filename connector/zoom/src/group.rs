//! Groups: between Zoom's types and attributes. Nothing here calls anybody.

use std::rc::Rc;

use connector_base::attribute::{self, UID};
use connector_base::connector::Selection;
use connector_base::contract::ConnectorObject;
use connector_base::filter::Filter;
use connector_base::value::Value;

use crate::api::groups::Group;
use crate::schema::{ADMINS, GROUP, GROUP_ATTRIBUTES, GroupAttribute, MEMBERS};
use crate::user::field_values;

/// What is known of a group.
#[derive(Clone, Debug)]
pub(crate) struct KnownGroup {
    pub(crate) group: Rc<Group>,
    /// The ids of the members, where they were read.
    pub(crate) members: Option<Vec<Value>>,
    /// The ids of the administrators, where they were read.
    pub(crate) admins: Option<Vec<Value>>,
}

impl KnownGroup {
    /// A group as the list has it, which is as the record has it.
    pub(crate) fn of(group: Rc<Group>) -> Self {
        Self { group, members: None, admins: None }
    }

    fn values(&self, attribute: &GroupAttribute) -> Option<Vec<Value>> {
        match attribute.def.name {
            MEMBERS => self.members.clone(),
            ADMINS => self.admins.clone(),
            _ => Some(field_values(self.group.record(), attribute.field, attribute.def.value_type)),
        }
    }

    /// The object of the group, with those attributes that are wanted and known.
    pub(crate) fn object(&self, selection: &Selection) -> ConnectorObject {
        let wanted = GROUP_ATTRIBUTES.iter().filter(|attribute| selection.wants(attribute.def.name));
        let known = |row: &GroupAttribute| Some(attribute::attribute(row.def.name, self.values(row)?));
        ConnectorObject {
            object_class: GROUP.to_owned(),
            uid: attribute::uid(self.group.id()),
            name: self.group.name().to_owned(),
            attributes: wanted.filter_map(known).collect(),
        }
    }

    /// What a filter says of the group.
    pub(crate) fn verdict(&self, filter: &Filter) -> Option<bool> {
        filter.verdict(|name| {
            if name == UID {
                return Some(vec![Value::text(self.group.id())].into());
            }
            let attribute = GROUP_ATTRIBUTES.iter().find(|attribute| attribute.def.name == name)?;
            self.values(attribute).map(Into::into)
        })
    }
}
