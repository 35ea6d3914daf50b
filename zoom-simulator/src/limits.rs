//! Rate limits, per account and label, as Zoom's page on them has it (snapshot of February 2026):
//!
//! | label | Free | Pro | Business+ | Phone, Pro | Phone, Business+ |
//! |---|---|---|---|---|---|
//! | Light | 4/s, 6,000/day | 30/s | 80/s | 20/s | 40/s |
//! | Medium | 2/s, 2,000/day | 20/s | 60/s | 10/s | 20/s |
//! | Heavy | 1/s, 1,000/day | 10/s * | 40/s * | 5/s * | 10/s * |
//! | Resource-intensive | 10/min, 30,000/day | 10/min * | 20/min * | 5/min * | 10/min * |
//!
//! `*`: heavy and resource-intensive calls share a pool per day: 30,000 and 60,000, on the phone 15,000 and 30,000.
//! One bucket serves all endpoints of a label. The phone has no Free column; there the Pro one is taken.
//!
//! Calls are counted exactly, in whatever second (or minute) looked back upon, not in seconds of the clock. A call that
//! is refused is not counted. Days end at midnight in Greenwich, as the `Retry-After` of Zoom's examples does.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{
    call::Answer,
    clock::Moment,
    errors::{Failure, TOO_MANY_A_DAY, TOO_MANY_A_SECOND},
    options::Plan,
    routes::Route,
    switches::{RateLimitHeaders, RetryAfterForm, Switches},
};

/// How much an endpoint costs, in Zoom's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Label {
    Light,
    Medium,
    Heavy,
    #[serde(rename = "Resource-intensive")]
    ResourceIntensive,
}

impl Label {
    /// As `X-RateLimit-Category` has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Light => "Light",
            Self::Medium => "Medium",
            Self::Heavy => "Heavy",
            Self::ResourceIntensive => "Resource-intensive",
        }
    }
}

/// Whose limits an endpoint counts towards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Product {
    Main,
    Phone,
}

/// What may be called in a day, of which there is one per line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Daily {
    /// A label of its own.
    Label(Product, Label),
    /// Heavy and resource-intensive calls together.
    Pool(Product),
    /// `POST /users` with the action `create`.
    Invitations,
    /// `POST /groups`.
    Groups,
}

/// How often a label may be called.
struct Budget {
    calls: usize,
    window: Duration,
    daily: Option<(Daily, usize)>,
}

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

fn budget(plan: Plan, product: Product, label: Label) -> Option<Budget> {
    use {Label::*, Product::*};
    let own = Daily::Label(product, label);
    let pool = Daily::Pool(product);
    let (calls, window, daily) = match (plan, product, label) {
        (Plan::Off, ..) => return None,
        (Plan::Free, Main, Light) => (4, SECOND, Some((own, 6_000))),
        (Plan::Free, Main, Medium) => (2, SECOND, Some((own, 2_000))),
        (Plan::Free, Main, Heavy) => (1, SECOND, Some((own, 1_000))),
        (Plan::Free, Main, ResourceIntensive) => (10, MINUTE, Some((own, 30_000))),
        (Plan::Pro, Main, Light) => (30, SECOND, None),
        (Plan::Pro, Main, Medium) => (20, SECOND, None),
        (Plan::Pro, Main, Heavy) => (10, SECOND, Some((pool, 30_000))),
        (Plan::Pro, Main, ResourceIntensive) => (10, MINUTE, Some((pool, 30_000))),
        (Plan::Business, Main, Light) => (80, SECOND, None),
        (Plan::Business, Main, Medium) => (60, SECOND, None),
        (Plan::Business, Main, Heavy) => (40, SECOND, Some((pool, 60_000))),
        (Plan::Business, Main, ResourceIntensive) => (20, MINUTE, Some((pool, 60_000))),
        (Plan::Free | Plan::Pro, Phone, Light) => (20, SECOND, None),
        (Plan::Free | Plan::Pro, Phone, Medium) => (10, SECOND, None),
        (Plan::Free | Plan::Pro, Phone, Heavy) => (5, SECOND, Some((pool, 15_000))),
        (Plan::Free | Plan::Pro, Phone, ResourceIntensive) => (5, MINUTE, Some((pool, 15_000))),
        (Plan::Business, Phone, Light) => (40, SECOND, None),
        (Plan::Business, Phone, Medium) => (20, SECOND, None),
        (Plan::Business, Phone, Heavy) => (10, SECOND, Some((pool, 30_000))),
        (Plan::Business, Phone, ResourceIntensive) => (10, MINUTE, Some((pool, 30_000))),
    };
    Some(Budget { calls, window, daily })
}

/// The label of a route, which the switches may have otherwise than the table.
fn label(switches: &Switches, route: &Route) -> Label {
    let changed = Some(&switches.labels).filter(|labels| !labels.is_empty());
    changed.and_then(|labels| labels.get(&route.name())).copied().unwrap_or(route.label)
}

