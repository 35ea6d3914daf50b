//! Object classes as tables, and the checks that follow from them.
//!
//! A connector writes its classes down once; from that come the schema that it answers, the names that
//! are accepted (name or native name, in any letter case) and the checks of what a caller hands over.

use crate::attribute::UID;
use crate::connector::operation_name;
use crate::contract::{
    AttributeFlags, AttributeInfo, ObjectClassInfo, Operation, OperationSupport, OptionInfo, ValueType,
};
use crate::error::{Error, Result};
use crate::value::{Case, Quoted, Value, type_name};

/// The subtype of texts whose letter case means nothing (ConnId: AttributeInfo.Subtypes).
pub const CASE_IGNORE: &str = "__STRING_CASE_IGNORE__";

/// One attribute of an object class. Made by [`AttributeDef::new`] and the functions that say in what
/// it differs from a single-valued, optional one that can be read, created, updated and is returned by
/// default.
#[derive(Clone, Copy, Debug)]
pub struct AttributeDef {
    /// Its name.
    pub name: &'static str,
    /// The type of its values.
    pub value_type: ValueType,
    /// What it is, for a person.
    pub description: &'static str,
    /// The resource's own name for it.
    pub native_name: Option<&'static str>,
    /// A refinement of its type.
    pub subtype: Option<&'static str>,
    /// In what it differs from the ordinary.
    pub flags: AttributeFlags,
}

impl AttributeDef {
    /// An ordinary attribute.
    pub const fn new(name: &'static str, value_type: ValueType, description: &'static str) -> Self {
        Self { name, value_type, description, native_name: None, subtype: None, flags: AttributeFlags::empty() }
    }

    /// The resource's own name for it.
    #[must_use]
    pub const fn native_name(mut self, name: &'static str) -> Self {
        self.native_name = Some(name);
        self
    }

    /// Its letter case means nothing.
    #[must_use]
    pub const fn ignoring_case(mut self) -> Self {
        self.subtype = Some(CASE_IGNORE);
        self
    }

    const fn flagged(mut self, flag: AttributeFlags) -> Self {
        self.flags = self.flags.union(flag);
        self
    }

    /// It must be given at creation.
    #[must_use]
    pub const fn required(self) -> Self {
        self.flagged(AttributeFlags::REQUIRED)
    }

    /// It may have several values.
    #[must_use]
    pub const fn multi_valued(self) -> Self {
        self.flagged(AttributeFlags::MULTI_VALUED)
    }

    /// It can be neither created nor updated.
    #[must_use]
    pub const fn read_only(self) -> Self {
        self.not_creatable().flagged(AttributeFlags::NOT_UPDATEABLE)
    }

    /// It cannot be given at creation.
    #[must_use]
    pub const fn not_creatable(self) -> Self {
        self.flagged(AttributeFlags::NOT_CREATABLE)
    }

    /// It cannot be changed.
    #[must_use]
    pub const fn not_updateable(self) -> Self {
        self.flagged(AttributeFlags::NOT_UPDATEABLE)
    }

    /// It cannot be read, and so is never returned.
    #[must_use]
    pub const fn not_readable(self) -> Self {
        self.flagged(AttributeFlags::NOT_READABLE).not_returned_by_default()
    }

    /// It is returned only when it is asked for.
    #[must_use]
    pub const fn not_returned_by_default(self) -> Self {
        self.flagged(AttributeFlags::NOT_RETURNED_BY_DEFAULT)
    }

    /// Whether it may have several values.
    pub fn is_multi_valued(&self) -> bool {
        self.flags.contains(AttributeFlags::MULTI_VALUED)
    }

    /// How its texts compare.
    pub fn case(&self) -> Case {
        if self.subtype == Some(CASE_IGNORE) { Case::Ignored } else { Case::Exact }
    }

    /// Its values as a caller gives them, in its own type, nulls left out.
    ///
    /// Errors: `invalid-attribute-value` for another type, or more values than it takes.
    pub fn accept(&self, values: Vec<Value>) -> Result<Vec<Value>> {
        let mut accepted = Vec::new();
        for value in values {
            if value != Value::None {
                accepted.push(value.converted(self.value_type).ok_or_else(|| self.wrong_type())?);
            }
        }
        if accepted.len() > 1 && !self.is_multi_valued() {
            return Err(Error::attribute(self.name, format!("{} takes one value, not {}", self.name, accepted.len())));
        }
        Ok(accepted)
    }

