//! One value, and the types that values have.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Serialize, Serializer};

use crate::secrets::Secret;

/// One value of an attribute, an option or a configuration property.
///
/// Serialized as the JSON value that comes closest: bytes as Base64, numbers of any size as strings.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// A null among other values.
    None,
    /// A string.
    Text(String),
    /// A boolean.
    Boolean(bool),
    /// A 32-bit signed integer.
    Integer(i32),
    /// A 64-bit signed integer.
    Long(i64),
    /// A 32-bit floating point number.
    Float(f32),
    /// A 64-bit floating point number.
    Double(f64),
    /// One Unicode scalar value.
    Character(char),
    /// One signed byte.
    Byte(i8),
    /// A string of bytes.
    Bytes(Vec<u8>),
    /// A decimal number of any size, written as `-?digits[.digits]`.
    Decimal(String),
    /// A whole number of any size, written as `-?digits`.
    BigInteger(String),
    /// A point in time with its offset (RFC 3339).
    DateTime(String),
    /// A text that is not shown.
    Secret(Secret),
    /// Bytes that are not shown.
    SecretBytes(Secret<Vec<u8>>),
    /// Another object.
    Reference(Reference),
    /// A map or an embedded object as a JSON document.
    Json(String),
}

impl Value {
    /// The text of a text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number of a whole number, whichever size it has.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some((*number).into()),
            Self::Long(number) => Some(*number),
            _ => None,
        }
    }

    /// The flag of a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Boolean(flag) => Some(*flag),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Integer(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Long(value)
    }
}

impl From<Secret> for Value {
    fn from(secret: Secret) -> Self {
        Self::Secret(secret)
    }
}

/// For a person: texts as they are, everything else as its JSON.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(text)) => f.write_str(&text),
            Ok(other) => write!(f, "{other}"),
            Err(_) => Err(fmt::Error),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_none(),
            Self::Text(text) | Self::Decimal(text) | Self::BigInteger(text) | Self::DateTime(text) => {
                serializer.serialize_str(text)
            }
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_i32(*value),
            Self::Long(value) => serializer.serialize_i64(*value),
            Self::Float(value) => serializer.serialize_f32(*value),
            Self::Double(value) => serializer.serialize_f64(*value),
            Self::Character(value) => serializer.serialize_char(*value),
            Self::Byte(value) => serializer.serialize_i8(*value),
            Self::Bytes(value) => serializer.serialize_str(&BASE64_STANDARD.encode(value)),
            Self::Secret(secret) => secret.serialize(serializer),
            Self::SecretBytes(secret) => secret.serialize(serializer),
            Self::Reference(reference) => reference.serialize(serializer),
            // A component may hand over a text that is no JSON; it is shown as the text that it is.
            Self::Json(text) => match serde_json::from_str::<serde_json::Value>(text) {
                Ok(document) => document.serialize(serializer),
                Err(_) => serializer.serialize_str(text),
            },
        }
    }
}

/// Names another object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reference {
    /// Its object class; none where the attribute's schema names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_class: Option<String>,
    /// Its unique identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The type of a value. The cases are those of [`Value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each case is described by the case of `Value` with the same name")]
pub enum ValueType {
    Text,
    Boolean,
    Integer,
    Long,
    Float,
    Double,
    Character,
    Byte,
    Bytes,
    Decimal,
    BigInteger,
    DateTime,
    Secret,
    SecretBytes,
    Reference,
    Json,
}

/// The contract's word for it.
impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_the_json_that_comes_closest() {
        let json = |value: Value| serde_json::to_string(&value).unwrap();
        assert_eq!(json(Value::None), "null");
        assert_eq!(json(Value::Long(i64::MAX)), "9223372036854775807");
        assert_eq!(json(Value::Decimal("0.10".into())), "\"0.10\"");
        assert_eq!(json(Value::Bytes(vec![0, 255])), "\"AP8=\"");
        assert_eq!(json(Value::Json("{\"a\":1}".into())), "{\"a\":1}");
        assert_eq!(json(Value::Json("no json".into())), "\"no json\"");
        assert_eq!(json(Value::SecretBytes(Secret::new([1]))), "\"********\"");
    }

    #[test]
    fn types_are_written_in_the_words_of_the_contract() {
        assert_eq!(ValueType::BigInteger.to_string(), "big-integer");
    }
}
