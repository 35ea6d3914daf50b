//! Lists that a provider gives page by page, held to being whole.
//!
//! | what a list does | what follows |
//! |---|---|
//! | a row comes a second time | it counts once, and comes once |
//! | it ends, with fewer different rows than its own total | it is read once more, and what was there before is passed over; then it is an error |
//! | a page token comes a second time, or no row of a page is new and it goes on | an error: it would never end |
//! | it goes on far beyond its own total | an error |
//! | a page token has expired | it is read from its beginning, and what was there before is passed over; an error where nothing has come since the last time |
//!
//! A list that is read on from its middle, by an instance that does not know what was before, is not read again: that
//! would deliver rows twice.

use std::rc::Rc;

use crate::cookie::digest;
use crate::error::{Error, ErrorKind};

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

impl<R> List<R> {
    /// The page with its rows as something else.
    pub fn map<T>(self, row: impl FnMut(R) -> T) -> List<T> {
        List { rows: self.rows.into_iter().map(row).collect(), next: self.next, total: self.total }
    }
}

/// A list that is not whole: what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken(pub String);

impl From<Broken> for Error {
    fn from(Broken(message): Broken) -> Self {
        Self::new(ErrorKind::ConnectionBroken, message).with_hint("Start the search again.")
    }
}

/// Digests in their order: eight bytes for each, and nothing besides.
#[derive(Debug, Default)]
pub struct Digests(Vec<u64>);

impl Digests {
    /// Whether one is among them.
    pub fn contains(&self, digest: u64) -> bool {
        self.0.binary_search(&digest).is_ok()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds one; says whether it is new. For as many as a page has.
    fn insert(&mut self, digest: u64) -> bool {
        let place = self.0.binary_search(&digest);
        if let Err(place) = place {
            self.0.insert(place, digest);
        }
        place.is_err()
    }

    /// Adds others, none of which is there.
    pub fn merge(&mut self, others: Self) {
        let mut merged = Vec::with_capacity(self.0.len() + others.0.len());
        let mut others = others.0.into_iter().peekable();
        for digest in self.0.drain(..) {
            while let Some(less) = others.next_if(|other| *other < digest) {
                merged.push(less);
            }
            merged.push(digest);
        }
        merged.extend(others);
        self.0 = merged;
    }
}

/// How far a list has been read.
#[derive(Debug, Default)]
pub struct Reading {
    /// The token of the next page; none for the first.
    token: Option<Rc<str>>,
    /// Whether there is no next page.
    ended: bool,
    /// The different rows of the pages before, as far as they are known.
    seen: Digests,
    /// How many there were besides, on pages that another instance read.
    unknown: usize,
    /// How often it was begun again.
    again: usize,
    /// Whether that was since the list ended too early.
    ended_early: bool,
    /// Whether a new row has come since it was begun.
    progress: bool,
    /// The digests of the tokens, and the number of rows, since it was begun.
    tokens: Vec<u64>,
    rows: usize,
    broken: bool,
}

impl Reading {
    /// A list of which another instance has read the pages before this one, with so many different rows.
    pub fn from_middle(token: Rc<str>, rows: usize) -> Self {
        Self { token: Some(token), unknown: rows, ..Self::default() }
    }

    /// The token of the next page; none for the first.
    pub fn token(&self) -> Option<&Rc<str>> {
        self.token.as_ref()
    }

    /// Whether there is no next page.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Whether it was found not to be whole.
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// How many different rows there were.
    pub fn seen(&self) -> usize {
        self.unknown + self.seen.len()
    }

    /// How often it was begun again.
    pub fn again(&self) -> usize {
        self.again
    }

    /// The digests of its rows.
    pub fn into_digests(self) -> Digests {
        self.seen
    }

    /// Takes in the next page, of whose rows these are the digests; which of them are new.
    ///
    /// Errors: what makes the list one that is not whole.
    pub fn page(&mut self, rows: &[u64], next: Option<String>, total: Option<usize>) -> Result<Vec<bool>, Broken> {
        let judged = self.judged(rows, next, total);
        self.broken = judged.is_err();
        judged
    }

