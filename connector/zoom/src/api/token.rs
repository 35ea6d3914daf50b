//! The access token: server-to-server OAuth (Zoom, "Server-to-Server OAuth"; RFC 6749).
//!
//! One token serves all calls of an instance. It is renewed shortly before it expires, and once more
//! when Zoom refuses it; calls that wait for a new one wait for the same one.

use std::rc::Rc;
use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use connector_base::http::{Backoff, Method, Request, Transport};
use connector_base::runtime::{Cached, Instant, now, sleep};
use connector_base::value::Secret;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::error::{LoginRefusal, ZoomError};
use super::record::{Fields, Record, Shape};

/// How long before its end a token is renewed: longer than any call takes.
const RENEW_BEFORE: Duration = Duration::from_secs(60);
/// A token's life where Zoom does not say: half of the hour that it documents.
const USUAL_LIFE: u64 = 1800;

const ANSWER: Fields = &[("access_token", Shape::Text), ("expires_in", Shape::Integer)];
const REFUSAL: Fields = &[("reason", Shape::Text), ("error", Shape::Text)];

/// What it takes to get a token.
pub(crate) struct Credentials {
    pub(crate) token_url: String,
    pub(crate) account_id: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    pub(crate) scope: Option<String>,
}

/// The token of an instance.
pub(crate) struct Tokens {
    credentials: Credentials,
    retries: u32,
    current: Cached<Token>,
}

#[derive(Clone)]
struct Token {
    value: Rc<str>,
    renew_at: Instant,
}

impl Tokens {
    pub(crate) fn new(credentials: Credentials, retries: u32) -> Self {
        Self { credentials, retries, current: Cached::default() }
    }

    /// A token that is good for a while: the one there is, or a new one.
    pub(crate) async fn get(&self, transport: &dyn Transport) -> Result<Rc<str>, ZoomError> {
        let token = self.current.get(|token| now() < token.renew_at, self.request(transport)).await?;
        Ok(token.value)
    }

    /// Forgets a token that Zoom refused, unless another call has renewed it already.
    pub(crate) fn forget(&self, refused: &str) {
        self.current.forget_if(|token| &*token.value == refused);
    }

    async fn request(&self, transport: &dyn Transport) -> Result<Token, ZoomError> {
        let mut backoff = Backoff::new(self.retries);
        loop {
            let asked = now();
            let failure = match transport.send(self.credentials.request()).await {
                Ok(response) if response.status == 200 => {
                    let answer = Record::read(&response.body, ANSWER).unwrap_or_default();
                    let value =
                        answer.text("access_token").ok_or_else(|| refused(200, "the answer holds no access token"))?;
                    let life = answer.integer("expires_in").and_then(|life| u64::try_from(life).ok());
                    let life = life.unwrap_or(USUAL_LIFE);
                    let life = Duration::from_secs(life);
                    // A token that lives shorter than the margin is used for half of its life.
                    let renew_at = asked + life.saturating_sub(RENEW_BEFORE).max(life / 2);
                    return Ok(Token { value: value.into(), renew_at });
                }
                Ok(response) if response.status < 500 && response.status != 429 => {
                    let answer = Record::read(&response.body, REFUSAL).unwrap_or_default();
                    let said = |field| answer.text(field).unwrap_or_default().to_owned();
                    let refusal =
                        LoginRefusal { status: response.status, reason: said("reason"), error: said("error") };
                    return Err(ZoomError::LoginRefused(refusal));
                }
                Ok(response) => refused(response.status, "the token endpoint is not available"),
                Err(error) if error.may_pass() => ZoomError::NoLogin(error),
                Err(error) => return Err(ZoomError::NoLogin(error)),
            };
            let Some(wait) = backoff.next_wait() else { return Err(failure) };
            sleep(wait).await;
        }
    }
}

fn refused(status: u16, reason: &str) -> ZoomError {
    ZoomError::LoginRefused(LoginRefusal { status, reason: reason.into(), error: String::new() })
}

impl Credentials {
    /// A form body: the older form, with the fields in the query, is refused since 2025.
    fn request(&self) -> Request {
        let basic = Base64::encode_string(format!("{}:{}", self.client_id, self.client_secret.reveal()).as_bytes());
        let mut form = format!("grant_type=account_credentials&account_id={}", encoded(&self.account_id));
        if let Some(scope) = &self.scope {
            form.push_str("&scope=");
            form.push_str(&encoded(scope));
        }
        Request::new(Method::Post, self.token_url.clone())
            .header("authorization", format!("Basic {basic}"))
            .header("accept", "application/json")
            .body("application/x-www-form-urlencoded", form.into_bytes())
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
