//! Values, filters, options, errors and pages arrive as they were sent.

use std::num::NonZeroU32;
use std::time::Duration;

use host_harness::model::{
    Attribute, AttributesToGet, Change, Delta, ErrorKind, Filter, NAME, Reference, Start, UID, Uid, Value, Values,
};
use host_harness::{Connector, Error, Kind, Options, Properties, SearchOptions, Secret};

use crate::guests::{open, text};

async fn things(count: u32) -> Connector {
    open("well-behaved", Properties::new().with("count", count.to_string())).await
}

async fn echo(filter: Option<Filter>, options: SearchOptions, what: &str) -> String {
    let connector = things(0).await;
    let page = connector.search("Echo", filter.as_ref(), &options).await.unwrap();
    text(&page.objects[0], what)
}

#[tokio::test]
async fn every_type_of_value_comes_back_as_it_was_created() {
    let connector = things(0).await;
    let reference = Reference { object_class: Some("Thing".into()), uid: Some("id-9".into()), name: None };
    let mut attributes = vec![
        Attribute::new(NAME, ["a thing"]),
        Attribute::new("TEXT", [Value::None, Value::from("ä€😀")]),
        Attribute::new("FLAG", [true]),
        Attribute::new("NUMBER", [i32::MIN]),
        Attribute::new("LONG", [i64::MAX]),
        Attribute::new("FLOAT", [Value::Float(1.5)]),
        Attribute::new("DOUBLE", [Value::Double(-0.1)]),
        Attribute::new("CHARACTER", [Value::Character('ß')]),
        Attribute::new("BYTE", [Value::Byte(-128)]),
        Attribute::new("BYTES", [Value::Bytes(vec![0, 255])]),
        Attribute::new("DECIMAL", [Value::Decimal("-1.20".into())]),
        Attribute::new("BIG", [Value::BigInteger("123456789012345678901234567890".into())]),
        Attribute::new("WHEN", [Value::DateTime("2026-02-03T04:05:06+07:00".into())]),
        Attribute::new("__PASSWORD__", [Value::Secret(Secret::new("s3cr3t"))]),
        Attribute::new("SECRET_BYTES", [Value::SecretBytes(Secret::new([1, 2]))]),
        Attribute::new("OWNER", [Value::Reference(reference)]),
        Attribute::new("DOCUMENT", [Value::Json("{\"a\":[1]}".into())]),
        Attribute { name: "UNKNOWN".into(), values: Values::Unknown },
        Attribute { name: "EMPTY".into(), values: Values::Complete(vec![]) },
        Attribute { name: "HIDDEN".into(), values: Values::Incomplete(vec![]) },
    ];
    let uid = connector.create("Thing", &attributes, &Options::default()).await.unwrap();
    let object = connector.get("Thing", &uid.value, SearchOptions::default()).await.unwrap();
    assert_eq!(object.name, "a thing");
    attributes.remove(0);
    assert_eq!(object.attributes, attributes);
}

#[tokio::test]
async fn a_filter_arrives_with_its_operands_first() {
    let filter = Filter::And(vec![
        Filter::equals("A", "1"),
        !Filter::Or(vec![
            Filter::GreaterThanOrEqual("B".into(), 2.into()),
            Filter::ContainsAllValues("C".into(), vec!["x".into(), "y".into()]),
            Filter::EndsWith("D".into(), "z".into()),
            Filter::Equals("E".into(), vec![]),
        ]),
    ]);
    let seen = echo(Some(filter), SearchOptions::default(), "filter").await;
    let places: Vec<_> = [
        "name: \"A\", comparison: Comparison::Equals, values: [Value::Text(\"1\")]",
        "name: \"B\", comparison: Comparison::GreaterThanOrEqual, values: [Value::Integer(2)]",
        "name: \"C\", comparison: Comparison::ContainsAllValues, values: [Value::Text(\"x\"), Value::Text(\"y\")]",
        "name: \"D\", comparison: Comparison::EndsWith, values: [Value::Text(\"z\")]",
        "name: \"E\", comparison: Comparison::Equals, values: []",
        "Or([1, 2, 3, 4])",
        "Not(5)",
        "And([0, 6])",
    ]
    .iter()
    .map(|node| seen.find(node).unwrap_or_else(|| panic!("{node} is not in {seen}")))
    .collect();
    assert!(places.is_sorted(), "{seen}");
}

