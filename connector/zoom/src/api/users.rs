//! Users (Zoom API, "Users").

use serde::Deserialize;
use serde_json::{Map, Value};

use super::client::{Call, Client};
use super::error::{ZoomError, found};
use super::limits;
use super::page::{PAGE_SIZE, Page, none_if_empty, text};

/// The states of a user's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
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
}

/// A user, as a row of a list or as a record of its own. A row carries less: what it never carries is
/// none there.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct User {
    /// A row of a pending user has none.
    #[serde(default, deserialize_with = "none_if_empty")]
    pub(crate) id: Option<String>,
    #[serde(deserialize_with = "required_text")]
    pub(crate) email: String,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) r#type: Option<i32>,
    pub(crate) status: Option<UserStatus>,
    pub(crate) timezone: Option<String>,
    pub(crate) created_at: Option<String>,
    pub(crate) user_created_at: Option<String>,
    pub(crate) last_login_time: Option<String>,
    pub(crate) verified: Option<i64>,
    /// Ten digits or more: 32 bits do not hold it.
    pub(crate) pmi: Option<i64>,
    pub(crate) dept: Option<String>,
    pub(crate) employee_unique_id: Option<String>,
    pub(crate) role_id: Option<String>,
    pub(crate) plan_united_type: Option<String>,
    pub(crate) group_ids: Option<Vec<String>>,
    // Of the record only.
    pub(crate) language: Option<String>,
    pub(crate) phone_number: Option<String>,
    pub(crate) phone_country: Option<String>,
    pub(crate) phone_numbers: Option<Vec<Phone>>,
    pub(crate) zoom_one_type: Option<i64>,
    pub(crate) job_title: Option<String>,
    pub(crate) company: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) cost_center: Option<String>,
    pub(crate) manager: Option<String>,
    pub(crate) pronouns: Option<String>,
    pub(crate) login_types: Option<Vec<i32>>,
    pub(crate) personal_meeting_url: Option<String>,
    pub(crate) role_name: Option<String>,
}

/// A telephone number of a user.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Phone {
    pub(crate) country: Option<String>,
    pub(crate) number: Option<String>,
}

/// The address is what a user is known by everywhere: a user without one is no user.
fn required_text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    none_if_empty(deserializer)?.ok_or_else(|| serde::de::Error::custom("a user without an email"))
}

/// What is left of a deleted user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Removal {
    /// The login goes on as a basic account of its own.
    Disassociate,
    /// Nothing.
    Delete,
}

impl Client {
    /// A page of the users with a status: `GET /users`.
    pub(crate) async fn list_users(&self, status: UserStatus, token: Option<&str>) -> Result<Page<User>, ZoomError> {
        let mut call = Call::new(&limits::LIST_USERS, &[])
            .query("status", status.as_str())
            .query("page_size", &PAGE_SIZE.to_string());
        if let Some(token) = token {
            call = call.query("next_page_token", token);
        }
        let mut page: Page<User> = self.get(call).await?;
        page.rows.iter_mut().for_each(|user| user.status = user.status.or(Some(status)));
        Ok(page)
    }

    /// The user with an id or an address, if there is one: `GET /users/{userId}`.
    pub(crate) async fn user(&self, id_or_email: &str) -> Result<Option<User>, ZoomError> {
        found(self.get(Call::new(&limits::GET_USER, &[id_or_email])).await)
    }

    /// The user that the token acts as: `GET /users/me`.
    pub(crate) async fn myself(&self) -> Result<User, ZoomError> {
        self.get(Call::new(&limits::GET_USER, &["me"])).await
    }

    /// Invites a user; the id, which Zoom does not always tell: `POST /users`, action `create`.
    pub(crate) async fn create_user(&self, user: &Map<String, Value>) -> Result<Option<String>, ZoomError> {
        let body = serde_json::json!({ "action": "create", "user_info": user });
        let created: Value = self.get(Call::new(&limits::CREATE_USER, &[]).body(&body)).await?;
        Ok(text(&created, "id"))
    }

    /// Sets fields of a user: `PATCH /users/{userId}`.
    pub(crate) async fn update_user(&self, id: &str, fields: &Map<String, Value>) -> Result<(), ZoomError> {
        self.run(Call::new(&limits::UPDATE_USER, &[id]).body(fields)).await
    }

    /// Activates or deactivates a user: `PUT /users/{userId}/status`. Deactivation takes all licences.
    pub(crate) async fn set_active(&self, id: &str, active: Activation) -> Result<(), ZoomError> {
        let action = match active {
            Activation::Activate => "activate",
            Activation::Deactivate => "deactivate",
        };
        let body = serde_json::json!({ "action": action });
        self.run(Call::new(&limits::SET_STATUS, &[id]).body(&body)).await
    }

    /// Changes a user's address: `PUT /users/{userId}/email`.
    pub(crate) async fn set_email(&self, id: &str, email: &str) -> Result<(), ZoomError> {
        let body = serde_json::json!({ "email": email });
        self.run(Call::new(&limits::SET_EMAIL, &[id]).body(&body)).await
    }

    /// Logs a user out everywhere: `DELETE /users/{userId}/token`.
    pub(crate) async fn log_out(&self, id: &str) -> Result<(), ZoomError> {
        self.run(Call::new(&limits::REVOKE_TOKENS, &[id])).await
    }

    /// Removes a user from the account: `DELETE /users/{userId}`. Zoom's default is to disassociate.
    pub(crate) async fn remove_user(&self, id_or_email: &str, removal: Removal) -> Result<(), ZoomError> {
        let action = match removal {
            Removal::Disassociate => "disassociate",
            Removal::Delete => "delete",
        };
        self.run(Call::new(&limits::DELETE_USER, &[id_or_email]).query("action", action)).await
    }
}

/// Which way a user's status goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activation {
    Activate,
    Deactivate,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_read_with_nulls_unknown_fields_an_empty_feature_and_a_long_pmi() {
        let user: User = serde_json::from_str(
            r#"{"id":"u","email":"a@b.c","first_name":null,"type":2,"pmi":1234567890123,"feature":{},
                "status":"active","group_ids":null,"unheard_of":[{"x":1}]}"#,
        )
        .expect("a user");
        assert_eq!((user.pmi, user.first_name, user.group_ids), (Some(1_234_567_890_123), None, None));
    }

    #[test]
    fn a_user_without_an_address_is_no_user() {
        for user in [r#"{"id":"u"}"#, r#"{"id":"u","email":null}"#, r#"{"id":"u","email":""}"#] {
            let error = serde_json::from_str::<User>(user).expect_err("refused");
            assert!(error.to_string().contains("email"), "{error}");
        }
    }
}
