//! Groups: their list, and what completes them.

use std::rc::Rc;

use connector_base::connector::Query;
use connector_base::contract::ConnectorObject;
use connector_base::error::Result;
use connector_base::list::List;

use super::plan::GroupPlan;
use super::{Row, keyed};
use crate::api::Client;
use crate::api::groups::Group;
use crate::group::KnownGroup;
use crate::read::people;
use crate::steps::People;

/// The groups that a query is about.
pub(crate) struct Groups {
    client: Client,
    query: Query,
    pub(super) plan: GroupPlan,
}

impl Groups {
    pub(super) fn new(client: Client, query: Query) -> Self {
        let plan = GroupPlan::new(&query);
        Self { client, query, plan }
    }

    /// Whether every row is an object of the result, so that the rows that are left tell the remaining.
    pub(super) fn takes_all_rows(&self) -> bool {
        self.query.filter.is_none()
    }

    pub(super) async fn list(&self, token: Option<&str>) -> Result<List<Row>> {
        match &self.plan.keys {
            Some(keys) => Ok(keyed(keys)),
            None => Ok(self.client.list_groups(token).await?.map(|group| Row::Group(Rc::new(group)))),
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
        if self.plan.members {
            known.members = Some(people(&self.client, People::Members, known.group.id()).await?);
        }
        if self.plan.admins {
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
}
