//! Sites, plans and numbers of the account.

use serde_json::json;
use zoom_simulator::Options;

use crate::support::{Reply, Zoom, id, options};

async fn account() -> Zoom {
    Zoom::start(Options { phone_users: 8, sites: 35, ..options() }).await
}

#[tokio::test]
async fn sites_are_listed_with_their_codes_and_found_by_name() {
    let zoom = account().await;
    let list = zoom.get("/phone/sites?page_size=300").await;
    assert_eq!((list.rows("sites").len(), &list.body["total_records"]), (35, &json!(35)));
    let main = &list.rows("sites")[0];
    assert_eq!((&main["name"], &main["site_code"], &main["level"]), (&json!("Main Site"), &json!(101), &json!("main")));
    assert!(main["country"]["code"].is_string() && main["main_auto_receptionist"]["extension_number"].is_u64());
    let found = zoom.get("/phone/sites?site_name=main%20site").await;
    assert_eq!(found.rows("sites"), std::slice::from_ref(main));
    let record = zoom.get(&format!("/phone/sites/{}", id(main))).await.body;
    assert_eq!((&record["id"], &record["short_extension"]), (&main["id"], &json!({ "length": 5 })));
    assert_eq!(zoom.get("/phone/sites/nowhere").await.refusal(), (400, 400));
}

#[tokio::test]
async fn site_codes_and_sites_themselves_are_features() {
    let zoom = account().await;
    zoom.switch(json!({ "site_codes": false }));
    assert!(zoom.get("/phone/sites").await.rows("sites").iter().all(|site| site.get("site_code").is_none()));
    zoom.switch(json!({ "multiple_sites": false }));
    assert_eq!(zoom.get("/phone/sites").await.status, 400);
    let user = zoom.get("/phone/users").await.rows("users")[0].clone();
    assert_eq!(user.get("site"), None);
    assert_eq!(zoom.get(&format!("/phone/users/{}", id(&user))).await.body.get("site_id"), None);
}

#[tokio::test]
async fn plans_tell_how_many_are_left() {
    let zoom = account().await;
    let list = zoom.get("/phone/calling_plans").await;
    let assigned: u64 = list.rows("calling_plans").iter().map(|plan| plan["assigned"].as_u64().unwrap()).sum();
    assert!(assigned >= 8);
    for plan in list.rows("calling_plans") {
        assert_eq!(plan["subscribed"], json!(plan["assigned"].as_u64().unwrap() + plan["available"].as_u64().unwrap()));
    }
    zoom.switch(json!({ "seats_calling_plans": { "4010": 3 } }));
    let list = zoom.get("/phone/plans").await;
    let pack = list.rows("calling_plans").iter().find(|plan| plan["type"] == 4010).unwrap();
    assert_eq!((&pack["subscribed"], &pack["available"]), (&json!(3), &json!(3)));
    assert_eq!(list.rows("phone_numbers")[0]["name"], "US/CA Included Phone Numbers");
}

#[tokio::test]
async fn numbers_are_listed_in_two_wordings() {
    let zoom = account().await;
    let total = zoom.simulator.state()["phone"]["numbers"].as_array().unwrap().len();
    let old = zoom.get("/phone/numbers?page_size=100").await;
    let new = zoom.get("/number_management/numbers?page_size=200").await;
    assert_eq!((old.rows("phone_numbers").len(), new.rows("numbers").len()), (total, total));
    assert_eq!(old.body["total_records"], total);
    assert_eq!(Reply::names(&new.body), ["next_page_token", "numbers", "page_size"]);
    let held = old.rows("phone_numbers").iter().find(|number| number.get("assignee").is_some()).unwrap();
    let same = new.rows("numbers").iter().find(|number| number["id"] == held["id"]).unwrap();
    assert_eq!(held["assignee"]["id"], same["assigned_list"][0]["assigned_to_id"]);
    assert!(held["assignee"]["extension_number"].is_u64() && same["assigned_list"][0]["extension_number"].is_string());
    assert_eq!((&held["number_type"], &same["number_type"]), (&json!("toll"), &json!("Toll")));
    assert!(held["number"].as_str().unwrap().starts_with('+'));
    assert_eq!(zoom.get("/phone/numbers/nothing").await.refusal(), (400, 400));
}

#[tokio::test]
async fn numbers_are_filtered() {
    let zoom = account().await;
    let count = async |query: &str| {
        zoom.get(&format!("/phone/numbers?page_size=100&{query}")).await.body["total_records"].as_u64().unwrap()
    };
    let all = count("").await;
    assert_eq!(count("type=assigned").await + count("type=unassigned").await, all);
    assert_eq!((count("type=byoc").await, count("number_type=tollfree").await), (0, 0));
    let number = zoom.get("/phone/numbers").await.rows("phone_numbers")[0]["number"].as_str().unwrap().to_owned();
    assert_eq!(count(&format!("phone_number={}", number.replace('+', "%2B"))).await, 1);
    let managed = async |query: &str| zoom.get(&format!("/number_management/numbers?page_size=200&{query}")).await;
    let rows = async |query: &str| managed(query).await.rows("numbers").len() as u64;
    assert_eq!(rows("assigned_to_type=User").await + rows("assigned_to_type=PhoneUnassigned").await, all);
    assert_eq!(rows(&format!("keyword={}", &number[1..])).await, 1);
    assert_eq!(rows("allocated_product=UNALLOCATED").await, 0);
    assert_eq!(managed("allocated_product=NONE").await.refusal(), (400, 999));
    assert_eq!(managed("site_id=nowhere").await.refusal(), (400, 1_002_010));
}
