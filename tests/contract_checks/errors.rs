//! The kinds of errors that callers decide by.

use std::num::NonZeroU32;

use host_harness::model::{
    Attribute, ConnectorError, Delta, ErrorKind, ExtraOption, Filter, SortKey, Start, Uid, Value,
};
use host_harness::{Options, SearchOptions};

use super::{NONEXISTING, World, no_such_class, text};
use crate::support::{GROUP, USER, refused};

fn about(error: &ConnectorError) -> (ErrorKind, &str) {
    (error.kind, error.attributes.first().map_or("", String::as_str))
}

fn options(name: &str, value: Value) -> Options {
    Options { extra: vec![ExtraOption { name: name.into(), values: vec![value] }], ..Options::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_class_that_there_is_not_is_an_invalid_argument_of_every_operation_and_takes_no_call() {
    let world = World::start().await;
    world.zoom.simulator.reset();
    for class in [NONEXISTING, "", "__ACCOUNT__", "__GROUP__", "__ALL__", "ZoomUsers"] {
        let search = SearchOptions::default();
        no_such_class(world.connector.search(class, None, &search).await.map_err(refused));
        no_such_class(world.connector.explain(class, None, &search).await.map_err(refused));
        no_such_class(world.connector.get(class, "x", search).await.map_err(refused));
        no_such_class(world.try_create(class, &[text("__NAME__", "x@example.com")]).await);
        no_such_class(world.try_update(class, &Uid::new("x"), &[]).await);
        no_such_class(world.try_delete(class, &Uid::new("x")).await);
    }
    assert!(world.zoom.calls().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_option_that_there_is_not_is_an_invalid_argument_of_every_operation() {
    let world = World::start().await;
    for class in world.classes() {
        let uid = world.create(&class, 1).await;
        let before = world.found(&class, None).await;
        let wrong = || options("NO_SUCH_OPTION", true.into());
        let search = SearchOptions { options: wrong(), ..SearchOptions::default() };
        no_such_class(world.connector.search(&class, None, &search).await.map_err(refused));
        no_such_class(world.connector.explain(&class, None, &search).await.map_err(refused));
        let sample = world.sample(&class, 2);
        no_such_class(world.connector.create(&class, &sample, &wrong()).await.map_err(refused));
        let deltas = world.modifications(&class, 1);
        no_such_class(world.connector.update_delta(&class, &uid, &deltas, &wrong()).await.map_err(refused));
        no_such_class(world.connector.delete(&class, &uid, &wrong()).await.map_err(refused));
        assert_eq!(world.found(&class, None).await, before, "nothing was changed");
    }
    // One that there is, with a value of another type, one with two values, and one of another operation.
    let uid = world.create(USER, 2).await;
    let mut twice = options("TRANSFER_EMAIL", "one@example.com".into());
    twice.extra[0].values.push("two@example.com".into());
    for wrong in [options("TRANSFER_MEETING", "yes".into()), twice, options("PAGE_SIZE", 1.into())] {
        no_such_class(world.connector.delete(USER, &uid, &wrong).await.map_err(refused));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sort_keys_are_an_unsupported_operation() {
    let world = World::start().await;
    for class in world.classes() {
        for ascending in [true, false] {
            let sort_keys = vec![SortKey { name: "__NAME__".into(), ascending }];
            let search = SearchOptions { sort_keys, ..SearchOptions::default() };
            let error = world.connector.search(&class, None, &search).await.map_err(refused).expect_err("refused");
            assert_eq!(error.kind, ErrorKind::UnsupportedOperation);
            let error = world.connector.explain(&class, None, &search).await.map_err(refused).expect_err("refused");
            assert_eq!(error.kind, ErrorKind::UnsupportedOperation);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_that_is_none_is_an_invalid_argument() {
    let world = World::start().await;
    for class in world.classes() {
        for cookie in ["", "x", "1.0.0", "0", "\u{e9}", &"9".repeat(2000)] {
            let search = SearchOptions { start: Start::Cookie(cookie.into()), ..SearchOptions::default() };
            no_such_class(world.connector.search(&class, None, &search).await.map_err(refused));
        }
        let page_size = NonZeroU32::new(1);
        let first = SearchOptions { page_size, ..SearchOptions::default() };
        let next = world.connector.search(&class, None, &first).await.expect("a page").next.expect("more");
        for broken in [next.replacen('1', "2", 1), format!("{next}x"), next[1..].to_owned(), next.replace('.', ":")] {
            let search = SearchOptions { page_size, start: Start::Cookie(broken.clone()), ..SearchOptions::default() };
            match world.connector.search(&class, None, &search).await.map_err(refused) {
                Err(error) => assert!(
                    matches!(error.kind, ErrorKind::InvalidArgument | ErrorKind::PreconditionFailed),
                    "{broken}: {error:?}"
                ),
                Ok(page) => panic!("{broken} was taken for {next}: {:?}", page.objects.len()),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_uid_is_that_of_update_and_delete_and_no_error_of_search() {
    let world = World::start().await;
    for class in world.classes() {
        let name = world.get(&class, &world.create(&class, 1).await).await.name;
        // Neither a name nor what means something in a path is a uid.
        for uid in ["nobody", &name, "me", "a/b", "..", ".", "?", "%2e%2e", "Ω"] {
            for deltas in [vec![], world.modifications(&class, 1)] {
                let error = world.try_update(&class, &Uid::new(uid), &deltas).await.expect_err("refused");
                assert_eq!(error.kind, ErrorKind::UnknownUid, "{uid}: {error:?}");
            }
            let error = world.try_delete(&class, &Uid::new(uid)).await.expect_err("refused");
            assert_eq!(error.kind, ErrorKind::UnknownUid, "{uid}: {error:?}");
            assert_eq!(world.found(&class, Some(Filter::equals("__UID__", uid))).await, []);
        }
        for uid in ["", " "] {
            no_such_class(world.try_update(&class, &Uid::new(uid), &[]).await);
            no_such_class(world.try_delete(&class, &Uid::new(uid)).await);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_value_names_its_attribute() {
    let world = World::start().await;
    for class in world.classes() {
        let uid = world.create(&class, 1).await;
        let before = world.get(&class, &uid).await;
        for info in &world.class(&class).attributes {
            let wrong: Value = match info.value_type.to_string().as_str() {
                "text" | "secret" => true.into(),
                _ => "x".into(),
            };
            let native = info.native_name.as_deref();
            if info.updateable {
                let error = world.try_update(&class, &uid, &[Delta::replace(&info.name, [wrong.clone()])]).await;
                let error = error.expect_err("refused");
                assert_eq!(error.kind, ErrorKind::InvalidAttributeValue, "{}", info.name);
                assert!([Some(info.name.as_str()), native].contains(&Some(about(&error).1)), "{error:?}");
            }
            if info.creatable {
                let mut sample: Vec<Attribute> =
                    world.sample(&class, 2).into_iter().filter(|given| given.name != info.name).collect();
                sample.push(Attribute::new(&info.name, [wrong]));
                let error = world.try_create(&class, &sample).await.expect_err("refused");
                assert_eq!(error.kind, ErrorKind::InvalidAttributeValue, "{}", info.name);
                assert!([Some(info.name.as_str()), native].contains(&Some(about(&error).1)), "{error:?}");
            }
            if info.updateable && !info.multi_valued {
                let value = &before.attribute(&info.name).and_then(|found| found.values.as_slice().first().cloned());
                let twice = value.clone().map(|value| vec![value.clone(), value]);
                if let Some(twice) = twice {
                    let error = world.try_update(&class, &uid, &[Delta::replace(&info.name, twice)]).await;
                    assert_eq!(about(&error.expect_err("refused")), (ErrorKind::InvalidAttributeValue, &*info.name));
                }
            }
        }
        assert_eq!(world.get(&class, &uid).await, before, "nothing was changed");
    }
}

/// Values of the right type that Zoom or the connector does not take.
#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_zoom_does_not_take_names_its_attribute() {
    let world = World::start().await;
    let uid = world.create(USER, 1).await;
    let long = "x".repeat(200);
    let cases: [(&str, Value, &str); 16] = [
        ("FIRST_NAME", long.as_str().into(), "FIRST_NAME"),
        ("DISPLAY_NAME", long.as_str().into(), "DISPLAY_NAME"),
        ("JOB_TITLE", long.as_str().into(), "JOB_TITLE"),
        ("EMAIL", "no address".into(), "EMAIL"),
        ("TYPE", 5.into(), "TYPE"),
        ("STATUS", "asleep".into(), "STATUS"),
        ("GROUP_IDS", "no-such-group".into(), "GROUP_IDS"),
        ("PRIMARY_GROUP_ID", "no-such-group".into(), "PRIMARY_GROUP_ID"),
        ("PERSONAL_MEETING_ID", 123_i64.into(), "PERSONAL_MEETING_ID"),
        ("ROLE_NAME", "No Such Role".into(), "ROLE_NAME"),
        ("CUSTOM_ATTRIBUTES", "no pair".into(), "CUSTOM_ATTRIBUTES"),
        ("ZOOM_PHONE_STATUS", "asleep".into(), "ZOOM_PHONE_STATUS"),
        ("SITE_NAME", "No Such Site".into(), "SITE_NAME"),
        ("SITE_CODE", 1.into(), "SITE_CODE"),
        ("EXTENSION_NUMBER", "x".into(), "EXTENSION_NUMBER"),
        ("ZOOM_PHONE_NUMBERS", "x".into(), "ZOOM_PHONE_NUMBERS"),
    ];
    for (name, value, attribute) in cases {
        let error = world.try_update(USER, &uid, &[Delta::replace(name, [value])]).await.expect_err(name);
        assert_eq!(about(&error), (ErrorKind::InvalidAttributeValue, attribute), "{error:?}");
    }
    let group = world.create(GROUP, 1).await;
    for name in ["MEMBERS", "ADMINS"] {
        let error = world.try_update(GROUP, &group, &[Delta::replace(name, ["nobody"])]).await.expect_err(name);
        assert_eq!(about(&error), (ErrorKind::InvalidAttributeValue, name), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attribute_is_changed_once_in_a_call_under_whichever_name() {
    let world = World::start().await;
    for class in world.classes() {
        let uid = world.create(&class, 1).await;
        let native = world.class(&class).attribute("__NAME__").and_then(|info| info.native_name.clone());
        let deltas =
            [Delta::replace("__NAME__", ["a@example.com"]), Delta::replace(native.expect("one"), ["a@example.com"])];
        let error = world.try_update(&class, &uid, &deltas).await.expect_err("refused");
        assert_eq!(about(&error), (ErrorKind::InvalidAttributeValue, "__NAME__"));
    }
}
