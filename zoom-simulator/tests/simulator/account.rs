//! The account as it is at the start.

use std::collections::HashSet;

use serde_json::Value;
use zoom_simulator::{Options, Simulator};

use crate::support::options;

async fn state(options: Options) -> Value {
    Simulator::start(options).await.unwrap().state()
}

fn column<'a>(state: &'a Value, name: &str) -> Vec<&'a Value> {
    state["users"].as_array().unwrap().iter().map(|user| &user[name]).collect()
}

fn large() -> Options {
    Options { users: 2_000, inactive: 100, pending: 50, phone_users: 400, groups: 40, sites: 20, ..options() }
}

#[tokio::test]
async fn the_same_seed_makes_the_same_account() {
    let options = || Options { pending: 0, ..large() };
    assert_eq!(state(options()).await, state(options()).await);
    assert_ne!(column(&state(options()).await, "id"), column(&state(Options { seed: 2, ..options() }).await, "id"));
}

#[tokio::test]
async fn there_are_as_many_of_each_kind_as_asked_for() {
    let state = state(large()).await;
    let statuses = column(&state, "status");
    let count = |status: &str| statuses.iter().filter(|held| **held == status).count();
    assert_eq!((count("active"), count("inactive"), count("pending")), (1_850, 100, 50));
    assert_eq!(state["phone"]["users"].as_array().unwrap().len(), 400);
    assert_eq!(state["groups"].as_array().unwrap().len(), 40);
    assert_eq!(state["phone"]["sites"].as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn the_owner_is_the_first_active_user() {
    let state = state(Options { users: 10, inactive: 5, pending: 4, ..options() }).await;
    let owner = &state["users"][0];
    assert_eq!((&owner["status"], &owner["role_id"]), (&Value::from("active"), &Value::from("0")));
    assert_eq!(column(&state, "role_id").iter().filter(|role| **role == "0").count(), 1);
}

#[tokio::test]
async fn ids_addresses_and_names_are_distinct() {
    let state = state(large()).await;
    let distinct = |column: Vec<&Value>| column.iter().map(ToString::to_string).collect::<HashSet<_>>().len();
    assert_eq!(distinct(column(&state, "id")), 2_000);
    assert_eq!(distinct(column(&state, "email")), 2_000);
    let groups: Vec<_> = state["groups"].as_array().unwrap().iter().map(|group| &group["name"]).collect();
    assert_eq!(distinct(groups), 40);
    for email in column(&state, "email") {
        let email = email.as_str().unwrap();
        assert!(email.is_ascii() && email == email.to_lowercase() && email.ends_with("@example.com"), "{email}");
    }
}

#[tokio::test]
async fn personal_meeting_ids_have_ten_eleven_or_thirteen_digits() {
    let state = state(large()).await;
    let digits: HashSet<_> = column(&state, "pmi").iter().map(|pmi| pmi.to_string().len()).collect();
    assert_eq!(digits, HashSet::from([10, 11, 13]));
}

#[tokio::test]
async fn a_deactivated_user_has_no_licence_and_no_phone() {
    let state = state(large()).await;
    let holders: HashSet<_> =
        state["phone"]["users"].as_array().unwrap().iter().map(|user| user["id"].as_str().unwrap()).collect();
    for user in state["users"].as_array().unwrap().iter().filter(|user| user["status"] != "active") {
        assert!(!holders.contains(user["id"].as_str().unwrap()));
        assert!(user["status"] == "pending" || (user["type"] == 1 && user["zoom_one_type"].is_null()));
    }
}

#[tokio::test]
async fn members_of_groups_and_groups_of_members_agree() {
    let state = state(large()).await;
    for user in state["users"].as_array().unwrap().iter().filter(|user| user["status"] != "pending") {
        for group in state["groups"].as_array().unwrap() {
            let is_in = group["members"].as_array().unwrap().contains(&user["id"]);
            assert_eq!(is_in, user["group_ids"].as_array().unwrap().contains(&group["id"]));
        }
    }
}

#[tokio::test]
async fn extensions_and_numbers_are_distinct_and_begin_with_the_code_of_the_site() {
    let state = state(large()).await;
    let phone = &state["phone"];
    let mut extensions = HashSet::new();
    for user in phone["users"].as_array().unwrap() {
        let extension = user["phone"]["extension_number"].to_string();
        let site =
            phone["sites"].as_array().unwrap().iter().find(|site| site["id"] == user["phone"]["site_id"]).unwrap();
        assert!(extension.starts_with(&site["site_code"].to_string()));
        assert!(extensions.insert(extension));
    }
    let numbers: HashSet<_> =
        phone["numbers"].as_array().unwrap().iter().map(|number| number["number"]["number"].to_string()).collect();
    assert_eq!(numbers.len(), phone["numbers"].as_array().unwrap().len());
    assert!(phone["numbers"].as_array().unwrap().iter().any(|number| number["assignee"].is_null()));
}

#[tokio::test]
async fn without_sites_the_account_has_only_its_main_one() {
    let simulator = Simulator::start(Options { sites: 0, phone_users: 2, ..options() }).await.unwrap();
    assert_eq!(simulator.switches()["multiple_sites"], false);
    assert_eq!(simulator.state()["phone"]["sites"].as_array().unwrap().len(), 1);
}
