//! Which calls answer a question.
//!
//! | the filter | what is called |
//! |---|---|
//! | names uids or addresses that an object must have | one read for each of them |
//! | anything else | the lists of those statuses for which it can hold; of their rows, those that it may accept |
//!
//! A row is completed by a read of the user's own record where the search is a deep one and something
//! is wanted that no row carries, where the row does not tell whether the filter accepts the user, and
//! for pending users, whose rows have no id.

use std::fmt;
use std::rc::Rc;
use std::str::FromStr;

use connector_base::attribute::{NAME, UID};
use connector_base::connector::{Query, Start};
use connector_base::contract::{ConnectorObject, Plan, PlannedCall, SearchResult};
use connector_base::cookie;
use connector_base::error::Result;
use connector_base::filter::Filter;
use connector_base::walk::{self, List, Position, Source, Walked, Wanted};

use crate::Zoom;
use crate::api::groups::Group;
use crate::api::limits::{self, Operation};
use crate::api::page::PAGE_SIZE;
use crate::api::users::{User, UserStatus};
use crate::api::{Client, Page};
use crate::schema::{Carrier, USER, USER_ATTRIBUTES};
use crate::{group, user};

/// How many reads are under way at a time. Zoom's rate limits are per second and allow 80 light calls to
/// a business account; at 50 ms a call this many use that up.
const CONCURRENCY: usize = 32;

/// Whether the caller pages a search: it follows `deepGet` then, and `deepImport` otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Get,
    Import,
}

/// Where a search stands, and how it began: a cookie keeps both.
#[derive(Debug)]
struct Place {
    mode: Mode,
    position: Position,
}

/// As a cookie has it: `g` or `i`, and the position behind a dot.
impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = match self.mode {
            Mode::Get => "g",
            Mode::Import => "i",
        };
        write!(formatter, "{mode}.{}", self.position)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (mode, position) = text.split_once('.').ok_or(())?;
        let mode = match mode {
            "g" => Mode::Get,
            "i" => Mode::Import,
            _ => return Err(()),
        };
        Ok(Self { mode, position: position.parse()? })
    }
}

/// What is known of an object before it is completed.
#[derive(Clone, Debug)]
pub(crate) enum Row {
    /// Its id, or its address: the filter names it.
    Key(String),
    /// Its row of a list.
    User(Rc<User>),
    /// Its row of a list: that is all there is of a group.
    Group(Rc<Group>),
}

/// The objects that a query is about.
enum Objects {
    Users(Users),
    Groups(Groups),
}

impl Zoom {
    /// One page of a search.
    pub(crate) async fn search_page(&self, query: Query) -> Result<SearchResult> {
        let place = place(&query)?;
        let size = query.page_size.map_or(self.settings.import_batch_size, std::num::NonZeroU32::get);
        let skip = match query.start {
            Start::Offset(offset) => offset.get() - 1,
            Start::Beginning | Start::Cookie(_) => 0,
        };
        let wanted = Wanted { digest: query.digest, skip: wide(skip), size: wide(size), concurrency: CONCURRENCY };
        let client = self.client.until(query.options.deadline);
        let source = Rc::new(self.objects(client, query, place.mode));
        let walked = walk::page(&source, &self.memory, place.position, wanted).await?;
        let Walked { objects, next, rows_left } = walked;
        let exact = source.takes_all_rows();
        let remaining = rows_left.filter(|left| exact || *left == 0).and_then(|left| u32::try_from(left).ok());
        let next =
            next.map(|position| cookie::encode(wanted.digest, &Place { mode: place.mode, position })).transpose()?;
        Ok(SearchResult { objects, next, remaining, complete: true })
    }

    /// The calls of a search.
    pub(crate) fn plan(&self, query: Query) -> Result<Plan> {
        let place = place(&query)?;
        let calls = match self.objects(self.client.clone(), query, place.mode) {
            Objects::Users(users) => users.plan(),
            Objects::Groups(groups) => groups.plan(),
        };
        Ok(Plan { calls, floor_ms: None, notes: Vec::new() })
    }

    fn objects(&self, client: Client, query: Query, mode: Mode) -> Objects {
        let deep = match mode {
            Mode::Get => self.settings.deep_get,
            Mode::Import => self.settings.deep_import,
        };
        match query.class.name {
            USER => Objects::Users(Users::new(client, query, deep)),
            _ => Objects::Groups(Groups::new(client, query)),
        }
    }
}

fn place(query: &Query) -> Result<Place> {
    let paged = query.page_size.is_some() || matches!(query.start, Start::Offset(_));
    match &query.start {
        Start::Cookie(cookie) => cookie::decode(query.digest, cookie),
        _ => Ok(Place { mode: if paged { Mode::Get } else { Mode::Import }, position: Position::default() }),
    }
}

