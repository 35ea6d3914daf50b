//! Makes the requests that it is told to. The object class of a search says which:
//!
//! | class | what it does |
//! |---|---|
//! | a URL | requests it and answers one object: attributes `status` and `body` |
//! | `start URL` | begins a request and comes back without waiting for its answer |
//! | `finish` | the answer of the request that was begun |
//! | `header NAME` | tries to set a header of a request |
//! | `relative PATH` | addresses the service with this as its path |
//!
//! A test requests the URL of the property `testUrl`. A request that fails is an error `io` with the host's error code as its message. Errors of the kind
//! come from the host alone: nothing is retried here.

use std::cell::RefCell;

use kit::{
    Connector, Error, ErrorKind, Filter, Options, Properties, SearchOptions, SearchResult, error, last_page, object,
};
use waki::bindings::wasi::http::outgoing_handler;
use waki::bindings::wasi::http::types::{
    Fields, FutureIncomingResponse, IncomingBody, IncomingResponse, Method, OutgoingRequest, RequestOptions, Scheme,
};

struct Requests {
    service: String,
    test: String,
    first_byte_ms: Option<u64>,
    begun: RefCell<Option<FutureIncomingResponse>>,
}

kit::component!(Requests);

impl Connector for Requests {
    const PROPERTIES: &[(&str, bool)] = &[("serviceUrl", false), ("testUrl", false), ("firstByteMs", false)];
    const HOSTS: &[&str] = &["serviceUrl"];

    fn open(properties: &Properties) -> Result<Self, Error> {
        Ok(Self {
            service: properties.text("serviceUrl"),
            test: properties.text("testUrl"),
            first_byte_ms: properties.text("firstByteMs").parse().ok(),
            begun: RefCell::new(None),
        })
    }

    fn test(&self) -> Result<(), Error> {
        finish(self.begin(&self.test)?).map(|_| ())
    }

    fn search(&self, class: String, _: Option<Filter>, _: SearchOptions, _: Options) -> Result<SearchResult, Error> {
        let response = match class.split_once(' ') {
            Some(("start", url)) => {
                *self.begun.borrow_mut() = Some(self.begin(url)?);
                return Ok(last_page(vec![]));
            }
            Some(("header", name)) => {
                let outcome = Fields::new().set(&name.to_owned(), &[b"x".to_vec()]);
                return Ok(last_page(vec![object("header", name, &[("outcome", format!("{outcome:?}"))])]));
            }
            Some(("relative", path)) => finish(self.address(&self.service, path)?)?,
            _ if class == "finish" => finish(self.begun.take().ok_or_else(|| failed("nothing was begun"))?)?,
            _ => finish(self.begin(&class)?)?,
        };
        let status = response.status().to_string();
        let body = read(&response)?;
        Ok(last_page(vec![object("response", "1", &[("status", status), ("body", body)])]))
    }
}

impl Requests {
    fn begin(&self, url: &str) -> Result<FutureIncomingResponse, Error> {
        let after_scheme = url.find("://").map_or(0, |at| at + 3);
        let path = url[after_scheme..].find('/').map_or("/", |at| &url[after_scheme + at..]);
        self.address(url, path)
    }

    fn address(&self, url: &str, path: &str) -> Result<FutureIncomingResponse, Error> {
        let (scheme, rest) = url.split_once("://").ok_or_else(|| failed("not a URL"))?;
        let scheme = match scheme {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            other => Scheme::Other(other.into()),
        };
        let request = OutgoingRequest::new(Fields::new());
        let set = request.set_method(&Method::Get).is_ok()
            && request.set_scheme(Some(&scheme)).is_ok()
            && request.set_authority(rest.split('/').next()).is_ok()
            && request.set_path_with_query(Some(path)).is_ok();
        if !set {
            return Err(failed("the request is refused"));
        }
        let options = RequestOptions::new();
        let time = self.first_byte_ms.map(|milliseconds| milliseconds * 1_000_000);
        options.set_first_byte_timeout(time).map_err(|()| failed("no such time-out"))?;
        outgoing_handler::handle(request, Some(options)).map_err(failed)
    }
}

fn finish(response: FutureIncomingResponse) -> Result<IncomingResponse, Error> {
    response.subscribe().block();
    match response.get() {
        Some(Ok(Ok(response))) => Ok(response),
        Some(Ok(Err(code))) => Err(failed(code)),
        _ => Err(failed("no response")),
    }
}

fn read(response: &IncomingResponse) -> Result<String, Error> {
    let body = response.consume().map_err(|()| failed("no body"))?;
    let mut bytes = Vec::new();
    {
        let stream = body.stream().map_err(|()| failed("no stream"))?;
        while let Ok(chunk) = stream.blocking_read(64 << 10) {
            bytes.extend(chunk);
        }
    }
    drop(IncomingBody::finish(body));
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn failed(why: impl std::fmt::Debug) -> Error {
    error(ErrorKind::Io, format!("{why:?}"))
}
