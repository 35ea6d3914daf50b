//! How long things may take: every time-out of the host.
//!
//! | time-out | default | why |
//! |---|---|---|
//! | connect | 10 s | name look-up, TCP and TLS together; one lost SYN costs 1 to 3 s |
//! | first byte | 60 s | the slowest answers of SaaS providers come after 30 s, where their own proxies give up |
//! | between bytes | 30 s | a body that has begun flows, or its connection is dead |
//! | ping | 10 s | all requests share an HTTP/2 connection, and repeats would go out on it as well: one that died is to be found out before the answer is overdue |
//! | idle connection | 30 s | below what servers keep (nginx 75 s, most load balancers 60 s), so that no request goes out on a connection that is being closed |
//! | operation | 300 s | one page under a strict rate limit with all retries; callers above rarely wait longer |
//!
//! The first three are the most that a component gets: it may ask for less, and asking for more (or for
//! nothing, which in wasmtime means 600 s each) gives these.

use std::time::Duration;

use wasmtime_wasi_http::RequestOptions;

/// Every time-out of the host. The defaults and their reasons are in this module's source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// Until a connection is made: name look-up, TCP and TLS together. Default 10 s.
    pub connect: Duration,
    /// From then on until the head of the response has come. Default 60 s.
    pub first_byte: Duration,
    /// Between two pieces of a response body. Default 30 s.
    pub between_bytes: Duration,
    /// How long an HTTP/2 connection that requests wait on may be silent before the server is asked whether it is still
    /// there, and then how long it has to say so. Default 10 s.
    pub ping: Duration,
    /// How long a connection is kept that nobody uses. Default 30 s.
    pub idle_connection: Duration,
    /// One operation, from beginning to end. Default 300 s.
    pub operation: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first_byte: Duration::from_secs(60),
            between_bytes: Duration::from_secs(30),
            ping: Duration::from_secs(10),
            idle_connection: Duration::from_secs(30),
            operation: Duration::from_secs(300),
        }
    }
}

impl Timeouts {
    /// These, or what the component asks for where that is less.
    pub(crate) fn clamped_to(self, wanted: Option<RequestOptions>) -> Self {
        let wanted = wanted.unwrap_or_default();
        let less = |most: Duration, wanted: Option<Duration>| wanted.map_or(most, |wanted| wanted.min(most));
        Self {
            connect: less(self.connect, wanted.connect_timeout),
            first_byte: less(self.first_byte, wanted.first_byte_timeout),
            between_bytes: less(self.between_bytes, wanted.between_bytes_timeout),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_may_wait_less_and_never_more() {
        let most = Timeouts::default();
        let wanted = RequestOptions {
            connect_timeout: Some(Duration::from_secs(600)),
            first_byte_timeout: Some(Duration::from_secs(1)),
            between_bytes_timeout: None,
        };
        let clamped = most.clamped_to(Some(wanted));
        assert_eq!(clamped, Timeouts { first_byte: Duration::from_secs(1), ..most });
        assert_eq!(most.clamped_to(None), most);
    }
}
