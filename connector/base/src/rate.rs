//! How often a provider may be called.
//!
//! A [`Bucket`] gives each call its time, so that in no window of the rate's length, whichever is looked at,
//! there are more calls than the rate allows:
//!
//! | when | what a bucket does |
//! |---|---|
//! | at the start, and after a window without calls | lets the calls of the first window go one after the other, evenly |
//! | later | lets a call go as soon as the one before it by the whole rate is a window old |
//! | the provider refuses a call for the rate | is closed for as long as it takes, and gives an eighth less |
//! | a window goes by without a refusal | gives one call more again, up to the rate |
//! | the provider says that less is allowed | gives no more than that |
//!
//! Who has to wait is told how long before waiting, and takes no place where that is too long.

use std::cell::RefCell;
use std::time::Duration;

use crate::runtime::{Instant, now, sleep};

/// How much later than the rate says a call goes: how much the times on the way may differ from one call to the
/// next, so that the provider counts no more than was sent. It costs 4 % of the calls of a rate by the second.
const MARGIN: Duration = Duration::from_millis(40);

/// How often something may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How often in a window, at least once.
    pub calls: u32,
    /// How long the window is.
    pub window: Duration,
}

impl Rate {
    /// So many percent of it. What is less than one call is one call in a longer window.
    #[must_use]
    pub fn share(self, percent: u32) -> Self {
        let hundredths = self.calls.saturating_mul(percent.max(1));
        match hundredths / 100 {
            0 => Self { calls: 1, window: self.window * 100 / hundredths.max(1) },
            calls => Self { calls, ..self },
        }
    }

    /// How long so many calls take at least.
    pub fn floor(self, calls: u32) -> Duration {
        self.window.saturating_mul(calls.saturating_sub(1)) / self.calls.max(1)
    }
}

/// Hands out times to call. One without a rate lets everything go at once.
#[derive(Debug)]
pub struct Bucket {
    rate: Option<Rate>,
    state: RefCell<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When each of the calls that the rate allows may be made again, soonest first.
    places: Vec<Instant>,
    /// How many places there are to be: the rate's, or fewer after a refusal.
    most: usize,
    /// When there is one more of them again.
    more_at: Option<Instant>,
    closed_until: Option<Instant>,
    /// How often the places were made anew: who was given one before has none now, and asks again.
    made: usize,
}

impl Bucket {
    /// A bucket for a rate.
    pub fn new(rate: Option<Rate>) -> Self {
        let most = rate.map_or(0, |rate| wide(rate.calls));
        Self { rate, state: RefCell::new(State { most, ..State::default() }) }
    }

    /// The rate that it keeps to.
    pub fn rate(&self) -> Option<Rate> {
        self.rate
    }

    /// Waits for its turn.
    ///
    /// Errors: how long it would be, where that is not before `deadline`, or the bucket is closed for longer than
    /// `patience`.
    pub async fn take(&self, deadline: impl Fn() -> Option<Instant>, patience: Duration) -> Result<(), Duration> {
        loop {
            let now_ = now();
            let closed = self.state.borrow().closed_until.filter(|until| *until > now_);
            let at = match closed {
                Some(until) => until,
                None => self.next(now_),
            };
            let wait = at.since(now_);
            let too_long = deadline().is_some_and(|deadline| !wait.is_zero() && at >= deadline);
            if too_long || (closed.is_some() && wait > patience) {
                return Err(wait);
            }
            if closed.is_none() {
                self.reserve(at);
            }
            let made = self.state.borrow().made;
            if wait.is_zero() {
                return Ok(());
            }
            sleep(wait).await;
            // It may have been closed meanwhile, or was when this began to wait.
            if closed.is_none() && made == self.state.borrow().made {
                self.went(at);
                return Ok(());
            }
        }
    }

    /// When the next call may be made.
    fn next(&self, now: Instant) -> Instant {
        let Some(rate) = self.rate else { return now };
        let state = &mut *self.state.borrow_mut();
        if state.most < wide(rate.calls) && state.more_at.is_none_or(|at| at <= now) {
            state.most += 1;
            state.more_at = Some(now + rate.window);
            if !state.places.is_empty() {
                state.places.push(now + rate.window);
            }
        }
        if state.places.last().is_none_or(|last| *last <= now) {
            state.spread(rate, now);
        }
        state.places.first().map_or(now, |first| (*first).max(now))
    }

