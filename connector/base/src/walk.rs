//! Pages of a provider's lists as pages of a search.
//!
//! A search walks one list after another (its phases), each page by page as the provider gives them, passes over
//! the rows that the filter refuses, and completes the others, many at a time and in their order. Where it stands
//! is a [`Position`]: enough to go on in any instance. What an instance keeps besides ([`Memory`]) only saves calls
//! and time: the rows of the provider's page, and, while all of a search is walked, the next page and the
//! rows that are completed already. Between two calls the host goes on with what was asked for.
//!
//! A call that fails loses nothing: asked again, it goes on with what there is, and asks anew for what failed.
//! Rows that were in an earlier list of the same search come once. That a list is whole is for [`crate::list`].

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;
use std::str::FromStr;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::contract::ConnectorObject;
use crate::error::{Error, ErrorKind, Result};
use crate::list::{Digests, List, Reading};
use crate::runtime::{Task, spawn};

/// How many rows there are to be before the provider's next page is waited for: one of its pages.
const ROWS_AHEAD: usize = 300;

/// Where the rows of a search come from.
#[allow(async_fn_in_trait, reason = "a component has one thread: no future is sent anywhere")]
pub trait Source: 'static {
    /// A row of a list: what is known of an object before it is completed.
    type Row: Clone + 'static;

    /// How many lists there are to walk.
    fn phases(&self) -> usize;

    /// A page of a list, from its beginning or where a token says. `precondition-failed` is for a token that has
    /// expired.
    async fn list(&self, phase: usize, token: Option<&str>) -> Result<List<Self::Row>>;

    /// What tells a row from the other rows: the digest of an id.
    fn digest(&self, row: &Self::Row) -> u64;

    /// Whether the filter accepts the object of a row; none where the row alone does not tell.
    fn verdict(&self, row: &Self::Row) -> Option<bool>;

    /// The object of a row, completed. None where it is gone meanwhile, or where the row alone did not
    /// tell and the filter does not accept the object.
    async fn object(&self, row: Self::Row) -> Result<Option<ConnectorObject>>;

    /// Hears how much of the search will be asked for, before anything else in a call: what is worth its while for so
    /// many rows can begin.
    fn reaches(&self, _: Reach) {}
}

/// Where a search stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The list that is walked.
    phase: usize,
    /// The next row of the provider's page.
    index: usize,
    /// The different rows of this list on the pages before.
    seen: usize,
    /// How often this list was begun again.
    again: usize,
    /// The token of the provider's page; none for the first.
    token: Option<Rc<str>>,
}

/// As a cookie has it: `phase.index.seen.again.token`, all of it printable.
impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}.{}.", self.phase, self.index, self.seen, self.again)?;
        self.token.iter().try_for_each(|token| write!(formatter, "{}", utf8_percent_encode(token, NON_ALPHANUMERIC)))
    }
}

impl FromStr for Position {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(5, '.');
        let mut number = || parts.next().and_then(|part| part.parse().ok()).ok_or(());
        let (phase, index, seen, again) = (number()?, number()?, number()?, number()?);
        let token = percent_decode_str(parts.next().ok_or(())?).decode_utf8().map_err(|_| ())?;
        let token = Some(token).filter(|token| !token.is_empty()).map(|token| Rc::from(&*token));
        Ok(Self { phase, index, seen, again, token })
    }
}

/// How a page is to be filled.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The digest of the query.
    pub digest: u64,
    /// How many objects to pass over first.
    pub skip: usize,
    /// How many objects to answer.
    pub size: usize,
    /// How many rows are completed at a time.
    pub concurrency: usize,
    /// How much of the search will be asked for.
    pub reach: Reach,
}

/// How much of a search will be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Perhaps this page and no more. Who asks for the next one in the same instance walks all of it.
    Page,
    /// All of it.
    All,
}

/// A page of a search.
#[derive(Debug)]
pub struct Walked {
    /// The objects.
    pub objects: Vec<ConnectorObject>,
    /// Where to go on; none at the end.
    pub next: Option<Position>,
    /// How many rows follow in the last list, where that one is being walked and its total is known.
    pub rows_left: Option<usize>,
}

/// What an instance keeps between the calls of a search.
pub struct Memory<S: Source>(RefCell<Option<Walk<S>>>);

impl<S: Source> Default for Memory<S> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<S: Source> fmt::Debug for Memory<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Memory")
    }
}

