//! Access tokens: who has been let in, until when and for what. Several live side by side, as at Zoom since June 2023.
//! A token bears the scopes that the app had when it was given out; scopes added later need a new one.

use std::{collections::HashMap, time::Duration};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::{
    call::Call,
    clock::Moment,
    errors::{BAD_TOKEN, EXPIRED_TOKEN, Failure, MISSING_SCOPE},
    routes::Scopes,
    switches::Switches,
};

/// The tokens that were given out.
pub(crate) struct Tokens {
    given: HashMap<String, Token>,
    random: fastrand::Rng,
}

struct Token {
    expires: Moment,
    /// None for all.
    scopes: Option<Vec<String>>,
}

impl Tokens {
    pub(crate) fn new(seed: u64) -> Self {
        Self { given: HashMap::new(), random: fastrand::Rng::with_seed(seed) }
    }

    /// A new token.
    pub(crate) fn give(&mut self, switches: &Switches, now: Moment) -> String {
        if switches.token_revokes_older {
            self.given.clear();
        }
        // Zoom's tokens are JSON Web Tokens and begin like this; nobody should look inside.
        let token = format!("eyJ{}", BASE64_URL_SAFE_NO_PAD.encode([(); 60].map(|()| self.random.u8(..))));
        let expires = now.plus(Duration::from_secs(switches.token_life_seconds));
        self.given.insert(token.clone(), Token { expires, scopes: switches.scopes.clone() });
        token
    }

    /// Whether a call may be answered: its token lives, and has one of the scopes that the endpoint asks for.
    pub(crate) fn admit(&self, call: &Call, scopes: &Scopes, switches: &Switches, now: Moment) -> Result<(), Failure> {
        // "Bearer" may be written in any way; a token in the query is not looked at, which is an error of its own.
        let bearer = call.authorization.as_deref().and_then(|header| header.split_once(' '));
        let token = bearer
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .and_then(|(_, token)| self.given.get(token));
        let refused = |refusal| Failure { status: switches.bad_token_status, ..Failure::from(refusal) };
        let token = token.ok_or_else(|| refused(BAD_TOKEN))?;
        if token.expires <= now {
            return Err(refused(EXPIRED_TOKEN));
        }
        if token.scopes.as_ref().is_some_and(|held| !held.iter().any(|scope| scopes.contain(scope))) {
            return Err(MISSING_SCOPE.about(scopes.missing()));
        }
        Ok(())
    }

    /// Makes all tokens expire now.
    pub(crate) fn expire_all(&mut self, now: Moment) {
        for token in self.given.values_mut() {
            token.expires = token.expires.min(now);
        }
    }
}
