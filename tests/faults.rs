//! Zoom goes wrong in every way that the simulator knows, and a search still tells the truth: it delivers every object
//! exactly once and as it is, or it ends in an error of the connector.
//!
//! A seed stands for a case: which faults, how often, which account, which walk. `FAULTS_SEED=17` runs that one alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::num::NonZeroU32;
use std::sync::Arc;

use host_harness::model::ConnectorObject;
use host_harness::{Connector, Error, SearchOptions};
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use zoom_simulator::{Fault, Options};

use crate::support::{GROUP, USER, Zoom, all};

const KINDS: [&str; 17] = [
    "reset",
    "lost-answer",
    "truncate",
    "502",
    "503",
    "504",
    "429",
    "429-date",
    "429-seconds",
    "slow",
    "garbage",
    "expired-token",
    "page-token-expired",
    "repeat-cursor",
    "duplicate-row",
    "drop-row",
    "empty-200",
];

/// How many cases have several kinds of faults at a time, besides those of one kind.
const MIXTURES: usize = 90;

/// How many cases are under way at a time: they wait for the connector's retries, not for processors.
const AT_A_TIME: usize = 32;

#[derive(Clone, Copy, Debug)]
enum Account {
    /// Several pages of users, of whom only the rows are wanted.
    Lists,
    /// A few users of every sort, of whom everything is wanted.
    Deep,
    /// Several pages of groups.
    Groups,
}

#[derive(Clone, Copy, Debug)]
enum Walk {
    /// As an import.
    Whole,
    /// Page after page, each with the cookie of the one before.
    Paged,
    /// The same by a caller who does not give up: a page that failed is asked for again.
    Insisting,
}

#[derive(Clone, Copy, Debug)]
enum Often {
    /// One or two in a walk.
    Rarely,
    /// Several in a walk.
    Frequently,
}

/// What a seed stands for.
struct Case {
    seed: usize,
    account: Account,
    walk: Walk,
    retries: usize,
    faults: Vec<String>,
}

impl Case {
    fn all() -> Vec<Self> {
        let mut cases = Vec::new();
        for often in [Often::Rarely, Often::Frequently] {
            for account in [Account::Lists, Account::Deep, Account::Groups] {
                for walk in [Walk::Whole, Walk::Paged, Walk::Insisting] {
                    let single = KINDS.map(|kind| vec![kind]);
                    // Two to four kinds, others in each case.
                    let mixed = (0..MIXTURES / 18).map(|number| {
                        let first = cases.len() + 7 * number;
                        (0..2 + number % 3)
                            .filter_map(|next| KINDS.get((first + 5 * next) % KINDS.len()).copied())
                            .collect()
                    });
                    let kinds: Vec<Vec<&str>> = single.into_iter().chain(mixed).collect();
                    for kinds in kinds {
                        let seed = cases.len();
                        let probability = account.probability(often, kinds.len());
                        let faults = kinds.iter().map(|kind| format!("{kind}:{probability:.3}")).collect();
                        cases.push(Self { seed, account, walk, retries: seed % 3, faults });
                    }
                }
            }
        }
        cases
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, account, walk, retries, faults } = self;
        write!(f, "FAULTS_SEED={seed}: {account:?} {walk:?}, {retries} retries, {}", faults.join(" "))
    }
}

impl Account {
    fn class(self) -> &'static str {
        match self {
            Self::Lists | Self::Deep => USER,
            Self::Groups => GROUP,
        }
    }

    fn options(self) -> Options {
        match self {
            // Three pages of active users, one of inactive and one of pending ones; Zoom's page is 300 rows.
            Self::Lists => Options { users: 650, inactive: 40, pending: 3, ..Options::default() },
            Self::Deep => Options { users: 40, inactive: 6, pending: 4, phone_users: 12, ..Options::default() },
            Self::Groups => Options { users: 2, groups: 650, ..Options::default() },
        }
    }

    fn page_size(self) -> u32 {
        match self {
            Self::Lists | Self::Groups => 70,
            Self::Deep => 7,
        }
    }

    /// How likely each of so many faults hits a call.
    fn probability(self, often: Often, kinds: usize) -> f64 {
        let calls = match self {
            Self::Lists => 8.0,
            Self::Deep => 80.0,
            Self::Groups => 3.0,
        };
        let hits = match often {
            Often::Rarely => 1.0,
            Often::Frequently => 4.0,
        };
        let kinds = f64::from(u32::try_from(kinds).expect("a few"));
        f64::min(hits / calls, 0.6) / kinds
    }

    /// The uids that the simulator holds.
    fn uids(self, zoom: &Zoom) -> BTreeSet<String> {
        let objects = match self {
            Self::Lists | Self::Deep => zoom.users(),
            Self::Groups => zoom.groups(),
        };
        objects.iter().map(|object| object["id"].as_str().expect("an id").to_owned()).collect()
    }
}

/// How a walk under faults went.
struct Outcome {
    /// What the connector may not do.
    violations: Vec<String>,
    complete: bool,
    /// The kinds that hit.
    injected: BTreeSet<String>,
}

