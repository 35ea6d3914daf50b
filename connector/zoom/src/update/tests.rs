//! Which steps a change of a user comes to.

use std::sync::LazyLock;

use connector_base::connector::Options;
use connector_base::contract::{Adjustment, Change};
use connector_base::schema::ObjectClass;
use serde_json::{Value as Json, json};

use super::*;
use crate::api::body::{Body, Field};
use crate::schema::USER_ATTRIBUTES;
use crate::user::Phone;

fn user(changes: Json) -> Known {
    let mut user = json!({
        "id": "u1", "email": "ann@example.com", "first_name": "Ann", "dept": "Sales", "type": 1,
        "status": "active", "group_ids": ["g1", "g2"],
    });
    let fields = user.as_object_mut().expect("an object");
    fields.extend(changes.as_object().cloned().unwrap_or_default());
    let mut known = Known::record(crate::api::users::tests::user(&user));
    known.phone = Phone::Off;
    known
}

static CLASS: LazyLock<ObjectClass> = LazyLock::new(|| ObjectClass {
    name: USER,
    uid_native_name: "USER_ID",
    description: "",
    attributes: USER_ATTRIBUTES.iter().map(|attribute| &attribute.def).collect(),
});

fn update(changes: Vec<(&str, Change)>) -> Update {
    let class: &ObjectClass = &CLASS;
    let change = |(name, change): (&str, Change)| (class.find(name).expect("an attribute"), change);
    let changes = changes.into_iter().map(change).collect();
    Update { class, uid: "u1".into(), changes, options: Options::default() }
}

fn replace(value: impl Into<Option<Value>>) -> Change {
    Change::Replace(value.into().into_iter().collect())
}

fn text(text: &str) -> Change {
    replace(Value::text(text))
}

fn adjust(add: &[&str], remove: &[&str]) -> Change {
    let texts = |list: &[&str]| list.iter().map(|text| Value::text(*text)).collect();
    Change::Adjust(Adjustment { add: texts(add), remove: texts(remove) })
}

/// The steps of a change, as far as they are not about the phone.
fn plan(user: &Known, update: &Update) -> Result<Vec<Step>> {
    let mut changes = update.changes.iter().map(|(attribute, change)| (attribute.name, change));
    let changed = changed(user, &mut changes)?;
    allowed(user, &changed)?;
    super::user::steps(user, &changed, &[])
}