impl Daily {
    /// How often, for what has a limit of its own beside that of its label (Zoom API, users, `POST /users` and
    /// `POST /groups`).
    fn limit(self, plan: Plan) -> Option<usize> {
        match (self, plan) {
            (_, Plan::Off) | (Self::Label(..) | Self::Pool(_), _) => None,
            (Self::Invitations, Plan::Free) => Some(50),
            (Self::Invitations, Plan::Pro) => Some(1_500),
            (Self::Invitations, Plan::Business) => Some(10_000),
            (Self::Groups, _) => Some(100),
        }
    }
}

/// What has been used up.
#[derive(Default)]
pub(crate) struct Limits {
    recent: HashMap<(Product, Label), VecDeque<Moment>>,
    today: HashMap<Daily, (i64, usize)>,
}

impl Limits {
    /// Counts a call, or refuses it.
    pub(crate) fn admit(&mut self, switches: &Switches, route: &Route, now: Moment) -> Result<(), Failure> {
        let (product, label) = (route.product(), label(switches, route));
        let Some(budget) = budget(switches.plan, product, label) else { return Ok(()) };
        if let Some((daily, limit)) = budget.daily
            && self.used(daily, now) >= limit
        {
            return Err(Kind::Daily.refused(now.next_midnight(), switches, now));
        }
        let recent = self.recent.entry((product, label)).or_default();
        while recent.pop_front_if(|call| now.since(*call) >= budget.window).is_some() {}
        if recent.len() >= budget.calls {
            let back = recent.front().map_or(now, |oldest| oldest.plus(budget.window));
            return Err(Kind::Qps.refused(back, switches, now));
        }
        recent.push_back(now);
        if let Some((daily, _)) = budget.daily {
            self.count(daily, now);
        }
        Ok(())
    }

    /// Counts what has a daily limit of its own, or refuses it.
    pub(crate) fn spend(&mut self, daily: Daily, switches: &Switches, now: Moment) -> Result<(), Failure> {
        if daily.limit(switches.plan).is_some_and(|limit| self.used(daily, now) >= limit) {
            return Err(Kind::Daily.refused(now.next_midnight(), switches, now));
        }
        self.count(daily, now);
        Ok(())
    }

    /// Writes into an answer what is left: of the call's own daily limit, if it has one, or of its label's, or of the
    /// second.
    pub(crate) fn show(
        &self,
        answer: &mut Answer,
        switches: &Switches,
        route: &Route,
        own: Option<Daily>,
        now: Moment,
    ) {
        let (product, label) = (route.product(), label(switches, route));
        let shown = Some(route).filter(|_| switches.rate_limit_headers != RateLimitHeaders::None);
        let Some(budget) = shown.and_then(|_| budget(switches.plan, product, label)) else { return };
        let own = own.and_then(|own| Some((own, own.limit(switches.plan)?)));
        let (limit, used) = match own.or(budget.daily) {
            Some((daily, limit)) => (limit, self.used(daily, now)),
            None => (budget.calls, self.recent.get(&(product, label)).map_or(0, VecDeque::len)),
        };
        answer.set("x-ratelimit-category", label.name());
        answer.set("x-ratelimit-limit", &limit.to_string());
        answer.set("x-ratelimit-remaining", &limit.saturating_sub(used).to_string());
    }

    fn used(&self, daily: Daily, now: Moment) -> usize {
        self.today.get(&daily).filter(|(day, _)| *day == now.day()).map_or(0, |(_, used)| *used)
    }

    fn count(&mut self, daily: Daily, now: Moment) {
        let used = self.used(daily, now) + 1;
        self.today.insert(daily, (now.day(), used));
    }
}

/// Which sort of limit a call ran into.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Qps,
    Daily,
}

impl Kind {
    /// A 429, with the headers that the switches ask for. By itself Zoom says when to come back for daily limits only.
    fn refused(self, back: Moment, switches: &Switches, now: Moment) -> Failure {
        let (refusal, name) = match self {
            Self::Qps => (TOO_MANY_A_SECOND, "QPS"),
            Self::Daily => (TOO_MANY_A_DAY, "Daily-limit"),
        };
        let mut failure = Failure::from(refusal);
        let wait = back.since(now);
        match switches.retry_after {
            RetryAfterForm::Date if self == Self::Daily => failure.headers.push(("retry-after", back.to_string())),
            RetryAfterForm::Seconds => {
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                failure.headers.push(("retry-after", seconds.to_string()));
            }
            RetryAfterForm::Date | RetryAfterForm::None => {}
        }
        if switches.rate_limit_headers != RateLimitHeaders::None {
            failure.headers.push(("x-ratelimit-type", name.to_owned()));
        }
        if switches.rate_limit_headers == RateLimitHeaders::WithReset {
            failure.headers.push(("x-ratelimit-reset", back.plus(SECOND).unix().to_string()));
        }
        failure
    }
}
