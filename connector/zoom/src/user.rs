//! Users: between Zoom's types and attributes. Nothing here calls anybody.

use connector_base::attribute::{self, ENABLE, UID};
use connector_base::connector::Selection;
use connector_base::contract::ConnectorObject;
use connector_base::filter::Filter;
use connector_base::value::Value;
use serde_json::Value as Json;

use crate::api::users::{User, UserStatus};
use crate::schema::{Carrier, STATUS, USER, USER_ATTRIBUTES, user_attribute};

/// A text of Zoom's: an empty one is none.
pub(crate) fn text(text: &Option<String>) -> Vec<Value> {
    text.iter().filter(|text| !text.is_empty()).map(Value::text).collect()
}

/// Texts of Zoom's.
pub(crate) fn texts(texts: &Option<Vec<String>>) -> Vec<Value> {
    texts.iter().flatten().map(Value::text).collect()
}

/// A small number of Zoom's.
pub(crate) fn number(number: Option<i32>) -> Vec<Value> {
    number.map(Value::Integer).into_iter().collect()
}

/// A number that the schema has as a text.
pub(crate) fn text_of(number: Option<i64>) -> Vec<Value> {
    number.map(|number| Value::Text(number.to_string())).into_iter().collect()
}

/// The user's telephone number. Newer records have a list of them instead: the first one is taken.
pub(crate) fn phone_number(user: &User) -> Vec<Value> {
    first_phone(user, &user.phone_number, |phone| &phone.number)
}

/// The country of the telephone number.
pub(crate) fn phone_country(user: &User) -> Vec<Value> {
    first_phone(user, &user.phone_country, |phone| &phone.country)
}

fn first_phone(
    user: &User,
    own: &Option<String>,
    field: fn(&crate::api::users::Phone) -> &Option<String>,
) -> Vec<Value> {
    let listed = || user.phone_numbers.iter().flatten().next().map(|phone| text(field(phone)));
    Some(text(own)).filter(|values| !values.is_empty()).or_else(listed).unwrap_or_default()
}

/// The user's uid: Zoom's id, and only where Zoom gives none the address.
pub(crate) fn uid(user: &User) -> &str {
    user.id.as_deref().unwrap_or(&user.email)
}

/// The object of a user, with those attributes that are wanted and that `known` carries.
pub(crate) fn object(user: &User, known: Carrier, selection: &Selection) -> ConnectorObject {
    let carried = |carrier| known == Carrier::Record || carrier == Carrier::Row;
    let attributes = USER_ATTRIBUTES
        .iter()
        .filter(|attribute| carried(attribute.carrier) && selection.wants(attribute.def.name))
        .map(|row| attribute::attribute(row.def.name, (row.read)(user)))
        .collect();
    ConnectorObject {
        object_class: USER.to_owned(),
        uid: attribute::uid(uid(user)),
        name: user.email.clone(),
        attributes,
    }
}

/// What a filter says of a user of whom a row or the record is known.
pub(crate) fn verdict(filter: &Filter, user: &User, known: Carrier) -> Option<bool> {
    filter.verdict(|name| values(user, known, name).map(Into::into))
}

fn values(user: &User, known: Carrier, name: &str) -> Option<Vec<Value>> {
    if name == UID {
        // A row without an id: the record has it.
        return match known {
            Carrier::Row => user.id.as_ref().map(|id| vec![Value::text(id)]),
            Carrier::Record => Some(vec![Value::text(uid(user))]),
        };
    }
    let attribute = user_attribute(name)?;
    (known == Carrier::Record || attribute.carrier == Carrier::Row).then(|| (attribute.read)(user))
}

/// Whether a filter can hold for users with this status.
pub(crate) fn may_have_status(filter: &Filter, status: UserStatus) -> Option<bool> {
    let user = User { status: Some(status), ..User::default() };
    filter.verdict(|name| match name {
        STATUS | ENABLE => values(&user, Carrier::Row, name).map(Into::into),
        _ => None,
    })
}

/// A value as Zoom's JSON has it; none for values that no field of a user takes.
pub(crate) fn json(values: &[Value]) -> Option<Json> {
    match values {
        [] => Some(Json::from("")),
        [Value::Text(text)] => Some(Json::from(text.as_str())),
        [Value::Integer(number)] => Some(Json::from(*number)),
        _ => None,
    }
}
