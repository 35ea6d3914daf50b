//! Deep reads: everything that Zoom holds of a user, and no call for what nobody asked for.

use std::collections::BTreeMap;

use host_harness::model::{AttributesToGet, ConnectorObject, Filter, Start, Value};
use host_harness::{Connector, SearchOptions};
use serde_json::Value as Json;
use zoom_simulator::Options;

use crate::support::{PHONE, USER, Zoom, all, get, users};

/// The 24 attributes of the Java connector, as the simulator's state has them for a user: `now` is what Zoom
/// gives as the creation time of pending ones.
fn held(state: &Json, user: &Json, now: &str) -> BTreeMap<&'static str, Vec<Value>> {
    let texts =
        |field: &str| user[field].as_str().filter(|text| !text.is_empty()).map(Value::from).into_iter().collect();
    let number = |value: i64| Value::Integer(i32::try_from(value).expect("a small number"));
    let contact = &user["phone_numbers"][0];
    let contacted = |text: String| if contact.is_null() { vec![] } else { vec![Value::from(text.as_str())] };
    let pending = user["status"] == "pending";
    let text = |json: &Json| Value::from(json.as_str().expect("text"));
    let mut held = BTreeMap::from([
        ("USER_ID", texts("id")),
        ("EMAIL", texts("email")),
        ("FIRST_NAME", texts("first_name")),
        ("LAST_NAME", texts("last_name")),
        ("LANGUAGE", texts("language")),
        ("TIME_ZONE", texts("timezone")),
        (
            "PHONE_NUMBER",
            contacted(format!(
                "{} {}",
                contact["code"].as_str().unwrap_or_default(),
                contact["number"].as_str().unwrap_or_default()
            )),
        ),
        ("PHONE_COUNTRY", contacted(contact["country"].as_str().unwrap_or_default().to_owned())),
        ("CREATED_AT", if pending { vec![now.into()] } else { texts("user_created_at") }),
        ("LAST_LOGIN_TIME", texts("last_login_time")),
        ("TYPE", vec![number(user["type"].as_i64().expect("a type"))]),
        ("GROUP_IDS", user["group_ids"].as_array().expect("groups").iter().map(text).collect()),
        ("VERIFIED", vec![user["verified"].to_string().as_str().into()]),
        ("STATUS", texts("status")),
        ("PERSONAL_MEETING_ID", vec![Value::Long(user["pmi"].as_i64().expect("a meeting id"))]),
        (
            "ZOOM_ONE_FEATURE_TYPE",
            user["zoom_one_type"].as_i64().map(|plan| plan.to_string().as_str().into()).into_iter().collect(),
        ),
    ]);
    let phones = state["phone"]["users"].as_array().expect("phone users");
    let phone = phones.iter().find(|phone| phone["id"] == user["id"]).map(|phone| &phone["phone"]);
    held.insert("ZOOM_PHONE_FEATURE", vec![phone.is_some().into()]);
    held.extend(PHONE[1..].iter().map(|name| (*name, Vec::new())));
    if let Some(phone) = phone {
        let sites = state["phone"]["sites"].as_array().expect("sites");
        let site = sites.iter().find(|site| site["id"] == phone["site_id"]).expect("a site");
        held.insert("SITE_ID", vec![text(&site["id"])]);
        held.insert("SITE_NAME", vec![text(&site["name"])]);
        held.insert("SITE_CODE", vec![number(site["site_code"].as_i64().expect("a code"))]);
        held.insert("ZOOM_PHONE_STATUS", vec![text(&phone["status"])]);
        held.insert("EXTENSION_NUMBER", vec![phone["extension_number"].to_string().as_str().into()]);
        let plans = phone["calling_plans"].as_array().expect("plans");
        held.insert(
            "ZOOM_PHONE_CALLING_PLANS",
            plans.iter().map(|plan| number(plan.as_i64().expect("a plan"))).collect(),
        );
        let numbers = state["phone"]["numbers"].as_array().expect("numbers").iter();
        let of_user = numbers.filter(|number| number["assignee"] == user["id"]);
        held.insert("ZOOM_PHONE_NUMBERS", of_user.map(|number| text(&number["number"]["number"])).collect());
    }
    held
}

/// The same attributes of an object that the connector returned.
fn returned(object: &ConnectorObject) -> BTreeMap<&'static str, Vec<Value>> {
    let names = [
        "FIRST_NAME",
        "LAST_NAME",
        "LANGUAGE",
        "TIME_ZONE",
        "PHONE_NUMBER",
        "PHONE_COUNTRY",
        "CREATED_AT",
        "LAST_LOGIN_TIME",
        "TYPE",
        "GROUP_IDS",
        "VERIFIED",
        "STATUS",
        "PERSONAL_MEETING_ID",
        "ZOOM_ONE_FEATURE_TYPE",
    ];
    let values = |name: &'static str| {
        let attribute = object.attribute(name).unwrap_or_else(|| panic!("{} has no {name}", object.name));
        (name, attribute.values.as_slice().to_vec())
    };
    let mut returned: BTreeMap<_, _> = names.into_iter().chain(PHONE).map(values).collect();
    returned.insert("USER_ID", vec![object.uid.value.as_str().into()]);
    returned.insert("EMAIL", vec![object.name.as_str().into()]);
    returned
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deep_import_of_a_thousand_users_yields_all_24_attributes_as_zoom_holds_them() {
    let options = Options { phone_users: 450, sites: 320, groups: 12, ..users(1000, 60, 40) };
    let zoom = Zoom::start(options).await;
    zoom.simulator.freeze_clock();
    let connector = zoom.connector(&[]).await;
    let objects = all(&connector, USER, None).await;
    let now = zoom.simulator.log().last().expect("a call").time.clone();
    let state = zoom.simulator.state();
    assert_eq!(objects.len(), 1000);
    let mut compared = 0;
    let mut with_phone = 0;
    for user in state["users"].as_array().expect("users") {
        let object = objects.iter().find(|object| object.uid.value == user["id"].as_str().expect("an id"));
        let object = object.unwrap_or_else(|| panic!("{user} is missing"));
        let (returned, held) = (returned(object), held(&state, user, &now));
        assert_eq!(returned.len(), 24);
        assert_eq!(returned, held, "{}", object.name);
        compared += returned.len();
        with_phone += usize::from(returned["ZOOM_PHONE_FEATURE"] == [Value::Boolean(true)]);
    }
    assert_eq!((compared, with_phone), (24_000, 450));
}

