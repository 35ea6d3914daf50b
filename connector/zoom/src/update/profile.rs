//! The part of a change that is about the user's own record: fields of `PATCH /users/{id}`.

use connector_base::error::{Error, Result};
use connector_base::value::{Quoted, Value};

use super::Changed;
use crate::api::body::{Body, Field};
use crate::schema::{
    CUSTOM_ATTRIBUTES, PHONE_COUNTRY, PHONE_NUMBER, PLAN_UNITED_TYPE, ZOOM_ONE_FEATURE_TYPE, user_attribute,
};
use crate::steps::Step;
use crate::user::{Known, field};

/// How many attributes of the account's own a call sets (Zoom API, `PATCH /users/{userId}`).
const MOST_CUSTOM_ATTRIBUTES: usize = 5;

/// The fields of the user's record that change.
#[derive(Default)]
pub(super) struct Profile {
    /// Plans that end: before anything else, since what ends takes the type with it.
    ending: Vec<Step>,
    fields: Body,
    names: Vec<&'static str>,
    /// Calls of their own, behind.
    more: Vec<Step>,
}

impl Profile {
    fn put(&mut self, name: &'static str, field: &'static str, value: Field) {
        self.fields.set(field, value);
        self.names.push(name);
    }

    pub(super) fn set(&mut self, changed: &Changed) -> Result<()> {
        let (name, field_name) = (changed.name(), changed.row.field);
        let alone = |value: Field| Step::Fields { fields: Body::default().with(field_name, value), names: vec![name] };
        let empty = changed.after.is_empty();
        match name {
            PLAN_UNITED_TYPE if empty => self.ending.push(alone(Field::Text("none".to_owned()))),
            ZOOM_ONE_FEATURE_TYPE if empty => self.ending.push(alone(Field::Integer(0))),
            PLAN_UNITED_TYPE | ZOOM_ONE_FEATURE_TYPE => self.more.push(alone(plan_field(name, &changed.after)?)),
            _ => {
                let clears_number = empty && !matches!(changed.before.as_slice(), [Value::Text(_)]);
                let value = field(&changed.after).filter(|_| !clears_number);
                let value = value.ok_or_else(|| Error::attribute(name, format!("{name} cannot be without a value")))?;
                self.put(name, field_name, value);
            }
        }
        Ok(())
    }

    /// The attributes of the account's own: those that are new or other, and those that end without a value.
    pub(super) fn custom(&mut self, changed: &Changed) -> Result<()> {
        let before: Vec<(&str, &str)> =
            changed.before.iter().filter_map(|value| value.as_text()?.split_once('=')).collect();
        let mut entries: Vec<(&str, &str)> = Vec::new();
        for value in &changed.after {
            let text = value.as_text().unwrap_or_default();
            let Some(entry) = text.split_once('=').filter(|(key, _)| !key.is_empty()) else {
                let message = format!("{} is not of the form KEY=VALUE", Quoted(text));
                return Err(Error::attribute(CUSTOM_ATTRIBUTES, message));
            };
            match entries.iter_mut().find(|(other, _)| *other == entry.0) {
                None => entries.push(entry),
                // What is added to what there was takes its place.
                Some(other) if before.contains(other) => *other = entry,
                Some((key, _)) => {
                    let message = format!("the key {} is given more than once", Quoted(key));
                    return Err(Error::attribute(CUSTOM_ATTRIBUTES, message));
                }
            }
        }
        // Without a value there is none.
        entries.retain(|(_, value)| !value.is_empty());
        let ended: Vec<(&str, &str)> = before
            .iter()
            .filter(|(key, _)| !entries.iter().any(|(kept, _)| kept == key))
            .map(|(key, _)| (*key, ""))
            .collect();
        entries.retain(|entry| !before.contains(entry));
        entries.extend(ended);
        let body = |(key, value): &(&str, &str)| Body::text("key", key).with("value", Field::Text((*value).to_owned()));
        let calls = entries.chunks(MOST_CUSTOM_ATTRIBUTES).map(|entries| entries.iter().map(body).collect());
        for (position, entries) in calls.enumerate() {
            let entries = Field::Objects(entries);
            if position == 0 {
                self.put(CUSTOM_ATTRIBUTES, "custom_attributes", entries);
            } else {
                let fields = Body::default().with("custom_attributes", entries);
                self.more.push(Step::Fields { fields, names: vec![CUSTOM_ATTRIBUTES] });
            }
        }
        Ok(())
    }

