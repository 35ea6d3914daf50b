//! Users (Zoom API, "Users").

use connector_base::list::List;
use connector_base::value::{Case, Secret};

use super::body::{Body, Field};
use super::client::{Call, Client};
use super::error::ZoomError;
use super::limits;
use super::page::{PAGE_SIZE, page_of};
use super::record::{Datum, Fields, Record, Shape};

/// The states of a user's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UserStatus {
    Active,
    Inactive,
    /// Invited, and not yet there.
    Pending,
}

impl UserStatus {
    /// All of them, in the order in which lists are walked.
    pub(crate) const ALL: [Self; 3] = [Self::Active, Self::Inactive, Self::Pending];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Pending => "pending",
        }
    }

    /// The status that a word of Zoom's means.
    pub(crate) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// What Zoom documents of a user, as far as the connector looks at it: `GET /users/{userId}` and the
/// rows of `GET /users`, which carry less. Users are known by their address everywhere: one without is
/// none.
const FIELDS: Fields = &[
    ("id", Shape::Text),
    ("email", Shape::Id),
    ("first_name", Shape::Text),
    ("last_name", Shape::Text),
    ("display_name", Shape::Text),
    ("type", Shape::Integer),
    ("status", Shape::Text),
    ("timezone", Shape::Text),
    ("created_at", Shape::Text),
    ("user_created_at", Shape::Text),
    ("last_login_time", Shape::Text),
    ("verified", Shape::Integer),
    // Ten digits or more: 32 bits do not hold it.
    ("pmi", Shape::Integer),
    ("dept", Shape::Text),
    ("employee_unique_id", Shape::Text),
    ("role_id", Shape::Text),
    ("plan_united_type", Shape::Text),
    ("group_ids", Shape::Texts),
    // Of the record only.
    ("language", Shape::Text),
    ("phone_number", Shape::Text),
    ("phone_country", Shape::Text),
    ("phone_numbers", Shape::Objects(NUMBER)),
    ("zoom_one_type", Shape::Integer),
    ("job_title", Shape::Text),
    ("company", Shape::Text),
    ("location", Shape::Text),
    ("cost_center", Shape::Text),
    ("manager", Shape::Text),
    ("pronouns", Shape::Text),
    ("login_types", Shape::Integers),
    ("custom_attributes", Shape::Objects(&[("key", Shape::Text), ("value", Shape::Text)])),
    ("personal_meeting_url", Shape::Text),
    ("role_name", Shape::Text),
];

const NUMBER: Fields =
    &[("code", Shape::Text), ("country", Shape::Text), ("label", Shape::Text), ("number", Shape::Text)];

static PAGE: [(&str, Shape); 3] = page_of("users", FIELDS);

/// A user, as a row of a list or as a record of its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct User(Record);

impl User {
    /// The fields.
    pub(crate) fn record(&self) -> &Record {
        &self.0
    }

    /// The id, which a row of a pending user does not have.
    pub(crate) fn id(&self) -> Option<&str> {
        self.0.text("id")
    }

    pub(crate) fn email(&self) -> &str {
        self.0.text("email").unwrap_or_default()
    }

    pub(crate) fn status(&self) -> Option<UserStatus> {
        self.0.text("status").and_then(UserStatus::of)
    }

    /// An active user of whom nothing else is known.
    pub(crate) fn active(email: &str) -> Self {
        let mut record = Record::default();
        record.set("email", Datum::Text(email.to_owned()));
        Self(record).with_status(UserStatus::Active)
    }

    /// The same user, with a status if there is none: a list is of one status, and its rows need not
    /// repeat it.
    #[must_use]
    pub(crate) fn with_status(mut self, status: UserStatus) -> Self {
        if self.status().is_none() {
            self.0.set("status", Datum::Text(status.as_str().to_owned()));
        }
        self
    }
}

/// What is left of a deleted user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Removal {
    /// The login goes on as a basic account of its own.
    Disassociate,
    /// Nothing.
    Delete,
}

/// How a user comes to be (Zoom API, `POST /users`, `action`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum CreateAction {
    /// By an invitation: the user is pending until it is accepted.
    #[default]
    Create,
    /// With a password, in a domain that the account manages.
    AutoCreate,
    /// Without a log-in.
    CustCreate,
    /// To log in by single sign-on.
    SsoCreate,
}

impl CreateAction {
    pub(crate) const ALL: [Self; 4] = [Self::Create, Self::AutoCreate, Self::CustCreate, Self::SsoCreate];

    /// Zoom's word, whose letter case matters.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::AutoCreate => "autoCreate",
            Self::CustCreate => "custCreate",
            Self::SsoCreate => "ssoCreate",
        }
    }
}

/// Which way Zoom Phone is switched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PhoneSwitch {
    On,
    Off,
}

/// Which way a user's status goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activation {
    Activate,
    Deactivate,
}

