//! Zoom Phone (Zoom API, "Phone"): the phone user, which is a user's second record under the same id.
//!
//! Switching the phone on and off is a field of the user (`feature.zoom_phone`), and in `users`.

use super::body::{Body, Field};
use super::client::{Call, Client};
use super::error::ZoomError;
use super::limits;
use super::record::{Datum, Fields, Record, Shape};

/// What Zoom documents of a phone user, as far as the connector looks at it: `GET /phone/users/{userId}`.
const FIELDS: Fields = &[
    ("id", Shape::Id),
    ("status", Shape::Text),
    ("extension_number", Shape::Integer),
    ("site_id", Shape::Text),
    ("calling_plans", Shape::Objects(&[("type", Shape::Integer)])),
    ("phone_numbers", Shape::Objects(&[("id", Shape::Text), ("number", Shape::Text)])),
    ("department", Shape::Text),
    ("cost_center", Shape::Text),
];

/// How many numbers a call takes (`phone_numbers`: maxItems 10), which is also the most that the
/// documents let a user have.
pub(crate) const MOST_NUMBERS: usize = 10;

/// A phone user.
#[derive(Clone, Debug, Default)]
pub(crate) struct PhoneUser(Record);

/// A number of a phone user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PhoneNumber {
    /// Zoom's id; none where the answer has none.
    pub(crate) id: Option<String>,
    /// In E.164 form, with the plus. Zoom writes it with or without.
    pub(crate) number: String,
}

/// Whether calls can be made and received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PhoneStatus {
    Activate,
    Deactivate,
}

impl PhoneStatus {
    /// The status that a word of Zoom's means: `activate` or `deactivate`.
    pub(crate) fn of(word: &str) -> Option<Self> {
        [Self::Activate, Self::Deactivate].into_iter().find(|status| status.as_str() == word)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Activate => "activate",
            Self::Deactivate => "deactivate",
        }
    }
}

/// A number as E.164 writes it: with a plus, and nothing but digits behind it.
pub(crate) fn e164(number: &str) -> String {
    let mut plain = String::from("+");
    plain.extend(number.chars().filter(char::is_ascii_digit));
    plain
}

fn plan_type(plan: &Datum) -> Option<i32> {
    i32::try_from(plan.as_record()?.integer("type")?).ok()
}

impl PhoneUser {
    /// The phone user that a record is.
    ///
    /// Errors: what is wrong.
    fn of(record: Record) -> Result<Self, String> {
        for plan in record.list("calling_plans") {
            if plan_type(plan).is_none() {
                return Err("a calling plan is without a type".to_owned());
            }
        }
        Ok(Self(record))
    }

    /// The fields.
    pub(crate) fn record(&self) -> &Record {
        &self.0
    }

    /// The site; none where the account has no multiple sites.
    pub(crate) fn site_id(&self) -> Option<&str> {
        self.0.text("site_id")
    }

    /// The types of the calling plans.
    pub(crate) fn plans(&self) -> Vec<i32> {
        self.0.list("calling_plans").iter().filter_map(plan_type).collect()
    }

    /// The numbers.
    pub(crate) fn numbers(&self) -> Vec<PhoneNumber> {
        let number = |entry: &Datum| {
            Some(PhoneNumber { id: entry.text("id").map(str::to_owned), number: e164(entry.text("number")?) })
        };
        self.0.list("phone_numbers").iter().filter_map(number).collect()
    }
}

impl Client {
    /// The phone of a user, if the user has one: `GET /phone/users/{userId}`. A user without a phone, one
    /// whose phone is still being made, and an account without Zoom Phone look alike.
    pub(crate) async fn phone_user(&self, id: &str) -> Result<Option<PhoneUser>, ZoomError> {
        // What is so for one user is so for all of the account.
        if self.lacks_phone() {
            return Ok(None);
        }
        match self.one(&limits::GET_PHONE_USER, id, FIELDS).await {
            Err(error) if error.is_no_phone_account() => {
                self.note_lack_of_phone();
                Ok(None)
            }
            record => {
                let user = record?.map(PhoneUser::of).transpose();
                user.map_err(|detail| ZoomError::unreadable(&limits::GET_PHONE_USER, &detail))
            }
        }
    }
}

