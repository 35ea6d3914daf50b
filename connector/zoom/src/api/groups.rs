//! Groups and their members (Zoom API, "Groups").

use serde::Deserialize;
use serde_json::Value;

use super::client::{Call, Client};
use super::error::{ZoomError, found};
use super::limits;
use super::page::{PAGE_SIZE, Page, text};

/// A group. This API gives it no description.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Group {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) total_members: Option<i32>,
}

impl Client {
    /// A page of the groups: `GET /groups`.
    pub(crate) async fn list_groups(&self, token: Option<&str>) -> Result<Page<Group>, ZoomError> {
        let mut call = Call::new(&limits::LIST_GROUPS, &[]).query("page_size", &PAGE_SIZE.to_string());
        if let Some(token) = token {
            call = call.query("next_page_token", token);
        }
        self.get(call).await
    }

    /// The group with an id, if there is one: `GET /groups/{groupId}`.
    pub(crate) async fn group(&self, id: &str) -> Result<Option<Group>, ZoomError> {
        found(self.get(Call::new(&limits::GET_GROUP, &[id])).await)
    }

    /// Creates a group: `POST /groups`.
    pub(crate) async fn create_group(&self, name: &str) -> Result<Group, ZoomError> {
        self.get(Call::new(&limits::CREATE_GROUP, &[]).body(&serde_json::json!({ "name": name }))).await
    }

    /// Renames a group: `PATCH /groups/{groupId}`.
    pub(crate) async fn rename_group(&self, id: &str, name: &str) -> Result<(), ZoomError> {
        self.run(Call::new(&limits::UPDATE_GROUP, &[id]).body(&serde_json::json!({ "name": name }))).await
    }

    /// Deletes a group: `DELETE /groups/{groupId}`.
    pub(crate) async fn delete_group(&self, id: &str) -> Result<(), ZoomError> {
        self.run(Call::new(&limits::DELETE_GROUP, &[id])).await
    }

    /// Adds a user to a group, and says whether Zoom did: `POST /groups/{groupId}/members`. The answer
    /// holds the ids of those who were added, with commas between; one who was a member already, or who
    /// is pending, is left out and nothing is said.
    pub(crate) async fn add_member(&self, group: &str, user: &str) -> Result<bool, ZoomError> {
        let body = serde_json::json!({ "members": [{ "id": user }] });
        let added: Value = self.get(Call::new(&limits::ADD_MEMBERS, &[group]).body(&body)).await?;
        Ok(text(&added, "ids").is_some_and(|ids| ids.split(',').any(|id| id.trim() == user)))
    }

    /// Removes a user from a group: `DELETE /groups/{groupId}/members/{memberId}`.
    pub(crate) async fn remove_member(&self, group: &str, user: &str) -> Result<(), ZoomError> {
        self.run(Call::new(&limits::REMOVE_MEMBER, &[group, user])).await
    }
}