    fn judged(&mut self, rows: &[u64], next: Option<String>, total: Option<usize>) -> Result<Vec<bool>, Broken> {
        let mut added = Digests::default();
        let new: Vec<bool> = rows.iter().map(|row| !self.seen.contains(*row) && added.insert(*row)).collect();
        let nothing_new = added.is_empty();
        self.progress |= !nothing_new;
        self.seen.merge(added);
        self.rows += rows.len();
        let broken = |message: String| Err(Broken(message));
        match next {
            Some(token) => {
                let known = digest(&token);
                if self.tokens.contains(&known) || self.token.as_deref() == Some(&*token) {
                    return broken("the list repeats a page token: it would never end".into());
                }
                if nothing_new && self.again == 0 {
                    return broken("the list goes on, and repeats what was there before".into());
                }
                // A list may grow while it is read, and repeat rows, but not to twice its size.
                let most = 2 * total.unwrap_or(self.seen()) + rows.len();
                if self.unknown + self.rows > most {
                    let total = total.map_or_else(String::new, |total| format!(" of {total}"));
                    return broken(format!("the list goes on after {} rows{total}", self.unknown + self.rows));
                }
                self.tokens.push(known);
                self.token = Some(token.into());
            }
            None => match total.filter(|total| self.seen() < *total) {
                None => self.ended = true,
                Some(_) if self.unknown == 0 && !self.ended_early => {
                    self.begin_again();
                    self.ended_early = true;
                }
                Some(total) => return broken(format!("the list ended after {} of {total} rows", self.seen())),
            },
        }
        Ok(new)
    }

    /// The token of the next page has expired: begins again, and says whether it can.
    pub fn expired(&mut self) -> bool {
        let can = self.unknown == 0 && self.token.is_some() && self.progress;
        if can {
            self.begin_again();
        }
        can
    }

    fn begin_again(&mut self) {
        self.token = None;
        self.tokens.clear();
        self.rows = 0;
        self.progress = false;
        self.again += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(reading: &mut Reading, rows: &[u64], next: &str, total: usize) -> Result<Vec<bool>, Broken> {
        reading.page(rows, Some(next).filter(|next| !next.is_empty()).map(str::to_owned), Some(total))
    }

    #[test]
    fn a_row_that_is_repeated_is_new_once() {
        let mut reading = Reading::default();
        assert_eq!(page(&mut reading, &[1, 2, 1], "a", 3), Ok(vec![true, true, false]));
        assert_eq!(page(&mut reading, &[2, 3], "", 3), Ok(vec![false, true]));
        assert!(reading.ended());
    }

    #[test]
    fn a_list_that_ends_early_is_read_once_more_and_then_it_is_broken() {
        let mut reading = Reading::default();
        page(&mut reading, &[1, 2], "", 3).expect("once more");
        assert_eq!((reading.ended(), reading.token(), reading.again()), (false, None, 1));
        assert_eq!(page(&mut reading, &[1], "a", 3), Ok(vec![false]), "what was there is passed over");
        let mut short = Reading::default();
        page(&mut short, &[1, 2], "", 3).expect("once more");
        assert_eq!(page(&mut short, &[1, 2], "", 3), Err(Broken("the list ended after 2 of 3 rows".into())));
        assert!(short.is_broken());
        assert_eq!(page(&mut reading, &[2, 3], "", 3), Ok(vec![false, true]));
        assert!(reading.ended());
    }

    #[test]
    fn a_list_that_would_never_end_is_broken() {
        let repeats = |pages: &[(&[u64], &str)]| {
            let mut reading = Reading::default();
            pages.iter().try_for_each(|(rows, next)| page(&mut reading, rows, next, 4).map(drop)).expect_err("broken").0
        };
        assert!(repeats(&[(&[1], "a"), (&[2], "b"), (&[3], "a")]).contains("token"));
        assert!(repeats(&[(&[1, 2], "a"), (&[1, 2], "b")]).contains("repeats what was there"));
        let endless: Vec<_> = (0..20).map(|row| ([row], row.to_string())).collect();
        let endless: Vec<(&[u64], &str)> = endless.iter().map(|(rows, next)| (&rows[..], next.as_str())).collect();
        assert!(repeats(&endless).contains("goes on after 10 rows of 4"));
    }

    #[test]
    fn an_expired_token_begins_again_as_long_as_something_new_came() {
        let mut reading = Reading::default();
        assert!(!reading.expired(), "there is no token");
        page(&mut reading, &[1], "a", 3).expect("a page");
        assert!(reading.expired());
        page(&mut reading, &[1], "b", 3).expect("a page");
        assert!(!reading.expired(), "nothing new came");
        page(&mut reading, &[2], "c", 3).expect("a page");
        assert!(reading.expired());
    }

    #[test]
    fn a_list_that_another_instance_began_is_not_read_again() {
        let middle = || Reading::from_middle("t".into(), 2);
        assert!(page(&mut middle(), &[3], "", 4).is_err());
        let mut reading = middle();
        page(&mut reading, &[3], "u", 4).expect("a page");
        assert!(!reading.expired());
        page(&mut reading, &[4], "", 4).expect("the end");
        assert!(reading.ended() && reading.seen() == 4);
    }
}
