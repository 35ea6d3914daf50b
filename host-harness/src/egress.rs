//! Which hosts a component may talk to: those that its manifest names and the operator grants, and no
//! others.
//!
//! | the manifest says | allowed is |
//! |---|---|
//! | `fixed("h")`, `fixed("h:1234")` | `https://h:443`, `https://h:1234` |
//! | `from-property("p")` | scheme, host and port of the URL in property `p`, given or by default |
//! | nothing | nothing |
//!
//! An [`Origin`] matches as a whole: another port or scheme, a subdomain, an address in place of the name
//! is another origin. Redirects are not followed by the host, so they come here as requests of their own.
//! What is denied is answered `HTTP-request-denied` without a connection, reported when it first happens
//! and counted from then on.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use http::uri::{Authority, Scheme, Uri};
use serde::{Serialize, Serializer};

use crate::model::{HostNeed, Manifest};
use crate::properties::Configuration;

/// How many denied origins are told apart. A component that tries more is scanning; each further one is
/// denied all the same and counted under the last.
const DENIED_ORIGINS: usize = 64;

/// Scheme, host and port: what a request is addressed to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    scheme: &'static str,
    host: String,
    port: u16,
}

impl Origin {
    /// The origin of a URL. None where it has no host, another scheme than http and https, or carries a
    /// user name, which only serves to make one host look like another.
    pub fn of(uri: &Uri) -> Option<Self> {
        let authority = uri.authority()?;
        if authority.as_str().contains('@') || authority.host().is_empty() {
            return None;
        }
        let (scheme, default_port) = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => ("https", 443),
            Some(scheme) if *scheme == Scheme::HTTP => ("http", 80),
            _ => return None,
        };
        let port = match authority.port() {
            Some(port) => port.as_str().parse().ok()?,
            None => default_port,
        };
        Some(Self { scheme, host: authority.host().to_ascii_lowercase(), port })
    }

    /// The origin that a manifest's `fixed` host means.
    fn fixed(host: &str) -> Option<Self> {
        let authority = Authority::from_str(host).ok()?;
        Self::of(&Uri::builder().scheme(Scheme::HTTPS).authority(authority).path_and_query("/").build().ok()?)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.scheme, self.host, self.port)
    }
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A text that is no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no origin: scheme and host, as in https://api.example.com or http://127.0.0.1:8080")]
pub struct NoOrigin(String);

impl FromStr for Origin {
    type Err = NoOrigin;

    fn from_str(text: &str) -> Result<Self, NoOrigin> {
        let uri: Option<Uri> = text.parse().ok();
        let bare = uri.as_ref().is_some_and(|uri| matches!(uri.path(), "" | "/") && uri.query().is_none());
        uri.as_ref().filter(|_| bare).and_then(Self::of).ok_or_else(|| NoOrigin(text.to_owned()))
    }
}

/// Which of the origins that its manifest names an operator lets a component reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Grant {
    /// All of them.
    #[default]
    Needed,
    /// Those of them that are in this list.
    Only(Vec<Origin>),
}

impl Grant {
    fn includes(&self, origin: &Origin) -> bool {
        match self {
            Self::Needed => true,
            Self::Only(origins) => origins.contains(origin),
        }
    }
}

/// An origin that a component tried to reach and may not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Denied {
    /// The origin.
    pub origin: Origin,
    /// How often.
    pub count: u64,
}

/// What one connector may reach, and what it tried to reach besides.
#[derive(Debug, Default)]
pub(crate) struct Egress {
    allowed: HashSet<Origin>,
    denied: Mutex<BTreeMap<Origin, u64>>,
}

impl Egress {
    /// Nothing is allowed.
    pub(crate) fn closed() -> Self {
        Self::default()
    }

    /// What the manifest names is allowed, as far as it is granted. A need that names no host, since the property is empty or
    /// holds no URL, allows nothing: the connector refuses the property, or its requests are denied.
    pub(crate) fn of(manifest: &Manifest, configuration: &Configuration, grant: &Grant) -> Self {
        let origin = |need: &HostNeed| match need {
            HostNeed::Fixed(host) => Origin::fixed(host),
            HostNeed::FromProperty(name) => {
                let url = configuration.text(manifest.property(name)?)?;
                Origin::of(&url.trim().parse().ok()?)
            }
        };
        let named = manifest.hosts.iter().filter_map(origin);
        Self { allowed: named.filter(|origin| grant.includes(origin)).collect(), denied: Mutex::default() }
    }

