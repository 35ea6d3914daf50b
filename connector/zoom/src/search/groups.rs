//! Which calls find groups.

use std::rc::Rc;

use connector_base::attribute::UID;
use connector_base::connector::Query;
use connector_base::contract::{ConnectorObject, PlannedCall};
use connector_base::error::Result;
use connector_base::walk::List;

use super::{Row, keyed, listed, planned};
use crate::api::Client;
use crate::api::groups::Group;
use crate::api::limits;
use crate::group::KnownGroup;
use crate::read::people;
use crate::steps::People;

/// The groups that a query is about.
pub(super) struct Groups {
    client: Client,
    query: Query,
    /// The ids, where the filter names them.
    keys: Option<Vec<String>>,
}

impl Groups {
    pub(super) fn new(client: Client, query: Query) -> Self {
        let keys = query.filter.as_ref().and_then(|filter| filter.keys(&[UID]));
        Self { client, query, keys }
    }

    /// Whether every row is an object of the result, so that the rows that are left tell the remaining.
    pub(super) fn takes_all_rows(&self) -> bool {
        self.query.filter.is_none()
    }

    pub(super) fn plan(&self) -> Vec<PlannedCall> {
        let mut calls = match &self.keys {
            Some(keys) => vec![planned(&limits::GET_GROUP, Some(keys.len()), "each group that the filter names")],
            None => vec![planned(&limits::LIST_GROUPS, None, "the groups, 300 a page")],
        };
        if self.needs(People::Members) {
            calls.push(planned(&limits::LIST_MEMBERS, None, "the members of each group, 300 a page"));
        }
        if self.needs(People::Admins) {
            calls.push(planned(&limits::LIST_ADMINS, None, "the administrators of each group, 300 a page"));
            calls.push(planned(&limits::GET_USER, None, "the id of each administrator"));
        }
        calls
    }

    pub(super) async fn list(&self, token: Option<&str>) -> Result<List<Row>> {
        match &self.keys {
            Some(keys) => Ok(keyed(keys)),
            None => Ok(listed(self.client.list_groups(token).await?, Row::Group)),
        }
    }

    pub(super) async fn looked_up(&self, id: &str) -> Result<Option<ConnectorObject>> {
        match self.client.group(id).await? {
            Some(group) => self.completed(Rc::new(group)).await,
            None => Ok(None),
        }
    }

    /// Reads who belongs to the group, where that is wanted, and gives it if the filter accepts it.
    pub(super) async fn completed(&self, group: Rc<Group>) -> Result<Option<ConnectorObject>> {
        let mut known = KnownGroup::of(group);
        if self.verdict_of(&known) == Some(false) {
            return Ok(None);
        }
        if self.needs(People::Members) {
            known.members = Some(people(&self.client, People::Members, known.group.id()).await?);
        }
        if self.needs(People::Admins) {
            known.admins = Some(people(&self.client, People::Admins, known.group.id()).await?);
        }
        Ok((self.verdict_of(&known) == Some(true)).then(|| known.object(&self.query.selection)))
    }

    pub(super) fn verdict(&self, group: Rc<Group>) -> Option<bool> {
        self.verdict_of(&KnownGroup::of(group))
    }

    fn verdict_of(&self, group: &KnownGroup) -> Option<bool> {
        self.query.filter.as_ref().map_or(Some(true), |filter| group.verdict(filter))
    }

    /// Whether the members or administrators are wanted, or tested by the filter.
    fn needs(&self, people: People) -> bool {
        let name = people.attribute();
        let tested = |filter: &connector_base::filter::Filter| filter.attributes().any(|tested| tested == name);
        self.query.selection.wants(name) || self.query.filter.as_ref().is_some_and(tested)
    }
}
