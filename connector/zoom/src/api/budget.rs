//! How often Zoom lets an account call (Zoom API, "Rate limits"): so many calls of a label in a second or a
//! minute, whichever operation and whichever app makes them.
//!
//! An instance keeps to its share of them. What Zoom says in its answers counts for more than the table: the
//! label of an operation (`X-RateLimit-Category`), and a limit that is lower (`X-RateLimit-Limit`).

use std::cell::RefCell;
use std::time::Duration;

use connector_base::http::Response;
use connector_base::rate::{Bucket, Rate};

use super::limits::{Label, Operation};

/// The plan of a Zoom account, as far as the limits differ. Business stands for Business+: Business, Education,
/// Enterprise and Partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RatePlan {
    Free,
    Pro,
    Business,
    /// No limits are kept to; what Zoom refuses is waited for all the same.
    Off,
}

impl RatePlan {
    pub(crate) const WORDS: &[&str] = &["free", "pro", "business", "off"];

    /// The plan of a word.
    pub(crate) fn of(word: &str) -> Self {
        [Self::Free, Self::Pro, Self::Off].into_iter().find(|plan| plan.word() == word).unwrap_or(Self::Business)
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Pro => "pro",
            Self::Business => "business",
            Self::Off => "off",
        }
    }

    /// Its column of a table.
    fn of_columns<T: Copy>(self, [free, pro, business]: [T; 3]) -> Option<T> {
        match self {
            Self::Free => Some(free),
            Self::Pro => Some(pro),
            Self::Business => Some(business),
            Self::Off => None,
        }
    }
}

/// How often an instance may call.
#[derive(Clone, Debug)]
pub(crate) struct RateSettings {
    pub(crate) plan: RatePlan,
    /// Labels that have another limit than the plan says: calls in a second, or a minute for those that Zoom counts
    /// by the minute.
    pub(crate) other: Vec<(Label, u32)>,
    /// The share of the instance, in percent.
    pub(crate) share: u32,
    /// How many calls are under way at a time.
    pub(crate) concurrency: u32,
}

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// A row of the table: the window, the calls in it for Free, Pro and Business+, and those of a day, where there is
/// a limit for the day.
struct Limit {
    label: Label,
    window: Duration,
    calls: [u32; 3],
    day: [Option<u32>; 3],
}

const fn limit(label: Label, window: Duration, calls: [u32; 3], day: [Option<u32>; 3]) -> Limit {
    Limit { label, window, calls, day }
}

/// The phone has no column of Free: that of Pro stands in.
static LIMITS: [Limit; 8] = [
    limit(Label::Light, SECOND, [4, 30, 80], [Some(6000), None, None]),
    limit(Label::Medium, SECOND, [2, 20, 60], [Some(2000), None, None]),
    limit(Label::Heavy, SECOND, [1, 10, 40], [Some(1000), Some(30_000), Some(60_000)]),
    limit(Label::ResourceIntensive, MINUTE, [10, 10, 20], [Some(30_000), Some(30_000), Some(60_000)]),
    limit(Label::PhoneLight, SECOND, [20, 20, 40], [None; 3]),
    limit(Label::PhoneMedium, SECOND, [10, 10, 20], [None; 3]),
    limit(Label::PhoneHeavy, SECOND, [5, 5, 10], [Some(15_000), Some(15_000), Some(30_000)]),
    limit(Label::PhoneResourceIntensive, MINUTE, [5, 5, 10], [Some(15_000), Some(15_000), Some(30_000)]),
];

/// The largest number that `X-RateLimit-Limit` has for a second or a minute. On some answers it is the quota of the
/// day, which is thousands.
const MOST_IN_A_WINDOW: u32 = 200;

/// The budgets of an instance.
pub(crate) struct Budgets {
    settings: RateSettings,
    buckets: Vec<(Label, Bucket)>,
    /// For the labels that have no limit.
    others: Bucket,
    /// Operations that Zoom says have another label than the one they are known by.
    learned: RefCell<Vec<(&'static Operation, Label)>>,
}

impl Budgets {
    pub(crate) fn new(settings: RateSettings) -> Self {
        let bucket = |limit: &Limit| {
            let other = settings.other.iter().find(|(label, _)| *label == limit.label).map(|(_, calls)| *calls);
            let calls = other.or_else(|| settings.plan.of_columns(limit.calls))?;
            let rate = Rate { calls, window: limit.window }.share(settings.share);
            Some((limit.label, Bucket::new(Some(rate))))
        };
        let buckets = LIMITS.iter().filter_map(bucket).collect();
        Self { settings, buckets, others: Bucket::new(None), learned: RefCell::default() }
    }

