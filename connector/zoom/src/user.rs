//! Users: between Zoom's fields and attributes. Nothing here calls anybody.

use std::rc::Rc;

use connector_base::attribute::{self, ENABLE, UID};
use connector_base::connector::Selection;
use connector_base::contract::{ConnectorObject, ValueType};
use connector_base::filter::Filter;
use connector_base::value::Value;

use crate::api::body::Field;
use crate::api::phone::PhoneUser;
use crate::api::record::{Datum, Record};
use crate::api::sites::Site;
use crate::api::users::{User, UserStatus};
use crate::schema::{
    Carrier, Read, SITE_CODE, STATUS, USER, USER_ATTRIBUTES, UserAttribute, ZOOM_PHONE_FEATURE, user_attribute,
};
use crate::update::is_nothing;

/// What is known of a user.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) user: Rc<User>,
    /// Whether the user is known by a row of a list or by the record.
    pub(crate) from: Carrier,
    pub(crate) phone: Phone,
}

/// What is known of a user's phone.
#[derive(Clone, Debug)]
pub(crate) enum Phone {
    Unread,
    /// The user has none.
    Off,
    On(OnPhone),
}

/// A user's phone.
#[derive(Clone, Debug)]
pub(crate) struct OnPhone {
    pub(crate) user: PhoneUser,
    pub(crate) site: PhoneSite,
}

/// What is known of the site of a phone besides its id.
#[derive(Clone, Debug)]
pub(crate) enum PhoneSite {
    Unread,
    /// Its name: a row of the list of phones has it.
    Named(String),
    Read(Site),
}

/// How much of what is known a search returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// What rows of lists carry.
    Rows,
    /// Everything.
    Deep,
}

/// What has to be read so that some attributes are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    pub(crate) record: bool,
    pub(crate) phone: bool,
    /// The name of the site.
    pub(crate) site: bool,
    /// The site itself, for its code.
    pub(crate) code: bool,
}

impl Needs {
    /// What the attributes need that are wanted.
    pub(crate) fn of(wanted: impl Fn(&str) -> bool) -> Self {
        let mut needs = Self::default();
        for attribute in USER_ATTRIBUTES.iter().filter(|attribute| wanted(attribute.def.name)) {
            match attribute.carrier {
                Carrier::Row => {}
                Carrier::Record => needs.record = true,
                Carrier::Phone => needs.phone = true,
                Carrier::Site => {
                    (needs.phone, needs.site) = (true, true);
                    needs.code |= attribute.def.name == SITE_CODE;
                }
            }
        }
        needs
    }

    /// What both need.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            record: self.record || other.record,
            phone: self.phone || other.phone,
            site: self.site || other.site,
            code: self.code || other.code,
        }
    }
}

impl Known {
    /// A user as a list has it.
    pub(crate) fn row(user: Rc<User>) -> Self {
        Self { user, from: Carrier::Row, phone: Phone::Unread }
    }

    /// A user as the record has it.
    pub(crate) fn record(user: User) -> Self {
        Self { user: Rc::new(user), from: Carrier::Record, phone: Phone::Unread }
    }

    /// Whether the user can have a phone: who has not accepted the invitation cannot.
    pub(crate) fn may_have_phone(&self) -> bool {
        self.user.status() != Some(UserStatus::Pending)
    }

    /// The values of an attribute; none where they are not known.
    pub(crate) fn values(&self, attribute: &UserAttribute) -> Option<Vec<Value>> {
        let wanted = attribute.def.value_type;
        match attribute.carrier {
            Carrier::Record if self.from == Carrier::Row => None,
            Carrier::Row | Carrier::Record => {
                let mut values = match attribute.read {
                    Read::User(read) => read(&self.user),
                    Read::Field | Read::Phone(_) => field_values(self.user.record(), attribute.field, wanted),
                };
                values.retain(|value| !is_nothing(attribute.def.name, value));
                // Rows of pending users carry less than the record does.
                let unknown =
                    values.is_empty() && self.from == Carrier::Row && self.user.status() == Some(UserStatus::Pending);
                (!unknown).then_some(values)
            }
            Carrier::Phone | Carrier::Site => match (&self.phone, attribute.read) {
                (Phone::Unread, _) => None,
                (phone, _) if attribute.def.name == ZOOM_PHONE_FEATURE => {
                    Some(vec![Value::Boolean(matches!(phone, Phone::On(_)))])
                }
                (Phone::Off, _) => Some(Vec::new()),
                (Phone::On(phone), Read::Phone(read)) => read(phone),
                (Phone::On(phone), _) => Some(field_values(phone.user.record(), attribute.field, wanted)),
            },
        }
    }

