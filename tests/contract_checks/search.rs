//! Get and search.

use host_harness::model::{ConnectorObject, Filter, NAME, UID};
use host_harness::{Options, SearchOptions};

use super::{NONEXISTING, World, equals, evaluator, matches, no_such_class, sorted, uids, values, walked};
use crate::support::refused;

/// GET-1.
#[tokio::test(flavor = "multi_thread")]
async fn get_1_an_object_is_read_by_its_uid_and_found_by_its_name() {
    let world = World::start().await;
    for class in world.classes() {
        let sample = world.sample(&class, 1);
        let uid = world.create(&class, 1).await;
        let read = world.get(&class, &uid).await;
        equals(world.class(&class), &read, &sample);
        let found = world.found(&class, Some(Filter::equals(NAME, read.name.as_str()))).await;
        assert_eq!(found, [read]);
        assert!(world.read(&class, "nobody").await.is_none());
    }
    let nothing = world.connector.get(NONEXISTING, "x", SearchOptions::default()).await;
    no_such_class(nothing.map_err(refused));
}

/// SEA-1. (a) and (e) all there are before and after; (b) by uid; (c) by name; (d) by all attributes.
#[tokio::test(flavor = "multi_thread")]
async fn sea_1_created_objects_are_found_among_all_and_by_what_they_are() {
    let world = World::start().await;
    for class in world.classes() {
        let info = world.class(&class);
        let before = world.found(&class, None).await;
        let mut created = Vec::new();
        for number in 1..=10 {
            let sample = world.sample(&class, number);
            created.push((world.create(&class, number).await, sample));
        }
        let all = world.found(&class, None).await;
        assert_eq!(all.len(), before.len() + 10);
        for (uid, sample) in &created {
            let found = world.found(&class, Some(Filter::equals(UID, uid.value.as_str()))).await;
            assert_eq!(uids(&found), [uid.value.as_str()]);
            equals(info, &found[0], sample);
            let by_name = world.found(&class, Some(Filter::equals(NAME, found[0].name.as_str()))).await;
            assert_eq!(by_name, found);
            let same = everything_of(&world, &class, &found[0]);
            let by_all = world.found(&class, Some(same.clone())).await;
            let accepted = all.iter().filter(|object| evaluator::holds(&same, info, object)).cloned();
            assert_eq!(by_all, accepted.collect::<Vec<_>>());
            assert!(by_all.contains(&found[0]));
            assert!(all.contains(&found[0]));
        }
        let old = all.into_iter().filter(|object| created.iter().all(|(uid, _)| uid.value != object.uid.value));
        assert_eq!(sorted(old.collect()), sorted(before), "{class}: the others are as they were");
    }
    no_such_class(walked(&world.connector, NONEXISTING, None, SearchOptions::default()).await.map_err(refused));
}

/// Equal in all that can be read, but for uid and name.
fn everything_of(world: &World, class: &str, object: &ConnectorObject) -> Filter {
    let names = world.readable(class).into_iter().filter(|name| !name.starts_with("__"));
    Filter::And(names.map(|name| Filter::Equals(name.clone(), values(object, &name).expect("values"))).collect())
}

/// SEA-2.
#[tokio::test(flavor = "multi_thread")]
async fn sea_2_a_search_by_uid_without_options_finds_one_with_the_default_attributes() {
    let world = World::start().await;
    for class in world.classes() {
        let info = world.class(&class);
        let uid = world.create(&class, 1).await;
        let by_default = |name: &str| info.attribute(name).is_some_and(|info| info.returned_by_default);
        let sample = world.sample(&class, 1).into_iter().filter(|given| by_default(&given.name));
        let sample: Vec<_> = sample.filter(|given| given.name != "ZOOM_PHONE_NUMBERS").collect();
        let filter = Filter::equals(UID, uid.value.as_str());
        let found = walked(&world.connector, &class, Some(filter), SearchOptions::default()).await.expect("a search");
        assert_eq!(uids(&found), [uid.value.as_str()]);
        matches(info, &found[0], &sample);
    }
    let filter = Some(Filter::equals(UID, "x"));
    no_such_class(walked(&world.connector, NONEXISTING, filter, SearchOptions::default()).await.map_err(refused));
}

/// SEA-3, as far as the schema says that letter case means nothing. Zoom's ids differ by case, so another
/// spelling of a uid is another object, which there is not.
#[tokio::test(flavor = "multi_thread")]
async fn sea_3_letter_case_means_nothing_in_a_name_whose_subtype_says_so() {
    let world = World::start().await;
    for class in world.classes() {
        let uid = world.create(&class, 1).await;
        let object = world.get(&class, &uid).await;
        let subtype = world.class(&class).attribute(NAME).and_then(|name| name.subtype.clone());
        let ignored = subtype.as_deref() == Some("__STRING_CASE_IGNORE__");
        let found = world.found(&class, Some(Filter::equals(NAME, inverted(&object.name)))).await;
        assert_eq!(found, if ignored { vec![object] } else { vec![] }, "{class}");
        let found = world.found(&class, Some(Filter::equals(UID, inverted(&uid.value)))).await;
        assert_eq!(found, [], "{class}");
    }
    let filter = Some(Filter::equals(UID, "X"));
    let options = SearchOptions { options: Options::default(), ..SearchOptions::default() };
    no_such_class(walked(&world.connector, NONEXISTING, filter, options).await.map_err(refused));
}

fn inverted(text: &str) -> String {
    let invert = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    text.chars().map(invert).collect()
}
