//! What was asked of the simulator and what it answered: counters, and a log of every call. Observers' own calls, those
//! to `/__sim/`, are neither counted nor logged.

use std::{
    collections::{BTreeMap, VecDeque},
    fs::File,
    io::Write,
    sync::{Mutex, PoisonError},
};

use axum::body::Bytes;
use http::Method;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{call::Call, clock::Moment};

/// Counters since the start or the last reset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Requests, token requests included.
    pub requests: u64,
    /// Connections that were accepted, but for those whose first request was an observer's.
    pub connections: u64,
    /// Requests by route, such as `GET /v2/users/{id}`; unknown paths by themselves.
    pub by_route: BTreeMap<String, u64>,
    /// Answers by HTTP status; 0 where the connection was closed instead.
    pub status: BTreeMap<String, u64>,
    /// How many requests are being answered now.
    pub in_flight: u64,
    /// How many were at most.
    pub max_in_flight: u64,
    /// Injected faults by kind.
    pub faults: BTreeMap<String, u64>,
}

/// A call and its answer. Secrets are masked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LogEntry {
    /// When it was answered.
    pub time: String,
    /// The HTTP method.
    pub method: String,
    /// The path as it was sent.
    pub path: String,
    /// The query parameters, an object of texts.
    pub query: Value,
    /// The body of the request: JSON as it was, a form as an object, null for none.
    pub request_body: Value,
    /// The HTTP status; 0 where the connection was closed instead of answering.
    pub status: u16,
    /// The body of the answer: JSON as it was, other text as such, null for none.
    pub response_body: Value,
    /// The fault that was injected, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<&'static str>,
}

/// A call and its answer as they went over the wire.
pub(crate) struct Record {
    pub(crate) time: Moment,
    pub(crate) call: Call,
    pub(crate) status: u16,
    pub(crate) response_body: Bytes,
    pub(crate) fault: Option<&'static str>,
}

/// How many bytes of bodies the log keeps: twice what a full import of 50,000 users is, lists and every record. Older
/// calls are forgotten; the log file has them.
const KEPT_BYTES: usize = 256 << 20;

/// What a call takes in the log besides its bodies, roughly.
const RECORD_BYTES: usize = 512;

/// What stands in the log for a secret.
const MASK: &str = "********";

/// The names of secrets in bodies and queries.
const SECRETS: [&str; 5] = ["access_token", "client_secret", "host_key", "new_password", "password"];

#[derive(Default)]
pub(crate) struct Observer {
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    stats: Stats,
    log: VecDeque<Record>,
    bytes: usize,
    file: Option<File>,
}

impl Observer {
    /// An observer that also writes into a file.
    pub(crate) fn new(file: Option<File>) -> Self {
        Self { seen: Mutex::new(Seen { file, ..Seen::default() }) }
    }

    /// A connection was accepted.
    pub(crate) fn connected(&self) {
        self.change(|seen| seen.stats.connections += 1);
    }

    /// It was only an observer's.
    pub(crate) fn was_observer(&self) {
        self.change(|seen| seen.stats.connections = seen.stats.connections.saturating_sub(1));
    }

    /// A request has come. Says how many there were before.
    pub(crate) fn arrive(&self, route: &str) -> u64 {
        self.change(|seen| {
            let stats = &mut seen.stats;
            stats.requests += 1;
            stats.in_flight += 1;
            stats.max_in_flight = stats.max_in_flight.max(stats.in_flight);
            *stats.by_route.entry(route.to_owned()).or_default() += 1;
            stats.requests
        })
    }

    /// Its answer is about to go.
    pub(crate) fn depart(&self, record: Record) {
        self.change(|seen| {
            seen.stats.in_flight = seen.stats.in_flight.saturating_sub(1);
            *seen.stats.status.entry(record.status.to_string()).or_default() += 1;
            if let Some(fault) = record.fault {
                *seen.stats.faults.entry(fault.to_owned()).or_default() += 1;
            }
            if let Some(file) = &mut seen.file {
                // A log that cannot be written must not stop the simulator; what is missing will be missed.
                let _ = serde_json::to_vec(&record.entry()).map(|mut line| {
                    line.push(b'\n');
                    file.write_all(&line)
                });
            }
            seen.bytes += record.bytes();
            seen.log.push_back(record);
            while seen.bytes > KEPT_BYTES {
                let Some(oldest) = seen.log.pop_front() else { break };
                seen.bytes = seen.bytes.saturating_sub(oldest.bytes());
            }
        });
    }

    pub(crate) fn stats(&self) -> Stats {
        self.change(|seen| seen.stats.clone())
    }

    pub(crate) fn log(&self) -> Vec<LogEntry> {
        self.change(|seen| seen.log.iter().map(Record::entry).collect())
    }

    /// Forgets all but what is going on right now.
    pub(crate) fn reset(&self) {
        self.change(|seen| {
            let in_flight = seen.stats.in_flight;
            seen.stats = Stats { in_flight, max_in_flight: in_flight, ..Stats::default() };
            seen.log.clear();
            seen.bytes = 0;
        });
    }

    fn change<T>(&self, change: impl FnOnce(&mut Seen) -> T) -> T {
        change(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Record {
    fn bytes(&self) -> usize {
        RECORD_BYTES + self.call.body.len() + self.response_body.len()
    }

    fn entry(&self) -> LogEntry {
        LogEntry {
            time: self.time.to_string(),
            method: self.call.method.to_string(),
            path: self.call.path.clone(),
            query: pairs(self.call.query.iter().cloned()),
            request_body: body(&self.call.body, self.call.method == Method::POST && self.call.path == "/oauth/token"),
            status: self.status,
            response_body: body(&self.response_body, false),
            fault: self.fault,
        }
    }
}

fn body(bytes: &Bytes, is_form: bool) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    if is_form {
        return pairs(form_urlencoded::parse(bytes).into_owned());
    }
    let mut body = serde_json::from_slice(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into());
    mask(&mut body);
    body
}

fn pairs(pairs: impl Iterator<Item = (String, String)>) -> Value {
    let mut object = Value::Object(pairs.map(|(name, value)| (name, value.into())).collect::<Map<_, _>>());
    mask(&mut object);
    object
}

fn mask(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(secret) if SECRETS.contains(&name.as_str()) => MASK.clone_into(secret),
                    other => mask(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask),
        _ => {}
    }
}
