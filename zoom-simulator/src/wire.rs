//! From answers to bytes, and the faults that happen on the way: an answer that breaks off, and none at all.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use http::{HeaderValue, StatusCode, header};
use http_body::Frame;

use crate::{call::Answer, faults::FaultKind};

/// Marks a response that must not go out: the connection is closed in its place.
#[derive(Clone)]
pub(crate) struct Hangup;

/// An answer as it goes out.
pub(crate) fn response(answer: Answer, fault: Option<FaultKind>) -> Response {
    let length = HeaderValue::from(answer.body.len());
    let body = match fault {
        Some(FaultKind::Truncate) => Body::new(Broken(Some(answer.body.slice(..answer.body.len() / 2)))),
        _ => Body::from(answer.body),
    };
    let mut response = Response::new(body);
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    if answer.status != StatusCode::NO_CONTENT {
        response.headers_mut().insert(header::CONTENT_LENGTH, length);
    }
    if matches!(fault, Some(FaultKind::Reset | FaultKind::LostAnswer)) {
        response.extensions_mut().insert(Hangup);
    }
    response
}

/// A status and nothing else.
pub(crate) fn plain(status: StatusCode) -> Response {
    response(Answer::empty(status), None)
}

/// A body that promises more than it gives: these bytes, and then an error, upon which the connection is closed.
struct Broken(Option<Bytes>);

impl http_body::Body for Broken {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let frame = self.0.take().map(Frame::data);
        Poll::Ready(Some(frame.ok_or_else(|| io::ErrorKind::ConnectionAborted.into())))
    }
}
