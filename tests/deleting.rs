//! Deleting users: in one of three ways, and pending ones in the only way there is.

use serde_json::json;

use crate::support::{USER, Zoom, delete, kind, users};

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_deactivated_unless_the_configuration_says_otherwise() {
    let zoom = Zoom::start(users(20, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    let id = zoom.member();
    zoom.simulator.reset();
    delete(&connector, USER, &id).await.expect("deactivated");
    assert_eq!(zoom.changes(), [format!(r#"PUT /v2/users/{id}/status {{"action":"deactivate"}}"#)]);
    assert_eq!(zoom.user(&id)["status"], "inactive");
    delete(&connector, USER, &id).await.expect("nothing left to do");
    assert!(zoom.changes().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deactivated_user_is_logged_out_at_once_where_that_is_asked_for() {
    let zoom = Zoom::start(users(20, 0, 0)).await;
    let connector = zoom.connector(&[("immediateLogoutOnDeactivate", "true")]).await;
    let id = zoom.member();
    zoom.simulator.reset();
    delete(&connector, USER, &id).await.expect("deactivated");
    assert_eq!(
        zoom.changes(),
        [format!(r#"PUT /v2/users/{id}/status {{"action":"deactivate"}}"#), format!("DELETE /v2/users/{id}/token")]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_disassociated_or_deleted_where_the_configuration_says_so() {
    for (disassociate, action) in [("true", "disassociate"), ("false", "delete")] {
        let zoom = Zoom::start(users(20, 2, 0)).await;
        let properties = [("deactivateOnDelete", "false"), ("disassociateOnDelete", disassociate)];
        let connector = zoom.connector(&properties).await;
        for id in [zoom.member(), zoom.ids("inactive")[0].clone()] {
            zoom.simulator.reset();
            delete(&connector, USER, &id).await.expect("gone");
            assert_eq!(zoom.changes(), [format!(r#"DELETE /v2/users/{id} {{"action":"{action}"}}"#)]);
            assert!(zoom.users().iter().all(|user| user["id"] != id.as_str()));
            assert_eq!(
                kind(delete(&connector, USER, &id).await).map(|kind| kind.to_string()),
                Some("unknown-uid".into())
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_taken_back_by_the_address() {
    for deactivate in ["true", "false"] {
        let zoom = Zoom::start(users(5, 0, 1)).await;
        let connector = zoom.connector(&[("deactivateOnDelete", deactivate)]).await;
        let id = zoom.ids("pending")[0].clone();
        let email = zoom.user(&id)["email"].as_str().expect("an address").to_owned();
        zoom.simulator.reset();
        delete(&connector, USER, &id).await.expect("gone");
        assert_eq!(zoom.changes(), [format!(r#"DELETE /v2/users/{email} {{"action":"disassociate"}}"#)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_zoom_does_not_delete_is_explained() {
    let zoom = Zoom::start(users(20, 0, 0)).await;
    zoom.switch(json!({ "managed_domains": ["example.com"] }));
    let connector = zoom.connector(&[("deactivateOnDelete", "false"), ("disassociateOnDelete", "true")]).await;
    let error = delete(&connector, USER, &zoom.member()).await.expect_err("a managed domain");
    assert_eq!(
        (error.kind.to_string(), error.provider_code.as_deref()),
        ("unsupported-operation".into(), Some("1107"))
    );
    assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("deactivateOnDelete")), "{:?}", error.hint);
    assert_eq!(kind(delete(&connector, USER, "nobody").await).map(|kind| kind.to_string()), Some("unknown-uid".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_deleted_user_leaves_goes_to_whom_the_options_name_and_to_nobody_else() {
    use host_harness::Options;
    use host_harness::model::{ExtraOption, Uid};

    let zoom = Zoom::start(users(20, 0, 0)).await;
    let connector = zoom.connector(&[("deactivateOnDelete", "false")]).await;
    let id = zoom.member();
    let heir = zoom.users()[0]["email"].as_str().expect("an address").to_owned();
    let options = |options: &[(&str, host_harness::model::Value)]| Options {
        extra: options
            .iter()
            .map(|(name, value)| ExtraOption { name: (*name).into(), values: vec![value.clone()] })
            .collect(),
        ..Options::default()
    };
    zoom.simulator.reset();
    // Without an heir, or with an empty one, nothing is deleted.
    for wrong in [
        options(&[("TRANSFER_MEETING", true.into())]),
        options(&[("TRANSFER_EMAIL", "".into()), ("TRANSFER_MEETING", true.into())]),
    ] {
        let error = connector.delete(USER, &Uid::new(&id), &wrong).await.expect_err("to whom?");
        assert_eq!(error.kind().to_string(), "invalid-argument");
        assert!(zoom.changes().is_empty());
    }
    let all = options(&[("TRANSFER_EMAIL", heir.as_str().into()), ("TRANSFER_RECORDING", true.into())]);
    connector.delete(USER, &Uid::new(&id), &all).await.expect("deleted");
    let query = format!(r#"{{"action":"delete","transfer_email":"{heir}","transfer_recording":"true"}}"#);
    assert_eq!(zoom.changes(), [format!("DELETE /v2/users/{id} {query}")]);
    // Who is only deactivated keeps everything.
    let keeps = zoom.connector(&[]).await;
    let error = keeps.delete(USER, &Uid::new(zoom.member()), &all).await.expect_err("nothing to transfer");
    assert_eq!((error.kind().to_string(), zoom.changes().len()), ("invalid-argument".into(), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_out_that_failed_is_made_by_the_next_deletion() {
    let zoom = Zoom::misbehaving(users(20, 1, 0)).await;
    let connector = zoom.connector(&[("immediateLogoutOnDeactivate", "true")]).await;
    let id = zoom.ids("inactive")[0].clone();
    zoom.simulator.reset();
    delete(&connector, USER, &id).await.expect("logged out");
    assert_eq!(zoom.changes(), [format!("DELETE /v2/users/{id}/token")]);
}
