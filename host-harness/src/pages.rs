//! A search, page after page.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use crate::connector::Connector;
use crate::error::Error;
use crate::model::{Filter, SearchOptions, SearchResult, Start};

/// The pages of a search, from [`Connector::search_all`].
///
/// A search that was interrupted by an error is not at its end: asking again asks for the same page.
#[derive(Debug)]
pub struct Pages<'a> {
    connector: &'a Connector,
    class: String,
    filter: Option<Filter>,
    options: SearchOptions,
    /// The digests of the cookies that were there already: a page token that comes twice is a walk
    /// without an end.
    seen: HashSet<[u8; 32]>,
    ended: bool,
}

impl<'a> Pages<'a> {
    pub(crate) fn new(connector: &'a Connector, class: String, filter: Option<Filter>, options: SearchOptions) -> Self {
        let seen = match &options.start {
            Start::Cookie(cookie) => HashSet::from([digest(cookie)]),
            Start::Beginning | Start::Offset(_) => HashSet::new(),
        };
        Self { connector, class, filter, options, seen, ended: false }
    }

    /// The next page; none after the last.
    ///
    /// Errors: those of [`Connector::search`]; `Contract` where the component answers a cookie that it
    /// has answered before.
    pub async fn next(&mut self) -> Result<Option<SearchResult>, Error> {
        if self.ended {
            return Ok(None);
        }
        let page = self.connector.search(&self.class, self.filter.as_ref(), &self.options).await?;
        match &page.next {
            None => self.ended = true,
            Some(cookie) if !self.seen.insert(digest(cookie)) => {
                return Err(Error::Contract("the search answers a cookie again, so it would never end".into()));
            }
            Some(cookie) => self.options.start = Start::Cookie(cookie.clone()),
        }
        Ok(Some(page))
    }
}

fn digest(cookie: &str) -> [u8; 32] {
    Sha256::digest(cookie).into()
}