async fn page(connector: &Connector, size: u32) -> Vec<ConnectorObject> {
    let options =
        SearchOptions { page_size: std::num::NonZeroU32::new(size), start: Start::Beginning, ..Default::default() };
    connector.search(USER, None, &options).await.expect("a page").objects
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paged_search_follows_deep_get_and_one_without_pages_deep_import() {
    let zoom = Zoom::start(Options { phone_users: 20, ..users(60, 0, 0) }).await;
    for (deep_get, deep_import) in [("true", "false"), ("false", "true")] {
        let connector = zoom.connector(&[("deepGet", deep_get), ("deepImport", deep_import)]).await;
        let has_phone = |objects: &[ConnectorObject]| {
            let with = |object: &ConnectorObject| PHONE.iter().filter(|name| object.attribute(name).is_some()).count();
            let counts: Vec<_> = objects.iter().map(with).collect();
            assert!(counts.iter().all(|count| *count == 0) || counts.iter().all(|count| *count == 8), "{counts:?}");
            counts[0] == 8
        };
        assert_eq!(has_phone(&page(&connector, 10).await), deep_get == "true");
        assert_eq!(has_phone(&all(&connector, USER, None).await), deep_import == "true");
        // A look-up reads everything, whatever the switches say.
        let id = zoom.ids("active")[3].clone();
        assert!(has_phone(&[get(&connector, USER, &id).await]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_search_is_not_deep_no_attribute_of_the_phone_is_returned_even_if_it_is_named() {
    let zoom = Zoom::start(Options { phone_users: 5, ..users(20, 0, 0) }).await;
    let connector = zoom.connector(&[("deepImport", "false"), ("deepGet", "false")]).await;
    zoom.simulator.reset();
    let names = PHONE.iter().map(|name| (*name).to_owned()).chain(["LANGUAGE".into(), "DEPT".into()]).collect();
    let options = SearchOptions { attributes_to_get: AttributesToGet::Only(names), ..Default::default() };
    let objects = connector.search(USER, None, &options).await.expect("a page").objects;
    for object in &objects {
        let names: Vec<_> = object.attributes.iter().map(|attribute| attribute.name.as_str()).collect();
        assert_eq!(names, ["DEPT"]);
    }
    assert_eq!(zoom.calls(), [("GET /v2/users".into(), 3)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn attributes_to_get_save_the_calls_that_nothing_needs() {
    let zoom = Zoom::start(Options { phone_users: 5, ..users(20, 0, 0) }).await;
    let connector = zoom.connector(&[]).await;
    let calls = async |names: &[&str], defaults: bool| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let attributes_to_get =
            if defaults { AttributesToGet::DefaultAnd(names) } else { AttributesToGet::Only(names) };
        let options = SearchOptions { attributes_to_get, ..Default::default() };
        zoom.simulator.reset();
        let objects = connector.search(USER, None, &options).await.expect("a page").objects;
        assert_eq!(objects.len(), 20);
        zoom.calls().into_iter().map(|(route, count)| format!("{route} {count}")).collect::<Vec<_>>()
    };
    let lists = "GET /v2/users 3";
    assert_eq!(calls(&["DEPT", "STATUS"], false).await, [lists]);
    assert_eq!(calls(&["JOB_TITLE"], false).await, [lists, "GET /v2/users/{id} 20"]);
    let phones = "GET /v2/phone/users 1";
    assert_eq!(calls(&["ZOOM_PHONE_FEATURE", "SITE_ID", "SITE_NAME"], false).await, [phones, lists]);
    assert_eq!(calls(&["SITE_CODE"], false).await, ["GET /v2/phone/sites 1", phones, lists]);
    let everything = [phones, lists, "GET /v2/users/{id} 20"];
    assert_eq!(calls(&["JOB_TITLE"], true).await, everything, "the sites are known from before");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_on_the_phone_is_decided_by_the_phone() {
    let zoom = Zoom::start(Options { phone_users: 7, ..users(40, 5, 5) }).await;
    for deep in ["true", "false"] {
        let connector = zoom.connector(&[("deepImport", deep)]).await;
        let found = all(&connector, USER, Some(Filter::equals("ZOOM_PHONE_FEATURE", true))).await;
        assert_eq!(found.len(), 7);
        let state = zoom.simulator.state();
        let site = state["phone"]["users"][0]["phone"]["site_id"].as_str().expect("a site");
        let expected =
            state["phone"]["users"].as_array().expect("users").iter().filter(|one| one["phone"]["site_id"] == site);
        let found = all(&connector, USER, Some(Filter::equals("SITE_ID", site))).await;
        assert_eq!(found.len(), expected.count());
    }
}