impl Call {
    /// Sets site and extension: `PATCH /phone/users/{userId}`.
    pub(crate) fn update_phone_user(id: &str, fields: &Body) -> Self {
        Self::new(&limits::UPDATE_PHONE_USER, &[id]).body(fields)
    }

    /// Lets a user make and receive calls, or not: `PUT /phone/users/batch`, type `activate`.
    pub(crate) fn set_phone_status(id: &str, status: PhoneStatus) -> Self {
        let body = Body::text("batch_type", "activate")
            .with("user_ids", Field::Texts(vec![id.to_owned()]))
            .with("activation_status", Field::Text(status.as_str().to_owned()));
        Self::new(&limits::UPDATE_PHONE_USERS, &[]).body(&body)
    }

    /// Adds calling plans: `POST /phone/users/{userId}/calling_plans`.
    pub(crate) fn add_plans(id: &str, plans: &[i32]) -> Self {
        let plans = plans.iter().map(|plan| Body::default().with("type", Field::Integer((*plan).into()))).collect();
        Self::new(&limits::ADD_PLANS, &[id]).body(&Body::objects("calling_plans", plans))
    }

    /// Puts one calling plan in the place of another: `PUT /phone/users/{userId}/calling_plans`.
    pub(crate) fn switch_plan(id: &str, from: i32, to: i32) -> Self {
        let body = Body::default()
            .with("source_type", Field::Integer(from.into()))
            .with("target_type", Field::Integer(to.into()));
        Self::new(&limits::SWITCH_PLAN, &[id]).body(&body)
    }

    /// Takes a calling plan away: `DELETE /phone/users/{userId}/calling_plans/{planType}`.
    pub(crate) fn remove_plan(id: &str, plan: i32) -> Self {
        Self::new(&limits::REMOVE_PLAN, &[id, &plan.to_string()])
    }

    /// Adds numbers, [`MOST_NUMBERS`] at most: `POST /phone/users/{userId}/phone_numbers`.
    pub(crate) fn add_numbers(id: &str, numbers: &[String]) -> Self {
        let numbers = numbers.iter().map(|number| Body::text("number", number)).collect();
        Self::new(&limits::ADD_NUMBERS, &[id]).body(&Body::objects("phone_numbers", numbers))
    }

    /// Takes a number away, by its id or by itself: `DELETE /phone/users/{userId}/phone_numbers/{phoneNumberId}`.
    pub(crate) fn remove_number(id: &str, number: &PhoneNumber) -> Self {
        Self::new(&limits::REMOVE_NUMBER, &[id, number.id.as_deref().unwrap_or(&number.number)])
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::api::record::tests::read;

    /// The phone that Zoom would tell of like this.
    pub(crate) fn phone(fields: &Value) -> Result<PhoneUser, String> {
        PhoneUser::of(read(fields, FIELDS)?)
    }

    #[test]
    fn numbers_are_the_same_with_and_without_a_plus() {
        let user = json!({ "id": "u", "phone_numbers": [{ "id": "n", "number": "12015550100" }, { "number": "+1 (201) 555-0101" }] });
        let user = phone(&user).expect("a phone user");
        let numbers: Vec<_> = user.numbers().into_iter().map(|number| (number.id, number.number)).collect();
        assert_eq!(numbers, [(Some("n".into()), "+12015550100".into()), (None, "+12015550101".into())]);
    }

    #[test]
    fn a_plan_without_a_type_is_an_error_and_not_one_plan_less() {
        let error = phone(&json!({ "id": "u", "calling_plans": [{ "name": "Pro" }] })).expect_err("refused");
        assert!(error.contains("calling plan"), "{error}");
    }
}
