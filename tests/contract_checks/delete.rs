//! Delete.

use host_harness::model::{ErrorKind, Uid};

use super::{NONEXISTING, World, no_such_class, uids};
use crate::support::kind;

/// DEL-1.
#[tokio::test(flavor = "multi_thread")]
async fn del_1_a_deleted_object_is_gone() {
    let world = World::start().await;
    for class in world.classes() {
        let before = world.found(&class, None).await;
        let uid = world.create(&class, 1).await;
        world.delete(&class, &uid).await;
        assert!(world.read(&class, &uid.value).await.is_none());
        assert_eq!(uids(&world.found(&class, None).await), uids(&before));
        // What it had is free again.
        let again = world.create(&class, 1).await;
        assert_ne!(again.value, uid.value);
    }
    no_such_class(world.try_delete(NONEXISTING, &Uid::new("x")).await);
}

/// DEL-2.
#[tokio::test(flavor = "multi_thread")]
async fn del_2_deleting_what_is_gone_is_an_unknown_uid() {
    let world = World::start().await;
    for class in world.classes() {
        let uid = world.create(&class, 1).await;
        world.delete(&class, &uid).await;
        assert_eq!(kind(world.try_delete(&class, &uid).await), Some(ErrorKind::UnknownUid));
        assert_eq!(kind(world.try_delete(&class, &Uid::new("nobody")).await), Some(ErrorKind::UnknownUid));
    }
    no_such_class(world.try_delete(NONEXISTING, &Uid::new("x")).await);
}
