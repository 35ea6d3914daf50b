//! Groups and their members (Zoom API, "Groups").

use connector_base::list::List;
use connector_base::runtime::wait;

use super::body::{Body, Field};
use super::client::{Call, Client};
use super::error::ZoomError;
use super::limits::{self, Operation};
use super::page::{PAGE_SIZE, page_of};
use super::record::{Fields, Record, Shape};

/// What Zoom documents of a group. This API gives it no description.
const FIELDS: Fields = &[("id", Shape::Id), ("name", Shape::Text), ("total_members", Shape::Integer)];
/// A member or administrator of a group: an address, and mostly an id.
const PERSON: Fields = &[("id", Shape::Text), ("email", Shape::Id)];

static PAGE: [(&str, Shape); 3] = page_of("groups", FIELDS);
static MEMBERS: [(&str, Shape); 3] = page_of("members", PERSON);
static ADMINS: [(&str, Shape); 3] = page_of("admins", PERSON);

/// A group.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group(Record);

/// How many members a call adds (`members`: at most 30).
pub(crate) const MOST_MEMBERS: usize = 30;
/// How many administrators a call adds (`admins`: at most 10).
pub(crate) const MOST_ADMINS: usize = 10;

impl Group {
    /// The fields.
    pub(crate) fn record(&self) -> &Record {
        &self.0
    }

    pub(crate) fn id(&self) -> &str {
        self.0.id()
    }

    pub(crate) fn name(&self) -> &str {
        self.0.name()
    }
}

impl Client {
    /// A page of the groups: `GET /groups`.
    pub(crate) async fn list_groups(&self, token: Option<&str>) -> Result<List<Group>, ZoomError> {
        let call = Call::new(&limits::LIST_GROUPS, &[]).page(PAGE_SIZE, token);
        Ok(self.page(call, &PAGE).await?.map(Group))
    }

    /// All groups: `GET /groups`, every page of it.
    pub(crate) fn groups(&self) -> Result<Vec<Record>, ZoomError> {
        wait(self.whole(&limits::LIST_GROUPS, &[], &PAGE))
    }

    /// The group with an id, if there is one: `GET /groups/{groupId}`.
    pub(crate) async fn group(&self, id: &str) -> Result<Option<Group>, ZoomError> {
        Ok(self.one(&limits::GET_GROUP, id, FIELDS).await?.map(Group))
    }

    /// Creates a group: `POST /groups`.
    pub(crate) fn create_group(&self, name: &str) -> Result<Group, ZoomError> {
        let call = Call::new(&limits::CREATE_GROUP, &[]).body(&Body::text("name", name));
        self.wait_for(call)?.read(FIELDS).map(Group)
    }

    /// Deletes a group: `DELETE /groups/{groupId}`.
    pub(crate) fn delete_group(&self, id: &str) -> Result<(), ZoomError> {
        self.run(Call::new(&limits::DELETE_GROUP, &[id]))
    }

    /// The members of a group: `GET /groups/{groupId}/members`, every page of it.
    pub(crate) async fn members(&self, group: &str) -> Result<Vec<Record>, ZoomError> {
        self.whole(&limits::LIST_MEMBERS, &[group], &MEMBERS).await
    }

    /// The administrators of a group: `GET /groups/{groupId}/admins`, every page of it. Zoom tells their
    /// addresses, and no ids.
    pub(crate) async fn admins(&self, group: &str) -> Result<Vec<Record>, ZoomError> {
        self.whole(&limits::LIST_ADMINS, &[group], &ADMINS).await
    }

    /// Adds users to a group, [`MOST_MEMBERS`] at most; the ids of those who were added:
    /// `POST /groups/{groupId}/members`. Who was a member already, or is pending, is left out of the answer
    /// and nothing is said.
    pub(crate) fn add_members(&self, group: &str, users: &[String]) -> Result<Vec<String>, ZoomError> {
        self.add_people(&limits::ADD_MEMBERS, group, "members", users)
    }

    /// Makes users administrators of a group, [`MOST_ADMINS`] at most; the ids of those who were added:
    /// `POST /groups/{groupId}/admins`.
    pub(crate) fn add_admins(&self, group: &str, users: &[String]) -> Result<Vec<String>, ZoomError> {
        self.add_people(&limits::ADD_ADMINS, group, "admins", users)
    }

    /// Adds users to what an operation is about, a group or a role; the ids of those who were added.
    pub(super) fn add_people(
        &self,
        operation: &'static Operation,
        id: &str,
        field: &'static str,
        users: &[String],
    ) -> Result<Vec<String>, ZoomError> {
        let people = users.iter().map(|user| Body::text("id", user)).collect();
        let call = Call::new(operation, &[id]).body(&Body::objects(field, people));
        // One text, with commas between.
        let answer = self.wait_for(call)?.read(&[("ids", Shape::Text)])?;
        let ids = answer.text("ids").unwrap_or_default();
        Ok(ids.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect())
    }
}

impl Call {
    /// Renames a group: `PATCH /groups/{groupId}`.
    pub(crate) fn rename_group(id: &str, name: &str) -> Self {
        Self::new(&limits::UPDATE_GROUP, &[id]).body(&Body::text("name", name))
    }

    /// Takes the administration of a group from a user: `DELETE /groups/{groupId}/admins/{userId}`.
    pub(crate) fn remove_admin(group: &str, user: &str) -> Self {
        Self::new(&limits::REMOVE_ADMIN, &[group, user])
    }

    /// Makes a group the primary one of a member: `PATCH /groups/{groupId}/members/{memberId}`, action
    /// `set_primary`.
    pub(crate) fn set_primary_group(group: &str, user: &str) -> Self {
        let body = Body::text("action", "set_primary").with("target_group_id", Field::Text(group.to_owned()));
        Self::new(&limits::SET_PRIMARY_GROUP, &[group, user]).body(&body)
    }

    /// Removes a user from a group: `DELETE /groups/{groupId}/members/{memberId}`.
    pub(crate) fn remove_member(group: &str, user: &str) -> Self {
        Self::new(&limits::REMOVE_MEMBER, &[group, user])
    }
}