    /// What a filter says of the user.
    pub(crate) fn verdict(&self, filter: &Filter) -> Option<bool> {
        filter.verdict(|name| self.named(name).map(Into::into))
    }

    fn named(&self, name: &str) -> Option<Vec<Value>> {
        if name == UID {
            // A row without an id: the record has it.
            return match self.from {
                Carrier::Row => self.user.id().map(|id| vec![Value::text(id)]),
                _ => Some(vec![Value::text(uid(&self.user))]),
            };
        }
        self.values(user_attribute(name)?)
    }

    /// The object of the user, with those attributes that are wanted and known.
    pub(crate) fn object(&self, depth: Depth, selection: &Selection) -> ConnectorObject {
        let mut attributes = Vec::new();
        for row in USER_ATTRIBUTES {
            let returned = depth == Depth::Deep || row.carrier == Carrier::Row;
            if returned
                && selection.wants(row.def.name)
                && let Some(values) = self.values(row)
            {
                attributes.push(attribute::attribute(row.def.name, values));
            }
        }
        ConnectorObject {
            object_class: USER.to_owned(),
            uid: attribute::uid(uid(&self.user)),
            name: self.user.email().to_owned(),
            attributes,
        }
    }
}

/// The values of a field, in the type of an attribute. Zoom has numbers that the schema has as texts.
pub(crate) fn field_values(record: &Record, field: &str, wanted: ValueType) -> Vec<Value> {
    let value = |datum: &Datum| match (datum, wanted) {
        (Datum::Text(text), _) => Some(Value::text(text)),
        (Datum::Integer(number), ValueType::Text) => Some(Value::Text(number.to_string())),
        (Datum::Integer(number), ValueType::Long) => Some(Value::Long(*number)),
        (Datum::Integer(number), _) => i32::try_from(*number).ok().map(Value::Integer),
        (Datum::Object(_) | Datum::List(_), _) => None,
    };
    match record.value(field) {
        Some(Datum::List(elements)) => elements.iter().filter_map(value).collect(),
        other => other.and_then(value).into_iter().collect(),
    }
}

/// A user who is invited is not there yet, but nothing keeps him out: that is enabled.
pub(crate) fn enabled(user: &User) -> Vec<Value> {
    user.status().map(|status| Value::Boolean(status != UserStatus::Inactive)).into_iter().collect()
}

/// The user's telephone number, as Zoom writes it: code of the country, blank, number. Newer records have
/// a list of numbers, of which this is the first.
pub(crate) fn phone_number(user: &User) -> Vec<Value> {
    let listed = || {
        let first = user.record().list("phone_numbers").first()?;
        let (code, number) = (first.text("code").unwrap_or_default(), first.text("number")?);
        Some(format!("{code} {number}").trim_start().to_owned())
    };
    let told = user.record().text("phone_number").map(|number| number.trim().to_owned());
    told.or_else(listed).map(Value::Text).into_iter().collect()
}

/// The country of the telephone number.
pub(crate) fn phone_country(user: &User) -> Vec<Value> {
    let listed = || user.record().list("phone_numbers").first().and_then(|phone| phone.text("country"));
    user.record().text("phone_country").or_else(listed).map(Value::text).into_iter().collect()
}

