//! Pages of a provider's lists as pages of a search.
//!
//! A search walks one list after another (its phases), each page by page as the provider gives them,
//! passes over the rows that the filter refuses, and completes the others. Where it stands is a
//! [`Position`]: enough to go on in any instance. What an instance remembers besides ([`Memory`]) only
//! saves calls.
//!
//! A list that ends early is never taken for a shorter one: fewer different rows than the provider's own
//! total, or a page token that comes twice, is an error. A row that a provider repeats on a later page
//! counts once and comes once, as far as the instance remembers the pages before.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;
use std::str::FromStr;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::contract::ConnectorObject;
use crate::error::{Error, ErrorKind, Result};
use crate::runtime::spawn;

/// One page of a provider's list.
#[derive(Debug)]
pub struct List<R> {
    /// Its rows.
    pub rows: Vec<R>,
    /// The token of the next page; none on the last.
    pub next: Option<String>,
    /// How many rows the whole list has, where the provider says so.
    pub total: Option<usize>,
}

/// Where the rows of a search come from.
#[allow(async_fn_in_trait, reason = "a component has one thread: no future is sent anywhere")]
pub trait Source: 'static {
    /// A row of a list: what is known of an object before it is completed.
    type Row: Clone + 'static;

    /// How many lists there are to walk.
    fn phases(&self) -> usize;

    /// A page of a list, from its beginning or where a token says.
    async fn list(&self, phase: usize, token: Option<&str>) -> Result<List<Self::Row>>;

    /// What tells a row from the other rows of its list: the digest of an id.
    fn digest(&self, row: &Self::Row) -> u64;

    /// Whether the filter accepts the object of a row; none where the row alone does not tell.
    fn verdict(&self, row: &Self::Row) -> Option<bool>;

    /// The object of a row, completed. None where it is gone meanwhile, or where the row alone did not
    /// tell and the filter does not accept the object.
    async fn object(&self, row: Self::Row) -> Result<Option<ConnectorObject>>;
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
    /// The token of the provider's page; none for the first.
    token: Option<String>,
}

/// As a cookie has it: `phase.index.seen.token`, all of it printable.
impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}.", self.phase, self.index, self.seen)?;
        self.token.iter().try_for_each(|token| write!(formatter, "{}", utf8_percent_encode(token, NON_ALPHANUMERIC)))
    }
}

impl FromStr for Position {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(4, '.');
        let mut number = || parts.next().and_then(|part| part.parse().ok()).ok_or(());
        let (phase, index, seen) = (number()?, number()?, number()?);
        let token = percent_decode_str(parts.next().ok_or(())?).decode_utf8().map_err(|_| ())?;
        Ok(Self { phase, index, seen, token: Some(token.into_owned()).filter(|token| !token.is_empty()) })
    }
}

/// What an instance remembers between calls: the provider's page that the last call ended in, and which
/// rows were on the pages before it (8 bytes for each).
#[derive(Debug)]
pub struct Memory<R>(RefCell<Option<Remembered<R>>>);

#[derive(Debug)]
struct Remembered<R> {
    digest: u64,
    phase: usize,
    token: Option<String>,
    page: Rc<Page<R>>,
    earlier: Digests,
}

/// A page of a list, among those before it.
#[derive(Debug)]
struct Page<R> {
    /// The rows; none in the place of one that was there before.
    rows: Vec<Option<R>>,
    /// The digests of the others.
    new: Digests,
    next: Option<String>,
    total: Option<usize>,
}

/// Digests in their order: eight bytes for each, and nothing besides.
#[derive(Debug, Default)]
struct Digests(Vec<u64>);

impl Digests {
    fn contains(&self, digest: u64) -> bool {
        self.0.binary_search(&digest).is_ok()
    }

    /// Adds one; says whether it is new. For as many as a page has.
    fn insert(&mut self, digest: u64) -> bool {
        let place = self.0.binary_search(&digest);
        if let Err(place) = place {
            self.0.insert(place, digest);
        }
        place.is_err()
    }

    /// Both together.
    fn merged(self, other: &Self) -> Self {
        let mut merged = Vec::with_capacity(self.0.len() + other.0.len());
        let mut others = other.0.iter().copied().peekable();
        for digest in self.0 {
            while let Some(less) = others.next_if(|other| *other < digest) {
                merged.push(less);
            }
            merged.push(digest);
        }
        merged.extend(others);
        Self(merged)
    }
}

