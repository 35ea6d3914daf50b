//! The plan of a search: which calls answer it. It is made of what was asked for, and of nothing else: no call is made
//! for it.
//!
//! | asked for | calls |
//! |---|---|
//! | a user by id or address | the user, and at the same time the phone, where that is wanted |
//! | several of them | each user, and then the phone |
//! | other users | the lists of those statuses that the filter can accept, one after the other: read the other way round, a user who is deactivated meanwhile would be in none of them |
//! | attributes that no list has | besides, the record of each user whom the filter accepts |
//! | attributes of the phone, of all users, or tested by the filter | the list of phones, at the same time: a hundred users a call |
//! | attributes of the phone, of one page | the phone of each user on it |
//! | the code of a site, or its name without the list of phones | the list of sites, once |

use std::iter;

use connector_base::attribute::{NAME, UID};
use connector_base::connector::Query;
use connector_base::contract::{self, PlannedCall};
use connector_base::runtime::milliseconds;
use connector_base::walk::Reach;

use crate::api::budget::{Budgets, RatePlan};
use crate::api::limits::{self, Label, Operation};
use crate::api::page::{PAGE_SIZE, PHONE_PAGE_SIZE};
use crate::api::users::UserStatus;
use crate::schema::{ADMINS, MEMBERS};
use crate::user::{self, Depth, Needs};

/// How users are found, and what is read of them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UserPlan {
    pub(super) from: UsersFrom,
    pub(super) depth: Depth,
    /// What is read of a user whom the filter accepts.
    pub(super) wanted: Needs,
    /// What is read of a user whose row does not tell whether the filter accepts it.
    pub(super) tested: Needs,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum UsersFrom {
    /// Ids and addresses.
    Keys(Vec<String>),
    /// Lists.
    Lists(Vec<UserStatus>),
}

/// How groups are found, and what is read of them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct GroupPlan {
    /// The ids, where the filter names them.
    pub(super) keys: Option<Vec<String>>,
    pub(super) members: bool,
    pub(super) admins: bool,
}

/// Calls of a plan.
pub(super) struct Calls {
    operation: &'static Operation,
    many: Many,
    purpose: &'static str,
}

/// How many calls they are.
#[derive(Clone, Copy)]
enum Many {
    Exactly(usize),
    /// The pages of a list, each of so many rows.
    Pages(usize),
    /// One for each object.
    Each,
    /// One for some objects: nobody knows how many.
    Some,
    /// The pages of a list that does not grow with the objects: mostly one.
    Few,
}

impl UserPlan {
    /// A look-up reads everything, whatever the depth.
    pub(super) fn new(query: &Query, depth: Depth) -> Self {
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
        let tested = Needs::of(|name| filter.is_some_and(|filter| filter.tests(name)));
        Self { from, depth, wanted, tested }
    }

    /// All that is read of a user.
    pub(super) fn reads(&self) -> Needs {
        self.wanted.and(self.tested)
    }

    /// Whether the phones come from their list.
    pub(super) fn joins(&self, reach: Reach) -> bool {
        let all = self.tested.phone || (self.wanted.phone && reach == Reach::All);
        matches!(&self.from, UsersFrom::Lists(statuses) if all && some_can_have_phones(statuses))
    }

    /// The calls.
    pub(super) fn calls(&self, reach: Reach) -> Vec<Calls> {
        match &self.from {
            UsersFrom::Keys(keys) => {
                let many = Many::Exactly(keys.len());
                let users = Calls::new(&limits::GET_USER, many, "each user that the filter names");
                iter::once(users).chain(self.of_phones(many)).collect()
            }
            UsersFrom::Lists(statuses) => self.of_lists(statuses, reach),
        }
    }

    fn of_lists(&self, statuses: &[UserStatus], reach: Reach) -> Vec<Calls> {
        let mut calls = Vec::new();
        for status in statuses {
            // All together have so many pages for so many users.
            let many = if calls.is_empty() { Many::Pages(PAGE_SIZE) } else { Many::Few };
            calls.push(Calls::new(&limits::LIST_USERS, many, list_purpose(*status)));
        }
        let with_phones = some_can_have_phones(statuses);
        let records = match (self.wanted.record, self.tested.record) {
            _ if statuses.is_empty() => None,
            (true, _) => Some((Many::Each, "the record of each user")),
            (false, true) => {
                Some((Many::Each, "the record of each user whose row does not tell whether the filter accepts it"))
            }
            (false, false) if !statuses.contains(&UserStatus::Pending) => None,
            (false, false) => Some((if with_phones { Many::Some } else { Many::Each }, "the id of each pending user")),
        };
        calls.extend(records.map(|(many, purpose)| Calls::new(&limits::GET_USER, many, purpose)));
        if with_phones {
            calls.extend(self.of_phones(if self.joins(reach) { Many::Pages(PHONE_PAGE_SIZE) } else { Many::Each }));
        }
        calls
    }

    /// The calls that read phones, from their list or one by one, and sites.
    fn of_phones(&self, many: Many) -> impl Iterator<Item = Calls> {
        let reads = self.reads();
        let is_list = matches!(many, Many::Pages(_));
        let phones = match is_list {
            true => Calls::new(&limits::LIST_PHONE_USERS, many, "the phones, 100 a page"),
            false => Calls::new(&limits::GET_PHONE_USER, many, "the phone of each user who is not pending"),
        };
        let sites = Calls::new(&limits::LIST_SITES, Many::Few, "the sites, 300 a page, where a user has a phone");
        let reads_sites = reads.code || (reads.site && !is_list);
        reads.phone.then_some(phones).into_iter().chain(reads_sites.then_some(sites))
    }
}