impl Client {
    /// A page of the users with a status: `GET /users`.
    pub(crate) async fn list_users(&self, status: UserStatus, token: Option<&str>) -> Result<List<User>, ZoomError> {
        let call = Call::new(&limits::LIST_USERS, &[]).query("status", status.as_str()).page(PAGE_SIZE, token);
        Ok(self.page(call, &PAGE).await?.map(|row| User(row).with_status(status)))
    }

    /// The user with an id or an address, if there is one: `GET /users/{userId}`.
    pub(crate) async fn user(&self, id_or_email: &str) -> Result<Option<User>, ZoomError> {
        Ok(self.one(&limits::GET_USER, id_or_email, FIELDS).await?.map(User))
    }

    /// The user with an address, if there is one: Zoom reads users by other words too. One whose invitation
    /// has expired (code 1120) is as good as none: the address can be invited again.
    pub(crate) async fn user_with_address(&self, email: &str) -> Result<Option<User>, ZoomError> {
        match self.user(email).await {
            Err(error) if error.is_expired_invitation() => Ok(None),
            found => Ok(found?.filter(|user| Case::Ignored.equal(user.email(), email))),
        }
    }

    /// Makes a user; the id, which Zoom does not always tell: `POST /users`.
    pub(crate) fn create_user(&self, action: CreateAction, user: Body) -> Result<Option<String>, ZoomError> {
        let body = Body::text("action", action.as_str()).with("user_info", Field::Object(user));
        let answer = self.wait_for(Call::new(&limits::CREATE_USER, &[]).body(&body))?;
        Ok(answer.read(&[("id", Shape::Text)])?.text("id").map(str::to_owned))
    }

    /// Removes a user from the account: `DELETE /users/{userId}`. Zoom's default is to disassociate. The
    /// `transfer` parameters are names and values of the query: to whom what the user has goes over.
    pub(crate) fn remove_user(
        &self,
        id_or_email: &str,
        removal: Removal,
        transfer: &[(String, String)],
    ) -> Result<(), ZoomError> {
        let action = match removal {
            Removal::Disassociate => "disassociate",
            Removal::Delete => "delete",
        };
        let call = Call::new(&limits::DELETE_USER, &[id_or_email]).query("action", action);
        self.run(transfer.iter().fold(call, |call, (name, value)| call.query(name, value)))
    }
}

impl Call {
    /// Sets fields of a user: `PATCH /users/{userId}`.
    pub(crate) fn update_user(id: &str, fields: &Body) -> Self {
        Self::new(&limits::UPDATE_USER, &[id]).body(fields)
    }

    /// Switches Zoom Phone on or off: `PATCH /users/{userId}`. It takes a while until the phone is there.
    pub(crate) fn switch_phone(id: &str, to: PhoneSwitch) -> Self {
        let feature = Body::default().with("zoom_phone", Field::Flag(to == PhoneSwitch::On));
        Self::update_user(id, &Body::default().with("feature", Field::Object(feature)))
    }

    /// Activates or deactivates a user: `PUT /users/{userId}/status`. Deactivation takes all licences.
    pub(crate) fn set_status(id: &str, activation: Activation) -> Self {
        let action = match activation {
            Activation::Activate => "activate",
            Activation::Deactivate => "deactivate",
        };
        Self::new(&limits::SET_STATUS, &[id]).body(&Body::text("action", action))
    }

    /// Changes a user's address: `PUT /users/{userId}/email`.
    pub(crate) fn set_email(id: &str, email: &str) -> Self {
        Self::new(&limits::SET_EMAIL, &[id]).body(&Body::text("email", email))
    }

    /// Sets a user's password: `PUT /users/{userId}/password`.
    pub(crate) fn set_password(id: &str, password: &Secret) -> Self {
        let body = Body::default().with("password", Field::Secret(password.clone()));
        Self::new(&limits::SET_PASSWORD, &[id]).body(&body)
    }

    /// Logs a user out everywhere: `DELETE /users/{userId}/token`.
    pub(crate) fn log_out(id: &str) -> Self {
        Self::new(&limits::REVOKE_TOKENS, &[id])
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::api::record::tests::read;

    /// The user that Zoom would tell of like this.
    pub(crate) fn user(fields: &Value) -> User {
        User(read(fields, FIELDS).expect("a user"))
    }

    #[test]
    fn a_user_is_read_with_nulls_unknown_fields_an_empty_feature_and_a_long_pmi() {
        let user = user(&json!({
            "id": "u", "email": "a@b.c", "first_name": null, "type": 2, "pmi": 1_234_567_890_123_i64, "feature": {},
            "status": "active", "group_ids": null, "unheard_of": [{ "x": 1 }],
        }));
        assert_eq!(user.record().integer("pmi"), Some(1_234_567_890_123));
        assert_eq!((user.record().text("first_name"), user.record().list("group_ids").len()), (None, 0));
    }

    #[test]
    fn a_user_without_an_address_is_no_user() {
        for user in [json!({"id": "u"}), json!({"id": "u", "email": null}), json!({"id": "u", "email": ""})] {
            assert!(read(&user, FIELDS).expect_err("refused").contains("email"));
        }
    }
}
