//! Which calls find users.

use std::rc::Rc;

use connector_base::attribute::{NAME, UID};
use connector_base::connector::Query;
use connector_base::contract::{ConnectorObject, PlannedCall};
use connector_base::error::Result;
use connector_base::walk::List;

use super::{Row, keyed, listed, planned};
use crate::api::Client;
use crate::api::limits;
use crate::api::users::{User, UserStatus};
use crate::read::complete;
use crate::user::{self, Depth, Known, Needs};

/// The users that a query is about.
pub(super) struct Users {
    client: Client,
    query: Query,
    pub(super) from: UsersFrom,
    depth: Depth,
    /// What is read of a user whom the filter accepts.
    wanted: Needs,
    /// What is read of a user whose row does not tell whether the filter accepts it.
    tested: Needs,
}

pub(super) enum UsersFrom {
    /// Ids and addresses.
    Keys(Vec<String>),
    /// Lists.
    Lists(Vec<UserStatus>),
}

impl Users {
    /// A look-up reads everything, whatever the depth.
    pub(super) fn new(client: Client, query: Query, depth: Depth) -> Self {
        let filter = query.filter.as_ref();
        let from = match filter.and_then(|filter| filter.keys(&[UID, NAME])) {
            Some(keys) => UsersFrom::Keys(keys),
            None => UsersFrom::Lists(
                UserStatus::ALL
                    .into_iter()
                    .filter(|status| filter.and_then(|filter| user::may_have_status(filter, *status)) != Some(false))
                    .collect(),
            ),
        };
        let depth = if matches!(from, UsersFrom::Keys(_)) { Depth::Deep } else { depth };
        let wanted = match depth {
            Depth::Deep => Needs::of(|name| query.selection.wants(name)),
            Depth::Rows => Needs::default(),
        };
        let tested = Needs::of(|name| filter.is_some_and(|filter| filter.attributes().any(|tested| tested == name)));
        Self { client, query, from, depth, wanted, tested }
    }

    /// Whether every row is an object of the result, so that the rows that are left tell the remaining.
    pub(super) fn takes_all_rows(&self) -> bool {
        let Some(filter) = &self.query.filter else { return true };
        match &self.from {
            UsersFrom::Keys(_) => false,
            UsersFrom::Lists(statuses) => {
                statuses.iter().all(|status| user::may_have_status(filter, *status) == Some(true))
            }
        }
    }

    pub(super) fn plan(&self) -> Vec<PlannedCall> {
        let reads = self.wanted.and(self.tested);
        let mut calls = Vec::new();
        match &self.from {
            UsersFrom::Keys(keys) => {
                calls.push(planned(&limits::GET_USER, Some(keys.len()), "each user that the filter names"));
            }
            UsersFrom::Lists(statuses) => {
                for status in statuses {
                    calls.push(planned(&limits::LIST_USERS, None, list_purpose(*status)));
                }
                let purpose = match (self.wanted.record, self.tested.record) {
                    (true, _) => Some("the record of each user"),
                    (false, true) => {
                        Some("the record of each user whose row does not tell whether the filter accepts it")
                    }
                    (false, false) => statuses.contains(&UserStatus::Pending).then_some("the id of each pending user"),
                };
                calls.extend(purpose.map(|purpose| planned(&limits::GET_USER, None, purpose)));
            }
        }
        if reads.phone {
            calls.push(planned(&limits::GET_PHONE_USER, None, "the phone of each user who is not pending"));
        }
        if reads.site {
            calls.push(planned(&limits::LIST_SITES, None, "the sites, 300 a page, where a user has a phone"));
        }
        calls
    }

    pub(super) async fn list(&self, phase: usize, token: Option<&str>) -> Result<List<Row>> {
        match &self.from {
            UsersFrom::Keys(keys) => Ok(keyed(keys)),
            UsersFrom::Lists(statuses) => match statuses.get(phase) {
                Some(status) => Ok(listed(self.client.list_users(*status, token).await?, Row::User)),
                None => Ok(keyed(&[])),
            },
        }
    }

    /// Reads a user by a key, and gives it if the filter accepts it.
    pub(super) async fn looked_up(&self, key: &str) -> Result<Option<ConnectorObject>> {
        let Some(record) = self.client.user(key).await? else { return Ok(None) };
        // A user who is named by id and by address comes once.
        let uid = user::uid(&record);
        let named_twice = match &self.from {
            UsersFrom::Keys(keys) => key != uid && keys.iter().any(|other| other == uid),
            UsersFrom::Lists(_) => false,
        };
        if named_twice { Ok(None) } else { self.accepted(Known::record(record), Needs::default()).await }
    }

    /// Completes a row, and gives it if the filter accepts it.
    pub(super) async fn completed(&self, row: Rc<User>) -> Result<Option<ConnectorObject>> {
        // A row without an id, or of a pending user, is completed by the record, which has it all.
        let record = row.id().is_none() || row.status() == Some(UserStatus::Pending);
        let needs = Needs { record, ..Needs::default() };
        self.accepted(Known::row(row), needs).await
    }

    /// The object of a user whom the filter accepts. As much is read as it takes to tell, the record first,
    /// and then as much as is wanted.
    async fn accepted(&self, known: Known, needs: Needs) -> Result<Option<ConnectorObject>> {
        let Some(mut known) = complete(&self.client, known, needs).await? else { return Ok(None) };
        if let Some(filter) = &self.query.filter {
            let record = Needs { record: self.tested.record, ..Needs::default() };
            for needs in [record, self.tested] {
                if known.verdict(filter).is_none() {
                    let Some(more) = complete(&self.client, known, needs).await? else { return Ok(None) };
                    known = more;
                }
            }
            if known.verdict(filter) != Some(true) {
                return Ok(None);
            }
        }
        let known = complete(&self.client, known, self.wanted).await?;
        Ok(known.map(|known| known.object(self.depth, &self.query.selection)))
    }

    pub(super) fn verdict(&self, row: Rc<User>) -> Option<bool> {
        match &self.query.filter {
            None => Some(true),
            Some(filter) => Known::row(row).verdict(filter),
        }
    }
}

/// What a list of users is for; a page of it is [`crate::api::page::PAGE_SIZE`] rows.
fn list_purpose(status: UserStatus) -> &'static str {
    match status {
        UserStatus::Active => "the active users, 300 a page",
        UserStatus::Inactive => "the inactive users, 300 a page",
        UserStatus::Pending => "the pending users, 300 a page",
    }
}