fn wide(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn listed<T>(page: Page<T>, row: fn(Rc<T>) -> Row) -> List<Row> {
    List {
        rows: page.rows.into_iter().map(|object| row(Rc::new(object))).collect(),
        next: page.next,
        total: page.total,
    }
}

fn keyed(keys: &[String]) -> List<Row> {
    // Nothing has an empty id or address, and asking for it would be asking for the list.
    let keys = keys.iter().filter(|key| !key.is_empty());
    List { rows: keys.cloned().map(Row::Key).collect(), next: None, total: None }
}

fn planned(operation: &Operation, count: Option<usize>, purpose: &str) -> PlannedCall {
    PlannedCall {
        method: operation.method.as_str().to_owned(),
        path: operation.path.to_owned(),
        count: count.and_then(|count| u32::try_from(count).ok()),
        rate_label: Some(operation.label.to_string()),
        purpose: purpose.to_owned(),
    }
}

impl Objects {
    /// Whether every row is an object of the result, so that the rows that are left tell the remaining.
    fn takes_all_rows(&self) -> bool {
        match self {
            Self::Users(users) => users.takes_all_rows(),
            Self::Groups(groups) => groups.query.filter.is_none(),
        }
    }
}

impl Source for Objects {
    type Row = Row;

    fn phases(&self) -> usize {
        match self {
            Self::Users(Users { from: UsersFrom::Lists(statuses), .. }) => statuses.len(),
            Self::Users(_) | Self::Groups(_) => 1,
        }
    }

    async fn list(&self, phase: usize, token: Option<&str>) -> Result<List<Row>> {
        match self {
            Self::Users(users) => users.list(phase, token).await,
            Self::Groups(groups) => groups.list(token).await,
        }
    }

    fn digest(&self, row: &Row) -> u64 {
        cookie::digest(match row {
            Row::Key(key) => key,
            Row::User(user) => user::uid(user),
            Row::Group(group) => group.id(),
        })
    }

    fn verdict(&self, row: &Row) -> Option<bool> {
        match (self, row) {
            (_, Row::Key(_)) => None,
            (Self::Users(users), Row::User(user)) => users.verdict(user),
            (Self::Groups(groups), Row::Group(group)) => groups.verdict(group),
            (Self::Users(_), Row::Group(_)) | (Self::Groups(_), Row::User(_)) => Some(false),
        }
    }

    async fn object(&self, row: Row) -> Result<Option<ConnectorObject>> {
        match (self, row) {
            (Self::Users(users), Row::Key(key)) => users.looked_up(&key).await,
            (Self::Users(users), Row::User(user)) => users.completed(&user).await,
            (Self::Groups(groups), Row::Key(id)) => groups.looked_up(&id).await,
            (Self::Groups(groups), Row::Group(group)) => Ok(groups.accepted(&group)),
            (Self::Users(_), Row::Group(_)) | (Self::Groups(_), Row::User(_)) => Ok(None),
        }
    }
}

// ------------------------------------------------------------------------------------------- users

/// The users that a query is about.
struct Users {
    client: Client,
    query: Query,
    from: UsersFrom,
    /// Whether records are read for what rows do not carry.
    deep: bool,
}

enum UsersFrom {
    /// Ids and addresses.
    Keys(Vec<String>),
    /// Lists.
    Lists(Vec<UserStatus>),
}

impl Users {
    fn new(client: Client, query: Query, deep: bool) -> Self {
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
        let wants_records = USER_ATTRIBUTES
            .iter()
            .any(|attribute| attribute.carrier == Carrier::Record && query.selection.wants(attribute.def.name));
        Self { client, query, from, deep: deep && wants_records }
    }

    /// Whether every row is an object of the result, so that the rows that are left tell the remaining.
    fn takes_all_rows(&self) -> bool {
        let Some(filter) = &self.query.filter else { return true };
        match &self.from {
            UsersFrom::Keys(_) => false,
            UsersFrom::Lists(statuses) => {
                statuses.iter().all(|status| user::may_have_status(filter, *status) == Some(true))
            }
        }
    }

    fn plan(&self) -> Vec<PlannedCall> {
        match &self.from {
            UsersFrom::Keys(keys) => {
                vec![planned(&limits::GET_USER, Some(keys.len()), "each user that the filter names")]
            }
            UsersFrom::Lists(statuses) => {
                let mut calls: Vec<PlannedCall> = statuses
                    .iter()
                    .map(|status| {
                        let purpose = format!("the {} users, {PAGE_SIZE} a page", status.as_str());
                        planned(&limits::LIST_USERS, None, &purpose)
                    })
                    .collect();
                if self.deep {
                    calls.push(planned(&limits::GET_USER, None, "the record of each user"));
                } else {
                    if statuses.contains(&UserStatus::Pending) {
                        calls.push(planned(&limits::GET_USER, None, "the id of each pending user"));
                    }
                    if self.needs_records_to_decide() {
                        calls.push(planned(
                            &limits::GET_USER,
                            None,
                            "the record of each user whose row does not tell whether the filter accepts it",
                        ));
                    }
                }
                calls
            }
        }
    }

    fn needs_records_to_decide(&self) -> bool {
        let on_record = |name| {
            USER_ATTRIBUTES.iter().any(|attribute| attribute.def.name == name && attribute.carrier == Carrier::Record)
        };
        self.query.filter.as_ref().is_some_and(|filter| filter.attributes().any(on_record))
    }

    async fn list(&self, phase: usize, token: Option<&str>) -> Result<List<Row>> {
        match &self.from {
            UsersFrom::Keys(keys) => Ok(keyed(keys)),
            UsersFrom::Lists(statuses) => match statuses.get(phase) {
                Some(status) => Ok(listed(self.client.list_users(*status, token).await?, Row::User)),
                None => Ok(keyed(&[])),
            },
        }
    }

    /// Reads a user by a key, and gives it if the filter accepts it.
    async fn looked_up(&self, key: &str) -> Result<Option<ConnectorObject>> {
        let Some(record) = self.client.user(key).await? else { return Ok(None) };
        // A user who is named by id and by address comes once.
        let uid = user::uid(&record);
        let named_twice = match &self.from {
            UsersFrom::Keys(keys) => key != uid && keys.iter().any(|other| other == uid),
            UsersFrom::Lists(_) => false,
        };
        Ok(self.accepted(&record).filter(|_| !named_twice))
    }

    fn accepted(&self, record: &User) -> Option<ConnectorObject> {
        let accepts = |filter: &Filter| user::verdict(filter, record, Carrier::Record) == Some(true);
        let accepted = self.query.filter.as_ref().is_none_or(accepts);
        accepted.then(|| user::object(record, Carrier::Record, &self.query.selection))
    }

    async fn completed(&self, row: &User) -> Result<Option<ConnectorObject>> {
        let undecided = self.verdict(row).is_none();
        if !self.deep && !undecided && row.id().is_some() {
            return Ok(Some(user::object(row, Carrier::Row, &self.query.selection)));
        }
        let Some(record) = self.client.user(user::uid(row)).await? else { return Ok(None) };
        let carried = if self.deep { Carrier::Record } else { Carrier::Row };
        Ok(self.accepted(&record).map(|_| user::object(&record, carried, &self.query.selection)))
    }

    fn verdict(&self, row: &User) -> Option<bool> {
        match &self.query.filter {
            None => Some(true),
            Some(filter) => user::verdict(filter, row, Carrier::Row),
        }
    }
}

// ------------------------------------------------------------------------------------------ groups

/// The groups that a query is about.
struct Groups {
    client: Client,
    query: Query,
    /// The ids, where the filter names them.
    keys: Option<Vec<String>>,
}

impl Groups {
    fn new(client: Client, query: Query) -> Self {
        let keys = query.filter.as_ref().and_then(|filter| filter.keys(&[UID]));
        Self { client, query, keys }
    }

    fn plan(&self) -> Vec<PlannedCall> {
        match &self.keys {
            Some(keys) => vec![planned(&limits::GET_GROUP, Some(keys.len()), "each group that the filter names")],
            None => vec![planned(&limits::LIST_GROUPS, None, &format!("the groups, {PAGE_SIZE} a page"))],
        }
    }

    async fn list(&self, token: Option<&str>) -> Result<List<Row>> {
        match &self.keys {
            Some(keys) => Ok(keyed(keys)),
            None => Ok(listed(self.client.list_groups(token).await?, Row::Group)),
        }
    }

    async fn looked_up(&self, id: &str) -> Result<Option<ConnectorObject>> {
        Ok(self.client.group(id).await?.and_then(|group| self.accepted(&group)))
    }

    fn verdict(&self, group: &Group) -> Option<bool> {
        self.query.filter.as_ref().map_or(Some(true), |filter| group::verdict(filter, group))
    }

    fn accepted(&self, group: &Group) -> Option<ConnectorObject> {
        (self.verdict(group) == Some(true)).then(|| group::object(group, &self.query.selection))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_back_from_its_text() {
        for text in ["g.0.0.0.", "i.2.17.300.token"] {
            assert_eq!(text.parse::<Place>().map(|place| place.to_string()), Ok(text.to_owned()));
        }
        for broken in ["", "g", "x.0.0.0.", "g.0.0.0"] {
            assert!(broken.parse::<Place>().is_err(), "{broken}");
        }
    }
}
