//! Long stories of several operations.

use host_harness::model::{Attribute, Delta, Filter, UID, Uid, Value};

use super::{NONEXISTING, PROPERTIES, World, equals, no_such_class, secret, sorted, text, uids, values};
use crate::support::USER;

/// MUL-1, without sync.
#[tokio::test(flavor = "multi_thread")]
async fn mul_1_objects_come_change_and_go() {
    let world = World::start().await;
    for class in world.classes() {
        let info = world.class(&class);
        let before = world.found(&class, None).await;
        let mut left: Vec<(usize, Uid)> = Vec::new();
        for number in 1..=9 {
            left.push((number, world.create(&class, number).await));
        }
        for (number, uid) in &left {
            equals(info, &world.get(&class, uid).await, &world.sample(&class, *number));
        }
        world.connector.test().await.expect("all is well");
        let (_, gone) = left.remove(4);
        world.delete(&class, &gone).await;
        let found = world.found(&class, None).await;
        let mut expected = uids(&before);
        expected.extend(left.iter().map(|(_, uid)| uid.value.as_str()));
        expected.sort_unstable();
        assert_eq!(uids(&found), expected);
        let (number, changed) = left[0].clone();
        let changed = world.update(&class, &changed, &world.modifications(&class, number)).await;
        let found = world.found(&class, Some(Filter::equals(UID, changed.value.as_str()))).await;
        assert_eq!(found, [world.get(&class, &changed).await]);
        world.zoom.connector(PROPERTIES).await.test().await.expect("the configuration is still right");
        let one_more = world.create(&class, 10).await;
        equals(info, &world.get(&class, &one_more).await, &world.sample(&class, 10));
        world.delete(&class, &one_more).await;
        for (_, uid) in left {
            world.delete(&class, &uid).await;
        }
        assert_eq!(sorted(world.found(&class, None).await), sorted(before), "{class}: all is as it was");
    }
    no_such_class(world.try_delete(NONEXISTING, &Uid::new("x")).await);
}

/// MUL-2: `__ENABLE__` from true to false and back, and from false to true.
#[tokio::test(flavor = "multi_thread")]
async fn mul_2_an_account_is_disabled_and_enabled() {
    let world = World::start().await;
    assert_eq!(world.classes().iter().filter(|class| world.class(class).attribute("__ENABLE__").is_some()).count(), 1);
    for (number, story) in [vec![true, false, true], vec![false, true, false]].into_iter().enumerate() {
        let sample = [
            text("__NAME__", &format!("story{number}@example.com")),
            text("CREATE_ACTION", "autoCreate"),
            Attribute::new("__PASSWORD__", [secret("Correct-Horse-1")]),
            Attribute::new("__ENABLE__", [story[0]]),
        ];
        let mut uid = world.try_create(USER, &sample).await.expect("created");
        for (step, enabled) in story.into_iter().enumerate() {
            if step > 0 {
                uid = world.update(USER, &uid, &[Delta::replace("__ENABLE__", [enabled])]).await;
            }
            let object = world.get(USER, &uid).await;
            assert_eq!(values(&object, "__ENABLE__"), Some(vec![Value::Boolean(enabled)]));
            let status = if enabled { "active" } else { "inactive" };
            assert_eq!(values(&object, "STATUS"), Some(vec![status.into()]));
            assert_eq!(world.zoom.user(&uid.value)["status"], status);
        }
    }
}
