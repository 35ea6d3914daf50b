//! Nothing, in its three forms: an attribute that is absent, one that has no values, and a null among values.

use host_harness::SearchOptions;
use host_harness::model::{Attribute, Change, Delta, ErrorKind, Filter, Uid, Value, Values};

use super::{World, adjusted, text, values, walked};
use crate::support::{GROUP, USER};

async fn user(world: &World) -> Uid {
    let sample = [text("__NAME__", "nobody.special@example.com"), text("FIRST_NAME", "Nobody")];
    world.try_create(USER, &sample).await.expect("created")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_object_has_none_of_is_known_to_be_empty() {
    let world = World::start().await;
    let uid = user(&world).await;
    let object = world.get(USER, &uid).await;
    for name in
        ["LAST_NAME", "DEPT", "GROUP_IDS", "PRIMARY_GROUP_ID", "PLAN_UNITED_TYPE", "CUSTOM_ATTRIBUTES", "SITE_ID"]
    {
        assert_eq!(
            object.attribute(name).map(|attribute| &attribute.values),
            Some(&Values::Complete(vec![])),
            "{name}"
        );
    }
    let group = world.try_create(GROUP, &[text("__NAME__", "Nobody's")]).await.expect("created");
    let object = world.get(GROUP, &group).await;
    for name in ["MEMBERS", "ADMINS"] {
        assert_eq!(
            object.attribute(name).map(|attribute| &attribute.values),
            Some(&Values::Complete(vec![])),
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_for_no_value_finds_who_has_none() {
    let world = World::start().await;
    let uid = user(&world).await;
    for name in ["LAST_NAME", "GROUP_IDS", "LANGUAGE", "JOB_TITLE", "SITE_ID", "ZOOM_PHONE_NUMBERS"] {
        for nothing in [vec![], vec![Value::None]] {
            let filter = Filter::Equals(name.into(), nothing);
            let found = walked(&world.connector, USER, Some(filter), SearchOptions::default()).await.expect("a search");
            // Zoom gives everybody a language.
            assert_eq!(found.iter().any(|object| object.uid.value == uid.value), name != "LANGUAGE", "{name}");
            assert!(found.iter().all(|object| values(object, name).is_none_or(|values| values.is_empty())), "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_at_creation_is_as_good_as_no_attribute() {
    let world = World::start().await;
    let nothing = [Values::Unknown, Values::Complete(vec![]), Values::Complete(vec![Value::None])];
    for (number, nothing) in nothing.into_iter().enumerate() {
        let empty = |name: &str| Attribute { name: name.to_owned(), values: nothing.clone() };
        let name = format!("nothing{number}@example.com");
        let mut sample = vec![text("__NAME__", &name)];
        sample.extend(["FIRST_NAME", "TYPE", "GROUP_IDS", "__PASSWORD__", "ZOOM_PHONE_FEATURE", "SITE_ID"].map(empty));
        world.zoom.simulator.reset();
        let uid = world.try_create(USER, &sample).await.expect("created");
        let expected = format!(r#"POST /v2/users {{"action":"create","user_info":{{"email":"{name}","type":1}}}}"#);
        assert_eq!(world.zoom.changes(), [expected]);
        assert_eq!(values(&world.get(USER, &uid).await, "FIRST_NAME"), Some(vec![]));
        let sample = [text("__NAME__", &format!("Nothing {number}")), empty("MEMBERS"), empty("ADMINS")];
        world.try_create(GROUP, &sample).await.expect("created");
        assert_eq!(world.zoom.changes(), [format!(r#"POST /v2/groups {{"name":"Nothing {number}"}}"#)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replacement_by_nothing_clears_and_a_delta_of_nothing_changes_nothing() {
    let world = World::start().await;
    let uid = world.create(USER, 1).await;
    let none = || Change::Adjust { add: vec![], remove: vec![] };
    world.zoom.simulator.reset();
    for name in ["FIRST_NAME", "GROUP_IDS", "ZOOM_PHONE_NUMBERS", "__ENABLE__", "__NAME__"] {
        world.update(USER, &uid, &[Delta { name: name.into(), change: none() }]).await;
    }
    world.update(USER, &uid, &[]).await;
    assert_eq!(world.zoom.changes(), Vec::<String>::new());
    for nothing in [vec![], vec![Value::None]] {
        for name in ["FIRST_NAME", "GROUP_IDS", "ZOOM_PHONE_NUMBERS"] {
            let given = world.sample(USER, 1).into_iter().find(|given| given.name == name).expect("a value");
            world.update(USER, &uid, &[Delta::replace(name, given.values.as_slice().to_vec())]).await;
            assert_eq!(values(&world.get(USER, &uid).await, name).map(|values| values.is_empty()), Some(false));
            world.update(USER, &uid, &[Delta::replace(name, nothing.clone())]).await;
            assert_eq!(values(&world.get(USER, &uid).await, name), Some(vec![]), "{name}");
            // Clearing it again, and taking away what is not there, changes nothing.
            world.zoom.simulator.reset();
            world.update(USER, &uid, &[Delta::replace(name, nothing.clone())]).await;
            world.update(USER, &uid, &[adjusted(name, vec![], given.values.as_slice().to_vec())]).await;
            assert_eq!(world.zoom.changes(), Vec::<String>::new(), "{name}");
        }
    }
}

/// Adding to an attribute with one value sets it, and taking away the value that it has clears it.
#[tokio::test(flavor = "multi_thread")]
async fn deltas_that_add_and_remove_are_for_attributes_with_one_value_too() {
    let world = World::start().await;
    let uid = world.create(USER, 1).await;
    for (delta, expected) in [
        (adjusted("DEPT", vec!["Lab"], vec![]), vec!["Lab"]),
        (adjusted("DEPT", vec!["Sales"], vec!["Lab"]), vec!["Sales"]),
        (adjusted("DEPT", vec![], vec!["Lab"]), vec!["Sales"]),
        (adjusted("DEPT", vec![], vec!["Sales"]), vec![]),
    ] {
        world.update(USER, &uid, &[delta]).await;
        let expected: Vec<Value> = expected.into_iter().map(Into::into).collect();
        assert_eq!(values(&world.get(USER, &uid).await, "DEPT"), Some(expected));
    }
}

/// Zoom does not tell an empty text from none, so setting one where there is none changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn an_empty_text_in_place_of_nothing_makes_no_call() {
    let world = World::start().await;
    let uid = user(&world).await;
    for name in ["LAST_NAME", "DEPT", "JOB_TITLE"] {
        assert_eq!(values(&world.get(USER, &uid).await, name), Some(vec![]), "{name}");
        world.zoom.simulator.reset();
        world.update(USER, &uid, &[Delta::replace(name, [""])]).await;
        assert_eq!(world.zoom.changes(), Vec::<String>::new(), "{name}");
    }
}

/// No group, site or user has an empty id: asking Zoom for it would be asking for something else.
#[tokio::test(flavor = "multi_thread")]
async fn an_empty_id_is_an_invalid_value() {
    let world = World::start().await;
    let [user, group] = [world.create(USER, 1).await, world.create(GROUP, 1).await];
    let lists = [(USER, "GROUP_IDS"), (USER, "SITE_ID"), (USER, "ROLE_ID"), (GROUP, "MEMBERS"), (GROUP, "ADMINS")];
    for (class, name) in lists {
        let uid = if class == USER { &user } else { &group };
        for delta in [Delta::replace(name, [""]), adjusted(name, vec![""], vec![])] {
            let error = world.try_update(class, uid, &[delta]).await.expect_err(name);
            assert_eq!((error.kind, error.attributes.concat().as_str()), (ErrorKind::InvalidAttributeValue, name));
        }
    }
    let called = world.zoom.simulator.log();
    assert!(called.iter().all(|call| !call.path.contains("//")), "no path has an empty place");
}