/// Who has not accepted the invitation cannot have a phone.
fn some_can_have_phones(statuses: &[UserStatus]) -> bool {
    statuses.iter().any(|status| *status != UserStatus::Pending)
}

impl GroupPlan {
    pub(super) fn new(query: &Query) -> Self {
        let filter = query.filter.as_ref();
        let needs = |name: &str| query.selection.wants(name) || filter.is_some_and(|filter| filter.tests(name));
        let keys = filter.and_then(|filter| filter.keys(&[UID]));
        Self { keys, members: needs(MEMBERS), admins: needs(ADMINS) }
    }

    /// The calls.
    pub(super) fn calls(&self) -> Vec<Calls> {
        let mut calls = vec![match &self.keys {
            Some(keys) => Calls::new(&limits::GET_GROUP, Many::Exactly(keys.len()), "each group that the filter names"),
            None => Calls::new(&limits::LIST_GROUPS, Many::Pages(PAGE_SIZE), "the groups, 300 a page"),
        }];
        let mut each = |operation, purpose| calls.push(Calls::new(operation, Many::Each, purpose));
        if self.members {
            each(&limits::LIST_MEMBERS, "the members of each group, 300 a page");
        }
        if self.admins {
            each(&limits::LIST_ADMINS, "the administrators of each group, 300 a page");
            each(&limits::GET_USER, "the id of each administrator");
        }
        calls
    }
}

fn list_purpose(status: UserStatus) -> &'static str {
    match status {
        UserStatus::Active => "the active users, 300 a page",
        UserStatus::Inactive => "the inactive users, 300 a page",
        UserStatus::Pending => "the pending users, 300 a page",
    }
}

/// A thousand objects: what the forecast is for where nobody knows how many there are.
const THOUSAND: usize = 1000;

/// The plan as the contract has it, with the time that the limits allow for it.
pub(super) fn explained(calls: &[Calls], budgets: &Budgets) -> contract::Plan {
    let rates = budgets.settings();
    let mut notes = Vec::new();
    let (mut floor, mut forecast) = (0, 0);
    let mut parts = Vec::new();
    for label in labels(calls, budgets) {
        let count = |of: fn(Many) -> usize| -> usize {
            let same = calls.iter().filter(|calls| budgets.label(calls.operation) == label);
            same.map(|calls| of(calls.many)).sum()
        };
        // A list has a page at least.
        let least = count(|many| match many {
            Many::Exactly(calls) => calls,
            Many::Pages(_) | Many::Few => 1,
            Many::Each | Many::Some => 0,
        });
        let of_thousand = count(|many| match many {
            Many::Exactly(_) | Many::Some | Many::Few => 0,
            Many::Pages(size) => THOUSAND.div_ceil(size),
            Many::Each => THOUSAND,
        });
        let time = |calls: usize| {
            let calls = u32::try_from(calls).unwrap_or(u32::MAX);
            budgets.rate(label).map_or(0, |rate| milliseconds(rate.floor(calls)))
        };
        floor = time(least).max(floor);
        if of_thousand > 0 {
            forecast = time(of_thousand).max(forecast);
            parts.push(format!("{of_thousand} {label}"));
        }
        if let Some(day) = budgets.day(label) {
            notes.push(format!("The account has {day} {label} calls a day, for all of its apps."));
        }
    }
    if !parts.is_empty() {
        let mut note = format!("For each 1000 objects: {} calls", parts.join(", "));
        if rates.plan != RatePlan::Off {
            note.push_str(&format!(", {} s at least", forecast.div_ceil(1000)));
        }
        notes.insert(0, note + ".");
    }
    let share =
        if rates.share < 100 { format!(", of which {} % are for this instance", rates.share) } else { String::new() };
    notes.push(match rates.plan {
        RatePlan::Off => "ratePlan is off: no limits are kept to.".to_owned(),
        plan => format!("The times are those of ratePlan {}{share}.", plan.word()),
    });
    contract::Plan {
        calls: calls.iter().map(|calls| calls.planned(budgets)).collect(),
        // Where nobody knows how many calls they are, the forecast says more than the least of them.
        floor_ms: (rates.plan != RatePlan::Off && parts.is_empty() && floor > 0).then_some(floor),
        notes,
    }
}

/// The labels of the calls, each once.
fn labels(calls: &[Calls], budgets: &Budgets) -> Vec<Label> {
    let mut labels = Vec::new();
    for label in calls.iter().map(|calls| budgets.label(calls.operation)) {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}

impl Calls {
    fn new(operation: &'static Operation, many: Many, purpose: &'static str) -> Self {
        Self { operation, many, purpose }
    }

    fn planned(&self, budgets: &Budgets) -> PlannedCall {
        let count = match self.many {
            Many::Exactly(calls) => u32::try_from(calls).ok(),
            Many::Pages(_) | Many::Each | Many::Some | Many::Few => None,
        };
        PlannedCall {
            method: self.operation.method.as_str().to_owned(),
            path: self.operation.path.to_owned(),
            count,
            rate_label: Some(budgets.label(self.operation).to_string()),
            purpose: self.purpose.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
