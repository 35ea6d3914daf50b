//! What the flags of attributes promise.

use host_harness::SearchOptions;
use host_harness::model::{Attribute, Delta, ErrorKind, Filter, UID, Uid, Value, ValueType};

use super::{NONEXISTING, World, no_such_class, walked};
use crate::support::refused;

/// ATT-1.
#[tokio::test(flavor = "multi_thread")]
async fn att_1_what_cannot_be_read_is_not_returned_by_default() {
    let world = World::start().await;
    for class in world.classes() {
        let info = world.class(&class);
        for attribute in &info.attributes {
            assert!(attribute.readable || !attribute.returned_by_default, "{}", attribute.name);
        }
        let uid = world.create(&class, 1).await;
        let object = world.connector.get(&class, &uid.value, SearchOptions::default()).await.expect("an object");
        for attribute in &object.attributes {
            assert!(info.attribute(&attribute.name).is_some_and(|info| info.readable), "{}", attribute.name);
        }
    }
}

/// ATT-2. Of one object by get and by search, and of all of them.
#[tokio::test(flavor = "multi_thread")]
async fn att_2_without_options_the_attributes_returned_by_default_come_and_no_others() {
    let world = World::start().await;
    for class in world.classes() {
        let info = world.class(&class);
        let uid = world.create(&class, 1).await;
        let default = info.attributes.iter().filter(|info| info.returned_by_default && info.name != "__NAME__");
        let mut expected: Vec<_> = default.map(|info| info.name.clone()).collect();
        expected.sort();
        let mut objects =
            vec![world.connector.get(&class, &uid.value, SearchOptions::default()).await.expect("an object")];
        for filter in [None, Some(Filter::equals(UID, uid.value.as_str()))] {
            objects.extend(walked(&world.connector, &class, filter, SearchOptions::default()).await.expect("objects"));
        }
        for object in objects {
            let mut names: Vec<_> = object.attributes.iter().map(|attribute| attribute.name.clone()).collect();
            names.sort();
            assert_eq!(names, expected, "{class} {}", object.name);
        }
    }
    let nothing = world.connector.get(NONEXISTING, "x", SearchOptions::default()).await;
    no_such_class(nothing.map_err(refused));
}

/// A value of a type.
fn some(value_type: ValueType) -> Value {
    match value_type {
        ValueType::Text => "x".into(),
        ValueType::Integer => 1.into(),
        other => panic!("no read-only attribute is {other}"),
    }
}

/// ATT-3. All of them at once and each by itself; what cannot be given at creation likewise.
#[tokio::test(flavor = "multi_thread")]
async fn att_3_what_cannot_be_updated_or_created_is_refused_with_its_name() {
    let world = World::start().await;
    for class in world.classes() {
        let info = world.class(&class);
        let uid = world.create(&class, 1).await;
        let before = world.get(&class, &uid).await;
        let fixed: Vec<_> = info.attributes.iter().filter(|info| !info.updateable).collect();
        assert!(!fixed.is_empty());
        let deltas: Vec<_> = fixed.iter().map(|info| Delta::replace(&info.name, [some(info.value_type)])).collect();
        let error = world.try_update(&class, &uid, &deltas).await.expect_err("refused");
        assert_eq!(error.kind, ErrorKind::InvalidAttributeValue);
        for delta in deltas {
            let name = delta.name.clone();
            let error = world.try_update(&class, &uid, &[delta]).await.expect_err("refused");
            assert_eq!((error.kind, error.attributes), (ErrorKind::InvalidAttributeValue, vec![name]));
        }
        assert_eq!(world.get(&class, &uid).await, before);
        for info in info.attributes.iter().filter(|info| !info.creatable) {
            let value = match info.value_type {
                ValueType::Long => Value::Long(1_234_567_890),
                other => some(other),
            };
            let mut sample = world.sample(&class, 2);
            sample.push(Attribute::new(&info.name, [value]));
            let error = world.try_create(&class, &sample).await.expect_err("refused");
            assert_eq!(error.kind, ErrorKind::InvalidAttributeValue);
            assert_eq!(error.attributes, [info.name.as_str()]);
        }
    }
    no_such_class(world.try_update(NONEXISTING, &Uid::new("x"), &[Delta::replace("VERIFIED", ["x"])]).await);
}

/// ATT-4.
#[tokio::test(flavor = "multi_thread")]
async fn att_4_what_is_required_can_be_given_at_creation() {
    let world = World::start().await;
    for class in &world.schema.object_classes {
        let mut required = class.attributes.iter().filter(|info| info.required);
        assert!(required.all(|info| info.creatable), "{}", class.name);
        assert!(class.attribute("__NAME__").is_some_and(|info| info.required), "{}", class.name);
    }
}

/// The type of every value that is returned is the schema's.
#[tokio::test(flavor = "multi_thread")]
async fn every_value_is_of_the_type_of_its_attribute() {
    let world = World::start().await;
    for class in world.classes() {
        let info = world.class(&class);
        world.create(&class, 1).await;
        for object in world.found(&class, None).await {
            for attribute in &object.attributes {
                let info = info.attribute(&attribute.name).expect("an attribute of the class");
                let values = attribute.values.as_slice();
                assert!(info.multi_valued || values.len() <= 1, "{} of {}", info.name, object.name);
                for value in values {
                    let fits = match info.value_type {
                        ValueType::Text => value.as_text().is_some_and(|text| !text.is_empty()),
                        ValueType::Boolean => matches!(value, Value::Boolean(_)),
                        ValueType::Integer => matches!(value, Value::Integer(_)),
                        ValueType::Long => matches!(value, Value::Long(_)),
                        _ => false,
                    };
                    assert!(fits, "{} of {} is {value:?}", info.name, object.name);
                }
            }
        }
    }
}
