//! The schema.

use std::collections::BTreeSet;

use host_harness::model::{AttributeInfo, Operation, Schema};

use super::World;
use crate::support::{GROUP, USER};

/// The attributes of users: name, type, flags, native name, subtype.
const USER_ATTRIBUTES: &[&str] = &[
    "__NAME__ text required native=EMAIL subtype=__STRING_CASE_IGNORE__",
    "__ENABLE__ boolean",
    "__PASSWORD__ secret not-readable not-returned-by-default",
    "CREATE_ACTION text not-updateable not-readable not-returned-by-default",
    "FIRST_NAME text",
    "LAST_NAME text",
    "DISPLAY_NAME text",
    "LANGUAGE text not-creatable",
    "TIME_ZONE text not-creatable",
    "PHONE_NUMBER text not-creatable",
    "PHONE_COUNTRY text not-creatable",
    "CREATED_AT text not-creatable not-updateable",
    "USER_CREATED_AT text not-creatable not-updateable",
    "LAST_LOGIN_TIME text not-creatable not-updateable",
    "TYPE integer",
    "PLAN_UNITED_TYPE text",
    "ZOOM_ONE_FEATURE_TYPE text",
    "GROUP_IDS text multi-valued",
    "PRIMARY_GROUP_ID text not-creatable",
    "VERIFIED text not-creatable not-updateable",
    "STATUS text not-creatable",
    "PERSONAL_MEETING_ID long not-creatable",
    "DEPT text not-creatable",
    "EMPLOYEE_UNIQUE_ID text not-creatable not-updateable",
    "ROLE_ID text not-creatable",
    "ROLE_NAME text not-creatable not-returned-by-default",
    "JOB_TITLE text not-creatable not-returned-by-default",
    "COMPANY text not-creatable not-returned-by-default",
    "LOCATION text not-creatable not-returned-by-default",
    "COST_CENTER text not-creatable not-returned-by-default",
    "MANAGER text not-creatable not-returned-by-default",
    "PRONOUNS text not-creatable not-returned-by-default",
    "LOGIN_TYPES integer multi-valued not-creatable not-updateable not-returned-by-default",
    "PERSONAL_MEETING_URL text not-creatable not-updateable not-returned-by-default",
    "CUSTOM_ATTRIBUTES text multi-valued not-creatable not-returned-by-default",
    "ZOOM_PHONE_FEATURE boolean",
    "SITE_ID text",
    "SITE_NAME text",
    "SITE_CODE integer",
    "ZOOM_PHONE_STATUS text",
    "EXTENSION_NUMBER text",
    "ZOOM_PHONE_CALLING_PLANS integer multi-valued",
    "ZOOM_PHONE_NUMBERS text multi-valued",
    "ZOOM_PHONE_DEPARTMENT text not-creatable not-updateable not-returned-by-default",
    "ZOOM_PHONE_COST_CENTER text not-creatable not-updateable not-returned-by-default",
];

/// The attributes of groups.
const GROUP_ATTRIBUTES: &[&str] = &[
    "__NAME__ text required native=GROUP_NAME",
    "TOTAL_MEMBERS integer not-creatable not-updateable",
    "MEMBERS text multi-valued not-returned-by-default",
    "ADMINS text multi-valued not-returned-by-default",
];

/// Each operation with its options; both classes have all of them.
const OPERATIONS: &[(Operation, &[&str])] = &[
    (Operation::Get, &["ATTRS_TO_GET", "RETURN_DEFAULT_ATTRIBUTES"]),
    (
        Operation::Search,
        &["ATTRS_TO_GET", "RETURN_DEFAULT_ATTRIBUTES", "PAGE_SIZE", "PAGED_RESULTS_OFFSET", "PAGED_RESULTS_COOKIE"],
    ),
    (Operation::Create, &[]),
    (Operation::UpdateDelta, &[]),
    (Operation::Delete, &["TRANSFER_EMAIL", "TRANSFER_MEETING", "TRANSFER_WEBINAR", "TRANSFER_RECORDING"]),
];

/// The options with their types.
const OPTIONS: &[&str] = &[
    "ATTRS_TO_GET text multi-valued",
    "RETURN_DEFAULT_ATTRIBUTES boolean",
    "PAGE_SIZE integer",
    "PAGED_RESULTS_OFFSET integer",
    "PAGED_RESULTS_COOKIE text",
    "TRANSFER_EMAIL text",
    "TRANSFER_MEETING boolean",
    "TRANSFER_WEBINAR boolean",
    "TRANSFER_RECORDING boolean",
];

