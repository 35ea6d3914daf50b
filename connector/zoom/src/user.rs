//! Users: between Zoom's fields and attributes. Nothing here calls anybody.

use connector_base::attribute::{self, ENABLE, UID};
use connector_base::connector::Selection;
use connector_base::contract::{ConnectorObject, ValueType};
use connector_base::filter::Filter;
use connector_base::value::Value;
use serde_json::Value as Json;

use crate::api::body::Field;
use crate::api::record::{Record, text};
use crate::api::users::{User, UserStatus};
use crate::schema::{Carrier, Read, STATUS, USER, USER_ATTRIBUTES, UserAttribute, user_attribute};

/// The values of a field, in the type of an attribute. Zoom has numbers that the schema has as texts.
pub(crate) fn field_values(record: &Record, field: &str, wanted: ValueType) -> Vec<Value> {
    let value = |json: &Json| match (json, wanted) {
        (Json::String(text), _) => Some(Value::text(text)),
        (number, ValueType::Text) => number.as_i64().map(|number| Value::Text(number.to_string())),
        (number, ValueType::Long) => number.as_i64().map(Value::Long),
        (number, _) => number.as_i64().and_then(|number| i32::try_from(number).ok()).map(Value::Integer),
    };
    match record.value(field) {
        Some(Json::Array(elements)) => elements.iter().filter_map(value).collect(),
        other => other.and_then(value).into_iter().collect(),
    }
}

/// The values of an attribute.
pub(crate) fn values(user: &User, attribute: &UserAttribute) -> Vec<Value> {
    match attribute.read {
        Read::Field => field_values(user.record(), attribute.field, attribute.def.value_type),
        Read::By(read) => read(user),
    }
}

/// A user who is invited is not there yet, but nothing keeps him out: that is enabled.
pub(crate) fn enabled(user: &User) -> Vec<Value> {
    user.status().map(|status| Value::Boolean(status != UserStatus::Inactive)).into_iter().collect()
}

/// The user's telephone number. Newer records have a list of them instead: the first one is taken.
pub(crate) fn phone_number(user: &User) -> Vec<Value> {
    first_phone(user, "phone_number", "number")
}

/// The country of the telephone number.
pub(crate) fn phone_country(user: &User) -> Vec<Value> {
    first_phone(user, "phone_country", "country")
}

fn first_phone(user: &User, own: &str, listed: &str) -> Vec<Value> {
    let first = || user.record().list("phone_numbers").first().and_then(|phone| text(phone, listed));
    user.record().text(own).map(str::to_owned).or_else(first).map(Value::Text).into_iter().collect()
}

/// The user's uid: Zoom's id, and only where Zoom gives none the address.
pub(crate) fn uid(user: &User) -> &str {
    user.id().unwrap_or_else(|| user.email())
}

/// The object of a user, with those attributes that are wanted and that `known` carries.
pub(crate) fn object(user: &User, known: Carrier, selection: &Selection) -> ConnectorObject {
    let carried = |carrier| known == Carrier::Record || carrier == Carrier::Row;
    let attributes = USER_ATTRIBUTES
        .iter()
        .filter(|row| carried(row.carrier) && selection.wants(row.def.name))
        .map(|row| attribute::attribute(row.def.name, values(user, row)))
        .collect();
    ConnectorObject {
        object_class: USER.to_owned(),
        uid: attribute::uid(uid(user)),
        name: user.email().to_owned(),
        attributes,
    }
}

/// What a filter says of a user of whom a row or the record is known.
pub(crate) fn verdict(filter: &Filter, user: &User, known: Carrier) -> Option<bool> {
    filter.verdict(|name| known_values(user, known, name).map(Into::into))
}

fn known_values(user: &User, known: Carrier, name: &str) -> Option<Vec<Value>> {
    if name == UID {
        // A row without an id: the record has it.
        return match known {
            Carrier::Row => user.id().map(|id| vec![Value::text(id)]),
            Carrier::Record => Some(vec![Value::text(uid(user))]),
        };
    }
    let attribute = user_attribute(name)?;
    (known == Carrier::Record || attribute.carrier == Carrier::Row).then(|| values(user, attribute))
}

/// Whether a filter can hold for users with this status.
pub(crate) fn may_have_status(filter: &Filter, status: UserStatus) -> Option<bool> {
    let user = User::default().with_status(status);
    filter.verdict(|name| match name {
        STATUS | ENABLE => known_values(&user, Carrier::Row, name).map(Into::into),
        _ => None,
    })
}

/// The value of a field that sets an attribute; none for values that no field of a user takes.
pub(crate) fn field(values: &[Value]) -> Option<Field> {
    match values {
        [] => Some(Field::Text(String::new())),
        [Value::Text(text)] => Some(Field::Text(text.clone())),
        [Value::Integer(number)] => Some(Field::Integer(*number)),
        _ => None,
    }
}
