//! Sites of Zoom Phone (Zoom API, "Phone", `GET /phone/sites`).

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use connector_base::runtime::{Gate, Instant, now};

use super::client::Client;
use super::error::ZoomError;
use super::limits;
use super::page::page_of;
use super::record::{Record, Shape};

static PAGE: [(&str, Shape); 3] =
    page_of("sites", &[("id", Shape::Id), ("name", Shape::Text), ("site_code", Shape::Integer)]);

/// How long the list of sites is taken for the truth: people make sites by hand, a few a year, and a page
/// of users that names one site each is read in seconds.
const GOOD_FOR: Duration = Duration::from_secs(60);

/// A site.
#[derive(Clone, Debug)]
pub(crate) struct Site(Record);

impl Site {
    pub(crate) fn id(&self) -> &str {
        self.0.id()
    }

    pub(crate) fn name(&self) -> &str {
        self.0.name()
    }

    /// Its code; none where the account has no site codes.
    pub(crate) fn code(&self) -> Option<i32> {
        i32::try_from(self.0.integer("site_code")?).ok()
    }
}

/// The sites that an instance has read, and when.
pub(crate) struct Sites {
    known: RefCell<Option<(Instant, Rc<[Site]>)>>,
    /// One reads them, and the others wait for that.
    reading: Gate,
}

impl Default for Sites {
    fn default() -> Self {
        Self { known: RefCell::default(), reading: Gate::new(1) }
    }
}

impl Sites {
    fn known(&self) -> Option<Rc<[Site]>> {
        let known = self.known.borrow();
        known.as_ref().filter(|(read, _)| now().since(*read) < GOOD_FOR).map(|(_, sites)| Rc::clone(sites))
    }
}

impl Client {
    /// All sites: `GET /phone/sites`, every page of it, once for all who ask at the same time.
    pub(crate) async fn sites(&self) -> Result<Rc<[Site]>, ZoomError> {
        let sites = self.known_sites();
        let _reading = sites.reading.pass().await;
        if let Some(sites) = sites.known() {
            return Ok(sites);
        }
        let rows = self.whole(&limits::LIST_SITES, &[], &PAGE).await?;
        let read: Rc<[Site]> = rows.into_iter().map(Site).collect();
        *sites.known.borrow_mut() = Some((now(), Rc::clone(&read)));
        Ok(read)
    }

    /// Remembers that there is no list of sites.
    pub(crate) fn remember_no_sites(&self) -> Rc<[Site]> {
        let none: Rc<[Site]> = Rc::default();
        *self.known_sites().known.borrow_mut() = Some((now(), Rc::clone(&none)));
        none
    }

    /// Forgets the sites, so that the next look is a new one.
    pub(crate) fn forget_sites(&self) {
        *self.known_sites().known.borrow_mut() = None;
    }
}