async fn run(case: &Case) -> Outcome {
    let seed = u64::try_from(case.seed).expect("a seed");
    let zoom = Zoom::misbehaving(Options { seed, ..case.account.options() }).await;
    // Zoom gives the time of the call as the creation time of pending users.
    zoom.simulator.freeze_clock();
    let retries = case.retries.to_string();
    let properties: &[(&str, &str)] = match case.account {
        Account::Lists => &[("deepImport", "false"), ("deepGet", "false"), ("ioErrorRetries", &retries)],
        Account::Deep | Account::Groups => &[("ioErrorRetries", &retries)],
    };
    let class = case.account.class();
    let truth = all(&zoom.connector(properties).await, class, None).await;
    let truth: BTreeMap<_, _> = truth.into_iter().map(|object| (object.uid.value.clone(), object)).collect();
    assert!(truth.keys().eq(&case.account.uids(&zoom)), "{case}: without faults all objects are found");

    let connector = zoom.connector(properties).await;
    // Long enough to change the order of the answers, and no longer.
    zoom.switch(json!({ "faults": case.faults, "slow_ms": 30 }));
    let (objects, error) = walk(&connector, case, 2 * truth.len()).await;

    let mut violations = wrong(&truth, &objects);
    let missing = truth.keys().filter(|uid| objects.iter().all(|object| object.uid.value != **uid)).count();
    match &error {
        None if missing > 0 => violations.push(format!("{missing} of {} are lost, and there is no error", truth.len())),
        None | Some(Error::Connector(_)) => {}
        Some(other) => violations.push(format!("the end is no error of the connector: {other}")),
    }
    let injected = zoom.simulator.stats().faults.into_keys().collect();
    Outcome { violations, complete: error.is_none(), injected }
}

/// Walks until the end, an error, or more objects than there can be.
async fn walk(connector: &Connector, case: &Case, most: usize) -> (Vec<ConnectorObject>, Option<Error>) {
    let page_size = match case.walk {
        Walk::Whole => None,
        Walk::Paged | Walk::Insisting => NonZeroU32::new(case.account.page_size()),
    };
    let mut tries = match case.walk {
        Walk::Whole | Walk::Paged => 1,
        Walk::Insisting => 5,
    };
    let options = SearchOptions { page_size, ..SearchOptions::default() };
    let mut pages = connector.search_all(case.account.class(), None, options);
    let mut objects = Vec::new();
    while objects.len() <= most {
        match pages.next().await {
            Ok(Some(page)) => objects.extend(page.objects),
            Ok(None) => return (objects, None),
            Err(error) => {
                tries -= 1;
                if tries == 0 {
                    return (objects, Some(error));
                }
            }
        }
    }
    (objects, None)
}

/// What is wrong with the objects that were delivered, whatever the end was.
fn wrong(truth: &BTreeMap<String, ConnectorObject>, objects: &[ConnectorObject]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for object in objects {
        let uid = &object.uid.value;
        if !seen.insert(uid) {
            wrong.push(format!("{uid} comes again"));
        } else if truth.get(uid) != Some(object) {
            wrong.push(format!("{uid} is not what it is without faults"));
        }
    }
    // The first few tell enough.
    wrong.truncate(5);
    wrong
}

#[tokio::test(flavor = "multi_thread")]
async fn under_every_fault_a_search_delivers_every_object_exactly_once_or_ends_in_an_error() {
    let only: Option<usize> = std::env::var("FAULTS_SEED").ok().map(|seed| seed.parse().expect("a seed"));
    let places = Arc::new(Semaphore::new(AT_A_TIME));
    let mut running = JoinSet::new();
    for case in Case::all().into_iter().filter(|case| only.is_none_or(|only| only == case.seed)) {
        let places = places.clone();
        running.spawn(async move {
            let _place = places.acquire().await.expect("a place");
            let outcome = run(&case).await;
            (case, outcome)
        });
    }
    let (mut report, mut complete, mut failed, mut injected) = (String::new(), 0, 0, BTreeSet::new());
    while let Some(ended) = running.join_next().await {
        let (case, outcome) = ended.expect("a case");
        if !outcome.violations.is_empty() {
            writeln!(report, "{case}: {}", outcome.violations.join("; ")).expect("text");
        }
        // A walk that met no fault tells nothing.
        if !outcome.injected.is_empty() {
            *if outcome.complete { &mut complete } else { &mut failed } += 1;
        }
        injected.extend(outcome.injected);
    }
    assert!(report.is_empty(), "\n{report}");
    if only.is_none() {
        assert!(complete > 50 && failed > 50, "both ends occur: {complete} complete, {failed} errors");
        assert_eq!(injected, KINDS.map(str::to_owned).into(), "every kind has hit");
    }
}

#[test]
fn every_kind_of_fault_that_the_simulator_has_is_tried() {
    let unknown = "unknown:1".parse::<Fault>().expect_err("no kind").to_string();
    assert!(unknown.ends_with(&KINDS.join(", ")), "{unknown}");
}
