//! From answers to bytes, and the faults that happen on the way: an answer that breaks off, and none at all.

use std::{
    io, mem,
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
        Some(FaultKind::Truncate) => Body::new(Broken::Start(answer.body.slice(..answer.body.len() / 2))),
        _ => Body::from(answer.body),
    };
    let mut response = Response::new(body);
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    if answer.status != StatusCode::NO_CONTENT {
        response.headers_mut().insert(header::CONTENT_LENGTH, length);
    }
    if fault.is_some_and(FaultKind::hangs_up) {
        response.extensions_mut().insert(Hangup);
    }
    response
}

/// A status and nothing else.
pub(crate) fn plain(status: StatusCode) -> Response {
    response(Answer::empty(status), None)
}

/// A body that gives less than was promised. In HTTP/1.1 hyper closes the connection then; in HTTP/2 the stream ends,
/// and the caller sees that it is too short.
enum Broken {
    Start(Bytes),
    /// A pause, in which hyper sends what it has; it would drop it otherwise.
    Middle,
    End,
}

impl http_body::Body for Broken {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match mem::replace(&mut *self, Self::End) {
            Self::Start(bytes) => {
                *self = Self::Middle;
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            Self::Middle => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Self::End => Poll::Ready(None),
        }
    }
}
