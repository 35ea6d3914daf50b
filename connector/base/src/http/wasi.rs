//! The transport of a component: `wasi:http/outgoing-handler`, by waki's bindings.
//!
//! What is kept to here, because hosts differ where it is not:
//! - the body is written and finished before the request is handed over, with its Content-Length, so
//!   that no server answers while it is still on its way;
//! - `body` is never asked for where there is none;
//! - all three time-outs are set;
//! - children are dropped before their parents: pollables, then the stream, then the body.

use waki::bindings::wasi::http::outgoing_handler::handle;
use waki::bindings::wasi::http::types::{
    ErrorCode, Fields, IncomingBody, IncomingResponse, Method as WasiMethod, OutgoingBody, OutgoingRequest,
    RequestOptions, Scheme,
};
use waki::bindings::wasi::io::streams::StreamError;

use super::{
    MOST_BODY_BYTES, Method, Request, Response, Sending, Sent, Timeouts, Transport, TransportError, url_parts,
};
use crate::runtime::ready;

/// How much is read at a time.
const READ_BYTES: u64 = 64 * 1024;

/// `wasi:http`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wasi;

impl Transport for Wasi {
    fn send(&self, request: Request) -> Sending {
        Box::pin(send(request))
    }
}

async fn send(request: Request) -> Result<Response, TransportError> {
    let timeouts = options(request.timeouts)?;
    let (outgoing, body) = outgoing(request)?;
    write_body(&outgoing, body)?;
    let response = handle(outgoing, Some(timeouts)).map_err(transport_error)?;
    ready(response.subscribe()).await;
    let response = response
        .get()
        .and_then(Result::ok)
        .ok_or_else(|| TransportError::Broken("the host gave no answer".into()))?
        .map_err(transport_error)?;
    read(response).await
}

fn outgoing(request: Request) -> Result<(OutgoingRequest, Option<Vec<u8>>), TransportError> {
    let unusable = |what: &str| TransportError::Malformed(format!("{what} of a request cannot be sent"));
    let (scheme, authority, path) = url_parts(&request.url).ok_or_else(|| unusable("the URL"))?;
    let mut headers = Vec::new();
    for (name, value) in request.headers {
        headers.push((name.to_owned(), value.into_bytes()));
    }
    // A method that may have a body says that there is none: otherwise it goes out in chunks.
    if request.body.is_some() || matches!(request.method, Method::Post | Method::Put | Method::Patch) {
        let length = request.body.as_ref().map_or(0, Vec::len);
        headers.push(("content-length".to_owned(), length.to_string().into_bytes()));
    }
    let outgoing = OutgoingRequest::new(Fields::from_list(&headers).map_err(|_| unusable("a header"))?);
    let scheme = if scheme == "http" { Scheme::Http } else { Scheme::Https };
    let method = match request.method {
        Method::Get => WasiMethod::Get,
        Method::Post => WasiMethod::Post,
        Method::Put => WasiMethod::Put,
        Method::Patch => WasiMethod::Patch,
        Method::Delete => WasiMethod::Delete,
    };
    outgoing.set_method(&method).map_err(|()| unusable("the method"))?;
    outgoing.set_scheme(Some(&scheme)).map_err(|()| unusable("the scheme"))?;
    outgoing.set_authority(Some(authority)).map_err(|()| unusable("the host"))?;
    outgoing.set_path_with_query(Some(if path.is_empty() { "/" } else { path })).map_err(|()| unusable("the path"))?;
    Ok((outgoing, request.body))
}

fn options(timeouts: Timeouts) -> Result<RequestOptions, TransportError> {
    let nanoseconds = |timeout: std::time::Duration| Some(u64::try_from(timeout.as_nanos()).unwrap_or(u64::MAX));
    let unsupported = |()| TransportError::Malformed("the host does not take time-outs".into());
    let options = RequestOptions::new();
    options.set_connect_timeout(nanoseconds(timeouts.connect)).map_err(unsupported)?;
    options.set_first_byte_timeout(nanoseconds(timeouts.first_byte)).map_err(unsupported)?;
    options.set_between_bytes_timeout(nanoseconds(timeouts.between_bytes)).map_err(unsupported)?;
    Ok(options)
}