/// Walks on from a position until the page is full or the lists are at their end.
///
/// Errors: those of the source; `connection-broken` for a list that is not whole; `precondition-failed` for a
/// position that only the instance could go on from that it comes from.
pub async fn page<S: Source>(source: S, memory: &Memory<S>, from: Position, wanted: Wanted) -> Result<Walked> {
    let goes_on = from != Position::default();
    let known = memory.0.take().filter(|walk| goes_on && walk.digest == wanted.digest && walk.at == from);
    let reach = if known.is_some() { Reach::All } else { wanted.reach };
    let mut walk = match known {
        Some(walk) => walk,
        None => Walk::new(source, wanted.digest, from)?,
    };
    let walked = walk.page(Wanted { reach, ..wanted }).await;
    if walk.place().is_some() && !walk.reading.is_broken() {
        memory.0.replace(Some(walk));
    }
    walked
}

/// A search that is being walked.
struct Walk<S: Source> {
    digest: u64,
    source: Rc<S>,
    /// Where its next page starts.
    at: Position,
    /// The number of the call.
    call: usize,
    /// The list that is read.
    phase: usize,
    reading: Reading,
    /// The rows of the lists before it.
    earlier: Digests,
    /// How many rows the list has, where it says so.
    total: Option<usize>,
    /// The rows of the next page that were delivered before.
    delivered: usize,
    /// The next page of the list, and the call that asked for it.
    coming: Option<Coming<S::Row>>,
    rows: VecDeque<Queued<S::Row>>,
    objects: VecDeque<(Place, ConnectorObject)>,
}

/// A page that was asked for, by a call.
type Coming<R> = (usize, Task<Result<List<R>>>);

/// Where a row is.
#[derive(Clone)]
struct Place {
    position: Position,
    /// How many rows of its list follow, with it.
    left: Option<usize>,
}

/// A row that the filter may accept.
struct Queued<R> {
    place: Place,
    row: R,
    work: Work,
}

/// How far a row is.
enum Work {
    Waiting,
    /// Nothing has to be read: it is an object, and passed over.
    Passed,
    /// It is being completed, since a call.
    Started(usize, Task<Result<Option<ConnectorObject>>>),
}

/// What became of a row.
enum Outcome {
    Passed,
    Object(Option<ConnectorObject>),
}

impl<S: Source> Walk<S> {
    fn new(source: S, digest: u64, at: Position) -> Result<Self> {
        if at.again > 0 {
            let message = "the list had to be begun again, and what was delivered before is not known here";
            return Err(Error::new(ErrorKind::PreconditionFailed, message).with_hint("Start the search again."));
        }
        let reading = at.token.clone().map_or_else(Reading::default, |token| Reading::from_middle(token, at.seen));
        Ok(Self {
            digest,
            source: Rc::new(source),
            call: 0,
            phase: at.phase,
            reading,
            earlier: Digests::default(),
            total: None,
            delivered: at.index,
            at,
            coming: None,
            rows: VecDeque::new(),
            objects: VecDeque::new(),
        })
    }

    async fn page(&mut self, wanted: Wanted) -> Result<Walked> {
        self.call += 1;
        self.source.reaches(wanted.reach);
        let mut skip = wanted.skip;
        while skip > 0 || self.objects.len() < wanted.size {
            let room = if skip > 0 { skip } else { wanted.size - self.objects.len() };
            self.start(room, skip > 0, wanted);
            match self.first().await? {
                Some((_, Outcome::Passed | Outcome::Object(Some(_)))) if skip > 0 => skip -= 1,
                Some((place, Outcome::Object(Some(object)))) => self.objects.push_back((place, object)),
                Some((_, Outcome::Passed | Outcome::Object(None))) => {}
                None if self.phase >= self.source.phases() => break,
                None => self.read_on().await?,
            }
        }
        self.start(0, false, wanted);
        let full = self.objects.len().min(wanted.size);
        let objects = self.objects.drain(..full).map(|(_, object)| object).collect();
        let place = self.place();
        self.at = place.as_ref().map(|place| place.position.clone()).unwrap_or_default();
        let walks_last = |place: &Place| place.position.phase + 1 == self.source.phases();
        let rows_left = place.as_ref().map_or(Some(0), |place| place.left.filter(|_| walks_last(place)));
        Ok(Walked { objects, next: place.map(|place| place.position), rows_left })
    }