    fn reserve(&self, at: Instant) {
        let Some(rate) = self.rate else { return };
        let state = &mut *self.state.borrow_mut();
        // A hundred or so at the most.
        state.places.drain(..state.places.len().min(1));
        state.places.push(at + rate.window + MARGIN);
    }

    /// A call that was to go at a time goes now. Where that is later, because the instance was not run, so is the call
    /// that follows it: calls that go together count together a window later too.
    fn went(&self, at: Instant) {
        let Some(rate) = self.rate else { return };
        let late = now().since(at);
        let places = &mut self.state.borrow_mut().places;
        let place = at + rate.window + MARGIN;
        if !late.is_zero()
            && let Ok(index) = places.binary_search(&place)
        {
            places.remove(index);
            let later = place + late;
            places.insert(places.partition_point(|other| *other <= later), later);
        }
    }

    /// The provider refused a call for the rate, and wants none for this long.
    pub fn refused(&self, wait: Duration) {
        let state = &mut *self.state.borrow_mut();
        let now = now();
        let until = now + wait;
        // Those that are refused together are one refusal.
        let again = state.closed_until.is_some_and(|closed| closed > now);
        if state.closed_until.is_none_or(|closed| closed < until) {
            state.closed_until = Some(until);
        }
        if let Some(rate) = self.rate.filter(|_| !again) {
            state.most = (state.most - state.most.div_ceil(8)).max(1);
            state.more_at = Some(until + rate.window);
            state.spread(rate, until);
        }
    }

    /// The provider says that it allows no more than so many calls in a window.
    pub fn at_most(&self, calls: u32) {
        let Some(rate) = self.rate.filter(|rate| calls < rate.calls) else { return };
        let state = &mut *self.state.borrow_mut();
        let calls = wide(calls).max(1);
        if state.most > calls {
            state.most = calls;
            state.spread(rate, now() + rate.window);
        }
        // It does not grow beyond that: what the provider says holds for as long as the bucket does.
        state.more_at = Some(now() + FOREVER);
    }
}

/// Longer than any bucket lasts.
const FOREVER: Duration = Duration::from_secs(1 << 40);

impl State {
    /// All places anew, one after the other in the window from then on.
    fn spread(&mut self, rate: Rate, from: Instant) {
        let most = u32::try_from(self.most.max(1)).unwrap_or(u32::MAX);
        self.places = (0..most).map(|place| from + rate.window * place / most).collect();
        self.made += 1;
    }
}