fn write_body(outgoing: &OutgoingRequest, bytes: Option<Vec<u8>>) -> Result<(), TransportError> {
    let Some(bytes) = bytes else { return Ok(()) };
    let unwritten = |why: &str| TransportError::Malformed(format!("the body of a request was not written: {why}"));
    let body = outgoing.body().map_err(|()| unwritten("the host takes none"))?;
    let stream = body.write().map_err(|()| unwritten("the host takes none"))?;
    let permitted = stream.check_write().map_err(|_| unwritten("the host refused it"))?;
    if usize::try_from(permitted).unwrap_or(usize::MAX) < bytes.len() {
        return Err(unwritten(&format!("{} bytes, and the host takes {permitted} at once", bytes.len())));
    }
    stream.write(&bytes).map_err(|_| unwritten("the host refused it"))?;
    drop(stream);
    OutgoingBody::finish(body, None).map_err(transport_error)
}

async fn read(response: IncomingResponse) -> Result<Response, TransportError> {
    let status = response.status();
    let mut headers = Vec::new();
    for (name, value) in response.headers().entries() {
        if let Ok(value) = String::from_utf8(value) {
            headers.push((name.to_ascii_lowercase(), value));
        }
    }
    let body = response.consume().map_err(|()| TransportError::Broken("the answer has no body".into()))?;
    drop(response);
    let mut response = Response { status, headers, body: Vec::new() };
    response.body = read_body(&body).await?;
    drop(body);
    let announced = response.header("content-length").and_then(|length| length.parse::<usize>().ok());
    match announced {
        Some(announced) if announced != response.body.len() => Err(TransportError::Broken(format!(
            "the answer was cut off after {} of {announced} bytes",
            response.body.len()
        ))),
        _ => Ok(response),
    }
}

async fn read_body(body: &IncomingBody) -> Result<Vec<u8>, TransportError> {
    let stream = body.stream().map_err(|()| TransportError::Broken("the answer has no body".into()))?;
    let mut bytes = Vec::new();
    loop {
        match stream.read(READ_BYTES) {
            Ok(piece) if piece.is_empty() => ready(stream.subscribe()).await,
            Ok(piece) => bytes.extend(piece),
            Err(StreamError::Closed) => return Ok(bytes),
            Err(StreamError::LastOperationFailed(error)) => {
                return Err(TransportError::Broken(error.to_debug_string()));
            }
        }
        if bytes.len() > MOST_BODY_BYTES {
            return Err(TransportError::Malformed(format!("it is larger than {MOST_BODY_BYTES} bytes")));
        }
    }
}

fn transport_error(code: ErrorCode) -> TransportError {
    let unreachable = |why: &str| TransportError::Unreachable(why.into());
    match code {
        ErrorCode::HttpRequestDenied | ErrorCode::DestinationIpProhibited => TransportError::Denied,
        ErrorCode::ConnectionTimeout | ErrorCode::DnsTimeout => TransportError::TimedOut(Sent::No),
        ErrorCode::ConnectionReadTimeout | ErrorCode::HttpResponseTimeout | ErrorCode::ConnectionWriteTimeout => {
            TransportError::TimedOut(Sent::Perhaps)
        }
        ErrorCode::DnsError(_) => unreachable("the host name was not found"),
        ErrorCode::ConnectionRefused => unreachable("the connection was refused"),
        ErrorCode::DestinationNotFound | ErrorCode::DestinationUnavailable | ErrorCode::DestinationIpUnroutable => {
            unreachable("there is no way to the host")
        }
        ErrorCode::ConnectionLimitReached => unreachable("too many connections"),
        ErrorCode::TlsCertificateError => unreachable("the server's certificate is not trusted"),
        ErrorCode::TlsProtocolError | ErrorCode::TlsAlertReceived(_) => unreachable("TLS failed"),
        ErrorCode::HttpResponseBodySize(_)
        | ErrorCode::HttpResponseHeaderSize(_)
        | ErrorCode::HttpResponseHeaderSectionSize(_) => TransportError::Malformed("it is too large".into()),
        ErrorCode::HttpProtocolError => TransportError::Malformed("it is not HTTP".into()),
        ErrorCode::HttpResponseIncomplete => TransportError::Broken("the answer was cut off".into()),
        ErrorCode::ConnectionTerminated => TransportError::Broken("the server closed it".into()),
        ErrorCode::InternalError(Some(why)) => TransportError::Broken(why),
        _ => TransportError::Broken("the host gave no reason".into()),
    }
}
