//! How the requests of a component go out.
//!
//! wasmtime's own client makes a TCP and a TLS connection for every request, trusts the public roots only
//! and waits 600 seconds for everything. This one:
//!
//! - keeps connections, one pool and one TLS session store for each connector (`connections`);
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
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderName, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::timeout;
use wasmtime_wasi_http::{
    DEFAULT_FORBIDDEN_HEADERS, Error, ForbiddenHeaderFilter, RequestOptions, WasiBody, WasiHttpHooks,
};

use crate::connections::{Connection, Connections};
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
    connections: Arc<Connections>,
    timeouts: Timeouts,
    body_limit: usize,
}

impl HttpClient {
    /// Errors: `Configuration` where an added certificate cannot be used.
    pub(crate) fn new(roots: &TrustedRoots, timeouts: Timeouts, body_limit: usize) -> Result<Self, crate::Error> {
        let tls = roots
            .client_config()
            .map_err(|error| crate::Error::Configuration(format!("the CA certificates cannot be used: {error}")))?;
        Ok(Self { connections: Arc::new(Connections::new(tls, timeouts)), timeouts, body_limit })
    }

    async fn send(
        self,
        request: Request<WasiBody>,
        wanted: Option<RequestOptions>,
    ) -> Result<Response<WasiBody>, Error> {
        let timeouts = self.timeouts.clamped_to(wanted);
        let (response, connection) = self.exchange(request, timeouts).await?;
        let (head, body) = response.into_parts();
        let (body, trailers) = self.collect(&head.headers, body, timeouts.between_bytes).await?;
        connection.give_back().await;
        let body = Full::new(body).with_trailers(async move { trailers.map(Ok) });
        Ok(Response::from_parts(head, body.map_err(|never| match never {}).boxed_unsync()))
    }

    /// Sends a request, and once more as often as a connection that was there already turns out to have ended before
    /// anything was sent.
    async fn exchange(
        &self,
        mut request: Request<WasiBody>,
        timeouts: Timeouts,
    ) -> Result<(Response<Incoming>, Connection), Error> {
        let uri = request.uri().clone();
        loop {
            let connecting = timeout(timeouts.connect, self.connections.to(&uri)).await;
            let mut connection =
                connecting.map_err(|_| Error::ConnectionTimeout)?.map_err(|error| connecting_failed(&*error))?;
            let sending = timeout(timeouts.first_byte, connection.send(request, &uri)).await;
            match sending.map_err(|_| Error::ConnectionReadTimeout)? {
                Ok(response) => return Ok((response, connection)),
                Err(mut error) => match error.take_message() {
                    Some(unsent) if !connection.is_new => request = unsent,
                    _ => return Err(exchange_failed(&error.into_error())),
                },
            }
        }
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
/// | nobody listens there, or the server did not take the request up | `connection-refused` |
/// | the certificate is not trusted | `TLS-certificate-error` |
/// | TLS failed otherwise | `TLS-protocol-error` |
/// | no connection for another reason | `destination-unavailable` |
/// | the connection, or in HTTP/2 the stream, ended before the response | `connection-terminated` |
/// | anything else | `HTTP-protocol-error` |
///
/// All but the last two mean that the server has done nothing, so that the request can be made again.
fn connecting_failed(error: &(dyn StdError + 'static)) -> Error {
    tracing::debug!(error = chain(error), "there is no connection");
    for cause in causes(error) {
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

/// See [`connecting_failed`].
fn exchange_failed(error: &hyper::Error) -> Error {
    tracing::debug!(error = chain(error), "a request got no response");
    for cause in causes(error) {
        if let Some(error) = cause.downcast_ref::<hyper::Error>() {
            if error.is_canceled() {
                return Error::ConnectionRefused; // The connection ended before anything of it was sent.
            }
            if error.is_incomplete_message() || error.is_closed() || error.is_timeout() {
                return Error::ConnectionTerminated;
            }
        }
        if let Some(error) = cause.downcast_ref::<h2::Error>()
            && error.is_remote()
        {
            // GOAWAY reaches only the streams that the server has not begun with (RFC 9113, 6.8); what
            // REFUSED_STREAM ends has not been processed either (8.7).
            let untouched = error.is_go_away() || error.reason() == Some(h2::Reason::REFUSED_STREAM);
            return if untouched { Error::ConnectionRefused } else { Error::ConnectionTerminated };
        }
        if cause.downcast_ref::<io::Error>().is_some() {
            return Error::ConnectionTerminated;
        }
    }
    Error::HttpProtocolError
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
    use std::convert::Infallible;
    use std::iter;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use hyper::server::conn::{http1, http2};
    use hyper::service::service_fn;
    use hyper_util::rt::{TokioExecutor, TokioIo};
    use rcgen::{CertifiedKey, generate_simple_self_signed};
    use rustls::ServerConfig;
    use rustls::pki_types::PrivateKeyDer;
    use tokio::net::TcpListener;
    use tokio::sync::Barrier;
    use tokio::task::JoinSet;
    use tokio_rustls::TlsAcceptor;

    use super::*;

    const CALLERS: usize = 50;
    const FURTHER: usize = 50;

    /// How many connections are made to a server of this protocol by callers whose first requests are answered only when
    /// all have come, and who then make further ones, each after the other.
    async fn connections_of_callers(protocol: &'static str) -> usize {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let mut config = config.with_no_client_auth().with_single_cert(vec![cert.der().clone()], key).unwrap();
        config.alpn_protocols = vec![protocol.into()];
        let tls = TlsAcceptor::from(Arc::new(config));

        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let (connections, all) = (Arc::new(AtomicUsize::new(0)), Arc::new(Barrier::new(CALLERS)));
        let counted = connections.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let (tls, all) = (tls.clone(), all.clone());
                tokio::spawn(async move {
                    let stream = TokioIo::new(tls.accept(stream).await.unwrap());
                    let service = service_fn(move |request: Request<Incoming>| {
                        let all = all.clone();
                        async move {
                            if request.uri().path() == "/first" {
                                all.wait().await;
                            }
                            Ok::<_, Infallible>(Response::new(Full::<Bytes>::from("a body")))
                        }
                    });
                    match protocol {
                        "h2" => http2::Builder::new(TokioExecutor::new()).serve_connection(stream, service).await,
                        _ => http1::Builder::new().serve_connection(stream, service).await,
                    }
                });
            }
        });

        let roots = TrustedRoots::default().and_pem(cert.pem().as_bytes()).unwrap();
        let client = HttpClient::new(&roots, Timeouts::default(), 1024).unwrap();
        let mut callers = JoinSet::new();
        for _ in 0..CALLERS {
            let (client, url) = (client.clone(), url.clone());
            callers.spawn(async move {
                for path in iter::once("/first").chain(iter::repeat_n("/further", FURTHER)) {
                    let body: WasiBody = Full::default().map_err(|never| match never {}).boxed_unsync();
                    let request = Request::get(format!("{url}{path}")).body(body).unwrap();
                    client.clone().send(request, None).await.unwrap();
                }
            });
        }
        callers.join_all().await;
        connections.load(Ordering::SeqCst)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_burst_takes_one_connection_over_http2_and_one_for_each_request_over_http1() {
        assert_eq!(connections_of_callers("h2").await, 1);
        assert_eq!(connections_of_callers("http/1.1").await, CALLERS);
    }

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
