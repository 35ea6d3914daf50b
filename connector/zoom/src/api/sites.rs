//! Sites of Zoom Phone (Zoom API, "Phone", `GET /phone/sites`).

use std::rc::Rc;
use std::time::Duration;

use connector_base::runtime::{Instant, now};
use futures_util::lock::Mutex;
use serde_json::Value;

use super::client::Client;
use super::error::ZoomError;
use super::limits;
use super::page::with_id;
use super::record::{Fields, Record, Shape};

const FIELDS: Fields = &[("id", Shape::Text), ("name", Shape::Text), ("site_code", Shape::Integer)];

/// How long the list of sites is taken for the truth: people make sites by hand, a few a year, and a page
/// of users that names one site each is read in seconds.
const GOOD_FOR: Duration = Duration::from_secs(60);

/// A site.
#[derive(Clone, Debug)]
pub(crate) struct Site(Record);

impl Site {
    fn read(value: Value) -> Result<Record, String> {
        with_id(Record::read(value, FIELDS)?, "id")
    }

    pub(crate) fn id(&self) -> &str {
        self.0.id()
    }

    pub(crate) fn name(&self) -> &str {
        self.0.name()
    }

    /// Its code; none where the account has no site codes.
    pub(crate) fn code(&self) -> Option<i32> {
        i32::try_from(self.0.value("site_code")?.as_i64()?).ok()
    }
}

/// The sites that an instance has read, and when.
#[derive(Default)]
pub(crate) struct Sites(Mutex<Option<(Instant, Rc<[Site]>)>>);

impl Client {
    /// All sites: `GET /phone/sites`, every page of it, once for all who ask at the same time.
    pub(crate) async fn sites(&self) -> Result<Rc<[Site]>, ZoomError> {
        let mut known = self.known_sites().0.lock().await;
        if let Some((_, sites)) = known.as_ref().filter(|(read, _)| now().since(*read) < GOOD_FOR) {
            return Ok(Rc::clone(sites));
        }
        let rows = self.whole(&limits::LIST_SITES, &[], "sites", Site::read).await?;
        let sites: Rc<[Site]> = rows.into_iter().map(Site).collect();
        *known = Some((now(), Rc::clone(&sites)));
        Ok(sites)
    }

    /// Remembers that there is no list of sites.
    pub(crate) async fn remember_no_sites(&self) -> Rc<[Site]> {
        let none: Rc<[Site]> = Rc::default();
        *self.known_sites().0.lock().await = Some((now(), Rc::clone(&none)));
        none
    }

    /// Forgets the sites, so that the next look is a new one.
    pub(crate) async fn forget_sites(&self) {
        *self.known_sites().0.lock().await = None;
    }
}
