//! Attributes, objects and their changes.

use serde::Serialize;

use super::Value;

/// The name under which every object carries its unique identifier.
pub const UID: &str = "__UID__";

/// The name under which every object carries its name.
pub const NAME: &str = "__NAME__";

/// A named set of values.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Attribute {
    /// The name: as the schema writes it in a result; in any letter case, or the native name, in an
    /// argument.
    pub name: String,
    /// The values.
    #[serde(flatten)]
    pub values: Values,
}

impl Attribute {
    /// An attribute with these values and no others.
    pub fn new<V: Into<Value>>(name: impl Into<String>, values: impl IntoIterator<Item = V>) -> Self {
        Self { name: name.into(), values: Values::Complete(values.into_iter().map(Into::into).collect()) }
    }
}

/// What is known about the values of an attribute.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "known", content = "values", rename_all = "kebab-case")]
pub enum Values {
    /// Nothing (ConnId's null list): unknown in a result, removed in a create.
    Unknown,
    /// These are all of them; an empty list says that there is none.
    Complete(Vec<Value>),
    /// There are more than these; an empty list says "has a value that is not shown".
    Incomplete(Vec<Value>),
}

impl Values {
    /// The values that are known.
    pub fn as_slice(&self) -> &[Value] {
        match self {
            Self::Unknown => &[],
            Self::Complete(values) | Self::Incomplete(values) => values,
        }
    }
}

/// The identity of an object at the resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Uid {
    /// The unique identifier.
    pub value: String,
    /// The revision that the caller last saw, for resources that check it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// The name that the caller last saw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_hint: Option<String>,
}

impl Uid {
    /// An identifier of which no revision and no name is known.
    pub fn new(value: impl Into<String>) -> Self {
        Self { value: value.into(), revision: None, name_hint: None }
    }
}

/// One object of a search result.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectorObject {
    /// The object class, as the schema writes it.
    pub object_class: String,
    /// The identity.
    pub uid: Uid,
    /// The value of [`NAME`].
    pub name: String,
    /// All other attributes.
    pub attributes: Vec<Attribute>,
}

impl ConnectorObject {
    /// The attribute with this name, in any letter case.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }
}

/// A change of one attribute.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Delta {
    /// The attribute, by name or native name.
    pub name: String,
    /// What happens to its values.
    #[serde(flatten)]
    pub change: Change,
}

impl Delta {
    /// Replaces all values of an attribute; without values it is cleared.
    pub fn replace<V: Into<Value>>(name: impl Into<String>, values: impl IntoIterator<Item = V>) -> Self {
        Self { name: name.into(), change: Change::Replace(values.into_iter().map(Into::into).collect()) }
    }
}

/// What happens to the values of an attribute.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// These values and no others. An empty list clears the attribute.
    Replace(Vec<Value>),
    /// Some values more, some less.
    Adjust {
        /// The values to add; one that is there already changes nothing.
        add: Vec<Value>,
        /// The values to remove; one that is not there changes nothing.
        remove: Vec<Value>,
    },
}
