//! How the requests of a component go out.
//!
//! wasmtime's own client makes a TCP and a TLS connection for every request, trusts the public roots only
//! and waits 600 seconds for everything. This one:
//!
//! - keeps connections, one pool and one TLS session store for each connector;
//! - trusts further certificates where it is told to;
//! - asks [`Egress`] first, and follows no redirects;
//! - keeps to `timeouts`;
//! - reads response bodies to their end by itself, up to a limit: the connection is free again although
//!   the component has not read yet, requests make progress between two calls, and a body that was cut
//!   off is an error before the component has seen any of it.

use std::error::Error as StdError;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, HOST};
use http::{HeaderMap, HeaderName, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::{HttpConnector, capture_connection};
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::timeout;
use wasmtime_wasi_http::{
    DEFAULT_FORBIDDEN_HEADERS, Error, ForbiddenHeaderFilter, RequestOptions, WasiBody, WasiHttpHooks,
};

use crate::egress::Egress;
use crate::timeouts::Timeouts;

/// Whose certificates are trusted: the public certification authorities (Mozilla's list) and those added.
#[derive(Clone, Debug, Default)]
pub struct TrustedRoots {
    added: Vec<CertificateDer<'static>>,
}

impl TrustedRoots {
    /// The same and the certificates of a PEM file.
    ///
    /// Errors: `Configuration` where the text holds no certificate or a damaged one.
    pub fn and_pem(mut self, pem: &[u8]) -> Result<Self, crate::Error> {
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<_, _>>()
            .map_err(|error| crate::Error::Configuration(format!("the CA certificates cannot be read: {error}")))?;
        if certificates.is_empty() {
            return Err(crate::Error::Configuration("there is no CA certificate in what was given".into()));
        }
        self.added.extend(certificates);
        Ok(self)
    }

    fn client_config(&self) -> Result<ClientConfig, rustls::Error> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        for certificate in &self.added {
            roots.add(certificate.clone())?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        Ok(ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth())
    }
}

/// The HTTP client of one connector. Clones share their connections.
#[derive(Clone)]
pub(crate) struct HttpClient {
    pool: Client<HttpsConnector<HttpConnector>, WasiBody>,
    timeouts: Timeouts,
    body_limit: usize,
}

impl HttpClient {
    /// Errors: `Configuration` where an added certificate cannot be used.
    pub(crate) fn new(roots: &TrustedRoots, timeouts: Timeouts, body_limit: usize) -> Result<Self, crate::Error> {
        let tls = roots
            .client_config()
            .map_err(|error| crate::Error::Configuration(format!("the CA certificates cannot be used: {error}")))?;
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let connector =
            HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(tcp);
        let pool = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(timeouts.idle_connection)
            .build(connector);
        Ok(Self { pool, timeouts, body_limit })
    }

    async fn send(
        self,
        mut request: Request<WasiBody>,
        wanted: Option<RequestOptions>,
    ) -> Result<Response<WasiBody>, Error> {
        let timeouts = self.timeouts.clamped_to(wanted);
        // The client writes it from the URI, which is what was checked.
        request.headers_mut().remove(HOST);
        let mut connection = capture_connection(&mut request);
        let mut response = std::pin::pin!(self.pool.request(request));
        let early = tokio::select! {
            biased;
            outcome = &mut response => Some(outcome),
            _ = connection.wait_for_connection_metadata() => None,
            () = tokio::time::sleep(timeouts.connect) => return Err(Error::ConnectionTimeout),
        };
        let outcome = match early {
            Some(outcome) => outcome,
            None => timeout(timeouts.first_byte, response).await.map_err(|_| Error::ConnectionReadTimeout)?,
        };
        let (head, body) = outcome.map_err(sending_failed)?.into_parts();
        let (body, trailers) = self.collect(&head.headers, body, timeouts.between_bytes).await?;
        let body = Full::new(body).with_trailers(async move { trailers.map(Ok) });
        Ok(Response::from_parts(head, body.map_err(|never| match never {}).boxed_unsync()))
    }

    /// Reads a body to its end. One that is cut off or larger than allowed is an error.
    async fn collect(
        &self,
        headers: &HeaderMap,
        mut body: Incoming,
        between_bytes: Duration,
    ) -> Result<(Bytes, Option<HeaderMap>), Error> {
        let too_large = || Error::HttpResponseBodySize(u64::try_from(self.body_limit).ok());
        let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if announced.is_some_and(|length| length > self.body_limit) {
            return Err(too_large());
        }
        let (mut bytes, mut trailers) = (BytesMut::with_capacity(announced.unwrap_or(0)), None);
        loop {
            let frame = timeout(between_bytes, body.frame()).await.map_err(|_| Error::ConnectionReadTimeout)?;
            match frame.transpose().map_err(|_| Error::HttpResponseIncomplete)? {
                None => return Ok((bytes.freeze(), trailers)),
                Some(frame) => match frame.into_data() {
                    Ok(data) if bytes.len() + data.len() > self.body_limit => return Err(too_large()),
                    Ok(data) => bytes.extend_from_slice(&data),
                    Err(frame) => trailers = frame.into_trailers().ok(),
                },
            }
        }
    }
}

/// What the component is told about a request that got no response.
///
/// | what happened | the component sees |
/// |---|---|
/// | the name is unknown | `DNS-error` |
/// | nobody listens there | `connection-refused` |
/// | the certificate is not trusted | `TLS-certificate-error` |
/// | TLS failed otherwise | `TLS-protocol-error` |
/// | no connection for another reason | `destination-unavailable` |
/// | the connection ended before the response | `connection-terminated` |
/// | anything else | `HTTP-protocol-error` |
fn sending_failed(error: legacy::Error) -> Error {
    tracing::debug!(error = chain(&error), "a request got no response");
    if !error.is_connect() {
        let ended = causes(&error).any(|cause| {
            cause.downcast_ref::<hyper::Error>().is_some_and(|error| error.is_incomplete_message() || error.is_closed())
                || cause.downcast_ref::<io::Error>().is_some()
        });
        return if ended { Error::ConnectionTerminated } else { Error::HttpProtocolError };
    }
    for cause in causes(&error) {
        // hyper-util keeps its type of a failed name look-up to itself.
        if cause.to_string() == "dns error" {
            return Error::DnsError { rcode: Some("the name could not be resolved".into()), info_code: None };
        }
        match cause.downcast_ref() {
            Some(rustls::Error::InvalidCertificate(_)) => return Error::TlsCertificateError,
            Some(_) => return Error::TlsProtocolError,
            None => {}
        }
        if cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused) {
            return Error::ConnectionRefused;
        }
    }
    Error::DestinationUnavailable
}

