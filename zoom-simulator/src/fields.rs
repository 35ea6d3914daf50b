//! Reading a request body field by field. A field is named by its path from the top (`user_info.email`), which is also
//! the name that Zoom gives it in `errors[]`; what is wrong is collected, so that one answer tells all of it. A field
//! that the operation does not know is passed over, as Zoom does, and `null` counts as not given.

use serde_json::{Map, Value};

use crate::{
    call::Call,
    email::Email,
    errors::{Failure, FieldError, VALIDATION_FAILED},
};

/// A JSON object with the names of the type it holds.
pub(crate) type Object = Map<String, Value>;

/// A request body and what was found wrong with it.
pub(crate) struct Fields {
    body: Value,
    wrong: Vec<FieldError>,
}

impl Fields {
    pub(crate) fn of(call: &Call) -> Result<Self, Failure> {
        Ok(Self { body: Value::Object(call.json()?), wrong: Vec::new() })
    }

    /// The end of reading: the refusal, if anything was wrong.
    pub(crate) fn check(self) -> Result<(), Failure> {
        if self.wrong.is_empty() { Ok(()) } else { Err(VALIDATION_FAILED.with_fields(self.wrong)) }
    }

    pub(crate) fn is_given(&self, path: &str) -> bool {
        self.value(path).is_some()
    }

    /// A text as it was sent; empty if there is none. Nothing is checked.
    pub(crate) fn raw(&self, path: &str) -> &str {
        self.value(path).and_then(Value::as_str).unwrap_or_default()
    }

    /// Notes that a field must not be as it is.
    pub(crate) fn reject(&mut self, path: &str) {
        self.wrong.push(FieldError::invalid(path));
    }

    /// Notes a field that is missing.
    pub(crate) fn require(&mut self, path: &str) {
        if !self.is_given(path) {
            self.reject(path);
        }
    }

    /// Text of at most so many characters.
    pub(crate) fn text(&mut self, path: &str, longest: usize) -> Option<String> {
        self.read(path, |value| value.as_str().filter(|text| text.chars().count() <= longest).map(str::to_owned))
    }

    /// An e-mail address.
    pub(crate) fn email(&mut self, path: &str) -> Option<Email> {
        self.read(path, |value| value.as_str().and_then(Email::parse))
    }

    /// One of the words or numbers that a field may have.
    pub(crate) fn choice<T>(&mut self, path: &str, decode: impl Fn(&Value) -> Option<T>) -> Option<T> {
        self.read(path, decode)
    }

    pub(crate) fn integer(&mut self, path: &str) -> Option<i64> {
        self.read(path, Value::as_i64)
    }

    pub(crate) fn boolean(&mut self, path: &str) -> Option<bool> {
        self.read(path, Value::as_bool)
    }

    /// A list of at most so many texts.
    pub(crate) fn texts(&mut self, path: &str, most: usize) -> Option<Vec<String>> {
        self.list(path, most, |value| value.as_str().map(str::to_owned))
    }

    /// A list of at most so many objects.
    pub(crate) fn objects(&mut self, path: &str, most: usize) -> Option<Vec<Object>> {
        self.list(path, most, |value| value.as_object().cloned())
    }

    /// An object.
    pub(crate) fn object(&mut self, path: &str) -> Option<Object> {
        self.read(path, |value| value.as_object().cloned())
    }

    fn list<T>(&mut self, path: &str, most: usize, decode: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
        self.read(path, |value| value.as_array().filter(|items| items.len() <= most)?.iter().map(&decode).collect())
    }

    fn read<T>(&mut self, path: &str, decode: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let decoded = decode(self.value(path)?);
        if decoded.is_none() {
            self.reject(path);
        }
        decoded
    }

    fn value(&self, path: &str) -> Option<&Value> {
        path.split('.').try_fold(&self.body, |value, name| value.get(name)).filter(|value| !value.is_null())
    }
}
