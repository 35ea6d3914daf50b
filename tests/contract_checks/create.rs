//! Create.

use host_harness::model::{Attribute, ErrorKind, UID};

use super::{NONEXISTING, World, equals, matches, no_such_class, text, uids};

/// The samples leave out nothing that can be given at creation.
#[tokio::test(flavor = "multi_thread")]
async fn the_samples_hold_every_attribute_that_can_be_created_or_updated() {
    let world = World::start().await;
    for class in world.classes() {
        for info in &world.class(&class).attributes {
            let created = (1..=2).flat_map(|number| world.sample(&class, number)).any(|given| given.name == info.name);
            assert_eq!(created, info.creatable, "{class}: {}", info.name);
            let updated = world.modifications(&class, 1).iter().any(|delta| delta.name == info.name);
            assert_eq!(updated, info.updateable, "{class}: {}", info.name);
        }
    }
}

/// CRE-1. With everything that can be given, and with no more than what must be.
#[tokio::test(flavor = "multi_thread")]
async fn cre_1_a_created_object_is_found_and_matches() {
    let world = World::start().await;
    for class in world.classes() {
        for number in 1..=2 {
            let sample = world.sample(&class, number);
            let uid = world.create(&class, number).await;
            equals(world.class(&class), &world.get(&class, &uid).await, &sample);
        }
        let least = [text("__NAME__", "least@example.com")];
        let uid = world.try_create(&class, &least).await.expect("created");
        matches(world.class(&class), &world.get(&class, &uid).await, &least);
    }
    no_such_class(world.try_create(NONEXISTING, &[text("__NAME__", "nobody@example.com")]).await);
}

/// CRE-1 for the native names, in any letter case.
#[tokio::test(flavor = "multi_thread")]
async fn cre_1_native_names_and_other_letter_case_are_the_same_attributes() {
    let world = World::start().await;
    for class in world.classes() {
        let info = world.class(&class);
        let native = info.attribute("__NAME__").and_then(|name| name.native_name.clone()).expect("a native name");
        let mut sample = world.sample(&class, 1);
        for given in &mut sample {
            given.name = given.name.to_lowercase();
        }
        sample[0].name = native.to_lowercase();
        let uid = world.try_create(&class.to_uppercase(), &sample).await.expect("created");
        let object = world.get(&class, &uid).await;
        assert_eq!(object.object_class, class);
        equals(info, &object, &world.sample(&class, 1)[1..sample.len() - 1]);
    }
}

/// CRE-2.
#[tokio::test(flavor = "multi_thread")]
async fn cre_2_an_attribute_that_there_is_not_is_refused() {
    let world = World::start().await;
    for class in world.classes() {
        let before = world.found(&class, None).await;
        for name in ["NO_SUCH_ATTRIBUTE", UID] {
            let mut sample = world.sample(&class, 1);
            sample.push(text(name, "x"));
            let error = world.try_create(&class, &sample).await.expect_err("refused");
            assert_eq!((error.kind, error.attributes.concat().as_str()), (ErrorKind::InvalidAttributeValue, name));
        }
        assert_eq!(uids(&world.found(&class, None).await), uids(&before), "nothing was created");
    }
    no_such_class(world.try_create(NONEXISTING, &[text("NO_SUCH_ATTRIBUTE", "x")]).await);
}

/// CRE-3.
#[tokio::test(flavor = "multi_thread")]
async fn cre_3_the_same_object_is_not_created_twice() {
    let world = World::start().await;
    for class in world.classes() {
        let sample = world.sample(&class, 1);
        let uid = world.try_create(&class, &sample).await.expect("created");
        // Zoom takes a name in another letter case for the same.
        let name = sample[0].values.as_slice()[0].as_text().expect("a name").to_uppercase();
        for name in [sample[0].clone(), text("__NAME__", &name)] {
            let twin: Vec<_> = std::iter::once(name).chain(sample[1..].iter().cloned()).collect();
            let error = world.try_create(&class, &twin).await.expect_err("refused");
            assert_eq!(error.kind, ErrorKind::AlreadyExists);
            assert_eq!(error.uid.map(|other| other.value), Some(uid.value.clone()), "the one that is there");
        }
        equals(world.class(&class), &world.get(&class, &uid).await, &sample);
    }
    no_such_class(world.try_create(NONEXISTING, &[text("__NAME__", "nobody@example.com")]).await);
}

/// What must be given and is not, is named.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_required_cannot_be_left_out() {
    let world = World::start().await;
    for class in world.classes() {
        let info = world.class(&class);
        let name = info.attribute("__NAME__").and_then(|name| name.native_name.clone()).expect("a native name");
        for given in [None, Some(Attribute::new("__NAME__", [""])), Some(Attribute::new::<&str>("__NAME__", []))] {
            let mut sample = world.sample(&class, 1).split_off(1);
            sample.extend(given);
            let error = world.try_create(&class, &sample).await.expect_err("refused");
            assert_eq!((error.kind, error.attributes), (ErrorKind::InvalidAttributeValue, vec![name.clone()]));
        }
    }
}
