//! Which attributes an object of a result carries.

use std::collections::BTreeSet;

use host_harness::model::{AttributesToGet, ConnectorObject, Container, ErrorKind, Filter, RunAs, Scope, UID};
use host_harness::{Options, SearchOptions, Secret};

use super::{World, walked};
use crate::support::{USER, refused};

fn with(attributes_to_get: AttributesToGet) -> SearchOptions {
    SearchOptions { attributes_to_get, ..SearchOptions::default() }
}

fn names(object: &ConnectorObject) -> BTreeSet<String> {
    object.attributes.iter().map(|attribute| attribute.name.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn attributes_to_get_are_exactly_those_that_come_with_the_same_values() {
    let world = World::start().await;
    for class in world.classes() {
        let uid = world.create(&class, 1).await;
        let full = world.get(&class, &uid).await;
        let readable = world.readable(&class);
        let mut subsets: Vec<Vec<String>> = readable.iter().map(|name| vec![name.clone()]).collect();
        subsets.extend([vec![], readable.iter().step_by(2).cloned().collect(), readable.clone()]);
        for subset in subsets {
            // In another letter case, and one of them twice.
            let mut asked: Vec<String> = subset.iter().map(|name| name.to_lowercase()).collect();
            asked.extend(subset.first().cloned());
            let only = with(AttributesToGet::Only(asked));
            let filter = Some(Filter::equals(UID, uid.value.as_str()));
            let found = walked(&world.connector, &class, filter, only).await.expect("an object").remove(0);
            let expected: BTreeSet<String> = subset.iter().filter(|name| *name != "__NAME__").cloned().collect();
            assert_eq!(names(&found), expected);
            assert_eq!((&found.uid.value, &found.name), (&full.uid.value, &full.name), "uid and name come always");
            for attribute in &found.attributes {
                assert_eq!(full.attribute(&attribute.name), Some(attribute));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attributes_of_lists_are_those_of_look_ups() {
    let world = World::start().await;
    for class in world.classes() {
        let all = world.found(&class, None).await;
        for name in world.readable(&class) {
            let only = with(AttributesToGet::Only(vec![name.clone()]));
            let found = walked(&world.connector, &class, None, only).await.expect("objects");
            assert_eq!(found.len(), all.len());
            for (found, full) in found.iter().zip(&all) {
                assert_eq!(found.uid.value, full.uid.value);
                assert_eq!(found.attribute(&name), full.attribute(&name), "{name} of {}", full.name);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_default_attributes_come_besides_where_that_is_asked_for() {
    let world = World::start().await;
    for class in world.classes() {
        let info = world.class(&class);
        let uid = world.create(&class, 1).await;
        let default: BTreeSet<String> =
            info.attributes.iter().filter(|info| info.returned_by_default).map(|info| info.name.clone()).collect();
        for extra in info.attributes.iter().map(|info| info.name.as_str()) {
            let options = with(AttributesToGet::DefaultAnd(vec![extra.to_owned()]));
            let found = world.connector.get(&class, &uid.value, options).await.expect("an object");
            let mut expected = default.clone();
            if info.attribute(extra).is_some_and(|info| info.readable) {
                expected.insert(extra.to_owned());
            }
            expected.remove("__NAME__");
            assert_eq!((names(&found), found.attributes.len()), (expected.clone(), expected.len()), "{extra}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn native_names_name_uid_and_name_which_come_once() {
    let world = World::start().await;
    for class in world.classes() {
        let info = world.class(&class);
        let native = info.attribute("__NAME__").and_then(|name| name.native_name.clone());
        let asked =
            ["__UID__", "__NAME__"].map(str::to_owned).into_iter().chain(native).chain(info.uid_native_name.clone());
        let found = walked(&world.connector, &class, None, with(AttributesToGet::Only(asked.collect()))).await;
        let found = found.expect("objects");
        assert!(!found.is_empty() && found.iter().all(|object| object.attributes.is_empty()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attribute_that_there_is_not_cannot_be_asked_for() {
    let world = World::start().await;
    for class in world.classes() {
        for wanted in [AttributesToGet::Only, AttributesToGet::DefaultAnd] {
            let options = with(wanted(vec!["__NAME__".into(), "NO_SUCH_ATTRIBUTE".into()]));
            let error = walked(&world.connector, &class, None, options).await.map_err(refused).expect_err("refused");
            assert_eq!(error.kind, ErrorKind::InvalidArgument);
            assert!(error.message.contains("NO_SUCH_ATTRIBUTE"), "{}", error.message);
        }
    }
}

/// A search of rows returns what rows carry, also where more is asked for; a look-up returns everything.
#[tokio::test(flavor = "multi_thread")]
async fn where_searches_are_not_deep_what_rows_do_not_carry_is_absent_and_not_empty() {
    let world = World::start().await;
    let shallow = [super::PROPERTIES, &[("deepImport", "false"), ("deepGet", "false")]].concat();
    let shallow = world.zoom.connector(&shallow).await;
    let asked = || with(AttributesToGet::Only(vec!["DEPT".into(), "LANGUAGE".into(), "SITE_NAME".into()]));
    let rows = walked(&shallow, USER, None, asked()).await.expect("objects");
    assert!(rows.iter().all(|object| names(object) == BTreeSet::from(["DEPT".to_owned()])));
    let uid = &rows[0].uid.value;
    let object = shallow.get(USER, uid, asked()).await.expect("an object");
    assert_eq!(names(&object).len(), 3);
}

/// The schema lists none of these for search: they are passed over.
#[tokio::test(flavor = "multi_thread")]
async fn options_that_mean_nothing_here_are_passed_over() {
    let world = World::start().await;
    for class in world.classes() {
        let whole = walked(&world.connector, &class, None, SearchOptions::default()).await.expect("objects");
        let container = Container { object_class: class.clone(), uid: whole[0].uid.clone() };
        let run_as = RunAs { user: whole[0].name.clone(), password: Some(Secret::new("x")) };
        let options = SearchOptions {
            scope: Some(Scope::OneLevel),
            container: Some(container),
            allow_partial_results: true,
            allow_partial_attribute_values: true,
            options: Options { run_as: Some(run_as), ..Options::default() },
            ..SearchOptions::default()
        };
        assert_eq!(walked(&world.connector, &class, None, options).await.expect("objects"), whole);
    }
}
