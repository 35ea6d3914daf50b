//! Cookies: where a search goes on, for any instance.
//!
//! A cookie is base64url (RFC 4648, section 5) without padding, of one byte of format version, eight
//! bytes of digest of the query that it belongs to, and the position as JSON.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// The format of this version. Another one is refused, never guessed at.
const VERSION: u8 = 1;

/// The contract's limit: a cookie is at most this many bytes.
const MOST_BYTES: usize = 1024;

/// The cookie of a position in the search with this digest.
///
/// Errors: `io` where the position does not fit: a provider's page token of several hundred bytes.
pub fn encode(digest: u64, position: &impl Serialize) -> Result<String> {
    let mut bytes = vec![VERSION];
    bytes.extend(digest.to_be_bytes());
    serde_json::to_writer(&mut bytes, position).map_err(|error| Error::argument(error.to_string()))?;
    let cookie = URL_SAFE_NO_PAD.encode(bytes);
    if cookie.len() > MOST_BYTES {
        return Err(Error::new(
            crate::error::ErrorKind::Io,
            format!("the provider's page token is too long: a cookie of {} bytes", cookie.len()),
        ));
    }
    Ok(cookie)
}

/// The position that a cookie holds.
///
/// Errors: `invalid-argument` for anything that is not a cookie of the search with this digest.
pub fn decode<P: DeserializeOwned>(digest: u64, cookie: &str) -> Result<P> {
    let broken = || Error::argument("the cookie is none of this connector's").with_hint("Start the search again.");
    if cookie.len() > MOST_BYTES {
        return Err(broken());
    }
    let bytes = URL_SAFE_NO_PAD.decode(cookie).map_err(|_| broken())?;
    let (version, rest) = bytes.split_first().ok_or_else(broken)?;
    if *version != VERSION {
        return Err(broken());
    }
    let (found, position) = rest.split_first_chunk::<8>().ok_or_else(broken)?;
    if u64::from_be_bytes(*found) != digest {
        return Err(Error::argument("the cookie belongs to another search").with_hint(
            "Give the same object class, filter and attributes as before, or start again without a cookie.",
        ));
    }
    serde_json::from_slice(position).map_err(|_| broken())
}

/// A digest of a text: FNV-1a, which is stable across builds and machines.
pub fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn a_cookie_comes_back_as_the_position_that_it_was_made_of() {
        let cookie = encode(7, &(1, "token", 30)).expect("a cookie");
        assert_eq!(decode::<(u32, String, u32)>(7, &cookie).expect("a position"), (1, "token".into(), 30));
    }

    #[test]
    fn a_cookie_that_is_none_or_of_another_search_is_refused() {
        let cookie = encode(7, &(1, "token", 30)).expect("a cookie");
        let kind = |digest, cookie: &str| decode::<(u32, String, u32)>(digest, cookie).expect_err("refused").kind;
        assert_eq!(kind(8, &cookie), ErrorKind::InvalidArgument);
        for broken in
            ["", "!", "AAAA", cookie.get(1..).expect("longer"), cookie.get(..10).expect("longer"), &"A".repeat(2000)]
        {
            assert_eq!(kind(7, broken), ErrorKind::InvalidArgument, "{broken}");
        }
    }

    #[test]
    fn a_position_that_does_not_fit_is_an_error_and_not_a_cookie() {
        assert!(encode(7, &"x".repeat(800)).is_err());
    }
}
