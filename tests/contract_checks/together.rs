//! Several operations at once: those of one connector wait for each other, those of several do not.

use host_harness::model::{Delta, ErrorKind, Uid};
use host_harness::{Options, SearchOptions};

use super::{PROPERTIES, World, text, uids, values};
use crate::support::{GROUP, USER, refused};

#[tokio::test(flavor = "multi_thread")]
async fn operations_of_one_connector_at_once_all_do_their_work() {
    let world = World::start().await;
    let [one, two, gone] = [world.create(USER, 1).await, world.create(USER, 2).await, world.create(USER, 3).await];
    let before = world.found(USER, None).await;
    let (dept, lab) = ([Delta::replace("DEPT", ["Sales"])], [Delta::replace("DEPT", ["Lab"])]);
    let sample = world.sample(GROUP, 1);
    let (first, users, groups, read, _, _, created, (), ()) = tokio::join!(
        world.read(USER, &one.value),
        world.found(USER, None),
        world.found(GROUP, None),
        world.read(USER, &two.value),
        world.update(USER, &one, &dept),
        world.update(USER, &two, &lab),
        world.try_create(GROUP, &sample),
        world.delete(USER, &gone),
        async { world.connector.test().await.expect("all is well") },
    );
    assert!(first.is_some_and(|object| object.uid.value == one.value));
    assert!(read.is_some_and(|object| object.uid.value == two.value));
    assert!(users.len() + 1 >= before.len() && groups.len() >= 5);
    let group = created.expect("created");
    assert!(world.read(GROUP, &group.value).await.is_some() && world.read(USER, &gone.value).await.is_none());
    for (uid, dept) in [(&one, "Sales"), (&two, "Lab")] {
        assert_eq!(values(&world.get(USER, uid).await, "DEPT"), Some(vec![dept.into()]));
    }
    let mut left = uids(&before);
    left.retain(|uid| *uid != gone.value);
    assert_eq!(uids(&world.found(USER, None).await), left);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_walks_through_one_connector_do_not_disturb_each_other() {
    let world = World::start().await;
    let whole = world.found(USER, None).await;
    let options = || SearchOptions { page_size: std::num::NonZeroU32::new(5), ..world.everything(USER) };
    let mut walks = [
        world.connector.search_all(USER, None, options()),
        world.connector.search_all(USER, None, options()),
        world.connector.search_all(USER, Some(!host_harness::model::Filter::equals("STATUS", "x")), options()),
    ];
    let mut found = [Vec::new(), Vec::new(), Vec::new()];
    let mut going = true;
    // Turn by turn, the second one a page ahead.
    found[1].extend(walks[1].next().await.expect("a page").expect("objects").objects);
    while going {
        going = false;
        for (walk, found) in walks.iter_mut().zip(&mut found) {
            if let Some(page) = walk.next().await.expect("a page") {
                found.extend(page.objects);
                going = true;
            }
        }
    }
    assert_eq!(found, [whole.clone(), whole.clone(), whole]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_connectors_that_create_the_same_at_once_one_does() {
    let world = World::start().await;
    let other = world.zoom.connector(PROPERTIES).await;
    for class in world.classes() {
        for round in 0..5 {
            let sample = [text("__NAME__", &format!("race{round}@example.com"))];
            let options = Options::default();
            let (one, two) = tokio::join!(
                world.connector.create(&class, &sample, &options),
                other.create(&class, &sample, &options)
            );
            let (won, lost): (Vec<_>, Vec<_>) =
                [one, two].into_iter().map(|outcome| outcome.map_err(refused)).partition(Result::is_ok);
            let winner: Vec<Uid> = won.into_iter().flatten().collect();
            let loser = lost.into_iter().find_map(Result::err).expect("one was too late");
            assert_eq!((winner.len(), loser.kind), (1, ErrorKind::AlreadyExists), "{loser:?}");
            assert_eq!(loser.uid.map(|uid| uid.value), Some(winner[0].value.clone()));
        }
    }
}