fn fields(fields: Body, names: &[&'static str]) -> Step {
    Step::Fields { fields, names: names.to_vec() }
}

#[test]
fn what_is_so_already_is_nothing_to_do() {
    let changes = vec![
        ("FIRST_NAME", text("Ann")),
        ("EMAIL", text("ANN@example.com")),
        ("TYPE", replace(Value::Integer(1))),
        ("__ENABLE__", replace(Value::Boolean(true))),
        ("GROUP_IDS", adjust(&["g1"], &["g9"])),
        ("PRIMARY_GROUP_ID", text("g1")),
        ("LANGUAGE", replace(None)),
        ("PHONE_NUMBER", text("5550100")),
        ("PHONE_COUNTRY", text("US")),
    ];
    let user = user(json!({ "phone_numbers": [{ "code": "+1", "country": "US", "number": "5550100" }] }));
    assert_eq!(plan(&user, &update(changes)).expect("a plan"), []);
}

#[test]
fn each_change_goes_to_the_call_that_makes_it() {
    let changes = vec![
        ("FIRST_NAME", text("Anna")),
        ("DEPT", replace(None)),
        ("TYPE", replace(Value::Integer(2))),
        ("EMAIL", text("anna@example.com")),
        ("GROUP_IDS", adjust(&["g3"], &["g1"])),
        ("PRIMARY_GROUP_ID", text("g3")),
        ("ROLE_ID", text("1")),
    ];
    let body =
        Body::text("first_name", "Anna").with("dept", Field::Text(String::new())).with("type", Field::Integer(2));
    let expected = [
        fields(body, &["FIRST_NAME", "DEPT", "TYPE"]),
        Step::Email("anna@example.com".into()),
        Step::Join("g3".into()),
        Step::PrimaryGroup("g3".into()),
        Step::Leave("g1".into()),
        Step::GiveRole("1".into()),
    ];
    assert_eq!(plan(&user(json!({})), &update(changes)).expect("a plan"), expected);
}

#[test]
fn plans_change_one_in_each_call_and_those_that_end_come_first() {
    let changes = vec![
        ("ZOOM_ONE_FEATURE_TYPE", text("16")),
        ("TYPE", replace(Value::Integer(2))),
        ("PLAN_UNITED_TYPE", replace(None)),
        ("DEPT", text("Lab")),
    ];
    let expected = [
        fields(Body::text("plan_united_type", "none"), &["PLAN_UNITED_TYPE"]),
        fields(
            Body::default().with("type", Field::Integer(2)).with("dept", Field::Text("Lab".into())),
            &["TYPE", "DEPT"],
        ),
        fields(Body::default().with("zoom_one_type", Field::Integer(16)), &["ZOOM_ONE_FEATURE_TYPE"]),
    ];
    assert_eq!(plan(&user(json!({ "plan_united_type": "1" })), &update(changes)).expect("a plan"), expected);
    let off = plan(&user(json!({ "zoom_one_type": 16 })), &update(vec![("ZOOM_ONE_FEATURE_TYPE", replace(None))]));
    let zero = Body::default().with("zoom_one_type", Field::Integer(0));
    assert_eq!(off.expect("a plan"), [fields(zero.clone(), &["ZOOM_ONE_FEATURE_TYPE"])]);
    let licensed = user(json!({ "zoom_one_type": 16, "type": 2 }));
    let changes = vec![("ZOOM_ONE_FEATURE_TYPE", replace(None)), ("TYPE", replace(Value::Integer(2)))];
    let kept = Body::default().with("type", Field::Integer(2));
    let expected = [fields(zero, &["ZOOM_ONE_FEATURE_TYPE"]), fields(kept, &["TYPE"])];
    assert_eq!(plan(&licensed, &update(changes)).expect("a plan"), expected, "what ends takes the type with it");
}

#[test]
fn a_telephone_number_is_the_first_of_a_list_and_the_others_stay() {
    let ann = user(json!({ "phone_numbers": [
        { "code": "+1", "country": "US", "number": "5550100", "label": "Office", "verified": true },
        { "code": "+44", "country": "GB", "number": "5550101", "label": "Mobile" },
    ] }));
    let kept = Body::text("country", "GB")
        .with("code", Field::Text("+44".into()))
        .with("number", Field::Text("5550101".into()))
        .with("label", Field::Text("Mobile".into()));
    let first = Body::text("country", "US")
        .with("number", Field::Text("5550199".into()))
        .with("code", Field::Text("+1".into()))
        .with("label", Field::Text("Office".into()));
    for number in ["5550199", "+1 5550199"] {
        let steps = plan(&ann, &update(vec![("PHONE_NUMBER", text(number))])).expect("a plan");
        assert_eq!(
            steps,
            [fields(Body::objects("phone_numbers", vec![first.clone(), kept.clone()]), &["PHONE_NUMBER"])]
        );
    }
    // The country alone takes the code of the other one away; a number without a blank is split where the code is known.
    let moved = plan(&ann, &update(vec![("PHONE_COUNTRY", text("GB"))])).expect("a plan");
    let british = Body::text("country", "GB")
        .with("number", Field::Text("5550100".into()))
        .with("label", Field::Text("Office".into()));
    assert_eq!(moved, [fields(Body::objects("phone_numbers", vec![british, kept.clone()]), &["PHONE_COUNTRY"])]);
    let plain = plan(&ann, &update(vec![("PHONE_NUMBER", text("+15550199"))])).expect("a plan");
    assert_eq!(plain, [fields(Body::objects("phone_numbers", vec![first.clone(), kept.clone()]), &["PHONE_NUMBER"])]);
    let same = vec![("PHONE_NUMBER", text("+1 (555) 0100"))];
    assert_eq!(plan(&ann, &update(same)).expect("a plan"), [], "the same digits");
    let unknown = plan(&ann, &update(vec![("PHONE_NUMBER", text("+49301234567"))])).expect_err("refused");
    assert_eq!(unknown.attributes, ["PHONE_NUMBER"]);
    let cleared = vec![("PHONE_NUMBER", replace(None)), ("PHONE_COUNTRY", replace(None))];
    let steps = plan(&ann, &update(cleared)).expect("a plan");
    assert_eq!(steps, [fields(Body::objects("phone_numbers", vec![kept]), &["PHONE_NUMBER", "PHONE_COUNTRY"])]);
    let alone = plan(&user(json!({})), &update(vec![("PHONE_NUMBER", text("5550100"))]));
    assert_eq!(alone.expect_err("refused").attributes, ["PHONE_COUNTRY"]);
}

#[test]
fn the_two_sorts_of_plans_exclude_each_other() {
    let both = || vec![("PLAN_UNITED_TYPE", text("1")), ("ZOOM_ONE_FEATURE_TYPE", text("16"))];
    for before in [json!({}), json!({ "zoom_one_type": 16 }), json!({ "plan_united_type": "1" })] {
        let refused = plan(&user(before), &update(both())).expect_err("refused");
        assert_eq!(refused.attributes, ["ZOOM_ONE_FEATURE_TYPE"]);
    }
    let other = vec![("PLAN_UNITED_TYPE", text("1")), ("ZOOM_ONE_FEATURE_TYPE", replace(None))];
    assert_eq!(plan(&user(json!({ "zoom_one_type": 16 })), &update(other)).expect("a plan").len(), 2);
}

#[test]
fn zooms_words_for_no_plan_are_no_plan() {
    let none = || vec![("PLAN_UNITED_TYPE", text("none")), ("ZOOM_ONE_FEATURE_TYPE", text("0"))];
    assert_eq!(plan(&user(json!({ "zoom_one_type": 0 })), &update(none())).expect("a plan"), []);
    let mut changes = none();
    changes.push(("TYPE", replace(Value::Integer(1))));
    let steps = plan(&user(json!({ "zoom_one_type": 16 })), &update(changes)).expect("a plan");
    let expected = [
        fields(Body::default().with("zoom_one_type", Field::Integer(0)), &["ZOOM_ONE_FEATURE_TYPE"]),
        fields(Body::default().with("type", Field::Integer(1)), &["TYPE"]),
    ];
    assert_eq!(steps, expected);
}

#[test]
fn who_ceases_to_be_an_administrator_does_so_before_what_takes_that() {
    let changes = vec![("EMAIL", text("anna@example.com")), ("ROLE_ID", text("2")), ("DEPT", text("Lab"))];
    let steps = plan(&user(json!({ "role_id": "1" })), &update(changes)).expect("a plan");
    let expected = [
        fields(Body::text("dept", "Lab"), &["DEPT"]),
        Step::TakeRole("1".into()),
        Step::Email("anna@example.com".into()),
    ];
    assert_eq!(steps, expected);
}

#[test]
fn attributes_of_the_accounts_own_change_five_at_a_time() {
    let given: Vec<Value> = (1..=6).map(|number| Value::Text(format!("k{number}=v"))).collect();
    let user = user(json!({ "custom_attributes": [{ "key": "k1", "value": "v" }, { "key": "k9", "value": "x" }] }));
    let steps = plan(&user, &update(vec![("CUSTOM_ATTRIBUTES", Change::Replace(given))])).expect("a plan");
    let pair = |key: &str, value: &str| Body::text("key", key).with("value", Field::Text(value.into()));
    let expected = [
        vec![pair("k2", "v"), pair("k3", "v"), pair("k4", "v"), pair("k5", "v"), pair("k6", "v")],
        vec![pair("k9", "")],
    ];
    let expected = expected.map(|pairs| fields(Body::objects("custom_attributes", pairs), &["CUSTOM_ATTRIBUTES"]));
    assert_eq!(steps, expected);
    let newer = Change::Adjust(Adjustment { add: vec![Value::text("k1=w")], remove: vec![] });
    let steps_of_newer = plan(&user, &update(vec![("CUSTOM_ATTRIBUTES", newer)])).expect("a plan");
    let one = Body::objects("custom_attributes", vec![pair("k1", "w")]);
    assert_eq!(steps_of_newer, [fields(one, &["CUSTOM_ATTRIBUTES"])], "what is added takes the place of what was");
    for wrong in ["novalue", "=x"] {
        let refused = plan(&user, &update(vec![("CUSTOM_ATTRIBUTES", text(wrong))])).expect_err("refused");
        assert_eq!(refused.attributes, ["CUSTOM_ATTRIBUTES"]);
    }
}

#[test]
fn what_cannot_be_set_is_refused_with_its_name() {
    let refused = |changes| plan(&user(json!({})), &update(changes)).expect_err("refused").attributes.clone();
    assert_eq!(refused(vec![("TYPE", replace(None))]), ["TYPE"]);
    assert_eq!(refused(vec![("STATUS", text("pending"))]), ["STATUS"]);
    assert_eq!(refused(vec![("__ENABLE__", replace(None))]), ["__ENABLE__"]);
    assert_eq!(refused(vec![("PRIMARY_GROUP_ID", text("g9"))]), ["PRIMARY_GROUP_ID"]);
    assert_eq!(refused(vec![("ZOOM_ONE_FEATURE_TYPE", text("Pro"))]), ["ZOOM_ONE_FEATURE_TYPE"]);
    assert_eq!(refused(vec![("__PASSWORD__", replace(None))]), ["__PASSWORD__"]);
    let contradiction = vec![("STATUS", text("inactive")), ("__ENABLE__", replace(Value::Boolean(true)))];
    let inactive = user(json!({ "status": "inactive" }));
    let error = plan(&inactive, &update(contradiction)).expect_err("refused");
    assert_eq!(error.attributes, ["STATUS"]);
}

#[test]
fn a_pending_or_inactive_user_is_changed_only_where_zoom_does_it() {
    let judged = |status: &str, changes| {
        let user = user(json!({ "status": status }));
        plan(&user, &update(changes)).map(|steps| steps.len()).map_err(|error| error.kind)
    };
    let rename = || ("FIRST_NAME", text("Anna"));
    let enable = |enable| ("__ENABLE__", replace(Value::Boolean(enable)));
    assert_eq!(judged("pending", vec![rename()]), Err(ErrorKind::PreconditionFailed));
    assert_eq!(judged("pending", vec![enable(false)]), Err(ErrorKind::PreconditionFailed));
    assert_eq!(judged("pending", vec![("GROUP_IDS", adjust(&[], &["g1"]))]), Err(ErrorKind::PreconditionFailed));
    assert_eq!(judged("pending", vec![("GROUP_IDS", adjust(&["g3"], &[]))]), Ok(1));
    assert_eq!(judged("pending", vec![enable(true)]), Ok(0));
    assert_eq!(judged("inactive", vec![rename()]), Err(ErrorKind::PreconditionFailed));
    assert_eq!(judged("inactive", vec![rename(), enable(true)]), Ok(2));
    assert_eq!(judged("active", vec![rename()]), Ok(1));
}
