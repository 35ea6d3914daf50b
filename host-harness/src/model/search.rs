//! What a search answers, and what it would take.

use std::time::Duration;

use serde::{Serialize, Serializer};

use super::ConnectorObject;

/// One page of a search.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SearchResult {
    /// The objects, in a stable order. A page may be empty and still not be the last.
    pub objects: Vec<ConnectorObject>,
    /// The cookie to go on with. None, and nothing else, says that the list is at its end.
    pub next: Option<String>,
    /// How many objects follow this page, where it is known.
    pub remaining: Option<u32>,
    /// Whether every object that this page should hold is in it.
    pub complete: bool,
}

/// The calls that a search would make.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plan {
    /// The calls, in the order in which they start.
    pub calls: Vec<PlannedCall>,
    /// The least time that the provider's rate limits allow for them. Serialized as `floorMs`.
    #[serde(rename = "floorMs", serialize_with = "milliseconds")]
    pub floor: Option<Duration>,
    /// What else a person should know about the plan.
    pub notes: Vec<String>,
}

fn milliseconds<S: Serializer>(time: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| time.as_millis()).serialize(serializer)
}

/// One sort of call in a plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedCall {
    /// The HTTP method.
    pub method: String,
    /// The path, with `{name}` for what varies.
    pub path: String,
    /// How often, where it is known.
    pub count: Option<u32>,
    /// The provider's rate limit that it counts against.
    pub rate_label: Option<String>,
    /// What it is for.
    pub purpose: String,
}