/// An error and what it came from. An `io::Error` passes over the error that it was made of, in its
/// `source`; here that comes too.
fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    })
}

fn chain(error: &(dyn StdError + 'static)) -> String {
    causes(error).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// A component's way out: what is allowed, by this client.
pub(crate) struct Outgoing {
    pub(crate) egress: Arc<Egress>,
    pub(crate) client: HttpClient,
}

type Io = Box<dyn Future<Output = Result<(), Error>> + Send>;

impl WasiHttpHooks for Outgoing {
    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
        _: Io,
    ) -> Box<dyn Future<Output = Result<(Response<WasiBody>, Io), Error>> + Send> {
        if !self.egress.permits(request.uri()) {
            return Box::new(async { Err(Error::HttpRequestDenied) });
        }
        let client = self.client.clone();
        Box::new(async move {
            let response = client.send(request, options).await?;
            Ok((response, Box::new(async { Ok(()) }) as Io))
        })
    }

    /// Both are overridden: which of the two is asked depends on the patch level of the crate.
    fn is_forbidden_header(&mut self, name: &HeaderName) -> bool {
        forbidden(name)
    }

    fn forbidden_header_filter(&mut self) -> ForbiddenHeaderFilter {
        Arc::new(forbidden)
    }
}

/// The headers that belong to the connection, not to the request, and `Expect`, which would make a
/// server wait for a body that has been sent already.
fn forbidden(name: &HeaderName) -> bool {
    DEFAULT_FORBIDDEN_HEADERS.contains(name) || *name == http::header::EXPECT || *name == http::header::TE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_the_connection_are_forbidden() {
        for name in ["host", "connection", "transfer-encoding", "upgrade", "proxy-authorization", "te"] {
            assert!(forbidden(&HeaderName::from_static(name)), "{name}");
        }
        for name in ["authorization", "content-length", "content-type", "user-agent"] {
            assert!(!forbidden(&HeaderName::from_static(name)), "{name}");
        }
    }

    #[test]
    fn a_text_without_certificates_is_no_trust() {
        assert!(TrustedRoots::default().and_pem(b"hello").is_err());
    }
}
