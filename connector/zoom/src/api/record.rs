//! Zoom's answers, as they come: JSON objects of which the known fields have the shape that Zoom
//! documents.
//!
//! An answer is checked once, where it is read. A field of another shape is an error that names it,
//! since leaving it out would be data lost; a field that nobody knows is dropped. Null, an empty text
//! and no field at all are one and the same: nothing.

use serde_json::{Map, Value};

/// What a field of an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Text,
    Integer,
    Texts,
    Integers,
    /// Objects of which the fields are looked at one by one.
    Objects,
}

impl Shape {
    fn fits(self, value: &Value) -> bool {
        let all = |fits: fn(&Value) -> bool| value.as_array().is_some_and(|values| values.iter().all(fits));
        match self {
            Self::Text => value.is_string(),
            Self::Integer => value.is_i64(),
            Self::Texts => all(Value::is_string),
            Self::Integers => all(Value::is_i64),
            Self::Objects => all(Value::is_object),
        }
    }
}

/// The fields of an object that are known, each with its shape.
pub(crate) type Fields = &'static [(&'static str, Shape)];

/// An object of an answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record(Map<String, Value>);

impl Record {
    /// Checks a value against the fields that are known.
    ///
    /// Errors: what is wrong, naming the field.
    pub(crate) fn read(value: Value, fields: Fields) -> Result<Self, String> {
        let Value::Object(given) = value else { return Err("an object is missing".to_owned()) };
        let mut known = Map::new();
        for (name, value) in given {
            let Some((_, shape)) = fields.iter().find(|(field, _)| *field == name) else { continue };
            match value {
                Value::Null => {}
                value if shape.fits(&value) => drop(known.insert(name, value)),
                _ => return Err(format!("the field {name:?} is not as documented: {shape:?}")),
            }
        }
        Ok(Self(known))
    }

    /// The value of a field.
    pub(crate) fn value(&self, field: &str) -> Option<&Value> {
        self.0.get(field).filter(|value| value.as_str() != Some(""))
    }

    /// The text of a field.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// The id: every object of Zoom's has one, but for rows of pending users.
    pub(crate) fn id(&self) -> &str {
        self.text("id").unwrap_or_default()
    }

    /// The name, of what has one.
    pub(crate) fn name(&self) -> &str {
        self.text("name").unwrap_or_default()
    }

    /// The elements of a field.
    pub(crate) fn list(&self, field: &str) -> &[Value] {
        self.0.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Sets a text.
    pub(crate) fn set(&mut self, field: &str, text: &str) {
        self.0.insert(field.to_owned(), text.into());
    }
}

/// A text of a small answer; none where it is absent or empty.
pub(crate) fn text(answer: &Value, field: &str) -> Option<String> {
    answer.get(field).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FIELDS: Fields = &[("a", Shape::Text), ("n", Shape::Integer), ("l", Shape::Texts), ("i", Shape::Integers)];

    #[test]
    fn nothing_comes_in_three_forms() {
        let record = Record::read(json!({"a": "", "n": null, "unheard_of": {}}), FIELDS).expect("a record");
        assert_eq!((record.text("a"), record.value("n"), record.list("l").len()), (None, None, 0));
    }

    #[test]
    fn a_field_of_another_shape_is_named() {
        for wrong in [json!({"a": 1}), json!({"n": "1"}), json!({"l": [1]}), json!({"i": ["x"]}), json!({"n": 1.5})] {
            let field = wrong.as_object().and_then(|object| object.keys().next()).expect("a field").clone();
            let error = Record::read(wrong, FIELDS).expect_err("refused");
            assert!(error.contains(&format!("{field:?}")), "{error}");
        }
        assert!(Record::read(json!([]), FIELDS).is_err());
    }
}
