//! Cookies: where a search goes on, for any instance.
//!
//! A cookie is a text of three parts with dots between: the version of its format, the digest of the
//! query that it belongs to, and the place, which is the connector's own.

use std::fmt::Display;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};

/// The format of this version. Another one is refused, never guessed at.
const VERSION: &str = "1";

/// The contract's limit: a cookie is at most this many bytes.
const MOST_BYTES: usize = 1024;

/// The cookie of a place in the search with this digest.
///
/// Errors: `io` where it does not fit: a provider's page token of many hundred bytes.
pub fn encode(digest: u64, place: &impl Display) -> Result<String> {
    let cookie = format!("{VERSION}.{digest:016x}.{place}");
    if cookie.len() > MOST_BYTES {
        let message = format!("the provider's page token is too long: it makes a cookie of {} bytes", cookie.len());
        return Err(Error::new(ErrorKind::Io, message));
    }
    Ok(cookie)
}

/// The place that a cookie holds.
///
/// Errors: `invalid-argument` for anything that is not a cookie of the search with this digest.
pub fn decode<P: FromStr>(digest: u64, cookie: &str) -> Result<P> {
    let broken = || Error::argument("the cookie is none of this connector's").with_hint("Start the search again.");
    let rest = cookie.strip_prefix(VERSION).and_then(|rest| rest.strip_prefix('.')).ok_or_else(broken)?;
    let (found, place) = rest.split_once('.').ok_or_else(broken)?;
    if u64::from_str_radix(found, 16).map_err(|_| broken())? != digest {
        return Err(Error::argument("the cookie belongs to another search").with_hint(
            "Give the same object class, filter and attributes as before, or start again without a cookie.",
        ));
    }
    place.parse().map_err(|_| broken())
}

/// A digest of a text: FNV-1a, which is stable across builds and machines.
pub fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_comes_back_as_the_place_that_it_was_made_of() {
        let cookie = encode(7, &30).expect("a cookie");
        assert_eq!(decode::<u32>(7, &cookie).expect("a place"), 30);
    }

    #[test]
    fn a_cookie_that_is_none_or_of_another_search_is_refused() {
        let cookie = encode(7, &30).expect("a cookie");
        let kind = |digest, cookie: &str| decode::<u32>(digest, cookie).expect_err("refused").kind;
        assert_eq!(kind(8, &cookie), ErrorKind::InvalidArgument);
        for broken in ["", "1", "1.", "1.7", "2.0000000000000007.30", "1.0000000000000007.x", "1.zz.30"] {
            assert_eq!(kind(7, broken), ErrorKind::InvalidArgument, "{broken}");
        }
    }

    #[test]
    fn a_place_that_does_not_fit_is_an_error_and_not_a_cookie() {
        assert!(encode(7, &"x".repeat(1024)).is_err());
    }
}
