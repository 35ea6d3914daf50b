//! What a person writes, as values of the types that the schema names.
//!
//! | type | written as |
//! |---|---|
//! | text, decimal, big-integer, date-time | itself: the connector checks the form |
//! | boolean | `true`, `false` |
//! | integer, long, byte, float, double | a number |
//! | character | one character |
//! | bytes | Base64 |
//! | secret, secret-bytes | `@FILE`, `@env:NAME`, or the secret itself (`secret_source`) |
//! | reference | the uid of the other object |
//! | json | a JSON document |

use std::path::Path;
use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use host_harness::Secret;
use host_harness::model::{AttributeInfo, NAME, ObjectClassInfo, Reference, Schema, UID, Value, ValueType};

use super::output::warn;
use super::{failure, secret_source};

/// The object class with this name.
///
/// Errors: of kind `invalid-argument` with the names that there are.
pub(crate) fn object_class<'a>(schema: &'a Schema, name: &str) -> anyhow::Result<&'a ObjectClassInfo> {
    schema.object_class(name).ok_or_else(|| {
        let known: Vec<_> = schema.object_classes.iter().map(|class| class.name.as_str()).collect();
        failure::invalid_argument(format!("there is no object class {name}"), format!("there is {}", known.join(", ")))
    })
}

/// What is known of an attribute: its name in the schema and the type of its values.
#[derive(Clone, Copy)]
pub(crate) struct Typed<'a> {
    pub(crate) name: &'a str,
    pub(crate) value_type: ValueType,
}

impl<'a> Typed<'a> {
    /// The attribute with this name or native name, the uid included.
    pub(crate) fn find(class: &'a ObjectClassInfo, name: &str) -> Option<Self> {
        if class.is_uid(name) {
            return Some(Self { name: UID, value_type: ValueType::Text });
        }
        let of = |info: &'a AttributeInfo| Self { name: &info.name, value_type: info.value_type };
        let named = class.attribute(name).map(of);
        named.or_else(|| name.eq_ignore_ascii_case(NAME).then_some(Self { name: NAME, value_type: ValueType::Text }))
    }

    /// The same, or an error that says what there is.
    pub(crate) fn expect(class: &'a ObjectClassInfo, name: &str) -> anyhow::Result<Self> {
        Self::find(class, name).ok_or_else(|| {
            failure::invalid_argument(format!("{} has no attribute {name}", class.name), attributes_of(class))
        })
    }

    /// An argument as a value of this type.
    ///
    /// Errors: of kind `invalid-attribute-value` with the attribute's name.
    pub(crate) fn argument(&self, written: &str) -> anyhow::Result<Value> {
        let secret = matches!(self.value_type, ValueType::Secret | ValueType::SecretBytes);
        if secret && secret_source::is_bare(written) {
            let name = self.name;
            warn(format_args!("{name} is on the command line, where others can read it; {name}=@FILE is safer"));
        }
        let found = if secret { secret_source::find(written, Path::new(""))? } else { Secret::new(written) };
        parse(self.value_type, found.reveal())
            .map_err(|wanted| failure::invalid_value(self.name, format!("{} takes {wanted}", self.name)))
    }
}

/// For a hint: the names of the attributes.
pub(crate) fn attributes_of(class: &ObjectClassInfo) -> String {
    let names: Vec<_> = class.attributes.iter().map(|attribute| attribute.name.as_str()).collect();
    format!("there is {UID}, {}", names.join(", "))
}

/// A text as a value, or what would be one.
pub(crate) fn parse(value_type: ValueType, text: &str) -> Result<Value, String> {
    fn number<T: FromStr>(text: &str, wanted: &str) -> Result<T, String> {
        text.parse().map_err(|_| wanted.to_owned())
    }
    Ok(match value_type {
        ValueType::Text => Value::Text(text.to_owned()),
        ValueType::Boolean => Value::Boolean(number(text, "true or false")?),
        ValueType::Integer => Value::Integer(number(text, "a whole number of 32 bits")?),
        ValueType::Long => Value::Long(number(text, "a whole number of 64 bits")?),
        ValueType::Byte => Value::Byte(number(text, "a whole number from -128 to 127")?),
        ValueType::Float => Value::Float(number(text, "a number")?),
        ValueType::Double => Value::Double(number(text, "a number")?),
        ValueType::Character => Value::Character(number(text, "one character")?),
        ValueType::Bytes => Value::Bytes(BASE64_STANDARD.decode(text).map_err(|error| format!("Base64: {error}"))?),
        ValueType::Decimal => Value::Decimal(text.to_owned()),
        ValueType::BigInteger => Value::BigInteger(text.to_owned()),
        ValueType::DateTime => Value::DateTime(text.to_owned()),
        ValueType::Secret => Value::Secret(Secret::new(text)),
        ValueType::SecretBytes => Value::SecretBytes(Secret::new(text.as_bytes())),
        ValueType::Reference => Value::Reference(Reference { uid: Some(text.to_owned()), ..Reference::default() }),
        ValueType::Json => match serde_json::from_str::<serde::de::IgnoredAny>(text) {
            Ok(_) => Value::Json(text.to_owned()),
            Err(error) => return Err(format!("a JSON document: {error}")),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_values_of_their_type() {
        assert_eq!(parse(ValueType::Integer, "-7"), Ok(Value::Integer(-7)));
        assert_eq!(parse(ValueType::Boolean, "true"), Ok(Value::Boolean(true)));
        assert_eq!(parse(ValueType::Text, "true"), Ok(Value::from("true")));
        assert_eq!(parse(ValueType::Character, "ß"), Ok(Value::Character('ß')));
        assert_eq!(parse(ValueType::Bytes, "AP8="), Ok(Value::Bytes(vec![0, 255])));
        assert_eq!(parse(ValueType::Json, "[1]"), Ok(Value::Json("[1]".into())));
    }

    #[test]
    fn a_text_of_another_type_is_refused_with_what_would_do() {
        assert_eq!(parse(ValueType::Integer, "3000000000"), Err("a whole number of 32 bits".into()));
        assert_eq!(parse(ValueType::Boolean, "yes"), Err("true or false".into()));
        assert!(parse(ValueType::Character, "ab").is_err());
        assert!(parse(ValueType::Json, "{").is_err());
        assert!(parse(ValueType::Bytes, "?").is_err());
    }
}