fn line(attribute: &AttributeInfo) -> String {
    let flags = [
        (attribute.required, "required"),
        (attribute.multi_valued, "multi-valued"),
        (!attribute.creatable, "not-creatable"),
        (!attribute.updateable, "not-updateable"),
        (!attribute.readable, "not-readable"),
        (!attribute.returned_by_default, "not-returned-by-default"),
    ];
    let mut line = format!("{} {}", attribute.name, attribute.value_type);
    for (_, flag) in flags.into_iter().filter(|(has, _)| *has) {
        line += &format!(" {flag}");
    }
    line.extend(attribute.native_name.iter().map(|name| format!(" native={name}")));
    line.extend(attribute.subtype.iter().map(|subtype| format!(" subtype={subtype}")));
    line
}

fn lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    lines.into_iter().map(str::to_owned).collect()
}

/// SCH-1, SCH-2. The uid's native name stands beside the attributes, under no name among them.
#[tokio::test(flavor = "multi_thread")]
async fn sch_1_and_2_a_class_lists_its_name_and_never_its_uid() {
    let world = World::start().await;
    for class in &world.schema.object_classes {
        let native = class.uid_native_name.as_deref().expect("a native name");
        let named = |name: &str| class.attributes.iter().filter(|info| info.name.eq_ignore_ascii_case(name)).count();
        assert_eq!((named("__UID__"), named(native), named("__NAME__")), (0, 0, 1), "{}", class.name);
        assert!(class.is_uid(native) && class.is_uid("__uid__") && class.attribute(native).is_none());
        let names = class.attributes.iter().flat_map(|info| std::iter::once(&info.name).chain(&info.native_name));
        let names: Vec<String> = names.map(|name| name.to_uppercase()).collect();
        let distinct: BTreeSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len(), "a name of {} means one attribute", class.name);
    }
}

/// SCH-3. What is about no class is in the manifest; the schema's operations are about all classes.
#[tokio::test(flavor = "multi_thread")]
async fn sch_3_every_operation_supports_every_class() {
    let world = World::start().await;
    for support in &world.schema.operations {
        assert_eq!(support.object_classes, world.classes(), "{}", support.operation);
    }
}

/// SCH-4, strictly: nothing is missing and nothing is there that is not expected.
#[tokio::test(flavor = "multi_thread")]
async fn sch_4_the_schema_is_the_expected_one() {
    let World { schema, .. } = World::start().await;
    let expected = [(USER, "USER_ID", USER_ATTRIBUTES), (GROUP, "GROUP_ID", GROUP_ATTRIBUTES)];
    assert_eq!(schema.object_classes.len(), expected.len());
    for (name, native, attributes) in expected {
        let class = schema.object_class(name).expect("a class");
        assert_eq!((class.name.as_str(), class.uid_native_name.as_deref()), (name, Some(native)));
        assert!(!class.container && !class.auxiliary && !class.embedded, "{name}");
        let found: BTreeSet<String> = class.attributes.iter().map(line).collect();
        assert_eq!(found.len(), class.attributes.len(), "{name}");
        assert_eq!(found, lines(attributes.iter().copied()), "{name}");
        for attribute in &class.attributes {
            assert!(attribute.description.as_ref().is_some_and(|text| text.ends_with('.')), "{}", attribute.name);
            assert_eq!((&attribute.referenced_object_class, &attribute.role_in_reference), (&None, &None));
        }
    }
    options_are(&schema, OPERATIONS, OPTIONS);
}

fn options_are(schema: &Schema, operations: &[(Operation, &[&str])], options: &[&str]) {
    assert_eq!(schema.operations.len(), operations.len());
    for (operation, options) in operations {
        let support = schema.operations.iter().find(|support| support.operation == *operation).expect("an operation");
        let found = lines(support.options.iter().map(String::as_str));
        assert_eq!(found, lines(options.iter().copied()), "{operation}");
        assert_eq!(support.object_classes, [USER, GROUP], "{operation}");
    }
    let many = |multi_valued: bool| if multi_valued { " multi-valued" } else { "" };
    let found =
        schema.options.iter().map(|info| format!("{} {}{}", info.name, info.value_type, many(info.multi_valued)));
    let found: Vec<String> = found.collect();
    assert_eq!(found.len(), options.len(), "each option once: {found:?}");
    assert_eq!(lines(found.iter().map(String::as_str)), lines(options.iter().copied()));
}

/// SCH-4 where paging is switched off: what cannot be heeded is not offered, and all else is the same.
#[tokio::test(flavor = "multi_thread")]
async fn sch_4_without_paging_the_options_of_paging_are_not_there() {
    let world = World::start().await;
    let schema = world.zoom.connector(&[("pagination", "false")]).await.schema().await.expect("a schema");
    assert_eq!(schema.object_classes, world.schema.object_classes);
    let mut operations = OPERATIONS.to_vec();
    operations[1].1 = OPERATIONS[0].1;
    let options: Vec<_> = OPTIONS.iter().copied().filter(|option| !option.starts_with("PAGE")).collect();
    options_are(&schema, &operations, &options);
}
