//! Configuration, validate and test.

use host_harness::model::{ErrorKind, PropertyInfo, PropertyType};
use host_harness::{Cache, Component, Engine};

use crate::support::{Zoom, component_file, refused, users};

async fn properties() -> Vec<PropertyInfo> {
    let engine = Engine::new(Cache::User).expect("an engine");
    let component = Component::from_file(&engine, component_file()).expect("a component");
    component.describe().await.expect("a manifest").properties.clone()
}

/// The name under which the simulator's own properties are given, so that one takes the place of another.
fn given_name(property: &PropertyInfo) -> &str {
    property.aliases.first().unwrap_or(&property.name)
}

/// Values that a property cannot have.
fn wrong(property: &PropertyInfo) -> Vec<&'static str> {
    let mut wrong = match property.property_type {
        PropertyType::Integer => vec!["many", "-1", "1.5", "99999999999", "2147483647"],
        PropertyType::Boolean => vec!["maybe", "1"],
        PropertyType::Uri => vec!["nonsense", "ftp://zoom.us/", "https://", "http://api.zoom.us/v2"],
        _ => Vec::new(),
    };
    if !property.allowed_values.is_empty() && !property.allowed_values_open {
        wrong.push("none of them");
    }
    if property.required {
        wrong.push("");
    }
    wrong
}

/// CFG-1. The types that ConnId has for configuration properties, none of them an array.
#[tokio::test]
async fn cfg_1_every_property_has_a_type_and_a_default_of_it() {
    for property in properties().await {
        let name = &property.name;
        let parses: fn(&str) -> bool = match property.property_type {
            PropertyType::Text | PropertyType::Secret => |_| true,
            PropertyType::Integer => |text| text.parse::<i32>().is_ok(),
            PropertyType::Boolean => |text| text.parse::<bool>().is_ok(),
            PropertyType::Uri => |text| text.starts_with("https://"),
            other => panic!("{name} is {other:?}"),
        };
        assert!(!property.multi_valued, "{name}");
        assert!(
            property.default_values.len() <= 1 && property.default_values.iter().all(|text| parses(text)),
            "{name}"
        );
        assert!(!property.required || property.default_values.is_empty(), "{name} is required and has a default");
        assert_eq!(property.confidential, property.property_type == PropertyType::Secret, "{name}");
        assert!(!property.display.is_empty() && !property.help.is_empty() && property.group.is_some(), "{name}");
        let closed = &property.allowed_values;
        assert!(closed.is_empty() || property.default_values.iter().all(|text| closed.contains(text)), "{name}");
    }
}

/// VAL-1. What cannot be is refused when the connector is opened, without a call.
#[tokio::test(flavor = "multi_thread")]
async fn val_1_a_wrong_configuration_is_refused_with_the_property() {
    let zoom = Zoom::start(users(3, 0, 0)).await;
    let mut tried = 0;
    for property in properties().await {
        for value in wrong(&property) {
            let error = match zoom.open(&[(given_name(&property), value)]).await {
                Ok(_) => panic!("{} = {value:?} was taken", property.name),
                Err(error) => refused(error),
            };
            assert_eq!(error.kind, ErrorKind::Configuration, "{} = {value:?}", property.name);
            assert!(error.message.contains(&property.name), "{} = {value:?}: {}", property.name, error.message);
            tried += 1;
        }
        for default in &property.default_values {
            let taken = zoom.open(&[(given_name(&property), default)]).await;
            assert!(taken.is_ok(), "{} = {default:?}: {taken:?}", property.name);
        }
    }
    assert!(tried > 40, "{tried}");
    assert!(zoom.calls().is_empty());
}

/// TST-1. What cannot be tested has no connector; what looks right and is wrong fails the test.
#[tokio::test(flavor = "multi_thread")]
async fn tst_1_the_test_fails_for_a_configuration_that_is_wrong() {
    let zoom = Zoom::misbehaving(users(3, 0, 0)).await;
    zoom.connector(&[]).await.test().await.expect("the right one");
    let elsewhere = format!("{}/elsewhere", zoom.simulator.base_url());
    for property in properties().await.iter().filter(|property| property.required) {
        let error = zoom.connector(&[(given_name(property), "wrong")]).await.test().await.map_err(refused);
        assert_eq!(error.expect_err("refused").kind, ErrorKind::PermissionDenied, "{}", property.name);
    }
    zoom.switch(serde_json::json!({ "strict": false }));
    for name in ["service.serviceUrl", "security.authenticator.oauth2ClientCredentials.tokenUrl"] {
        let wrong = zoom.connector(&[(name, &elsewhere), ("ioErrorRetries", "0")]).await;
        assert!(wrong.test().await.is_err(), "{name}");
    }
}
