//! The connector as native code, in this process.

use std::cell::RefCell;
use std::future::ready;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Result, anyhow};
use connector_base::connector::{Connector as _, Query};
use connector_base::contract::{ConfigurationProperty, Error, Options, SearchOptions};
use connector_base::http::{Request, Response, Sending, Transport, TransportError};
use connector_base::value::Value;
use zoom_connector::Zoom;

use crate::answers::Answers;
use crate::harness::USER;
use crate::stopwatch::Stopwatch;

/// What an import has taken.
pub(crate) struct Import {
    pub(crate) objects: usize,
    /// The time, without that of finding the answers.
    pub(crate) native: Duration,
}

/// Imports all users.
pub(crate) fn import(properties: &[(String, String)], answers: Answers) -> Result<Import> {
    let stopwatch = Rc::new(RefCell::new(Stopwatch::default()));
    let property = |(name, value): &(String, String)| ConfigurationProperty {
        name: name.clone(),
        values: vec![Value::text(value.clone())],
    };
    let properties = properties.iter().map(property).collect();
    let transport = FromMemory { answers, stopwatch: Rc::clone(&stopwatch) };
    let zoom = Zoom::with_transport(properties, Box::new(transport)).map_err(refused)?;
    let (mut objects, mut cookie) = (0, None);
    stopwatch.borrow_mut().go();
    loop {
        let search = SearchOptions {
            attributes_to_get: None,
            return_default_attributes: false,
            page_size: None,
            page_offset: None,
            page_cookie: cookie,
            sort_keys: Vec::new(),
            scope: None,
            container: None,
            allow_partial_results: false,
            allow_partial_attribute_values: false,
        };
        let options = Options { run_as_user: None, run_with_password: None, deadline_ms: None, extra: Vec::new() };
        let query = Query::checked(zoom.schema(), USER, None, search, options).map_err(refused)?;
        let page = zoom.search(query).map_err(refused)?;
        objects += page.objects.len();
        cookie = page.next;
        if cookie.is_none() {
            break;
        }
    }
    stopwatch.borrow_mut().stop();
    let native = stopwatch.borrow().spent();
    Ok(Import { objects, native })
}

/// Answers at once, and off the clock.
struct FromMemory {
    answers: Answers,
    stopwatch: Rc<RefCell<Stopwatch>>,
}

impl Transport for FromMemory {
    fn send(&self, request: Request) -> Sending {
        self.stopwatch.borrow_mut().stop();
        let answer = self.answer(&request);
        self.stopwatch.borrow_mut().go();
        Box::pin(ready(answer))
    }
}

impl FromMemory {
    fn answer(&self, request: &Request) -> Result<Response, TransportError> {
        let uri: http::Uri = request.url.parse().map_err(|_| TransportError::Malformed("no URL".into()))?;
        let path = uri.path_and_query().map(ToString::to_string).unwrap_or_default();
        let unknown = || TransportError::Unreachable(format!("there is no answer to {request:?}"));
        let answer = self.answers.known(request.method.as_str(), &path).ok_or_else(unknown)?;
        Ok(Response { status: answer.status, headers: answer.headers, body: answer.body.to_vec() })
    }
}

fn refused(error: impl Into<Error>) -> anyhow::Error {
    anyhow!("{}", error.into().message).context("the native connector refuses")
}