    /// The settings that they are made by.
    pub(crate) fn settings(&self) -> &RateSettings {
        &self.settings
    }

    /// The label that an operation counts against.
    pub(crate) fn label(&self, operation: &'static Operation) -> Label {
        let learned = self.learned.borrow();
        learned.iter().find(|(known, _)| *known == operation).map_or(operation.label, |(_, label)| *label)
    }

    /// The bucket that the calls of an operation come from.
    pub(crate) fn bucket(&self, operation: &'static Operation) -> &Bucket {
        let label = self.label(operation);
        self.buckets.iter().find(|(limited, _)| *limited == label).map_or(&self.others, |(_, bucket)| bucket)
    }

    /// How often an instance calls what has a label.
    pub(crate) fn rate(&self, label: Label) -> Option<Rate> {
        self.buckets.iter().find(|(limited, _)| *limited == label)?.1.rate()
    }

    /// How many calls of a label the account has in a day, where there is a limit.
    pub(crate) fn day(&self, label: Label) -> Option<u32> {
        let limit = LIMITS.iter().find(|limit| limit.label == label)?;
        self.settings.plan.of_columns(limit.day)?
    }

    /// Takes in what Zoom says of its limits.
    pub(crate) fn learn(&self, operation: &'static Operation, response: &Response) {
        if let Some(label) = response.header("x-ratelimit-category").and_then(|word| operation.label.sibling(word))
            && label != self.label(operation)
        {
            let mut learned = self.learned.borrow_mut();
            learned.retain(|(known, _)| *known != operation);
            learned.push((operation, label));
        }
        let limit = response.header("x-ratelimit-limit").and_then(|limit| limit.parse().ok());
        if let Some(calls) = limit.filter(|calls| (1..=MOST_IN_A_WINDOW).contains(calls)) {
            self.bucket(operation).at_most(Rate { calls, window: SECOND }.share(self.settings.share).calls);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::api::limits::{GET_PHONE_USER, GET_USER, LIST_USERS};

    pub(crate) const OFF: RateSettings =
        RateSettings { plan: RatePlan::Off, other: vec![], share: 100, concurrency: 64 };

    fn calls(budgets: &Budgets, operation: &'static Operation) -> Option<u32> {
        budgets.bucket(operation).rate().map(|rate| rate.calls)
    }

    #[test]
    fn each_label_has_the_rate_of_the_plan_its_override_and_the_share_of_the_instance() {
        let budgets = |plan, other, share| Budgets::new(RateSettings { plan, other, share, ..OFF });
        let business = budgets(RatePlan::Business, vec![(Label::Medium, 10)], 50);
        assert_eq!([&GET_USER, &LIST_USERS, &GET_PHONE_USER].map(|call| calls(&business, call)), [40, 5, 20].map(Some));
        let off = budgets(RatePlan::Off, vec![(Label::Medium, 10)], 100);
        assert_eq!([&GET_USER, &LIST_USERS].map(|call| calls(&off, call)), [None, Some(10)]);
        assert_eq!(budgets(RatePlan::Free, vec![], 100).day(Label::Light), Some(6000));
    }

    #[test]
    fn what_zoom_says_of_an_operation_counts_for_more_than_what_is_written_here() {
        let budgets = Budgets::new(RateSettings { plan: RatePlan::Business, ..OFF });
        let said = |category: &str| Response {
            headers: vec![("x-ratelimit-category".into(), category.into())],
            ..Response::default()
        };
        budgets.learn(&GET_USER, &said("Resource-intensive"));
        budgets.learn(&GET_PHONE_USER, &said("heavy"));
        budgets.learn(&LIST_USERS, &said("unheard of"));
        assert_eq!(budgets.label(&GET_USER), Label::ResourceIntensive);
        assert_eq!(budgets.label(&GET_PHONE_USER), Label::PhoneHeavy);
        assert_eq!(budgets.label(&LIST_USERS), Label::Medium);
    }
}
