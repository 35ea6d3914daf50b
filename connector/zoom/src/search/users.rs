//! Users: their lists, and what completes them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use connector_base::connector::Query;
use connector_base::contract::ConnectorObject;
use connector_base::error::{ErrorKind, Result};
use connector_base::list::List;
use connector_base::log;
use connector_base::runtime::{Cached, Task, spawn};
use connector_base::walk::Reach;

use super::plan::{UserPlan, UsersFrom};
use super::{Row, keyed};
use crate::api::phone::Phones;
use crate::api::users::{User, UserStatus};
use crate::api::{Client, ZoomError};
use crate::read::{phone, with_phone, with_record};
use crate::user::{self, Depth, Known, Needs, OnPhone, Phone, PhoneSite};

/// The users that a query is about.
pub(crate) struct Users {
    client: Client,
    query: Query,
    pub(super) plan: UserPlan,
    /// Whether the phones come from their list.
    joins: Cell<bool>,
    /// The list of phones; none where the app may not read it.
    phones: Rc<Cached<Option<Rc<Phones>>>>,
    /// What is read besides.
    besides: RefCell<Vec<Task<()>>>,
}

impl Users {
    pub(super) fn new(client: Client, query: Query, depth: Depth) -> Self {
        let plan = UserPlan::new(&query, depth);
        Self { client, query, plan, joins: Cell::new(false), phones: Rc::default(), besides: RefCell::default() }
    }

    /// Begins to read what is worth its while for so many users.
    pub(super) fn reaches(&self, reach: Reach) {
        if self.joins.get() || !self.plan.joins(reach) {
            return;
        }
        self.joins.set(true);
        let (client, phones) = (self.client.clone(), Rc::clone(&self.phones));
        let mut besides = self.besides.borrow_mut();
        // What fails here fails again for the user whose turn it is, and is said there.
        besides.push(spawn(async move { drop(phones.get(|_| true, list(&client)).await) }));
        if self.plan.reads().code && !self.client.lacks_phone() {
            let client = self.client.clone();
            besides.push(spawn(async move { drop(client.sites().await) }));
        }
    }

    /// Whether every row is an object of the result, so that the rows that are left tell the remaining.
    pub(super) fn takes_all_rows(&self) -> bool {
        let Some(filter) = &self.query.filter else { return true };
        match &self.plan.from {
            UsersFrom::Keys(_) => false,
            UsersFrom::Lists(statuses) => {
                statuses.iter().all(|status| user::may_have_status(filter, *status) == Some(true))
            }
        }
    }

    pub(super) async fn list(&self, phase: usize, token: Option<&str>) -> Result<List<Row>> {
        match &self.plan.from {
            UsersFrom::Keys(keys) => Ok(keyed(keys)),
            UsersFrom::Lists(statuses) => match statuses.get(phase) {
                Some(status) => Ok(self.client.list_users(*status, token).await?.map(|user| Row::User(Rc::new(user)))),
                None => Ok(keyed(&[])),
            },
        }
    }

    /// Reads a user by a key, and gives it if the filter accepts it. Where it is the only one, the phone is read at the
    /// same time, though there may be no such user: Zoom takes ids and addresses for both.
    pub(super) async fn looked_up(&self, key: &str) -> Result<Option<ConnectorObject>> {
        let alone = matches!(&self.plan.from, UsersFrom::Keys(keys) if keys.len() == 1);
        let of_phone = (alone && self.plan.reads().phone).then(|| phone_of(&self.client, key));
        let Some(record) = self.client.user(key).await? else { return Ok(None) };
        // A user who is named by id and by address comes once.
        let uid = user::uid(&record);
        let named_twice = match &self.plan.from {
            UsersFrom::Keys(keys) => key != uid && keys.iter().any(|other| other == uid),
            UsersFrom::Lists(_) => false,
        };
        if named_twice {
            return Ok(None);
        }
        let mut known = Known::record(record);
        if let Some(of_phone) = of_phone
            && known.may_have_phone()
        {
            known.phone = of_phone.await?;
        }
        self.accepted(known, Needs::default()).await
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
        let Some(mut known) = self.complete(known, needs).await? else { return Ok(None) };
        if let Some(filter) = &self.query.filter {
            let record = Needs { record: self.plan.tested.record, ..Needs::default() };
            for needs in [record, self.plan.tested] {
                if known.verdict(filter).is_none() {
                    let Some(more) = self.complete(known, needs).await? else { return Ok(None) };
                    known = more;
                }
            }
            if known.verdict(filter) != Some(true) {
                return Ok(None);
            }
        }
        let known = self.complete(known, self.plan.wanted).await?;
        Ok(known.map(|known| known.object(self.plan.depth, &self.query.selection)))
    }

    /// Reads what is needed of a user and not known yet; none where the user is gone.
    async fn complete(&self, known: Known, needs: Needs) -> Result<Option<Known>> {
        // The record first: it does not wait for the list of phones.
        let Some(mut known) = with_record(&self.client, known, needs).await? else { return Ok(None) };
        if self.joins.get()
            && needs.phone
            && matches!(known.phone, Phone::Unread)
            && let Some(phones) = self.phones.get(|_| true, list(&self.client)).await?
        {
            let listed = phones.of(&known.user).filter(|_| known.may_have_phone());
            known.phone = listed.map_or(Phone::Off, |(user, site)| {
                Phone::On(OnPhone { user, site: site.map_or(PhoneSite::Unread, PhoneSite::Named) })
            });
        }
        with_phone(&self.client, known, needs).await.map(Some)
    }

    pub(super) fn verdict(&self, row: Rc<User>) -> Option<bool> {
        match &self.query.filter {
            None => Some(true),
            Some(filter) => Known::row(row).verdict(filter),
        }
    }
}

/// The list of phones; none where the app may read phones, and not their list: then they are read one by one.
async fn list(client: &Client) -> Result<Option<Rc<Phones>>> {
    match client.phones().await.map_err(Into::into) {
        Err(error) if is_denied(&error) => {
            log::warn("the phones are read one by one: the app may not list them", &[("scope", LIST_SCOPE)]);
            Ok(None)
        }
        phones => phones.map(|phones| Some(Rc::new(phones))),
    }
}

/// Code 124 is about the token, and not about what the app may do.
fn is_denied(error: &connector_base::error::Error) -> bool {
    error.kind == ErrorKind::PermissionDenied && error.provider_code.as_deref() != Some("124")
}

/// What the list of phones takes of a granular app.
const LIST_SCOPE: &str = "phone:read:list_users:admin";

/// Begins to read the phone of the user with an id or an address.
fn phone_of(client: &Client, key: &str) -> Task<Result<Phone, ZoomError>> {
    let (client, key) = (client.clone(), key.to_owned());
    spawn(async move { client.phone_user(&key).await.map(phone) })
}
