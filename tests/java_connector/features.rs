//! The section "Features".

use std::collections::{BTreeMap, BTreeSet};

use host_harness::model::{Delta, ErrorKind, Filter};
use serde_json::json;

use super::{
    AT_ONCE, adjust, cli, count, extension, group_ids, java_file, managed, newcomer, numbers, other_site, people,
    phone, text, with_phone, without_phone,
};
use crate::support::{GROUP, USER, Zoom, all, create, delete, get, harness, kind, texts, update, value};

/// A form is filled in from the manifest, and gives the names of properties; a file has its own names for the same.
#[tokio::test(flavor = "multi_thread")]
async fn the_configuration_comes_from_a_form_or_from_a_property_file() {
    let zoom = Zoom::start(people()).await;
    let config = java_file(
        &zoom,
        "form_or_file",
        &[("custom.deactivateOnDelete", "false"), ("custom.disassociateOnDelete", "true")],
    );
    let inspected = cli(&config, &["inspect"]).await.documents();
    let properties = inspected[0]["manifest"]["properties"].as_array().expect("properties").clone();
    let shown = |field: &str| properties.iter().all(|property| !text(&property[field]).is_empty());
    assert!(shown("display") && shown("help") && shown("group") && shown("propertyType"));
    let named = |file_name: &str| {
        let has = |property: &&serde_json::Value| property["aliases"] == json!([file_name]);
        text(&properties.iter().find(has).expect("a property")["name"]).to_owned()
    };
    let (deactivate, disassociate) = (named("custom.deactivateOnDelete"), named("custom.disassociateOnDelete"));
    let form = zoom.connector(&[(&deactivate, "false"), (&disassociate, "true")]).await;
    let expected = |id: &str| [format!(r#"DELETE /v2/users/{id} {{"action":"disassociate"}}"#)];
    let id = zoom.member();
    zoom.simulator.reset();
    delete(&form, USER, &id).await.expect("disassociated");
    assert_eq!(zoom.changes(), expected(&id));
    let id = zoom.member();
    assert_eq!(harness(&config, &["delete", USER, &id]).await.code, 0);
    assert_eq!(zoom.changes(), expected(&id));
}

#[tokio::test(flavor = "multi_thread")]
async fn meeting_users_phone_users_and_groups_are_all_there() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    let found = all(&connector, USER, None).await;
    let ids = |ids: Vec<String>| ids.into_iter().collect::<BTreeSet<_>>();
    let expected = ids(zoom.users().iter().map(|user| text(&user["id"]).to_owned()).collect());
    assert_eq!(ids(found.iter().map(|user| user.uid.value.clone()).collect()), expected);
    for user in &found {
        let has_phone = phone(&zoom, &user.uid.value).is_some();
        assert_eq!(value(user, "ZOOM_PHONE_FEATURE"), Some(has_phone.into()), "{}", user.name);
    }
    let groups = all(&connector, GROUP, None).await;
    assert_eq!(ids(groups.iter().map(|group| group.uid.value.clone()).collect()), ids(group_ids(&zoom)));
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_created_found_changed_and_deleted() {
    let zoom = managed().await;
    let connector = zoom.connector(&[("deactivateOnDelete", "false")]).await;
    let id = create(&connector, USER, &newcomer("nina@example.com")).await.expect("a uid").value;
    let created = zoom.user("nina@example.com");
    assert_eq!((text(&created["id"]), text(&created["first_name"])), (id.as_str(), "Nina"));
    let found = all(&connector, USER, Some(Filter::equals("FIRST_NAME", "Nina"))).await;
    assert!(found.iter().any(|user| user.uid.value == id && user.name == "nina@example.com"), "{found:?}");
    update(&connector, USER, &id, &[Delta::replace("LAST_NAME", ["Newer"])]).await.expect("changed");
    assert_eq!(zoom.user(&id)["last_name"], "Newer");
    delete(&connector, USER, &id).await.expect("deleted");
    assert!(zoom.users().iter().all(|user| user["id"] != id.as_str()));
}

/// Who is not active cannot have a phone: that is said before Zoom is asked for anything. And the phone is there when
/// the update is done: the connector waits for it.
#[tokio::test(flavor = "multi_thread")]
async fn zoom_phone_is_switched_on_for_an_active_user_and_for_no_other() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[AT_ONCE]).await;
    let on = [Delta::replace("ZOOM_PHONE_FEATURE", [true])];
    for id in [&zoom.ids("inactive")[0], &zoom.ids("pending")[0]] {
        zoom.simulator.reset();
        assert_eq!(kind(update(&connector, USER, id, &on).await), Some(ErrorKind::PreconditionFailed));
        assert!(zoom.changes().is_empty());
    }
    let id = without_phone(&zoom);
    zoom.simulator.reset();
    update(&connector, USER, &id, &on).await.expect("switched on");
    assert_eq!(zoom.changes(), [format!(r#"PATCH /v2/users/{id} {{"feature":{{"zoom_phone":true}}}}"#)]);
    assert_eq!(phone(&zoom, &id).expect("a phone")["unready_reads"], 0);
    assert_eq!(value(&get(&connector, USER, &id).await, "ZOOM_PHONE_FEATURE"), Some(true.into()));
    update(&connector, USER, &id, &[Delta::replace("ZOOM_PHONE_FEATURE", [false])]).await.expect("switched off");
    assert_eq!(phone(&zoom, &id), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_user_gets_and_gives_back_plans_numbers_site_and_extension() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    let id = with_phone(&zoom);
    let before = phone(&zoom, &id).expect("a phone");
    let (held, free) = (numbers(&zoom, Some(&id)), numbers(&zoom, None));
    let (site, number) = (other_site(&zoom, &id), free.first().expect("a number").clone());
    let extension = extension(&site, 7_777);
    let deltas = [
        adjust("ZOOM_PHONE_CALLING_PLANS", [4010], []),
        adjust("ZOOM_PHONE_NUMBERS", [number.as_str()], []),
        Delta::replace("SITE_ID", [text(&site["id"])]),
        Delta::replace("EXTENSION_NUMBER", [extension.as_str()]),
    ];
    update(&connector, USER, &id, &deltas).await.expect("given");
    let given = phone(&zoom, &id).expect("a phone");
    assert_eq!((&given["site_id"], given["extension_number"].to_string()), (&site["id"], extension));
    assert!(given["calling_plans"].as_array().is_some_and(|plans| plans.contains(&json!(4010))), "{given}");
    assert!(numbers(&zoom, Some(&id)).contains(&number));
    let deltas = [
        adjust("ZOOM_PHONE_CALLING_PLANS", [], [4010]),
        adjust("ZOOM_PHONE_NUMBERS", [], [number.as_str()]),
        Delta::replace("SITE_ID", [text(&before["site_id"])]),
        Delta::replace("EXTENSION_NUMBER", [before["extension_number"].to_string()]),
    ];
    update(&connector, USER, &id, &deltas).await.expect("given back");
    assert_eq!((phone(&zoom, &id), numbers(&zoom, Some(&id)), numbers(&zoom, None)), (Some(before), held, free));
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_created_listed_renamed_and_deleted() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[("entitlementDeletionEnabled", "true")]).await;
    zoom.simulator.reset();
    let id = create(&connector, GROUP, &[("GROUP_NAME", "Night shift".into())]).await.expect("a uid").value;
    assert_eq!(zoom.changes(), [r#"POST /v2/groups {"name":"Night shift"}"#]);
    let names = |groups: Vec<(String, String)>| groups.into_iter().collect::<BTreeMap<_, _>>();
    let listed = all(&connector, GROUP, None).await;
    let listed = names(listed.into_iter().map(|group| (group.uid.value, group.name)).collect());
    let held = zoom.groups();
    let held = held.iter().map(|group| (text(&group["id"]).to_owned(), text(&group["name"]).to_owned()));
    assert_eq!(listed, names(held.collect()));
    assert_eq!((listed.len(), listed[&id].as_str()), (4, "Night shift"));
    update(&connector, GROUP, &id, &[Delta::replace("GROUP_NAME", ["Day shift"])]).await.expect("renamed");
    assert!(zoom.groups().iter().any(|group| group["id"] == id.as_str() && group["name"] == "Day shift"));
    delete(&connector, GROUP, &id).await.expect("deleted");
    assert!(!group_ids(&zoom).contains(&id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_can_be_put_into_and_taken_out_of_several_groups() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    let (id, groups) = (zoom.member(), group_ids(&zoom));
    let ids = |places: &[usize]| places.iter().map(|place| groups[*place].as_str()).collect::<BTreeSet<_>>();
    let in_groups = |expected: &[usize]| {
        let held = zoom.groups();
        let of_user = held.iter().filter(|group| group["members"].as_array().expect("ids").contains(&json!(id)));
        assert_eq!(of_user.map(|group| text(&group["id"])).collect::<BTreeSet<_>>(), ids(expected));
    };
    update(&connector, USER, &id, &[Delta::replace("GROUP_IDS", ids(&[0]))]).await.expect("in one");
    in_groups(&[0]);
    update(&connector, USER, &id, &[adjust("GROUP_IDS", ids(&[1, 2]), [])]).await.expect("in three");
    in_groups(&[0, 1, 2]);
    update(&connector, USER, &id, &[adjust("GROUP_IDS", [], ids(&[0, 2]))]).await.expect("out of two");
    in_groups(&[1]);
    let found = get(&connector, USER, &id).await;
    assert_eq!(texts(&found, "GROUP_IDS"), [groups[1].as_str()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_searched_by_each_of_the_three_statuses() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[("deepImport", "false")]).await;
    for status in ["active", "inactive", "pending"] {
        zoom.simulator.reset();
        let found = all(&connector, USER, Some(Filter::equals("STATUS", status))).await;
        let lists = zoom.simulator.log().into_iter().filter(|call| call.path == "/v2/users");
        let asked: Vec<_> = lists.map(|call| text(&call.query["status"]).to_owned()).collect();
        assert_eq!(asked, [status], "no other list is read");
        let ids: BTreeSet<_> = found.iter().map(|user| user.uid.value.clone()).collect();
        assert_eq!(ids, zoom.ids(status).into_iter().collect());
        assert!(found.iter().all(|user| texts(user, "STATUS") == [status]));
    }
}

/// Better: pending users are among them, whom the Java connector lists only where they are asked for.
#[tokio::test(flavor = "multi_thread")]
async fn users_of_every_status_are_found_where_no_status_is_asked_for() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[("deepImport", "false")]).await;
    zoom.simulator.reset();
    let found = all(&connector, USER, None).await;
    let with = |status: &str| found.iter().filter(|user| texts(user, "STATUS") == [status]).count();
    assert_eq!((with("active"), with("inactive"), with("pending"), found.len()), (11, 3, 2, 16));
    assert_eq!(count(&zoom.calls(), "GET /v2/users"), 3, "a list for each status");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_configuration_chooses_whether_a_deleted_user_is_deactivated_disassociated_or_deleted() {
    for (deactivate, disassociate, change) in [
        ("true", "false", r#"PUT /v2/users/ID/status {"action":"deactivate"}"#),
        ("false", "true", r#"DELETE /v2/users/ID {"action":"disassociate"}"#),
        ("false", "false", r#"DELETE /v2/users/ID {"action":"delete"}"#),
    ] {
        let zoom = Zoom::start(people()).await;
        let properties = [("deactivateOnDelete", deactivate), ("disassociateOnDelete", disassociate)];
        let connector = zoom.connector(&properties).await;
        let id = zoom.member();
        zoom.simulator.reset();
        delete(&connector, USER, &id).await.expect("deleted");
        assert_eq!(zoom.changes(), [change.replace("ID", &id)]);
        let left = zoom.users().into_iter().find(|user| user["id"] == id.as_str());
        assert_eq!(left.is_some_and(|user| user["status"] == "inactive"), deactivate == "true");
        assert_eq!(zoom.users().iter().filter(|user| user["status"] != "inactive").count(), 12);
    }
}