    fn wrong_type(&self) -> Error {
        Error::attribute(self.name, format!("{} takes {} values", self.name, type_name(self.value_type)))
    }

    fn info(&self) -> AttributeInfo {
        AttributeInfo {
            name: self.name.to_owned(),
            value_type: self.value_type,
            flags: self.flags,
            native_name: self.native_name.map(str::to_owned),
            subtype: self.subtype.map(str::to_owned),
            description: Some(self.description.to_owned()),
            referenced_object_class: None,
            role_in_reference: None,
        }
    }
}

/// The definition that `__UID__` has in every class: in filters it is a text like any other.
pub static UID_DEF: AttributeDef = AttributeDef::new(UID, ValueType::Text, "The unique identifier.").read_only();

/// One object class.
#[derive(Debug)]
pub struct ObjectClass {
    /// Its name.
    pub name: &'static str,
    /// The resource's own name for the unique identifier.
    pub uid_native_name: &'static str,
    /// What it is, for a person.
    pub description: &'static str,
    /// Its attributes, `__NAME__` among them and `__UID__` not.
    pub attributes: Vec<&'static AttributeDef>,
}

impl ObjectClass {
    /// The attribute of this name or native name, in any letter case; [`UID_DEF`] for the uid.
    pub fn find(&self, name: &str) -> Option<&'static AttributeDef> {
        if name.eq_ignore_ascii_case(UID) || name.eq_ignore_ascii_case(self.uid_native_name) {
            return Some(&UID_DEF);
        }
        self.attributes.iter().copied().find(|attribute| {
            name.eq_ignore_ascii_case(attribute.name)
                || attribute.native_name.is_some_and(|native| name.eq_ignore_ascii_case(native))
        })
    }

    /// What to tell somebody who used a name that this class does not have.
    pub(crate) fn no_such_attribute(&self, name: &str) -> String {
        format!("{} has no attribute {}", self.name, Quoted(name))
    }

    fn info(&self) -> ObjectClassInfo {
        ObjectClassInfo {
            name: self.name.to_owned(),
            uid_native_name: Some(self.uid_native_name.to_owned()),
            attributes: self.attributes.iter().map(|attribute| attribute.info()).collect(),
            description: Some(self.description.to_owned()),
            container: false,
            auxiliary: false,
            embedded: false,
        }
    }
}

/// What a connector manages, and how.
#[derive(Debug)]
pub struct Schema {
    /// The object classes.
    pub classes: Vec<ObjectClass>,
    /// For each operation, which classes and which options it supports.
    pub operations: Vec<OperationSupport>,
    /// The type of every option that `operations` names.
    pub options: Vec<OptionInfo>,
}

impl Schema {
    /// The class of this name, in any letter case, if the operation takes it.
    ///
    /// Errors: `invalid-argument` for an unknown class, `unsupported-operation` for one that the
    /// operation does not take.
    pub fn class(&self, name: &str, operation: Operation) -> Result<&ObjectClass> {
        let class = self.classes.iter().find(|class| class.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
            let known: Vec<_> = self.classes.iter().map(|class| class.name).collect();
            Error::argument(format!("there is no object class {}", Quoted(name)))
                .with_hint(format!("The object classes are {}.", known.join(", ")))
        })?;
        let taken = self
            .support(operation)
            .is_some_and(|support| support.object_classes.iter().any(|taken| taken.eq_ignore_ascii_case(class.name)));
        if taken {
            Ok(class)
        } else {
            Err(Error::unsupported(format!("{} does not support {}", class.name, operation_name(operation))))
        }
    }

    /// The option of this name, if the operation heeds it.
    pub fn option(&self, name: &str, operation: Operation) -> Option<&OptionInfo> {
        let support = self.support(operation)?;
        support.options.iter().find(|option| option.eq_ignore_ascii_case(name))?;
        self.options.iter().find(|option| option.name.eq_ignore_ascii_case(name))
    }

    fn support(&self, operation: Operation) -> Option<&OperationSupport> {
        self.operations.iter().find(|support| support.operation == operation)
    }

    pub(crate) fn to_contract(&self) -> crate::bindings::iam::connector::types::Schema {
        crate::bindings::iam::connector::types::Schema {
            object_classes: self.classes.iter().map(ObjectClass::info).collect(),
            operations: self.operations.clone(),
            options: self.options.clone(),
        }
    }
}