#[tokio::test]
async fn options_arrive_as_they_were_given() {
    let options = SearchOptions {
        attributes_to_get: AttributesToGet::DefaultAnd(vec!["TEXT".into()]),
        page_size: NonZeroU32::new(7),
        start: Start::Offset(NonZeroU32::new(3).unwrap()),
        allow_partial_results: true,
        options: Options { deadline: Some(Duration::from_millis(1234)), ..Options::default() },
        ..SearchOptions::default()
    };
    let seen = echo(None, options, "options").await;
    for field in [
        "attributes-to-get: Some([\"TEXT\"])",
        "return-default-attributes: true",
        "page-size: Some(7)",
        "page-offset: Some(3)",
        "page-cookie: None",
        "allow-partial-results: true",
        "deadline-ms: Some(1234)",
    ] {
        assert!(seen.contains(field), "{field} is not in {seen}");
    }
}

#[tokio::test]
async fn a_connector_is_told_how_long_the_host_waits() {
    let long = Options { deadline: Some(Duration::from_secs(1_000_000)), ..Options::default() };
    for options in [Options::default(), long] {
        let seen = echo(None, SearchOptions { options, ..SearchOptions::default() }, "options").await;
        assert!(seen.contains("deadline-ms: Some(300000)"), "{seen}");
    }
}

#[tokio::test]
async fn every_kind_of_error_arrives_with_all_that_it_says() {
    let connector = things(0).await;
    let kinds = [
        ("already-exists", ErrorKind::AlreadyExists, 4),
        ("unknown-uid", ErrorKind::UnknownUid, 3),
        ("invalid-attribute-value", ErrorKind::InvalidAttributeValue, 2),
        ("invalid-credential", ErrorKind::InvalidCredential, 5),
        ("invalid-password", ErrorKind::InvalidPassword, 5),
        ("password-expired", ErrorKind::PasswordExpired, 5),
        ("permission-denied", ErrorKind::PermissionDenied, 5),
        ("configuration", ErrorKind::Configuration, 2),
        ("connection-failed", ErrorKind::ConnectionFailed, 6),
        ("connection-broken", ErrorKind::ConnectionBroken, 6),
        ("io", ErrorKind::Io, 6),
        ("operation-timeout", ErrorKind::OperationTimeout, 6),
        ("rate-limited", ErrorKind::RateLimited, 7),
        ("precondition-failed", ErrorKind::PreconditionFailed, 1),
        ("precondition-required", ErrorKind::PreconditionRequired, 1),
        ("invalid-argument", ErrorKind::InvalidArgument, 2),
        ("other", ErrorKind::Other, 1),
    ];
    for (word, kind, exit_code) in kinds {
        let error = connector.search(&format!("error {word}"), None, &SearchOptions::default()).await.unwrap_err();
        assert_eq!((error.kind(), error.kind().exit_code()), (Kind::Connector(kind), exit_code));
        assert_eq!(error.kind().to_string(), word);
        let Error::Connector(error) = error else { panic!("{error:?}") };
        assert_eq!((error.message.as_str(), error.hint.as_deref()), ("it did not work", Some("try something else")));
        assert_eq!((error.retryable, error.http_status), (true, Some(418)));
        assert_eq!(
            (error.done.as_slice(), error.attributes.as_slice()),
            (&["the first step".into()][..], &["TEXT".into()][..])
        );
        let uid = Uid { value: "id-1".into(), revision: Some("7".into()), name_hint: Some("one".into()) };
        assert_eq!((error.uid.as_ref(), error.retry_after), (Some(&uid), Some(Duration::from_millis(1500))));
        assert_eq!((error.provider_code.as_deref(), error.request_id.as_deref()), (Some("3001"), Some("r-1")));
        assert_eq!(error.details, [("detail".to_owned(), "more".to_owned())]);
    }
}

#[tokio::test]
async fn a_search_walks_all_pages_to_the_end() {
    let connector = things(25).await;
    let mut pages = connector.search_all(
        "Thing",
        None,
        SearchOptions { page_size: NonZeroU32::new(10), ..SearchOptions::default() },
    );
    let (mut sizes, mut uids) = (vec![], vec![]);
    while let Some(page) = pages.next().await.unwrap() {
        sizes.push((page.objects.len(), page.remaining));
        uids.extend(page.objects.into_iter().map(|object| object.uid.value));
    }
    assert_eq!(sizes, [(10, Some(15)), (10, Some(5)), (5, Some(0))]);
    assert_eq!(uids, (1..=25).map(|number| format!("id-{number}")).collect::<Vec<_>>());
    assert_eq!(pages.next().await.unwrap(), None, "the end stays the end");
}

#[tokio::test]
async fn a_page_begins_at_an_offset_or_a_cookie() {
    let connector = things(5).await;
    let first = |start| {
        let options = SearchOptions { start, page_size: NonZeroU32::new(1), ..SearchOptions::default() };
        async { connector.search("Thing", None, &{ options }).await.unwrap().objects[0].uid.value.clone() }
    };
    assert_eq!(first(Start::Offset(NonZeroU32::new(3).unwrap())).await, "id-3");
    assert_eq!(first(Start::Cookie("4".into())).await, "id-5");
}

