//! Which calls answer a question.
//!
//! | the filter | what is called |
//! |---|---|
//! | names uids, or addresses of users, that an object must have | one read for each of them |
//! | anything else | the lists of those statuses for which it can hold; of their rows, those that it may accept |
//!
//! A row is completed by reads of the user's own record, of the phone, and of the sites, where the search
//! is a deep one and something is wanted that they carry, where the row does not tell whether the filter
//! accepts the user, and for pending users, whose rows have no id. Of a group the members and the
//! administrators are read where they are wanted.

mod groups;
mod plan;
mod users;

use std::fmt;
use std::rc::Rc;
use std::str::FromStr;

use connector_base::connector::{Query, Start};
use connector_base::contract::{ConnectorObject, Plan, SearchResult};
use connector_base::cookie;
use connector_base::error::Result;
use connector_base::list::List;
use connector_base::runtime::wait;
use connector_base::walk::{self, Position, Reach, Source, Walked, Wanted};

use crate::Zoom;
use crate::api::Client;
use crate::api::groups::Group;
use crate::api::users::User;
use crate::schema::USER;
use crate::user::{self, Depth};
use groups::Groups;
use plan::{GroupPlan, UserPlan, UsersFrom, explained};
use users::Users;

/// Whether the caller pages a search: it follows `deepGet` then, and `deepImport` otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Get,
    Import,
}

impl Mode {
    /// Who does not page a search asks for all of it.
    fn reach(self) -> Reach {
        match self {
            Self::Get => Reach::Page,
            Self::Import => Reach::All,
        }
    }
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
pub(crate) enum Objects {
    Users(Users),
    Groups(Groups),
}

impl Zoom {
    /// One page of a search.
    pub(crate) fn search_page(&self, query: Query) -> Result<SearchResult> {
        let place = place(&query)?;
        let size = query.page_size.map_or(self.settings.import_batch_size, std::num::NonZeroU32::get);
        let skip = match query.start {
            Start::Offset(offset) => offset.get() - 1,
            Start::Beginning | Start::Cookie(_) => 0,
        };
        let wanted = Wanted {
            digest: query.digest,
            skip: wide(skip),
            size: wide(size),
            concurrency: wide(self.settings.rates.concurrency),
            reach: place.mode.reach(),
        };
        let client = self.client.until(query.options.deadline);
        let source = self.objects(client, query, place.mode);
        let exact = source.takes_all_rows();
        let walked = wait(walk::page(source, &self.memory, place.position, wanted))?;
        let Walked { objects, next, rows_left } = walked;
        let remaining = rows_left.filter(|left| exact || *left == 0).and_then(|left| u32::try_from(left).ok());
        let next =
            next.map(|position| cookie::encode(wanted.digest, &Place { mode: place.mode, position })).transpose()?;
        Ok(SearchResult { objects, next, remaining, complete: true })
    }

    /// The calls of a search.
    pub(crate) fn plan(&self, query: Query) -> Result<Plan> {
        let place = place(&query)?;
        let calls = match query.class.name {
            USER => UserPlan::new(&query, self.depth(place.mode)).calls(place.mode.reach()),
            _ => GroupPlan::new(&query).calls(),
        };
        Ok(explained(&calls, self.client.budgets()))
    }

    fn depth(&self, mode: Mode) -> Depth {
        let deep = match mode {
            Mode::Get => self.settings.deep_get,
            Mode::Import => self.settings.deep_import,
        };
        if deep { Depth::Deep } else { Depth::Rows }
    }

    fn objects(&self, client: Client, query: Query, mode: Mode) -> Objects {
        match query.class.name {
            USER => Objects::Users(Users::new(client, query, self.depth(mode))),
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

fn keyed(keys: &[String]) -> List<Row> {
    // Nothing has an empty id or address, and asking for it would be asking for the list.
    let keys = keys.iter().filter(|key| !key.is_empty());
    List { rows: keys.cloned().map(Row::Key).collect(), next: None, total: None }
}

impl Objects {
    /// Whether every row is an object of the result, so that the rows that are left tell the remaining.
    fn takes_all_rows(&self) -> bool {
        match self {
            Self::Users(users) => users.takes_all_rows(),
            Self::Groups(groups) => groups.takes_all_rows(),
        }
    }
}

impl Source for Objects {
    type Row = Row;

    fn phases(&self) -> usize {
        match self {
            Self::Users(Users { plan: UserPlan { from: UsersFrom::Lists(statuses), .. }, .. }) => statuses.len(),
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
            (Self::Users(users), Row::User(user)) => users.verdict(Rc::clone(user)),
            (Self::Groups(groups), Row::Group(group)) => groups.verdict(Rc::clone(group)),
            (Self::Users(_), Row::Group(_)) | (Self::Groups(_), Row::User(_)) => Some(false),
        }
    }

    async fn object(&self, row: Row) -> Result<Option<ConnectorObject>> {
        match (self, row) {
            (Self::Users(users), Row::Key(key)) => users.looked_up(&key).await,
            (Self::Users(users), Row::User(user)) => users.completed(user).await,
            (Self::Groups(groups), Row::Key(id)) => groups.looked_up(&id).await,
            (Self::Groups(groups), Row::Group(group)) => groups.completed(group).await,
            (Self::Users(_), Row::Group(_)) | (Self::Groups(_), Row::User(_)) => Ok(None),
        }
    }

    fn reaches(&self, reach: Reach) {
        if let Self::Users(users) = self {
            users.reaches(reach);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_back_from_its_text() {
        for text in ["g.0.0.0.0.", "i.2.17.300.1.token"] {
            assert_eq!(text.parse::<Place>().map(|place| place.to_string()), Ok(text.to_owned()));
        }
        for broken in ["", "g", "x.0.0.0.0.", "g.0.0.0.0"] {
            assert!(broken.parse::<Place>().is_err(), "{broken}");
        }
    }
}
