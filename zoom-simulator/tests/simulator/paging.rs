//! Pages and their tokens.

use std::{collections::HashSet, time::Duration};

use http::Method;
use serde_json::json;
use zoom_simulator::Options;

use crate::support::{NO_CONTENT, Zoom, id, options};

/// The lists, with the name of their rows and what a bad token is answered with.
const LISTS: [(&str, &str, (u16, i64)); 9] = [
    ("/users", "users", (400, 300)),
    ("/groups", "groups", (400, 300)),
    ("/groups/GROUP/members", "members", (400, 300)),
    ("/groups/GROUP/admins", "admins", (400, 300)),
    ("/roles/2/members", "members", (400, 300)),
    ("/phone/users", "users", (400, 400)),
    ("/phone/sites", "sites", (400, 400)),
    ("/phone/numbers", "phone_numbers", (400, 400)),
    ("/number_management/numbers", "numbers", (400, 1_003_100)),
];

/// An account in which every list has several pages of two.
async fn account() -> (Zoom, String) {
    let options = Options { users: 20, phone_users: 7, groups: 7, sites: 7, ..options() };
    let zoom = Zoom::start(options).await;
    let group = zoom.get("/groups").await.rows("groups")[0]["id"].as_str().unwrap().to_owned();
    let users = zoom.get("/users").await;
    let seven: Vec<_> = users.rows("users").iter().take(7).map(|user| json!({ "id": user["id"] })).collect();
    zoom.post(&format!("/groups/{group}/members"), json!({ "members": seven })).await;
    zoom.post(&format!("/groups/{group}/admins"), json!({ "admins": seven })).await;
    (zoom, group)
}

#[tokio::test]
async fn a_walk_meets_every_row_once_and_ends_with_an_empty_token() {
    let (zoom, group) = account().await;
    for (path, rows, _) in LISTS {
        let path = path.replace("GROUP", &group);
        let all = zoom.get(&format!("{path}?page_size=100")).await.rows(rows).to_vec();
        assert!(all.len() >= 5, "{path}");
        let mut walked = Vec::new();
        let mut token = String::new();
        loop {
            let page = zoom.get(&format!("{path}?page_size=2&next_page_token={token}")).await;
            assert_eq!(page.status, 200, "{path}: {}", page.text);
            assert!(page.rows(rows).len() <= 2);
            walked.extend(page.rows(rows).to_vec());
            page.next().clone_into(&mut token);
            if token.is_empty() {
                break;
            }
        }
        assert_eq!(walked, all, "{path}");
    }
}

#[tokio::test]
async fn a_token_belongs_to_its_list_and_its_page_size() {
    let (zoom, group) = account().await;
    for (path, _, refusal) in LISTS {
        let path = path.replace("GROUP", &group);
        let token = zoom.get(&format!("{path}?page_size=2")).await.next().to_owned();
        assert_eq!(zoom.get(&format!("{path}?page_size=2&next_page_token={token}")).await.status, 200);
        assert_eq!(zoom.get(&format!("{path}?page_size=3&next_page_token={token}")).await.refusal(), refusal, "{path}");
        assert_eq!(zoom.get(&format!("{path}?next_page_token={token}")).await.refusal(), refusal, "{path}");
        assert_eq!(
            zoom.get(&format!("{path}?page_size=2&next_page_token=nonsense")).await.refusal(),
            refusal,
            "{path}"
        );
    }
    let token = zoom.get("/users?page_size=2&status=active").await.next().to_owned();
    let reply = zoom.get(&format!("/users?page_size=2&status=inactive&next_page_token={token}")).await;
    assert_eq!((reply.refusal(), reply.message()), ((400, 300), "The next page token is invalid or expired."));
    assert_eq!(
        zoom.get(&format!("/users?status=active&next_page_token={token}&page_size=2")).await.status,
        200,
        "in any order"
    );
}

#[tokio::test]
async fn a_token_lives_fifteen_minutes() {
    let (zoom, _) = account().await;
    zoom.simulator.freeze_clock();
    let token = zoom.get("/users?page_size=2").await.next().to_owned();
    let path = format!("/users?page_size=2&next_page_token={token}");
    zoom.simulator.advance_clock(Duration::from_secs(899));
    assert_eq!(zoom.get(&path).await.status, 200);
    zoom.simulator.advance_clock(Duration::from_secs(1));
    assert_eq!(zoom.get(&path).await.refusal(), (400, 300));
    zoom.switch(json!({ "page_token_life_seconds": 5 }));
    let token = zoom.get("/users?page_size=2").await.next().to_owned();
    zoom.simulator.advance_clock(Duration::from_secs(5));
    assert_eq!(zoom.get(&format!("/users?page_size=2&next_page_token={token}")).await.refusal(), (400, 300));
}

#[tokio::test]
async fn all_page_tokens_can_be_made_to_expire_at_once() {
    let (zoom, _) = account().await;
    let token = zoom.get("/phone/users?page_size=2").await.next().to_owned();
    assert_eq!(zoom.observe(Method::POST, "pages/expire", "").await.status, 200);
    assert_eq!(zoom.get(&format!("/phone/users?page_size=2&next_page_token={token}")).await.refusal(), (400, 400));
}

#[tokio::test]
async fn page_sizes_have_a_default_and_a_maximum() {
    let zoom = Zoom::start(Options { users: 2_100, phone_users: 300, ..options() }).await;
    let size = async |path: &str| {
        let reply = zoom.get(path).await;
        (reply.body["page_size"].as_u64().unwrap(), reply.rows("users").len())
    };
    assert_eq!(size("/users").await, (30, 30));
    assert_eq!(size("/users?page_size=2000").await, (2000, 2000));
    assert_eq!(size("/users?page_size=5000").await, (2000, 2000));
    assert_eq!(size("/phone/users").await, (30, 30));
    assert_eq!(size("/phone/users?page_size=300").await, (100, 100));
    assert_eq!(zoom.get("/users?page_size=0").await.refusal(), (400, 300));
    assert_eq!(zoom.get("/users?page_size=many").await.refusal(), (400, 300));
}

#[tokio::test]
async fn a_page_number_is_still_answered_where_it_ever_was() {
    let (zoom, _) = account().await;
    let all = zoom.get("/users").await.rows("users").to_vec();
    let page = zoom.get("/users?page_size=8&page_number=3").await;
    assert_eq!(page.rows("users"), &all[16..]);
    assert_eq!((&page.body["page_number"], &page.body["page_count"]), (&json!(3), &json!(3)));
    assert_eq!(zoom.get("/users?page_size=8&page_number=4").await.rows("users").len(), 0);
}

#[tokio::test]
async fn rows_that_go_during_a_walk_hide_no_others() {
    let (zoom, _) = account().await;
    let all = zoom.get("/users").await.rows("users").to_vec();
    let first = zoom.get("/users?page_size=10").await;
    assert_eq!(zoom.delete(&format!("/users/{}?action=delete", id(&all[5]))).await.status, NO_CONTENT);
    let second = zoom.get(&format!("/users?page_size=10&next_page_token={}", first.next())).await;
    let met: HashSet<_> =
        first.rows("users").iter().chain(second.rows("users")).map(|row| id(row).to_owned()).collect();
    assert_eq!(met.len(), 20);
}