#[tokio::test]
async fn a_search_that_stands_still_is_an_error_and_not_an_end() {
    let connector = open("repeats-cursor", Properties::new()).await;
    let mut pages = connector.search_all("Thing", None, SearchOptions::default());
    assert!(pages.next().await.unwrap().is_some());
    assert!(pages.next().await.unwrap().is_some());
    for _ in 0..2 {
        let error = pages.next().await.unwrap_err();
        assert!(matches!(error, Error::Contract(_)), "{error}");
    }
}

#[tokio::test]
async fn answers_that_the_contract_does_not_allow_are_refused() {
    let connector = open("repeats-cursor", Properties::new()).await;
    for class in ["long", "newline", "nameless"] {
        let error = connector.search(class, None, &SearchOptions::default()).await.unwrap_err();
        assert_eq!((error.kind(), error.kind().exit_code()), (Kind::Contract, 8), "{class}: {error}");
    }
}

#[tokio::test]
async fn an_object_that_does_not_exist_is_unknown_to_get_and_no_error_to_search() {
    let connector = things(3).await;
    let error = connector.get("Thing", "id-4", SearchOptions::default()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Connector(ErrorKind::UnknownUid));
    let page = connector.search("Thing", Some(&Filter::equals(UID, "id-4")), &SearchOptions::default()).await.unwrap();
    assert_eq!((page.objects.len(), page.next), (0, None));
}

#[tokio::test]
async fn an_object_can_be_changed_and_deleted() {
    let connector = things(1).await;
    let (uid, options) = (Uid::new("id-1"), Options::default());
    let deltas = [
        Delta::replace("TEXT", ["new"]),
        Delta {
            name: "MANY_TEXTS".into(),
            change: Change::Adjust { add: vec!["a".into(), "b".into()], remove: vec!["c".into()] },
        },
        Delta::replace(NAME, ["renamed"]),
    ];
    let effects = connector.update_delta("Thing", &uid, &deltas, &options).await.unwrap();
    assert_eq!(effects, [Attribute::new(NAME, ["renamed"])]);
    let thing = connector.get("Thing", "id-1", SearchOptions::default()).await.unwrap();
    assert_eq!((thing.name.as_str(), text(&thing, "text").as_str()), ("renamed", "new"));
    assert_eq!(thing.attribute("MANY_TEXTS").unwrap().values.as_slice().len(), 2);

    connector.delete("Thing", &uid, &options).await.unwrap();
    let error = connector.delete("Thing", &uid, &options).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Connector(ErrorKind::UnknownUid));
}

#[tokio::test]
async fn what_exists_already_is_named_in_the_error() {
    let connector = things(0).await;
    let attributes = [Attribute::new(NAME, ["one"])];
    let uid = connector.create("Thing", &attributes, &Options::default()).await.unwrap();
    let Error::Connector(error) = connector.create("Thing", &attributes, &Options::default()).await.unwrap_err() else {
        panic!("not an error of the connector")
    };
    assert_eq!((error.kind, error.uid), (ErrorKind::AlreadyExists, Some(uid)));
}

#[tokio::test]
async fn a_plan_and_a_schema_can_be_asked_for() {
    let connector = things(0).await;
    let plan = connector.explain("Thing", None, &SearchOptions::default()).await.unwrap();
    assert_eq!((plan.calls[0].path.as_str(), plan.floor), ("/Thing", Some(Duration::from_millis(250))));
    let schema = connector.schema().await.unwrap();
    let class = schema.object_class("thing").unwrap();
    assert!(class.is_uid("thing_id") && class.attribute("label").is_some_and(|name| name.name == NAME));
    assert!(class.attribute("MANY_TEXTS").unwrap().multi_valued);
}

#[tokio::test]
async fn properties_are_handed_over_by_name_and_unknown_ones_as_given() {
    let connector = open("well-behaved", Properties::new().with("GUEST.serviceurl", "https://x.example")).await;
    let page = connector.search("Echo", None, &SearchOptions::default()).await.unwrap();
    assert_eq!(text(&page.objects[0], "properties"), "serviceUrl");
    assert_eq!(connector.allowed_origins()[0].to_string(), "https://x.example:443");

    let component = crate::guests::component("well-behaved");
    let error = component.open(&Properties::new().with("colour", "blue"), host_harness::Policy::default()).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), Kind::Connector(ErrorKind::Configuration));
    assert!(error.to_string().contains("colour"));
}