    /// Where the next object is, or the next page of a list; none at the end.
    fn place(&self) -> Option<Place> {
        let ready = self.objects.front().map(|(place, _)| place);
        ready.or_else(|| self.rows.front().map(|row| &row.place)).cloned().or_else(|| {
            let left = || self.total.map(|total| total.saturating_sub(self.reading.seen()));
            (self.phase < self.source.phases()).then(|| Place { position: self.position(self.delivered), left: left() })
        })
    }

    /// A row of the page that comes next.
    fn position(&self, index: usize) -> Position {
        let (token, seen, again) = (self.reading.token().cloned(), self.reading.seen(), self.reading.again());
        Position { phase: self.phase, index, seen, again, token }
    }

    /// Starts what has room, and what is worth asking for ahead.
    fn start(&mut self, room: usize, passing: bool, wanted: Wanted) {
        let ahead = if wanted.reach == Reach::All && !passing { 2 * wanted.concurrency } else { 0 };
        let window = room.max(ahead).min(2 * wanted.concurrency.max(1));
        for queued in self.rows.iter_mut().take(window) {
            if matches!(queued.work, Work::Waiting) {
                let is_certain = || self.source.verdict(&queued.row) == Some(true);
                queued.work = match passing && is_certain() {
                    true => Work::Passed,
                    false => started(&self.source, queued.row.clone(), self.call),
                };
            }
        }
        if ahead > 0 && self.rows.len() < ROWS_AHEAD && self.coming.is_none() && self.phase < self.source.phases() {
            self.ask();
        }
    }

    /// Asks for the next page.
    fn ask(&mut self) {
        let (source, phase, token) = (Rc::clone(&self.source), self.phase, self.reading.token().cloned());
        self.coming = Some((self.call, spawn(async move { source.list(phase, token.as_deref()).await })));
    }

    /// What becomes of the first row; none where there is none.
    async fn first(&mut self) -> Result<Option<(Place, Outcome)>> {
        let Some(first) = self.rows.front_mut() else { return Ok(None) };
        let outcome = loop {
            match &mut first.work {
                Work::Passed => break Outcome::Passed,
                Work::Waiting => first.work = started(&self.source, first.row.clone(), self.call),
                Work::Started(call, task) => {
                    let (call, done) = (*call, task.await);
                    match done {
                        Ok(object) => break Outcome::Object(object),
                        // An earlier caller may have had less time, and what failed then may be well by now.
                        Err(_) if call < self.call => first.work = Work::Waiting,
                        Err(error) => {
                            first.work = Work::Waiting;
                            return Err(error);
                        }
                    }
                }
            }
        };
        Ok(self.rows.pop_front().map(|row| (row.place, outcome)))
    }

    /// Takes in the next page of the lists.
    async fn read_on(&mut self) -> Result<()> {
        loop {
            if self.coming.is_none() {
                self.ask();
            }
            let Some((call, task)) = self.coming.take() else { return Ok(()) };
            match task.await {
                Ok(list) => return self.take(list),
                Err(_) if call < self.call => {}
                Err(error) if error.kind == ErrorKind::PreconditionFailed && self.reading.expired() => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn take(&mut self, List { rows, next, total }: List<S::Row>) -> Result<()> {
        let digests: Vec<u64> = rows.iter().map(|row| self.source.digest(row)).collect();
        let first = self.position(0);
        let new = self.reading.page(&digests, next, total)?;
        let mut seen = first.seen;
        for (index, (row, (digest, is_new))) in rows.into_iter().zip(digests.into_iter().zip(new)).enumerate() {
            let left = total.map(|total| total.saturating_sub(seen));
            seen += usize::from(is_new);
            let comes = is_new && index >= self.delivered && !self.earlier.contains(digest);
            if comes && self.source.verdict(&row) != Some(false) {
                let place = Place { position: Position { index, ..first.clone() }, left };
                self.rows.push_back(Queued { place, row, work: Work::Waiting });
            }
        }
        self.delivered = 0;
        self.total = total;
        if self.reading.ended() {
            self.phase += 1;
            // What the next list holds is not known before its first page is.
            self.total = None;
            self.earlier.merge(std::mem::take(&mut self.reading).into_digests());
        }
        Ok(())
    }
}

fn started<S: Source>(source: &Rc<S>, row: S::Row, call: usize) -> Work {
    let source = Rc::clone(source);
    Work::Started(call, spawn(async move { source.object(row).await }))
}

#[cfg(test)]
mod tests;