    /// Whether a request may go out. A refusal is remembered.
    pub(crate) fn permits(&self, uri: &Uri) -> bool {
        let Some(origin) = Origin::of(uri) else {
            // Not remembered: there is no origin to remember, and no end to what could be tried.
            tracing::debug!("the component addressed a request in a way that is not allowed, denied");
            return false;
        };
        let permitted = self.allowed.contains(&origin);
        if !permitted {
            self.remember(origin);
        }
        permitted
    }

    fn remember(&self, origin: Origin) {
        let mut denied = self.denied.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = denied.get_mut(&origin) {
            *count += 1;
        } else if denied.len() < DENIED_ORIGINS {
            tracing::warn!(%origin, "the component tried to reach a host that is not granted to it, denied");
            denied.insert(origin, 1);
        } else if let Some(mut last) = denied.last_entry() {
            *last.get_mut() += 1;
        }
    }

    /// The origins that are allowed, in order.
    pub(crate) fn allowed(&self) -> Vec<Origin> {
        let mut allowed: Vec<_> = self.allowed.iter().cloned().collect();
        allowed.sort();
        allowed
    }

    /// The origins that were denied, in order.
    pub(crate) fn denied(&self) -> Vec<Denied> {
        let denied = self.denied.lock().unwrap_or_else(PoisonError::into_inner);
        denied.iter().map(|(origin, &count)| Denied { origin: origin.clone(), count }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowing(hosts: &[&str]) -> Egress {
        Egress { allowed: hosts.iter().filter_map(|host| Origin::fixed(host)).collect(), denied: Mutex::default() }
    }

    fn permits(egress: &Egress, url: &str) -> bool {
        egress.permits(&url.parse().unwrap())
    }

    #[test]
    fn nothing_is_allowed_unless_it_is_named() {
        assert!(!permits(&Egress::closed(), "https://example.com/"));
    }

    #[test]
    fn an_origin_matches_as_a_whole() {
        let egress = allowing(&["api.example.com", "other.example.com:8443"]);
        for url in
            ["https://api.example.com/v2/users?a=b", "https://API.EXAMPLE.COM:443/", "https://other.example.com:8443/"]
        {
            assert!(permits(&egress, url), "{url}");
        }
        for url in [
            "http://api.example.com/",
            "https://api.example.com:8443/",
            "https://other.example.com/",
            "https://example.com/",
            "https://x.api.example.com/",
            "https://api.example.com./",
            "https://api.example.com@evil.example/",
            "https://evil.example@api.example.com/",
            "/path-only",
        ] {
            assert!(!permits(&egress, url), "{url}");
        }
    }

    #[test]
    fn denials_are_counted_by_origin() {
        let egress = Egress::closed();
        permits(&egress, "http://a.example/x");
        permits(&egress, "http://a.example/y");
        permits(&egress, "http://b.example/");
        let seen: Vec<_> = egress.denied().iter().map(|it| (it.origin.to_string(), it.count)).collect();
        assert_eq!(seen, [("http://a.example:80".into(), 2), ("http://b.example:80".into(), 1)]);
    }

    #[test]
    fn a_component_that_scans_does_not_fill_the_memory() {
        let egress = Egress::closed();
        for port in 1..=1000 {
            permits(&egress, &format!("http://a.example:{port}/"));
        }
        assert_eq!(egress.denied().len(), DENIED_ORIGINS);
        assert_eq!(egress.denied().iter().map(|it| it.count).sum::<u64>(), 1000);
    }

    #[test]
    fn an_origin_is_written_with_scheme_and_host_and_nothing_else() {
        for text in ["https://api.example.com", "https://api.example.com/", "http://127.0.0.1:8080"] {
            let origin: Origin = text.parse().unwrap();
            assert_eq!(origin.to_string().parse::<Origin>().unwrap(), origin);
        }
        for text in ["api.example.com", "https://", "https://x/path", "https://x/?q", "ftp://x", "https://u@x", ""] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_grant_takes_away_and_adds_nothing() {
        let named: Origin = "https://a.example".parse().unwrap();
        let other: Origin = "https://b.example".parse().unwrap();
        assert!(Grant::Needed.includes(&named));
        assert!(Grant::Only(vec![named.clone()]).includes(&named));
        assert!(!Grant::Only(vec![other]).includes(&named));
        assert!(!Grant::Only(vec![]).includes(&named));
    }
}
