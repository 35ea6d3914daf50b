//! What a connector manages.

use std::fmt;

use serde::Serialize;

use super::ValueType;

/// What a connector manages, and how.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Schema {
    /// The object classes.
    pub object_classes: Vec<ObjectClassInfo>,
    /// For each operation, which classes and which options it supports.
    pub operations: Vec<OperationSupport>,
    /// The type of every option that `operations` names.
    pub options: Vec<OptionInfo>,
}

impl Schema {
    /// The object class with this name, in any letter case.
    pub fn object_class(&self, name: &str) -> Option<&ObjectClassInfo> {
        self.object_classes.iter().find(|class| class.name.eq_ignore_ascii_case(name))
    }
}

/// One object class.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectClassInfo {
    /// Its name.
    pub name: String,
    /// The resource's own name for the unique identifier.
    pub uid_native_name: Option<String>,
    /// The attributes, `__NAME__` among them and `__UID__` not.
    pub attributes: Vec<AttributeInfo>,
    /// What it is, for a person.
    pub description: Option<String>,
    /// Objects of this class can hold others.
    pub container: bool,
    /// The class extends objects of another class.
    pub auxiliary: bool,
    /// Objects of this class occur only inside of others.
    pub embedded: bool,
}

impl ObjectClassInfo {
    /// The attribute with this name or native name, in any letter case.
    pub fn attribute(&self, name: &str) -> Option<&AttributeInfo> {
        self.attributes.iter().find(|attribute| {
            attribute.name.eq_ignore_ascii_case(name)
                || attribute.native_name.as_deref().is_some_and(|native| native.eq_ignore_ascii_case(name))
        })
    }

    /// Whether this is a name of the unique identifier.
    pub fn is_uid(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case(super::UID)
            || self.uid_native_name.as_deref().is_some_and(|native| native.eq_ignore_ascii_case(name))
    }
}

/// One attribute of an object class.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttributeInfo {
    /// Its name.
    pub name: String,
    /// The type of its values.
    pub value_type: ValueType,
    /// Must be given at creation.
    pub required: bool,
    /// May have several values.
    pub multi_valued: bool,
    /// Can be given at creation.
    pub creatable: bool,
    /// Can be changed.
    pub updateable: bool,
    /// Can be read.
    pub readable: bool,
    /// Comes without being asked for.
    pub returned_by_default: bool,
    /// The resource's own name for it.
    pub native_name: Option<String>,
    /// A refinement of the type.
    pub subtype: Option<String>,
    /// What it is, for a person.
    pub description: Option<String>,
    /// For references: the object class of the others.
    pub referenced_object_class: Option<String>,
    /// For references: the role of this object.
    pub role_in_reference: Option<String>,
}

/// The operations of ConnId.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// Check a configuration without I/O.
    Validate,
    /// Check that the resource answers.
    Test,
    /// Describe the object classes.
    Schema,
    /// Read one object by its uid.
    Get,
    /// Find objects.
    Search,
    /// Create an object.
    Create,
    /// Replace values of an object.
    Update,
    /// Change values of an object.
    UpdateDelta,
    /// Delete an object.
    Delete,
    /// Follow changes from a token.
    Sync,
    /// Follow changes as they happen.
    LiveSync,
    /// Check a user's password.
    Authenticate,
    /// Find the uid of a user's name.
    ResolveUsername,
    /// Run a script in the connector.
    ScriptOnConnector,
    /// Run a script at the resource.
    ScriptOnResource,
    /// Propose values for a configuration.
    DiscoverConfiguration,
}

/// The contract's word for it.
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// What an operation supports.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OperationSupport {
    /// The operation.
    pub operation: Operation,
    /// The object classes that it takes.
    pub object_classes: Vec<String>,
    /// The options that it heeds.
    pub options: Vec<String>,
}

/// The type of an option.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OptionInfo {
    /// Its name.
    pub name: String,
    /// The type of its values.
    pub value_type: ValueType,
    /// May have several values.
    pub multi_valued: bool,
    /// What it is, for a person.
    pub description: Option<String>,
}
