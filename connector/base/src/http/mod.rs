//! HTTP: what a connector sends and gets, whoever carries it.
//!
//! A [`Transport`] carries one request to one response. The wasi one (`wasi`) goes through
//! `wasi:http`; the scripted one ([`scripted`]) answers from a test. Neither follows redirects, retries
//! or keeps state: that is for those who call it.

#[cfg(not(target_family = "wasm"))]
pub mod scripted;
#[cfg(target_family = "wasm")]
pub mod wasi;

mod retry;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

pub use retry::Backoff;

/// How long a request may take, in its three parts. The sum bounds nothing: a response may go on for
/// as long as bytes keep coming, up to [`MOST_BODY_BYTES`].
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// To connect, TLS included.
    pub connect: Duration,
    /// From the end of the request to the first byte of the response.
    pub first_byte: Duration,
    /// From one piece of the body to the next.
    pub between_bytes: Duration,
}

impl Default for Timeouts {
    /// Ten seconds to connect: a handshake over a bad line takes one. Forty for the first byte: the
    /// slowest answers of provisioning APIs take about thirty. Twenty between pieces: a body under way
    /// does not pause.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first_byte: Duration::from_secs(40),
            between_bytes: Duration::from_secs(20),
        }
    }
}

/// The most that is read of a body. A page of 300 users is about 300 KB; twenty times that is no page.
pub const MOST_BODY_BYTES: usize = 8 * 1024 * 1024;

/// The HTTP methods that APIs of this kind use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are what they are called")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// The method as HTTP writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether sending it twice does no more than sending it once (RFC 9110, section 9.2.2). PATCH is
    /// counted in: the APIs of this kind set fields to values.
    pub fn is_idempotent(self) -> bool {
        self != Self::Post
    }
}

/// A request. Its `Debug` shows neither headers nor body.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The URL: `https://host[:port]/path?query`, percent-encoded.
    pub url: String,
    /// The headers. Content-Length is the transport's.
    pub headers: Vec<(&'static str, String)>,
    /// The body, if there is one.
    pub body: Option<Vec<u8>>,
    /// How long it may take.
    pub timeouts: Timeouts,
}

impl Request {
    /// A request without headers and body.
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self { method, url: url.into(), headers: Vec::new(), body: None, timeouts: Timeouts::default() }
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With a body of this media type.
    #[must_use]
    pub fn body(self, media_type: &'static str, body: Vec<u8>) -> Self {
        Self { body: Some(body), ..self.header("content-type", media_type) }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method.as_str(), self.url)
    }
}

/// Scheme, authority and the rest of a URL, cut apart and not looked at. The `http` crate does more, and takes
/// six kilobytes.
pub(crate) fn url_parts(url: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    let rest = rest.strip_prefix("//")?;
    let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at_checked(end)?;
    Some((scheme, authority, rest))
}

/// A response, read to its end.
#[derive(Clone, Default)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}

/// Why there is no response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransportError {
    /// The host's policy refuses the destination. Nothing was sent.
    Denied,
    /// No connection: nothing was sent.
    Unreachable(String),
    /// A time-out: [`Sent`] says what is known of the request.
    TimedOut(Sent),
    /// The connection was lost, or the response was cut off.
    Broken(String),
    /// What came is no response that can be used.
    Malformed(String),
}

/// Whether a request reached the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It did not.
    No,
    /// Perhaps.
    Perhaps,
}

impl TransportError {
    /// Whether the request reached the server.
    pub fn sent(&self) -> Sent {
        match self {
            Self::Denied | Self::Unreachable(_) => Sent::No,
            Self::TimedOut(sent) => *sent,
            Self::Broken(_) | Self::Malformed(_) => Sent::Perhaps,
        }
    }

    /// Whether the same request may get through the next time.
    pub fn may_pass(&self) -> bool {
        !matches!(self, Self::Denied | Self::Malformed(_))
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied => formatter.write_str("the host does not allow this destination"),
            Self::Unreachable(why) => write!(formatter, "no connection: {why}"),
            Self::TimedOut(Sent::No) => formatter.write_str("no connection within the time allowed"),
            Self::TimedOut(Sent::Perhaps) => formatter.write_str("no answer within the time allowed"),
            Self::Broken(why) => write!(formatter, "the connection broke: {why}"),
            Self::Malformed(why) => write!(formatter, "the answer cannot be used: {why}"),
        }
    }
}

/// A future of a transport.
pub type Sending = Pin<Box<dyn Future<Output = Result<Response, TransportError>>>>;

/// Carries a request to its response. Dropping the future closes the connection.
pub trait Transport {
    /// Sends the request and reads the response to its end.
    fn send(&self, request: Request) -> Sending;
}
