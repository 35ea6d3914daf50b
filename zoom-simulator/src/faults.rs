//! What goes wrong on purpose. Each fault has a probability; for each call they are rolled in the order given, and the
//! first that hits and fits is injected. The dice are seeded, so that the same calls in the same order go wrong alike.
//!
//! | kind | what the caller meets | was the work done? |
//! |---|---|---|
//! | `reset` | the connection closes before any answer | no |
//! | `lost-answer` | the same | yes |
//! | `truncate` | the answer ends in the middle of its body | yes |
//! | `502`, `503` | a proxy's error page | no |
//! | `504` | a proxy's error page | yes: the answer came too late |
//! | `429` | the limit per second, without any header | no |
//! | `429-date` | a daily limit, `Retry-After` as a date two seconds ahead | no |
//! | `429-seconds` | the limit per second, `Retry-After: 1` | no |
//! | `slow` | the answer waits longer | yes |
//! | `garbage` | an HTML page with 200 or 500 | no |
//! | `expired-token` | code 124 | no |
//! | `page-token-expired` | the list's refusal of the page token | no |
//! | `repeat-cursor` | a list gives the token again that it was called with | yes |
//! | `duplicate-row` | a list has a row twice | yes |
//! | `drop-row` | a list lacks a row that its total counts | yes |
//! | `empty-200` | 200, and an error code in the body | no |
//!
//! Down to `slow` and `garbage` they hit token requests too; the rest only fits the API, some of it only lists.

use std::{fmt, str::FromStr, time::Duration};

use axum::body::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use crate::{
    call::{Answer, Call},
    clock::Moment,
    errors::{BAD_TOKEN, EXPIRED_TOKEN, Failure, TOO_MANY_A_DAY, TOO_MANY_A_SECOND},
    paging,
};

/// A kind of fault with how likely it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault {
    kind: FaultKind,
    probability: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    Reset,
    LostAnswer,
    Truncate,
    BadGateway,
    Unavailable,
    GatewayTimeout,
    TooMany,
    TooManyDate,
    TooManySeconds,
    Slow,
    Garbage,
    ExpiredToken,
    PageTokenExpired,
    RepeatCursor,
    DuplicateRow,
    DropRow,
    Empty200,
}

impl FaultKind {
    const ALL: [(Self, &str); 17] = [
        (Self::Reset, "reset"),
        (Self::LostAnswer, "lost-answer"),
        (Self::Truncate, "truncate"),
        (Self::BadGateway, "502"),
        (Self::Unavailable, "503"),
        (Self::GatewayTimeout, "504"),
        (Self::TooMany, "429"),
        (Self::TooManyDate, "429-date"),
        (Self::TooManySeconds, "429-seconds"),
        (Self::Slow, "slow"),
        (Self::Garbage, "garbage"),
        (Self::ExpiredToken, "expired-token"),
        (Self::PageTokenExpired, "page-token-expired"),
        (Self::RepeatCursor, "repeat-cursor"),
        (Self::DuplicateRow, "duplicate-row"),
        (Self::DropRow, "drop-row"),
        (Self::Empty200, "empty-200"),
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    /// Whether this fault leaves the caller without an answer.
    pub(crate) fn hangs_up(self) -> bool {
        matches!(self, Self::Reset | Self::LostAnswer)
    }

    /// Whether this fault can happen to such a call.
    fn fits(self, call: &Call) -> bool {
        let is_api = call.path.starts_with("/v2/");
        let is_later_page = call.query("next_page_token").is_some();
        match self {
            Self::ExpiredToken | Self::Empty200 | Self::DuplicateRow | Self::DropRow => is_api,
            Self::TooMany | Self::TooManyDate | Self::TooManySeconds => is_api,
            Self::PageTokenExpired | Self::RepeatCursor => is_later_page,
            _ => true,
        }
    }

    /// The answer that is given without looking at the call, if this fault is of that sort.
    pub(crate) fn instead(self, call: &Call, dice: &mut Dice, now: Moment) -> Option<Answer> {
        let failure = |failure: Failure| Some(Answer::from(failure));
        let with_header = |refusal, value: String| {
            failure(Failure { headers: vec![("retry-after", value)], ..Failure::from(refusal) })
        };
        match self {
            Self::Reset => Some(Answer::empty(StatusCode::OK)),
            Self::BadGateway => Some(page(StatusCode::BAD_GATEWAY)),
            Self::Unavailable => Some(page(StatusCode::SERVICE_UNAVAILABLE)),
            Self::TooMany => failure(TOO_MANY_A_SECOND.into()),
            Self::TooManyDate => with_header(TOO_MANY_A_DAY, now.plus(SOON).to_string()),
            Self::TooManySeconds => with_header(TOO_MANY_A_SECOND, "1".to_owned()),
            Self::Garbage if dice.0.bool() => Some(page(StatusCode::OK)),
            Self::Garbage => Some(page(StatusCode::INTERNAL_SERVER_ERROR)),
            Self::ExpiredToken => failure(if dice.0.bool() { EXPIRED_TOKEN } else { BAD_TOKEN }.into()),
            Self::PageTokenExpired => failure(paging::refusal(call).into()),
            Self::Empty200 => Some(Answer::json(StatusCode::OK, &json!({ "code": 200, "message": "No permission." }))),
            _ => None,
        }
    }
}

/// Lets a fault at an answer on its way out. Says which fault it was; none, if it did not fit the answer after all.
pub(crate) fn spoil(fault: Option<FaultKind>, call: &Call, answer: Answer) -> (Answer, Option<FaultKind>) {
    let spoiled = match fault {
        // On the wire; the answer is all right in itself.
        Some(FaultKind::LostAnswer | FaultKind::Slow) => return (answer, fault),
        Some(FaultKind::Truncate) if !answer.body.is_empty() => return (answer, fault),
        Some(FaultKind::GatewayTimeout) => Some(page(StatusCode::GATEWAY_TIMEOUT)),
        Some(FaultKind::RepeatCursor) => with_list(&answer, |list, _| {
            let token = list.get_mut("next_page_token")?;
            let is_last_page = token.as_str().is_none_or(str::is_empty);
            *token = call.query("next_page_token").filter(|_| !is_last_page)?.into();
            Some(())
        }),
        Some(FaultKind::DuplicateRow) => with_list(&answer, |list, rows| {
            let rows = list.get_mut(rows)?.as_array_mut()?;
            rows.push(rows.first()?.clone());
            Some(())
        }),
        Some(FaultKind::DropRow) => {
            with_list(&answer, |list, rows| list.get_mut(rows)?.as_array_mut()?.pop().map(drop))
        }
        _ => None,
    };
    match spoiled {
        Some(spoiled) => (spoiled, fault),
        None => (answer, None),
    }
}

/// How far ahead `429-date` puts the time to come back: soon, so that a caller who obeys is back within a test.
const SOON: Duration = Duration::from_secs(2);

/// What a proxy in between shows when something is wrong: HTML, where JSON was asked for.
fn page(status: StatusCode) -> Answer {
    let reason = status.canonical_reason().unwrap_or_default();
    let body = format!("<html><head><title>{status}</title></head><body><h1>{reason}</h1></body></html>\n");
    let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("text/html"))]);
    Answer { status, headers, body: body.into() }
}

