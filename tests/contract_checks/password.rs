//! A password goes to Zoom and nowhere else.

use host_harness::SearchOptions;
use host_harness::model::{Attribute, AttributesToGet, Delta, ErrorKind, Filter};

use super::{World, adjusted, secret, text, walked};
use crate::support::{USER, refused};

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_in_no_result_also_where_it_is_asked_for() {
    let world = World::start().await;
    let uid = world.create(USER, 1).await;
    for wanted in [AttributesToGet::Only, AttributesToGet::DefaultAnd] {
        let names = ["__PASSWORD__", "password", "CREATE_ACTION"].map(str::to_owned);
        let options =
            SearchOptions { attributes_to_get: wanted(vec![names[0].clone(), names[2].clone()]), ..Default::default() };
        for filter in [None, Some(Filter::equals("__UID__", uid.value.as_str()))] {
            let found = walked(&world.connector, USER, filter, options.clone()).await.expect("objects");
            assert!(!found.is_empty());
            for object in found {
                assert!(names.iter().all(|name| object.attribute(name).is_none()));
                assert!(!format!("{object:?}").contains("Correct-Horse"));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_filter_can_guess_a_password() {
    let world = World::start().await;
    world.create(USER, 1).await;
    for filter in [
        Filter::equals("__PASSWORD__", secret("Correct-Horse-1")),
        Filter::StartsWith("__PASSWORD__".into(), "C".into()),
        Filter::Equals("__PASSWORD__".into(), vec![]),
    ] {
        let error = walked(&world.connector, USER, Some(filter), SearchOptions::default()).await.map_err(refused);
        let error = error.expect_err("refused");
        assert_eq!(error.kind, ErrorKind::InvalidArgument);
        assert!(!format!("{error:?}").contains("Correct-Horse"));
    }
}

/// Passwords that each break a rule of Zoom's.
const WRONG: [&str; 4] = ["S3cret!", "secret-without-capitals-1", "SecretWithoutNumber", "Secret-abcdefg-1"];

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_refused_is_not_in_the_error() {
    let world = World::start().await;
    let uid = world.create(USER, 1).await;
    for wrong in WRONG {
        let error = world.try_update(USER, &uid, &[Delta::replace("__PASSWORD__", [secret(wrong)])]).await;
        let error = error.expect_err("refused");
        assert_eq!(
            (error.kind, error.attributes.concat().as_str()),
            (ErrorKind::InvalidAttributeValue, "__PASSWORD__")
        );
        assert!(!format!("{error:?}").contains(wrong), "{error:?}");
    }
}

/// ConnId writes a change by the user as the new one added and the old one removed.
#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_set_by_replacing_and_by_adding_and_removing_and_is_not_cleared() {
    let world = World::start().await;
    let uid = world.create(USER, 1).await;
    world.zoom.simulator.reset();
    world.update(USER, &uid, &[Delta::replace("__PASSWORD__", [secret("Correct-Horse-2")])]).await;
    let change = adjusted("__PASSWORD__", [secret("Correct-Horse-3")], [secret("Correct-Horse-2")]);
    let effects = world.try_update(USER, &uid, &[change]).await.expect("changed");
    assert_eq!(effects, [], "a password is no side effect");
    let call = format!(r#"PUT /v2/users/{}/password {{"password":"********"}}"#, uid.value);
    assert_eq!(world.zoom.changes(), [call.clone(), call]);
    for nothing in [Delta::replace("__PASSWORD__", Vec::<&str>::new()), adjusted("__PASSWORD__", [], [secret("x")])] {
        let error = world.try_update(USER, &uid, &[nothing]).await.expect_err("refused");
        assert_eq!(
            (error.kind, error.attributes.concat().as_str()),
            (ErrorKind::InvalidAttributeValue, "__PASSWORD__")
        );
    }
    assert_eq!(world.zoom.changes(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_refused_at_creation_is_named_and_not_in_the_error() {
    let world = World::start().await;
    for wrong in WRONG {
        let sample = [
            text("__NAME__", "secret@example.com"),
            text("CREATE_ACTION", "autoCreate"),
            Attribute::new("__PASSWORD__", [secret(wrong)]),
        ];
        let error = world.try_create(USER, &sample).await.expect_err("refused");
        assert_eq!(
            (error.kind, error.attributes.concat().as_str()),
            (ErrorKind::InvalidAttributeValue, "__PASSWORD__")
        );
        assert!(!format!("{error:?}").contains(wrong), "{error:?}");
    }
}
