//! Sites of Zoom Phone (Zoom API, "Phone", `GET /phone/sites`).

use std::rc::Rc;
use std::time::Duration;

use connector_base::runtime::{Cached, Instant, now};

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
pub(crate) type Sites = Cached<(Instant, Rc<[Site]>)>;

impl Client {
    /// All sites: `GET /phone/sites`, every page of it, once for all who ask at the same time.
    pub(crate) async fn sites(&self) -> Result<Rc<[Site]>, ZoomError> {
        let read = async {
            let rows = self.whole(&limits::LIST_SITES, &[], &PAGE).await?;
            Ok((now(), rows.into_iter().map(Site).collect()))
        };
        let is_good = |(read, _): &(Instant, _)| now().since(*read) < GOOD_FOR;
        self.known_sites().get(is_good, read).await.map(|(_, sites)| sites)
    }

    /// Remembers that there is no list of sites.
    pub(crate) fn remember_no_sites(&self) -> Rc<[Site]> {
        let none: Rc<[Site]> = Rc::default();
        self.known_sites().set((now(), Rc::clone(&none)));
        none
    }

    /// Forgets the sites, so that the next look is a new one.
    pub(crate) fn forget_sites(&self) {
        self.known_sites().forget_if(|_| true);
    }
}
