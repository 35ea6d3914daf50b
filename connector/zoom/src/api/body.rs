//! Bodies of requests: objects of texts, whole numbers, flags and lists.

use connector_base::value::Secret;
use serde::ser::{Serialize, SerializeMap as _, Serializer};

/// An object; its fields are sent in the order in which they were set.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Body(Vec<(&'static str, Field)>);

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Field {
    Text(String),
    Secret(Secret),
    Integer(i64),
    Flag(bool),
    Texts(Vec<String>),
    Object(Body),
    Objects(Vec<Body>),
}

impl Body {
    /// An object with one text.
    pub(crate) fn text(field: &'static str, text: &str) -> Self {
        Self::default().with(field, Field::Text(text.to_owned()))
    }

    /// An object with one list of objects.
    pub(crate) fn objects(field: &'static str, objects: Vec<Self>) -> Self {
        Self::default().with(field, Field::Objects(objects))
    }

    /// With a field more.
    #[must_use]
    pub(crate) fn with(mut self, field: &'static str, value: Field) -> Self {
        self.set(field, value);
        self
    }

    /// Sets a field that is not set yet.
    pub(crate) fn set(&mut self, field: &'static str, value: Field) {
        if !self.0.iter().any(|(other, _)| *other == field) {
            self.0.push((field, value));
        }
    }

    /// Sets a field that is not set yet, if there is a value for it.
    pub(crate) fn extend(&mut self, field: &'static str, value: Option<Field>) {
        if let Some(value) = value {
            self.set(field, value);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The body as JSON.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        // Texts, numbers and lists are always JSON.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (field, value) in &self.0 {
            match value {
                Field::Text(text) => map.serialize_entry(field, text)?,
                Field::Secret(secret) => map.serialize_entry(field, secret.reveal())?,
                Field::Integer(number) => map.serialize_entry(field, number)?,
                Field::Flag(flag) => map.serialize_entry(field, flag)?,
                Field::Texts(texts) => map.serialize_entry(field, texts)?,
                Field::Object(object) => map.serialize_entry(field, object)?,
                Field::Objects(objects) => map.serialize_entry(field, objects)?,
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_the_json_of_its_fields_in_order() {
        let body = Body::text("b", "\"x\"")
            .with("a", Field::Object(Body::default().with("n", Field::Integer(-1))))
            .with("l", Field::Objects(vec![Body::text("id", "1")]))
            .with("t", Field::Texts(vec!["x".into()]))
            .with("f", Field::Flag(true))
            .with("s", Field::Secret(Secret::new("y")));
        assert_eq!(body.to_json(), br#"{"b":"\"x\"","a":{"n":-1},"l":[{"id":"1"}],"t":["x"],"f":true,"s":"y"}"#);
    }

    #[test]
    fn a_field_is_set_once() {
        let body = Body::text("a", "1").with("a", Field::Integer(2));
        assert_eq!(body, Body::text("a", "1"));
    }
}
