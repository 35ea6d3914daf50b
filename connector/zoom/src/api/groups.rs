//! Groups and their members (Zoom API, "Groups").

use serde_json::Value;

use super::body::{Body, Field};
use super::client::{Call, Client};
use super::error::{ZoomError, found};
use super::limits;
use super::page::{PAGE_SIZE, Page, with_id};
use super::record::{Fields, Record, Shape, text};

/// What Zoom documents of a group. This API gives it no description.
const FIELDS: Fields = &[("id", Shape::Text), ("name", Shape::Text), ("total_members", Shape::Integer)];

/// A group.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group(Record);

fn group(value: Value) -> Result<Record, String> {
    with_id(Record::read(value, FIELDS)?, "id")
}

impl Group {
    fn read(value: Value) -> Result<Self, String> {
        group(value).map(Self)
    }

    /// The fields.
    pub(crate) fn record(&self) -> &Record {
        &self.0
    }

    pub(crate) fn id(&self) -> &str {
        self.0.text("id").unwrap_or_default()
    }

    pub(crate) fn name(&self) -> &str {
        self.0.text("name").unwrap_or_default()
    }
}

impl Client {
    /// A page of the groups: `GET /groups`.
    pub(crate) async fn list_groups(&self, token: Option<&str>) -> Result<Page<Group>, ZoomError> {
        let call = Call::new(&limits::LIST_GROUPS, &[]).page(PAGE_SIZE, token);
        Ok(self.read(call, |answer| Page::read(answer, "groups", group)).await?.of(Group))
    }

    /// The group with an id, if there is one: `GET /groups/{groupId}`.
    pub(crate) async fn group(&self, id: &str) -> Result<Option<Group>, ZoomError> {
        found(self.read(Call::new(&limits::GET_GROUP, &[id]), Group::read).await)
    }

    /// Creates a group: `POST /groups`.
    pub(crate) async fn create_group(&self, name: &str) -> Result<Group, ZoomError> {
        self.read(Call::new(&limits::CREATE_GROUP, &[]).body(&Body::text("name", name)), Group::read).await
    }

    /// Renames a group: `PATCH /groups/{groupId}`.
    pub(crate) async fn rename_group(&self, id: &str, name: &str) -> Result<(), ZoomError> {
        self.run(Call::new(&limits::UPDATE_GROUP, &[id]).body(&Body::text("name", name))).await
    }

    /// Deletes a group: `DELETE /groups/{groupId}`.
    pub(crate) async fn delete_group(&self, id: &str) -> Result<(), ZoomError> {
        self.run(Call::new(&limits::DELETE_GROUP, &[id])).await
    }

    /// Adds a user to a group, and says whether Zoom did: `POST /groups/{groupId}/members`. The answer
    /// holds the ids of those who were added, with commas between; one who was a member already, or who
    /// is pending, is left out and nothing is said.
    pub(crate) async fn add_member(&self, group: &str, user: &str) -> Result<bool, ZoomError> {
        let members = Field::Objects(vec![Body::text("id", user)]);
        let call = Call::new(&limits::ADD_MEMBERS, &[group]).body(&Body::default().with("members", members));
        let added = |answer| Ok(text(&answer, "ids").is_some_and(|ids| ids.split(',').any(|id| id.trim() == user)));
        self.read(call, added).await
    }

    /// Removes a user from a group: `DELETE /groups/{groupId}/members/{memberId}`.
    pub(crate) async fn remove_member(&self, group: &str, user: &str) -> Result<(), ZoomError> {
        self.run(Call::new(&limits::REMOVE_MEMBER, &[group, user])).await
    }
}