/// The first group is the primary one.
pub(crate) fn primary_group(user: &User) -> Vec<Value> {
    user.record().list("group_ids").first().and_then(Datum::as_text).map(Value::text).into_iter().collect()
}

/// `KEY=VALUE` for each attribute of the account's own that has a value.
pub(crate) fn custom_attributes(user: &User) -> Vec<Value> {
    let pair = |entry: &Datum| Some(Value::Text(format!("{}={}", entry.text("key")?, entry.text("value")?)));
    user.record().list("custom_attributes").iter().filter_map(pair).collect()
}

/// The user's uid: Zoom's id, and only where Zoom gives none the address.
pub(crate) fn uid(user: &User) -> &str {
    user.id().unwrap_or_else(|| user.email())
}

/// Whether a filter can hold for users with this status.
pub(crate) fn may_have_status(filter: &Filter, status: UserStatus) -> Option<bool> {
    let user = Known::row(Rc::new(User::default().with_status(status)));
    filter.verdict(|name| match name {
        STATUS | ENABLE => user.named(name).map(Into::into),
        _ => None,
    })
}

/// The value of a field that sets an attribute; none for values that no field of a user takes.
pub(crate) fn field(values: &[Value]) -> Option<Field> {
    match values {
        [] => Some(Field::Text(String::new())),
        [Value::Text(text)] => Some(Field::Text(text.clone())),
        [Value::Integer(number)] => Some(Field::Integer((*number).into())),
        [Value::Long(number)] => Some(Field::Integer(*number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::schema::CUSTOM_ATTRIBUTES;

    fn known(fields: Json) -> Known {
        let mut user = json!({ "id": "u", "email": "a@b.c" });
        user.as_object_mut().expect("an object").extend(fields.as_object().cloned().unwrap_or_default());
        Known::record(crate::api::users::tests::user(&user))
    }

    fn values(known: &Known, name: &str) -> Option<Vec<Value>> {
        known.values(user_attribute(name).expect("an attribute"))
    }

    #[test]
    fn of_a_user_without_a_phone_the_phone_is_known_to_be_nothing() {
        let unread = known(json!({}));
        assert_eq!((values(&unread, "ZOOM_PHONE_FEATURE"), values(&unread, "SITE_NAME")), (None, None));
        let off = Known { phone: Phone::Off, ..unread };
        assert_eq!(values(&off, "ZOOM_PHONE_FEATURE"), Some(vec![Value::Boolean(false)]));
        assert_eq!(values(&off, "SITE_NAME"), Some(vec![]));
    }

    #[test]
    fn an_older_and_a_newer_record_give_the_same_number() {
        let older = known(json!({ "phone_number": "+1 5550100", "phone_country": "US" }));
        let newer = known(json!({ "phone_numbers": [{ "code": "+1", "country": "US", "number": "5550100" }] }));
        for user in [older, newer] {
            assert_eq!(values(&user, "PHONE_NUMBER"), Some(vec![Value::text("+1 5550100")]));
            assert_eq!(values(&user, "PHONE_COUNTRY"), Some(vec![Value::text("US")]));
        }
    }

    #[test]
    fn custom_attributes_without_a_value_are_left_out() {
        let user =
            known(json!({ "custom_attributes": [{ "key": "k1", "value": "a=b" }, { "key": "k2", "value": "" }] }));
        assert_eq!(values(&user, CUSTOM_ATTRIBUTES), Some(vec![Value::text("k1=a=b")]));
    }

    #[test]
    fn an_attribute_needs_what_carries_it() {
        let needs = |name| Needs::of(|wanted| wanted == name);
        assert_eq!(needs("DEPT"), Needs::default());
        assert_eq!(needs("LANGUAGE"), Needs { record: true, ..Needs::default() });
        assert_eq!(needs("SITE_ID"), Needs { phone: true, ..Needs::default() });
        assert_eq!(needs("SITE_CODE"), Needs { phone: true, site: true, code: true, ..Needs::default() });
        assert_eq!(needs("SITE_NAME"), Needs { phone: true, site: true, ..Needs::default() });
    }
}
