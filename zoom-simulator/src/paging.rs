//! Pages and the tokens that lead from one to the next.
//!
//! A token is opaque, lives 15 minutes and belongs to the list it came from: every other query parameter, `page_size`
//! included, must be the same in the next call. What stands behind it is the last row that was handed out, not a
//! count, so that rows which come or go while somebody walks the list neither hide others nor repeat them. On the last
//! page the token is empty. Zoom's answer to a bad token is code 300, on phone lists 400, in number management 1003100.
//!
//! `page_number` is deprecated but still answered where it ever was; a token wins over it.

use std::{
    collections::{HashMap, VecDeque},
    ops::Bound,
    time::Duration,
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Serialize;

use crate::{
    call::Call,
    clock::Moment,
    errors::{Failure, NUMBERS_PAGE_TOKEN, PAGE_TOKEN, PHONE_PAGE_TOKEN, Refusal, invalid_field},
};

/// The place of a row in its list, in the order of making.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub(crate) struct Key(pub(crate) u64);

/// A list from its beginning to its end.
pub(crate) const EVERYTHING: (Bound<Key>, Bound<Key>) = (Bound::Unbounded, Bound::Unbounded);

/// How many rows a list gives at once.
#[derive(Clone, Copy)]
pub(crate) struct Sizes {
    /// Without `page_size`.
    pub(crate) usual: usize,
    /// At most; a greater `page_size` is taken as this one.
    pub(crate) largest: usize,
}

/// The page that a call asks for.
pub(crate) struct Page {
    pub(crate) size: usize,
    pub(crate) number: usize,
    after: Option<Key>,
    skip: usize,
}

impl Page {
    /// Where in the list this page begins.
    pub(crate) fn range(&self) -> (Bound<Key>, Bound<Key>) {
        (self.after.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded)
    }

    /// Takes the page off rows that begin where `range` says, and the key of its last row if more rows follow.
    pub(crate) fn cut<T>(&self, rows: impl Iterator<Item = (Key, T)>) -> (Vec<T>, Option<Key>) {
        let mut rows = rows.skip(self.skip);
        let mut taken = Vec::with_capacity(self.size);
        let mut last = None;
        for (key, row) in rows.by_ref().take(self.size) {
            last = Some(key);
            taken.push(row);
        }
        (taken, last.filter(|_| rows.next().is_some()))
    }

    /// How many pages of this size that many rows fill.
    pub(crate) fn count(&self, total: usize) -> usize {
        total.div_ceil(self.size)
    }
}

/// The tokens that are out.
pub(crate) struct Pages {
    bookmarks: HashMap<String, Bookmark>,
    /// In the order of making, which is nearly that of expiry: what to forget first.
    order: VecDeque<(Moment, String)>,
    random: fastrand::Rng,
}

struct Bookmark {
    list: String,
    after: Key,
    expires: Moment,
}

impl Pages {
    pub(crate) fn new(seed: u64) -> Self {
        Self { bookmarks: HashMap::new(), order: VecDeque::new(), random: fastrand::Rng::with_seed(seed) }
    }

    /// Reads what page a call asks for.
    pub(crate) fn asked(&self, call: &Call, sizes: Sizes, now: Moment) -> Result<Page, Failure> {
        let size = positive(call, "page_size")?.unwrap_or(sizes.usual).min(sizes.largest);
        let Some(token) = call.query("next_page_token") else {
            let number = positive(call, "page_number")?.unwrap_or(1);
            return Ok(Page { size, number, after: None, skip: (number - 1).saturating_mul(size) });
        };
        let bookmark = self.bookmarks.get(token).filter(|mark| mark.list == list(call) && now < mark.expires);
        let after = Some(bookmark.ok_or(refusal(call))?.after);
        Ok(Page { size, number: 1, after, skip: 0 })
    }

    /// A token for the rows behind this one; empty if there are none.
    pub(crate) fn token(&mut self, call: &Call, after: Option<Key>, now: Moment, life: Duration) -> String {
        let Some(after) = after else { return String::new() };
        while let Some((_, token)) = self.order.pop_front_if(|(expires, _)| *expires <= now) {
            self.bookmarks.remove(&token);
        }
        // 26 bytes are 35 characters, the length of the tokens in Zoom's examples.
        let token = BASE64_URL_SAFE_NO_PAD.encode([(); 26].map(|()| self.random.u8(..)));
        let expires = now.plus(life);
        self.order.push_back((expires, token.clone()));
        self.bookmarks.insert(token.clone(), Bookmark { list: list(call), after, expires });
        token
    }

    /// Makes every token that is out invalid.
    pub(crate) fn expire_all(&mut self) {
        self.bookmarks.clear();
        self.order.clear();
    }
}

/// The refusal of a page token.
pub(crate) fn refusal(call: &Call) -> Refusal {
    match call.path.split('/').nth(2) {
        Some("phone") => PHONE_PAGE_TOKEN,
        Some("number_management") => NUMBERS_PAGE_TOKEN,
        _ => PAGE_TOKEN,
    }
}

/// What a token belongs to: the path and all query parameters but the token itself, in whatever order they came.
fn list(call: &Call) -> String {
    let mut pairs: Vec<_> =
        call.query.iter().filter(|(name, value)| name != "next_page_token" && !value.is_empty()).collect();
    pairs.sort();
    form_urlencoded::Serializer::new(format!("{}?", call.path)).extend_pairs(pairs).finish()
}

fn positive(call: &Call, name: &str) -> Result<Option<usize>, Failure> {
    let Some(text) = call.query(name) else { return Ok(None) };
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| invalid_field(name)).map(Some)
}