    /// The telephone number and its country, which Zoom takes together only. They are the first of a list,
    /// the rest of which stays as it is.
    pub(super) fn contact(&mut self, known: &Known, changed: &[Changed]) -> Result<()> {
        let of = |name: &'static str| changed.iter().find(|changed| changed.name() == name);
        let (number, country) = (of(PHONE_NUMBER), of(PHONE_COUNTRY));
        if number.is_none() && country.is_none() {
            return Ok(());
        }
        let current = |name: &str| {
            let values = user_attribute(name).and_then(|row| known.values(row)).unwrap_or_default();
            values.first().and_then(Value::as_text).map(str::to_owned)
        };
        let wanted = |changed: Option<&Changed>, name: &str| match changed {
            Some(changed) => changed.text().filter(|text| !text.is_empty()).map(str::to_owned),
            None => current(name),
        };
        let listed = known.user.record().list("phone_numbers");
        let entry = match (wanted(number, PHONE_NUMBER), wanted(country, PHONE_COUNTRY)) {
            (Some(given), Some(country)) => {
                let first = listed.first();
                let same_country = current(PHONE_COUNTRY).as_deref() == Some(country.as_str());
                let known_code = first.filter(|_| same_country).and_then(|first| first.text("code").map(str::to_owned));
                let (code, number) = match number {
                    Some(_) => split(given, known_code)?,
                    // Only the country changes, and its code with it.
                    None => {
                        let (_, rest) = given.split_once(' ').unwrap_or(("", &given));
                        (known_code, rest.to_owned())
                    }
                };
                let label = first.and_then(|first| first.text("label").map(str::to_owned));
                let mut entry = Body::text("country", &country).with("number", Field::Text(number));
                for (field, value) in [("code", code), ("label", label)] {
                    entry.extend(field, value.map(Field::Text));
                }
                Some(entry)
            }
            (Some(_), None) => {
                return Err(Error::attribute(PHONE_COUNTRY, format!("{PHONE_NUMBER} needs {PHONE_COUNTRY}"))
                    .with_hint("Give the country, as two letters: US."));
            }
            (None, Some(_)) if country.is_some() => {
                return Err(Error::attribute(PHONE_NUMBER, format!("{PHONE_COUNTRY} needs {PHONE_NUMBER}")));
            }
            (None, _) => None,
        };
        let kept = listed.iter().skip(1).map(|entry| {
            let mut kept = Body::default();
            for field in ["country", "code", "number", "label"] {
                kept.extend(field, entry.text(field).map(|text| Field::Text(text.to_owned())));
            }
            kept
        });
        self.fields.set("phone_numbers", Field::Objects(entry.into_iter().chain(kept).collect()));
        self.names.extend(number.into_iter().chain(country).map(Changed::name));
        Ok(())
    }

    pub(super) fn steps(self) -> Vec<Step> {
        let mut steps = self.ending;
        if !self.fields.is_empty() {
            steps.push(Step::Fields { fields: self.fields, names: self.names });
        }
        steps.extend(self.more);
        steps
    }
}

/// The code of the country and the rest of a number.
fn split(number: String, known_code: Option<String>) -> Result<(Option<String>, String)> {
    match (number.split_once(' '), known_code) {
        (Some((code, rest)), _) if code.starts_with('+') => Ok((Some(code.to_owned()), rest.to_owned())),
        (_, Some(code)) if number.starts_with(code.as_str()) => {
            let rest = number.trim_start_matches(code.as_str()).trim_start().to_owned();
            Ok((Some(code), rest))
        }
        _ if number.starts_with('+') => {
            let message = format!("in {} the code of the country does not stand apart", Quoted(&number));
            Err(Error::attribute(PHONE_NUMBER, message)
                .with_hint("Write the code, a blank, and the number: +49 301234567."))
        }
        (_, code) => Ok((code, number)),
    }
}

/// The field that sets a plan, which Zoom numbers: as a text one, as a number the other.
pub(crate) fn plan_field(name: &'static str, values: &[Value]) -> Result<Field> {
    let text = values.first().and_then(Value::as_text).unwrap_or_default();
    match (name, text.parse::<i64>()) {
        (PLAN_UNITED_TYPE, Ok(_)) => Ok(Field::Text(text.to_owned())),
        (_, Ok(number)) => Ok(Field::Integer(number)),
        _ => Err(Error::attribute(name, format!("{name} is a number of Zoom's, not {}", Quoted(text)))),
    }
}