/// Changes a page of a list: the change gets the body and the name of its rows. Nothing if the answer is no such page.
fn with_list(answer: &Answer, change: impl FnOnce(&mut Value, &str) -> Option<()>) -> Option<Answer> {
    let mut list: Value = serde_json::from_slice(&answer.body).ok()?;
    list.get("next_page_token")?;
    let rows = list.as_object()?.iter().find(|(_, value)| value.is_array()).map(|(name, _)| name.clone())?;
    change(&mut list, &rows)?;
    let body = Bytes::from(serde_json::to_vec(&list).ok()?);
    Some(Answer { status: answer.status, headers: answer.headers.clone(), body })
}

/// What decides whether a call goes wrong.
pub(crate) struct Dice(fastrand::Rng);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// The fault that hits this call. Every fault is rolled for every call, whether it fits or not, so that what
    /// happens to one call does not hang on what another one was.
    pub(crate) fn roll(&mut self, faults: &[Fault], call: &Call) -> Option<FaultKind> {
        let rolled: Vec<_> = faults.iter().map(|fault| (fault.kind, self.0.f64() < fault.probability)).collect();
        rolled.into_iter().find(|(kind, hit)| *hit && kind.fits(call)).map(|(kind, _)| kind)
    }
}

/// A text that describes no fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// Not of the form `KIND:PROBABILITY`.
    #[error("{0:?} is not of the form KIND:PROBABILITY")]
    Form(String),
    /// There is no such kind.
    #[error("unknown kind of fault {0:?}: known are {known}", known = FaultKind::ALL.map(|(_, name)| name).join(", "))]
    Kind(String),
    /// The probability is no number from 0 to 1.
    #[error("{0:?} is no probability: it must be a number from 0 to 1")]
    Probability(String),
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let (name, number) = text.rsplit_once(':').ok_or_else(|| FaultError::Form(text.to_owned()))?;
        let kind = FaultKind::ALL.into_iter().find(|(_, known)| *known == name).map(|(kind, _)| kind);
        let kind = kind.ok_or_else(|| FaultError::Kind(name.to_owned()))?;
        let probability = number.parse().ok().filter(|number| (0.0..=1.0).contains(number));
        Ok(Self { kind, probability: probability.ok_or_else(|| FaultError::Probability(number.to_owned()))? })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.name(), self.probability)
    }
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