impl<R> Default for Memory<R> {
    fn default() -> Self {
        Self(RefCell::new(None))
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

/// Walks on from a position until the page is full or the lists are at their end.
///
/// Errors: those of the source; `connection-broken` for a list that ends early.
pub async fn page<S: Source>(
    source: &Rc<S>,
    memory: &Memory<S::Row>,
    from: Position,
    wanted: Wanted,
) -> Result<Walked> {
    let mut position = from;
    let mut skip = wanted.skip;
    let mut objects: Vec<ConnectorObject> = Vec::new();
    let mut rows_left = None;
    while position.phase < source.phases() && objects.len() < wanted.size {
        let list = current_page(&**source, memory, wanted.digest, &position).await?;
        let room = if skip > 0 { skip } else { wanted.size - objects.len() };
        let batch = batch(&**source, &list.rows, &mut position.index, room);
        if skip > 0 {
            skip -= passed_over(source, batch, wanted.concurrency).await?;
        } else {
            objects.extend(completed(source, batch, wanted.concurrency).await?);
        }
        rows_left = list.left(position.seen, position.index);
        if position.index >= list.rows.len() {
            let phase = position.phase;
            position = position.after(list.new.0.len(), list.next.as_deref(), list.total)?;
            if position.phase != phase {
                // What the next list holds is not known before its first page is.
                rows_left = None;
            }
        }
    }
    let walking_last = position.phase + 1 == source.phases();
    let at_end = position.phase >= source.phases();
    Ok(Walked {
        objects,
        next: (!at_end).then_some(position),
        rows_left: if at_end { Some(0) } else { rows_left.filter(|_| walking_last) },
    })
}

async fn current_page<S: Source>(
    source: &S,
    memory: &Memory<S::Row>,
    digest: u64,
    position: &Position,
) -> Result<Rc<Page<S::Row>>> {
    let known = memory.0.borrow_mut().take().filter(|known| (known.digest, known.phase) == (digest, position.phase));
    let earlier = match known {
        // A position at the first row of a list is one that was never read: what is remembered may be old.
        Some(known) if known.token == position.token && position.index > 0 => {
            let page = Rc::clone(&known.page);
            *memory.0.borrow_mut() = Some(known);
            return Ok(page);
        }
        Some(known) if known.token == position.token => known.earlier,
        Some(known) if position.token.is_some() && known.page.next == position.token => {
            known.earlier.merged(&known.page.new)
        }
        _ => Digests::default(),
    };
    let page = Rc::new(Page::of(source, source.list(position.phase, position.token.as_deref()).await?, &earlier));
    let (phase, token) = (position.phase, position.token.clone());
    *memory.0.borrow_mut() = Some(Remembered { digest, phase, token, page: Rc::clone(&page), earlier });
    Ok(page)
}

impl<R> Page<R> {
    fn of<S: Source<Row = R>>(source: &S, list: List<R>, earlier: &Digests) -> Self {
        let mut new = Digests::default();
        let mut rows = Vec::with_capacity(list.rows.len());
        for row in list.rows {
            let digest = source.digest(&row);
            let is_new = !earlier.contains(digest) && new.insert(digest);
            rows.push(is_new.then_some(row));
        }
        Self { rows, new, next: list.next, total: list.total }
    }

    /// How many rows of the list follow, where its total is known: `seen` before this page, `index` on it.
    fn left(&self, seen: usize, index: usize) -> Option<usize> {
        let passed = self.rows.iter().take(index).flatten().count();
        self.total.map(|total| total.saturating_sub(seen + passed))
    }
}

/// The next rows that the filter may accept, `room` of them at the most.
fn batch<S: Source>(
    source: &S,
    rows: &[Option<S::Row>],
    index: &mut usize,
    room: usize,
) -> Vec<(S::Row, Option<bool>)> {
    let mut batch = Vec::new();
    while batch.len() < room
        && let Some(row) = rows.get(*index)
    {
        *index += 1;
        let Some(row) = row else { continue };
        match source.verdict(row) {
            Some(false) => {}
            verdict => batch.push((row.clone(), verdict)),
        }
    }
    batch
}

/// The objects of the rows, in their order; so many are completed at a time.
async fn completed<S: Source>(
    source: &Rc<S>,
    batch: Vec<(S::Row, Option<bool>)>,
    concurrency: usize,
) -> Result<Vec<ConnectorObject>> {
    let mut rows = batch.into_iter().map(|(row, _)| row);
    let mut under_way = VecDeque::new();
    let mut objects = Vec::new();
    loop {
        for row in rows.by_ref().take(concurrency.max(1) - under_way.len()) {
            let source = Rc::clone(source);
            under_way.push_back(spawn(async move { source.object(row).await }));
        }
        match under_way.pop_front() {
            Some(task) => objects.extend(task.await?),
            None => return Ok(objects),
        }
    }
}

/// How many of the rows are objects of the result. Only those that do not tell by themselves are read.
async fn passed_over<S: Source>(
    source: &Rc<S>,
    batch: Vec<(S::Row, Option<bool>)>,
    concurrency: usize,
) -> Result<usize> {
    let (certain, open): (Vec<_>, Vec<_>) = batch.into_iter().partition(|(_, verdict)| *verdict == Some(true));
    Ok(certain.len() + completed(source, open, concurrency).await?.len())
}

impl Position {
    /// The position behind a page with so many rows that were not there before.
    fn after(mut self, new: usize, next: Option<&str>, total: Option<usize>) -> Result<Self> {
        self.seen += new;
        self.index = 0;
        let broken = |message: String| {
            Err(Error::new(ErrorKind::ConnectionBroken, message).with_hint("Start the search again."))
        };
        match next {
            Some(token) if Some(token) == self.token.as_deref() => {
                return broken("the list repeats a page token: it would never end".into());
            }
            Some(_) if new == 0 => return broken("the list goes on, and repeats what was there before".into()),
            // A list may grow while it is walked, but not to twice its size.
            Some(_) if total.is_some_and(|total| self.seen > 2 * total + new) => {
                return broken(format!("the list goes on after {} rows, and says that it has {total:?}", self.seen));
            }
            Some(token) => self.token = Some(token.to_owned()),
            None => {
                if let Some(total) = total.filter(|total| self.seen < *total) {
                    return broken(format!("the list ended after {} of {total} rows", self.seen));
                }
                self = Self { phase: self.phase + 1, ..Self::default() };
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::runtime::block_on;

    /// Lists of numbers, in pages of three. Only the row of an even number tells whether it is accepted.
    struct Numbers {
        lists: Vec<Vec<u32>>,
        accepts: fn(u32) -> bool,
        calls: RefCell<Vec<String>>,
        drop_row: bool,
        /// Every page but the first begins with the first row of all.
        again: bool,
        repeat: bool,
    }

    impl Numbers {
        fn new(lists: &[u32]) -> Self {
            let lists = lists.iter().map(|length| (0..*length).collect()).collect();
            Self { lists, accepts: |_| true, calls: RefCell::default(), drop_row: false, again: false, repeat: false }
        }
    }

    impl Source for Numbers {
        type Row = u32;

        fn phases(&self) -> usize {
            self.lists.len()
        }

        async fn list(&self, phase: usize, token: Option<&str>) -> Result<List<u32>> {
            self.calls.borrow_mut().push(format!("list {phase} {token:?}"));
            let start: usize = token.map_or(0, |token| token.parse().expect("a token"));
            let all = self.lists.get(phase).expect("a phase");
            let mut rows: Vec<u32> = all.iter().skip(start).take(3).copied().collect();
            let next = (start + 3 < all.len()).then(|| (start + 3).to_string());
            let next = if self.repeat { Some("3".into()) } else { next };
            if self.again && start > 0 {
                rows.insert(0, all.first().copied().expect("a row"));
            }
            if self.drop_row {
                rows.pop();
            }
            Ok(List { rows, next, total: Some(all.len()) })
        }

        fn digest(&self, row: &u32) -> u64 {
            u64::from(*row)
        }

        fn verdict(&self, row: &u32) -> Option<bool> {
            row.is_multiple_of(2).then(|| (self.accepts)(*row))
        }

        async fn object(&self, row: u32) -> Result<Option<ConnectorObject>> {
            self.calls.borrow_mut().push(format!("read {row}"));
            Ok((self.accepts)(row).then(|| ConnectorObject {
                object_class: "Number".into(),
                uid: crate::attribute::uid(row.to_string()),
                name: row.to_string(),
                attributes: vec![],
            }))
        }
    }

    const WANTED: Wanted = Wanted { digest: 1, skip: 0, size: 2, concurrency: 4 };

    fn walk(source: &Rc<Numbers>, fresh: bool, wanted: Wanted) -> Result<Vec<Vec<String>>> {
        let memory = Memory::default();
        let mut position = Some(Position::default());
        let mut pages = Vec::new();
        let mut skip = wanted.skip;
        while let Some(from) = position {
            let new = Memory::default();
            let wanted = Wanted { skip: std::mem::take(&mut skip), ..wanted };
            let walked = block_on(page(source, if fresh { &new } else { &memory }, from, wanted)).expect("an end")?;
            pages.push(walked.objects.into_iter().map(|object| object.uid.value).collect());
            position = walked.next;
        }
        Ok(pages)
    }

    #[test]
    fn every_object_comes_once_whatever_the_page_size_and_whoever_goes_on() {
        let accepts = |number: u32| !number.is_multiple_of(3);
        let source = Rc::new(Numbers { accepts, ..Numbers::new(&[7, 0, 4]) });
        let expected = ["1", "2", "4", "5", "1", "2"];
        for size in 1..10 {
            for fresh in [true, false] {
                let pages = walk(&source, fresh, Wanted { size, ..WANTED }).expect("walked");
                assert_eq!(pages.concat(), expected, "pages of {size}");
                assert!(pages.iter().rev().skip(1).all(|page| page.len() == size), "pages of {size}: {pages:?}");
            }
        }
    }

    #[test]
    fn a_warm_instance_asks_for_each_page_once() {
        let source = Rc::new(Numbers::new(&[7]));
        walk(&source, false, Wanted { size: 1, ..WANTED }).expect("walked");
        let lists = source.calls.borrow().iter().filter(|call| call.starts_with("list")).count();
        assert_eq!(lists, 3);
    }

    #[test]
    fn an_offset_reads_only_the_rows_that_do_not_tell() {
        let source = Rc::new(Numbers::new(&[7]));
        let pages = walk(&source, true, Wanted { skip: 5, size: 10, ..WANTED }).expect("walked");
        assert_eq!(pages.concat(), ["5", "6"]);
        let reads: Vec<_> = source.calls.borrow().iter().filter(|call| call.starts_with("read")).cloned().collect();
        assert_eq!(reads, ["read 1", "read 3", "read 5", "read 6"]);
    }

    #[test]
    fn a_position_comes_back_from_its_text() {
        let token = |token: &str| Position { phase: 1, index: 20, seen: 300, token: Some(token.into()) };
        for position in [Position::default(), token("abc"), token("a.b%/+ =\u{e9}")] {
            assert_eq!(position.to_string().parse(), Ok(position));
        }
        for broken in ["", "1.2", "1.2.3", "a.2.3.", "1.-2.3.t"] {
            assert_eq!(broken.parse::<Position>(), Err(()), "{broken}");
        }
    }

    #[test]
    fn a_row_that_is_repeated_comes_once_and_counts_once() {
        for size in 1..10 {
            let source = Rc::new(Numbers { again: true, ..Numbers::new(&[7, 4]) });
            let pages = walk(&source, false, Wanted { size, ..WANTED }).expect("walked");
            assert_eq!(pages.concat(), ["0", "1", "2", "3", "4", "5", "6", "0", "1", "2", "3"], "pages of {size}");
            let source = Rc::new(Numbers { again: true, drop_row: true, ..Numbers::new(&[7]) });
            walk(&source, false, Wanted { size, ..WANTED }).expect_err("a row is missing, and another one hides it");
        }
    }

    #[test]
    fn a_list_that_ends_early_or_never_is_an_error() {
        let source = Rc::new(Numbers { drop_row: true, ..Numbers::new(&[7]) });
        assert_eq!(walk(&source, false, WANTED).expect_err("short").kind, ErrorKind::ConnectionBroken);
        let source = Rc::new(Numbers { repeat: true, ..Numbers::new(&[7]) });
        assert_eq!(walk(&source, false, WANTED).expect_err("endless").kind, ErrorKind::ConnectionBroken);
    }
}