fn wide(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::runtime::{Task, block_on, spawn};

    const SECOND: Duration = Duration::from_secs(1);
    const RATE: Rate = Rate { calls: 8, window: SECOND };
    const PATIENCE: Duration = Duration::from_secs(15);

    /// So many calls that want to go at once; when each went.
    fn calls(bucket: &Rc<Bucket>, many: usize) -> Vec<Task<Instant>> {
        let call = |_| {
            let bucket = Rc::clone(bucket);
            spawn(async move {
                bucket.take(|| None, PATIENCE).await.expect("a turn");
                now()
            })
        };
        (0..many).map(call).collect()
    }

    fn went(calls: Vec<Task<Instant>>) -> Vec<Instant> {
        calls.into_iter().map(|call| block_on(call).expect("an end")).collect()
    }

    fn times(bucket: &Rc<Bucket>, many: usize) -> Vec<Instant> {
        went(calls(bucket, many))
    }

    fn most_in_a_window(times: &[Instant]) -> usize {
        let in_window =
            |first: &Instant| times.iter().filter(|time| *time >= first && time.since(*first) < SECOND).count();
        times.iter().map(in_window).max().unwrap_or(0)
    }

    #[test]
    fn no_window_has_more_calls_than_the_rate_and_hardly_fewer() {
        let bucket = Rc::new(Bucket::new(Some(RATE)));
        let start = now();
        let times = times(&bucket, 81);
        assert_eq!(most_in_a_window(&times), 8);
        let took = now().since(start);
        assert!(took >= RATE.floor(81) && took < RATE.floor(81) * 105 / 100, "{took:?}");
    }

    #[test]
    fn the_start_is_smooth_and_so_is_the_start_after_a_pause() {
        let bucket = Rc::new(Bucket::new(Some(RATE)));
        for _ in 0..2 {
            let times = times(&bucket, 8);
            let gaps: Vec<_> = times.windows(2).map(|two| two[1].since(two[0])).collect();
            assert!(gaps.iter().all(|gap| *gap == SECOND / 8), "{gaps:?}");
            block_on(sleep(SECOND * 3));
        }
    }

    #[test]
    fn after_a_refusal_nothing_goes_for_a_while_and_then_less_and_then_as_much_again() {
        let bucket = Rc::new(Bucket::new(Some(RATE)));
        times(&bucket, 8);
        bucket.refused(SECOND * 2);
        bucket.refused(SECOND * 2);
        let refused = now();
        let later: Vec<_> = (0..60).flat_map(|_| times(&bucket, 1)).collect();
        assert!(later[0].since(refused) >= SECOND * 2);
        let (early, late) = later.split_at(14);
        assert_eq!((most_in_a_window(early), most_in_a_window(late)), (7, 8));
    }

    #[test]
    fn who_waits_already_waits_on_when_it_is_closed() {
        let bucket = Rc::new(Bucket::new(Some(RATE)));
        let start = now();
        let waiting = calls(&bucket, 3);
        bucket.refused(SECOND * 5);
        for time in went(waiting).into_iter().skip(1) {
            assert!(time.since(start) >= SECOND * 5);
        }
    }

    #[test]
    fn a_refusal_takes_back_the_places_of_all_who_wait() {
        let bucket = Rc::new(Bucket::new(Some(RATE)));
        let waiting = calls(&bucket, 40);
        block_on(sleep(SECOND / 2));
        bucket.refused(SECOND);
        let refused = now();
        let mut times = went(waiting);
        times.retain(|time| *time > refused);
        times.sort_unstable();
        assert!(times.len() > 30 && times[0] >= refused + SECOND);
        assert!(most_in_a_window(&times) <= 8, "{times:?}");
    }

    #[test]
    fn a_call_that_went_later_than_it_was_to_is_followed_later() {
        let bucket = Rc::new(Bucket::new(Some(RATE)));
        let start = times(&bucket, 1)[0];
        block_on(sleep(SECOND / 2));
        bucket.went(start);
        assert!(times(&bucket, 8)[7] >= start + SECOND / 2 + SECOND + MARGIN);
    }

    #[test]
    fn who_would_wait_too_long_is_told_how_long_and_takes_no_place() {
        let bucket = Rc::new(Bucket::new(Some(Rate { calls: 1, window: SECOND })));
        times(&bucket, 1);
        let deadline = now() + SECOND / 2;
        let refused = block_on(bucket.take(|| Some(deadline), PATIENCE)).expect("an end");
        assert_eq!(refused, Err(SECOND + MARGIN));
        let start = now();
        assert_eq!(times(&bucket, 1), [start + SECOND + MARGIN]);
        bucket.refused(SECOND * 60);
        assert_eq!(block_on(bucket.take(|| None, PATIENCE)).expect("an end"), Err(SECOND * 60));
    }

    #[test]
    fn what_the_provider_says_is_kept_to() {
        let bucket = Rc::new(Bucket::new(Some(RATE)));
        bucket.at_most(3);
        assert_eq!(most_in_a_window(&times(&bucket, 20)), 3);
        bucket.at_most(50);
        assert_eq!(most_in_a_window(&times(&bucket, 20)), 3);
    }

    #[test]
    fn what_the_provider_says_holds_for_those_too_who_wait() {
        let bucket = Rc::new(Bucket::new(Some(RATE)));
        let waiting = calls(&bucket, 40);
        block_on(sleep(SECOND * 2));
        bucket.at_most(3);
        let said = now();
        let mut times = went(waiting);
        times.retain(|time| *time > said);
        assert!(times.len() > 20 && most_in_a_window(&times) <= 3, "{times:?}");
    }

    #[test]
    fn a_share_of_less_than_a_call_is_a_call_in_a_longer_window() {
        assert_eq!(RATE.share(50), Rate { calls: 4, window: SECOND });
        assert_eq!(Rate { calls: 2, window: SECOND }.share(10), Rate { calls: 1, window: SECOND * 5 });
        assert_eq!(RATE.share(100), RATE);
    }
}
