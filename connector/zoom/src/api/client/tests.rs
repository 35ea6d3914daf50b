use std::cell::{Cell, RefCell};

use connector_base::http::TransportError;
use connector_base::http::scripted::Scripted;
use connector_base::runtime::{block_on, spawn};
use connector_base::value::Secret;

use super::*;
use crate::api::budget::RatePlan;
use crate::api::budget::tests::OFF;
use crate::api::limits::{CREATE_USER, GET_USER, Label, UPDATE_PHONE_USER};
use crate::api::token::Credentials;
type Answer = Result<Response, TransportError>;
type Requests = Rc<RefCell<Vec<Request>>>;

fn json(status: u16, body: &str) -> Answer {
    Ok(Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() })
}

/// A client of a Zoom that hands out numbered tokens and answers calls from a function.
fn client(answer: impl Fn(&Request) -> Answer + 'static) -> (Client, Requests) {
    limited(OFF, answer)
}

fn limited(rates: RateSettings, answer: impl Fn(&Request) -> Answer + 'static) -> (Client, Requests) {
    let tokens = Cell::new(0);
    let transport = Scripted::new(move |request| match request.url.ends_with("/oauth/token") {
        true => {
            tokens.set(tokens.get() + 1);
            json(200, &format!(r#"{{"access_token":"t{}","expires_in":3600}}"#, tokens.get()))
        }
        false => answer(request),
    });
    let transport = transport.with_latency(Duration::from_millis(50));
    let requests = transport.requests();
    let credentials = Credentials {
        token_url: "https://zoom.example/oauth/token".into(),
        account_id: "account".into(),
        client_id: "client".into(),
        client_secret: Secret::new("secret"),
        scope: None,
    };
    let service = Url { origin: "https://api.zoom.example".into(), path: "/v2".into() };
    (Client::new(Box::new(transport), service, Tokens::new(credentials, 2), 2, rates), requests)
}

fn bearer(request: &Request) -> &str {
    let header = request.headers.iter().find(|(name, _)| *name == "authorization");
    header.and_then(|(_, value)| value.strip_prefix("Bearer ")).unwrap_or_default()
}

fn urls(requests: &Requests) -> Vec<String> {
    requests.borrow().iter().map(|request| request.url.clone()).collect()
}

fn user(client: &Client, id: &str) -> Result<Option<crate::api::users::User>, ZoomError> {
    block_on(client.user(id)).expect("an end")
}

const USER: &str = r#"{"id":"u","email":"a@b.c"}"#;

#[test]
fn places_in_a_path_are_encoded() {
    let (client, requests) = client(|_| json(200, USER));
    user(&client, "a+b/c?d@x.y").expect("a user");
    assert_eq!(urls(&requests)[1], "https://api.zoom.example/v2/users/a%2Bb%2Fc%3Fd@x.y");
}

#[test]
fn a_token_that_is_refused_is_renewed_once_for_all_calls() {
    let (client, requests) = client(|request| match bearer(request) {
        "t1" => json(401, r#"{"code":124,"message":"Access token is expired."}"#),
        _ => json(200, USER),
    });
    block_on(async {
        let calls: Vec<_> = (0..10)
            .map(|id| {
                let client = client.clone();
                spawn(async move { client.user(&id.to_string()).await })
            })
            .collect();
        for call in calls {
            call.await.expect("a user");
        }
    });
    let logins = urls(&requests).iter().filter(|url| url.ends_with("/oauth/token")).count();
    assert_eq!((logins, requests.borrow().len()), (2, 22));
}

#[test]
fn a_token_that_is_refused_again_is_an_error() {
    let (client, requests) = client(|_| json(401, r#"{"code":124,"message":"Invalid access token."}"#));
    assert_eq!(user(&client, "u").expect_err("refused").code(), Some(124));
    assert_eq!(requests.borrow().len(), 4);
}

#[test]
fn a_call_that_may_have_happened_is_made_again_only_where_that_does_no_harm() {
    let broken = || Err(TransportError::Broken("closed".into()));
    let (client, requests) = client(move |_| broken());
    user(&client, "u").expect_err("broken");
    assert_eq!(requests.borrow().len(), 1 + 3, "one token, and a read that was made again twice");
    client.run(Call::new(&CREATE_USER, &[])).expect_err("broken");
    assert_eq!(requests.borrow().len(), 1 + 3 + 1, "a creation is made once");
}

#[test]
fn a_call_that_was_not_sent_is_made_again() {
    let attempts = Cell::new(0);
    let (client, _) = client(move |_| {
        attempts.set(attempts.get() + 1);
        match attempts.get() {
            3 => json(201, "{}"),
            _ => Err(TransportError::Unreachable("refused".into())),
        }
    });
    client.run(Call::new(&CREATE_USER, &[])).expect("created");
}

#[test]
fn a_rate_limit_is_waited_for_as_long_as_zoom_says() {
    let attempts = Cell::new(0);
    let (client, _) = client(move |_| {
        attempts.set(attempts.get() + 1);
        match attempts.get() {
            1 => Ok(Response {
                status: 429,
                headers: vec![("retry-after".into(), "7".into())],
                body: br#"{"code":429,"message":"You have reached the maximum per-second rate limit."}"#.to_vec(),
            }),
            _ => json(200, USER),
        }
    });
    let start = now();
    user(&client, "u").expect("a user");
    let waited = now().since(start);
    assert!(waited >= Duration::from_secs(7) && waited < Duration::from_secs(8), "{waited:?}");
}

#[test]
fn the_limit_of_the_day_is_not_waited_for() {
    let (client, requests) = client(|_| {
        let headers = vec![("x-ratelimit-type".into(), "Daily-limit".into())];
        Ok(Response { status: 429, headers, body: br#"{"code":429,"message":"daily"}"#.to_vec() })
    });
    user(&client, "u").expect_err("refused");
    assert_eq!(requests.borrow().len(), 2);
}

#[test]
fn nothing_is_waited_for_longer_than_the_caller_waits() {
    let (client, requests) = client(|_| json(503, ""));
    let start = now();
    let hurried = client.until(Some(start + Duration::from_millis(200)));
    let error = user(&hurried, "u").expect_err("too late");
    assert!(matches!(error, ZoomError::TooLate { operation, .. } if *operation == GET_USER), "{error:?}");
    assert!(now().since(start) <= Duration::from_millis(200));
    assert_eq!(requests.borrow().len(), 2);
}

#[test]
fn an_answer_that_cannot_be_read_says_where() {
    let (client, _) = client(|_| json(200, r#"{"id":"u","email":"a@b.c","#));
    let error = user(&client, "u").expect_err("unreadable");
    assert!(matches!(&error, ZoomError::Unreadable { detail, .. } if detail.contains("line 1")), "{error:?}");
}

/// Reads so many users, all at once; the errors.
fn users(client: &Client, many: usize) -> Vec<ZoomError> {
    let calls: Vec<_> = (0..many)
        .map(|id| {
            let client = client.clone();
            spawn(async move { client.user(&id.to_string()).await })
        })
        .collect();
    let all = async {
        let mut errors = Vec::new();
        for call in calls {
            errors.extend(call.await.err());
        }
        errors
    };
    block_on(all).expect("an end")
}

fn business() -> RateSettings {
    RateSettings { plan: RatePlan::Business, ..OFF }
}

fn refused(message: &str, headers: &[(&str, &str)]) -> Answer {
    let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Ok(Response { status: 429, headers, body: format!(r#"{{"code":429,"message":"{message}"}}"#).into_bytes() })
}

#[test]
fn no_second_has_more_calls_of_a_label_than_the_plan_allows() {
    let times = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&times);
    let (client, _) = limited(business(), move |_| {
        seen.borrow_mut().push(now());
        json(200, USER)
    });
    let start = now();
    assert!(users(&client, 400).is_empty());
    let took = now().since(start);
    assert!(took < Duration::from_millis(5300), "{took:?}");
    let times = times.borrow();
    let in_second =
        |first: &Instant| times.iter().filter(|time| *time >= first && time.since(*first) < USUAL_PAUSE).count();
    assert_eq!(times.iter().map(in_second).max(), Some(80));
}

#[test]
fn so_many_calls_are_under_way_at_a_time() {
    let (client, _) = limited(RateSettings { concurrency: 4, ..OFF }, |_| json(200, USER));
    users(&client, 1);
    let start = now();
    users(&client, 20);
    assert_eq!(now().since(start), Duration::from_millis(50) * 5);
}

#[test]
fn a_call_that_would_wait_longer_than_the_caller_is_refused_at_once() {
    let slow = RateSettings { other: vec![(Label::Light, 1)], ..OFF };
    let (client, requests) = limited(slow, |_| json(200, USER));
    let start = now();
    let errors = users(&client.until(Some(start + Duration::from_millis(500))), 3);
    assert!(errors.iter().all(|error| matches!(error, ZoomError::Limited { label: Label::Light, .. })), "{errors:?}");
    assert_eq!((errors.len(), requests.borrow().len()), (2, 2));
    assert!(now().since(start) < Duration::from_millis(200));
}

#[test]
fn after_the_limit_of_the_day_nothing_of_its_label_is_called() {
    let (client, requests) = limited(business(), |request| match request.url.contains("phone") {
        true => json(204, ""),
        false => refused("daily", &[("retry-after", "3600"), ("x-ratelimit-type", "Daily-limit")]),
    });
    users(&client, 1);
    let error = users(&client, 1).pop().expect("refused");
    assert!(matches!(error, ZoomError::Limited { wait, .. } if wait.as_secs() > 3500), "{error:?}");
    assert_eq!(requests.borrow().len(), 2);
    client.run(Call::new(&UPDATE_PHONE_USER, &["u"])).expect("another label");
}

#[test]
fn calls_that_zoom_wants_one_after_the_other_are_made_so() {
    let refusals = Cell::new(0);
    let (client, requests) = client(move |_| {
        refusals.set(refusals.get() + 1);
        match refusals.get() {
            1..=5 => refused("Too many concurrent requests. A request was already in progress.", &[]),
            _ => json(200, USER),
        }
    });
    let start = now();
    assert!(users(&client, 5).is_empty());
    assert_eq!(requests.borrow().len(), 1 + 5 + 5);
    assert!(now().since(start) >= Duration::from_millis(50) * (1 + 1 + 5), "token, refusals, and one by one");
}
