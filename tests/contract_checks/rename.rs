//! A change of `__NAME__`, which is told as a side effect.

use host_harness::model::{Attribute, Delta, ErrorKind, Filter, NAME, Uid};

use super::{World, adjusted, text};
use crate::support::{GROUP, USER};

fn effect(name: &str) -> Vec<Attribute> {
    vec![Attribute::new(NAME, [name])]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_name_is_told_and_the_uid_stays() {
    let world = World::start().await;
    for class in world.classes() {
        let native = world.class(&class).attribute(NAME).and_then(|info| info.native_name.clone()).expect("a name");
        let uid = world.create(&class, 1).await;
        let before = world.get(&class, &uid).await;
        for (name, new) in [(NAME, "renamed1@example.com"), (native.as_str(), "renamed2@example.com")] {
            let hinted = Uid { name_hint: Some(before.name.clone()), ..Uid::new(&uid.value) };
            let effects = world.try_update(&class, &hinted, &[Delta::replace(name, [new])]).await.expect("renamed");
            assert_eq!(effects, effect(new), "{class}");
            let renamed = world.get(&class, &uid).await;
            assert_eq!((renamed.name.as_str(), &renamed.uid.value), (new, &uid.value));
            assert_eq!(renamed.attributes, before.attributes, "{class}: all else stays");
            assert_eq!(world.found(&class, Some(Filter::equals(NAME, before.name.as_str()))).await, []);
            assert_eq!(world.found(&class, Some(Filter::equals(NAME, new))).await, [renamed]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_new_name_there_is_no_side_effect() {
    let world = World::start().await;
    let user = world.create(USER, 1).await;
    let group = world.create(GROUP, 1).await;
    let name = |class: &str| world.sample(class, 1)[0].values.as_slice()[0].clone();
    for (class, uid, delta) in [
        (USER, &user, Delta::replace(NAME, [name(USER)])),
        (USER, &user, Delta::replace("DEPT", ["Lab"])),
        (GROUP, &group, Delta::replace(NAME, [name(GROUP)])),
        (GROUP, &group, Delta::replace("ADMINS", Vec::<&str>::new())),
    ] {
        assert_eq!(world.try_update(class, uid, &[delta]).await.expect("updated"), []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_taken_is_refused_and_both_stay_as_they_were() {
    let world = World::start().await;
    for class in world.classes() {
        let [one, other] = [world.create(&class, 1).await, world.create(&class, 2).await];
        let before = [world.get(&class, &one).await, world.get(&class, &other).await];
        for taken in [before[1].name.clone(), before[1].name.to_uppercase()] {
            let error = world.try_update(&class, &one, &[Delta::replace(NAME, [taken])]).await.expect_err("refused");
            assert_eq!((error.kind, error.done.len()), (ErrorKind::AlreadyExists, 0), "{error:?}");
        }
        assert_eq!([world.get(&class, &one).await, world.get(&class, &other).await], before);
    }
}

/// The letter case of a name can be changed where Zoom keeps it.
#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_renamed_to_its_name_in_another_letter_case() {
    let world = World::start().await;
    let uid = world.try_create(GROUP, &[text(NAME, "research")]).await.expect("created");
    let effects = world.try_update(GROUP, &uid, &[Delta::replace(NAME, ["Research"])]).await.expect("renamed");
    assert_eq!((effects, world.get(GROUP, &uid).await.name.as_str()), (effect("Research"), "Research"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_cannot_be_replaced_by_nothing() {
    let world = World::start().await;
    for class in world.classes() {
        let uid = world.create(&class, 1).await;
        world.zoom.simulator.reset();
        for nothing in [vec![], vec![""]] {
            let error = world.try_update(&class, &uid, &[Delta::replace(NAME, nothing.clone())]).await;
            let error = error.expect_err("refused");
            assert_eq!(error.kind, ErrorKind::InvalidAttributeValue, "{nothing:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_cannot_be_taken_away() {
    let world = World::start().await;
    for class in world.classes() {
        let uid = world.create(&class, 1).await;
        let name = world.sample(&class, 1)[0].values.as_slice()[0].clone();
        let error = world.try_update(&class, &uid, &[adjusted(NAME, vec![], vec![name])]).await.expect_err(&class);
        assert_eq!(error.kind, ErrorKind::InvalidAttributeValue, "{class}");
    }
}

/// Somebody of this account has the address, and that is said of whom, and not that it is somebody outside.
#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_name_that_is_taken_is_told() {
    let world = World::start().await;
    for class in world.classes() {
        let [one, other] = [world.create(&class, 1).await, world.create(&class, 2).await];
        let taken = world.get(&class, &other).await.name;
        let error = world.try_update(&class, &one, &[Delta::replace(NAME, [taken])]).await.expect_err("refused");
        let hint = error.hint.unwrap_or_default();
        assert!(!hint.contains("outside"), "{hint}");
        assert_eq!(error.uid.map(|uid| uid.value), Some(other.value), "{class}");
    }
}
