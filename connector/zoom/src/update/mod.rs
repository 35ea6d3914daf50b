//! Changing users and groups.
//!
//! The user is read first, with the phone where the change is about it; what is to be done is then a
//! list of steps:
//!
//! | order | step | call |
//! |---|---|---|
//! | 1 | activate | `PUT /users/{id}/status` |
//! | 2 | change fields; of the plans (TYPE, PLAN_UNITED_TYPE, ZOOM_ONE_FEATURE_TYPE) one in each call | `PATCH /users/{id}` |
//! | 3 | change the password, the address | `PUT /users/{id}/password`, `.../email` |
//! | 4 | join groups, make one the primary one, leave groups | `POST`, `PATCH` and `DELETE /groups/{id}/members` |
//! | 5 | change the role | `POST` and `DELETE /roles/{id}/members` |
//! | 6 | switch the phone on or off | `PATCH /users/{id}` |
//! | 7 | change the phone, once it is there | see `phone` |
//! | 8 | deactivate | `PUT /users/{id}/status` |
//! | 9 | log out | `DELETE /users/{id}/token` |
//!
//! Activation comes first because an inactive user cannot be changed; deactivation comes last so that
//! none of the other changes is lost. A change that changes nothing has no steps.

mod phone;
mod profile;
mod user;

use connector_base::attribute::{ENABLE, NAME, PASSWORD, applied, same_values, single};
use connector_base::connector::{SideEffects, Update};
use connector_base::contract::Change;
use connector_base::error::{Error, ErrorKind, Result};
use connector_base::schema::AttributeDef;
use connector_base::value::Value;

use crate::Zoom;
use crate::api::Client;
use crate::api::users::{Activation, User, UserStatus};
use crate::phone::{plain_numbers, site};
use crate::read::{complete, people};
use crate::schema::{
    GROUP, GROUP_IDS, PHONE_NUMBER, PLAN_UNITED_TYPE, ROLE_NAME, STATUS, TYPE, USER, UserAttribute,
    ZOOM_ONE_FEATURE_TYPE, ZOOM_PHONE_NUMBERS, user_attribute,
};
use crate::steps::{People, Step};
use crate::user::{Known, Needs, uid};
use phone::{Feature, given_site};
pub(crate) use profile::plan_field;

/// An attribute that a change gives other values than it has.
pub(crate) struct Changed {
    row: &'static UserAttribute,
    change: Change,
    before: Vec<Value>,
    after: Vec<Value>,
}

impl Changed {
    pub(crate) fn name(&self) -> &'static str {
        self.row.def.name
    }

    fn text(&self) -> Option<&str> {
        self.after.first().and_then(Value::as_text)
    }

    fn is_so_already(&self) -> bool {
        same_values(&self.before, &self.after, self.row.def.case())
            || (self.name() == PHONE_NUMBER && same_number(&self.before, &self.after))
    }
}

impl Zoom {
    /// Changes a user.
    pub(crate) async fn update_user(&self, update: &Update) -> Result<SideEffects> {
        let client = self.client.until(update.options.deadline);
        let user = with_uid(&client, &update.uid).await?;
        let id = uid(&user).to_owned();
        let needs = Needs::of(|name| update.changes.iter().any(|(attribute, _)| attribute.name == name));
        let Some(known) = complete(&client, Known::record(user), needs).await? else {
            return Err(Error::unknown_uid(USER, &update.uid));
        };
        let changed = changed(&known, update.changes.iter().map(|(attribute, change)| (attribute.name, change)))?;
        allowed(&known, &changed)?;
        let steps = self.steps(&client, &known, &changed).await?;
        let name = steps.iter().find_map(|step| match step {
            Step::Email(email) => Some(email.clone()),
            _ => None,
        });
        self.take(&client, &id, steps, Vec::new()).await?;
        Ok(SideEffects { uid: None, name })
    }

    /// The steps of a change, with what it takes to make them up: sites and roles are read where the change
    /// names them.
    pub(crate) async fn steps(&self, client: &Client, known: &Known, changed: &[Changed]) -> Result<Vec<Step>> {
        let named = |name: &str| changed.iter().any(|changed| changed.name() == name && !changed.after.is_empty());
        let roles = if named(ROLE_NAME) { client.roles().await? } else { Vec::new() };
        let feature = Feature::of(known, changed)?;
        let mut steps = user::steps(known, changed, &roles)?;
        let site = match given_site(changed) {
            given if !given.is_empty() && feature.will_be_on() => Some(self.site(client, &given).await?),
            _ => None,
        };
        steps.extend(phone::steps(known, changed, feature, site)?);
        if let Some(Activation::Deactivate) = activation(changed)? {
            steps.extend(self.deactivation());
        }
        Ok(steps)
    }

    /// The id of the site that is meant. A list that was read before may be too old to have it.
    async fn site(&self, client: &Client, given: &[(&'static str, Value)]) -> Result<String> {
        match site(&client.sites().await?, given) {
            Err(_) => {
                client.forget_sites().await;
                site(&client.sites().await?, given)
            }
            found => found,
        }
    }

    /// Changes a group.
    pub(crate) async fn update_group(&self, update: &Update) -> Result<SideEffects> {
        let client = self.client.until(update.options.deadline);
        let group = client.group(&update.uid).await?.ok_or_else(|| Error::unknown_uid(GROUP, &update.uid))?;
        let mut steps = Vec::new();
        for (attribute, change) in &update.changes {
            if attribute.name == NAME {
                let after = applied(change, attribute, &[Value::text(group.name())]);
                match single(NAME, &after)?.and_then(Value::as_text) {
                    Some(name) if name != group.name() => steps.push(Step::Rename(name.to_owned())),
                    Some(_) => {}
                    None => return Err(Error::attribute(NAME, "a group cannot be without a name")),
                }
                continue;
            }
            let whom = if attribute.name == People::Admins.attribute() { People::Admins } else { People::Members };
            let before = people(&client, whom, group.id()).await?;
            let after = applied(change, attribute, &before);
            no_empty_among_several(attribute, &after)?;
            let added = missing(&after, &before);
            steps.extend(added.chunks(whom.at_once()).map(|users| Step::AddPeople(whom, users.to_vec())));
            steps.extend(missing(&before, &after).into_iter().map(|user| Step::RemovePerson(whom, user)));
        }
        let name = steps.iter().find_map(|step| match step {
            Step::Rename(name) => Some(name.clone()),
            _ => None,
        });
        self.take(&client, group.id(), steps, Vec::new()).await?;
        Ok(SideEffects { uid: None, name })
    }
}

/// The user with a uid. Zoom reads users by their address too, which may be somebody else's by now, and
/// knows `me`: neither is a uid.
pub(crate) async fn with_uid(client: &Client, uid: &str) -> Result<User> {
    let user = client.user(uid).await?.filter(|user| crate::user::uid(user) == uid);
    user.ok_or_else(|| Error::unknown_uid(USER, uid))
}

/// The texts of the one list that the other does not have.
fn missing(one: &[Value], other: &[Value]) -> Vec<String> {
    one.iter().filter(|value| !other.contains(value)).filter_map(Value::as_text).map(str::to_owned).collect()
}

/// The attributes that get other values than they have.
pub(crate) fn changed<'a>(
    known: &Known,
    changes: impl Iterator<Item = (&'static str, &'a Change)>,
) -> Result<Vec<Changed>> {
    let mut all = Vec::new();
    for (name, change) in changes {
        let Some(row) = user_attribute(name) else { continue };
        let change = match name {
            ZOOM_PHONE_NUMBERS => plain_numbers(change)?,
            _ => change.clone(),
        };
        let before = known.values(row).unwrap_or_default();
        let mut after = applied(&change, &row.def, &before);
        no_empty_among_several(&row.def, &after)?;
        // Zoom has no empty texts: to set one is to clear.
        after.retain(|value| value.as_text() != Some(""));
        if matches!(name, NAME | PASSWORD) && after.is_empty() {
            return Err(Error::attribute(name, format!("{name} cannot be cleared")));
        }
        all.push(Changed { row, change, before, after });
    }
    // What is so already counts only where it contradicts.
    activation(&all)?;
    // A plan that ends takes the type with it: one that is asked for is to be set again.
    let ends = |changed: &Changed| {
        matches!(changed.name(), PLAN_UNITED_TYPE | ZOOM_ONE_FEATURE_TYPE)
            && changed.after.is_empty()
            && !changed.before.is_empty()
    };
    let type_stays = !all.iter().any(ends);
    all.retain(|changed| !changed.is_so_already() || (changed.name() == TYPE && !type_stays));
    Ok(all)
}

/// Refuses an empty text among the values of an attribute that has several: it names nothing.
///
/// Errors: `invalid-attribute-value`.
pub(crate) fn no_empty_among_several(attribute: &AttributeDef, values: &[Value]) -> Result<()> {
    match attribute.is_multi_valued() && values.contains(&Value::text("")) {
        true => Err(Error::attribute(attribute.name, format!("a value of {} is empty", attribute.name))),
        false => Ok(()),
    }
}

/// Zoom puts the country's code before a number that was given without.
fn same_number(before: &[Value], after: &[Value]) -> bool {
    match (before, after) {
        ([Value::Text(before)], [Value::Text(after)]) => before.split_once(' ').is_some_and(|(_, rest)| rest == after),
        _ => false,
    }
}

/// Which way the status goes. `__ENABLE__` and STATUS say the same thing: both may be given, if they agree.
fn activation(changed: &[Changed]) -> Result<Option<Activation>> {
    let mut wanted = None;
    for changed in changed.iter().filter(|changed| matches!(changed.name(), ENABLE | STATUS)) {
        let status = match (changed.name(), changed.after.first()) {
            (_, Some(Value::Boolean(true))) => Activation::Activate,
            (_, Some(Value::Boolean(false))) => Activation::Deactivate,
            (_, Some(Value::Text(status))) if status == UserStatus::Active.as_str() => Activation::Activate,
            (_, Some(Value::Text(status))) if status == UserStatus::Inactive.as_str() => Activation::Deactivate,
            // A pending user may stay so.
            _ if changed.is_so_already() => continue,
            (name, _) => {
                let message = format!("{name} can be set to active or inactive, and not be cleared");
                return Err(Error::attribute(name, message));
            }
        };
        if wanted.replace(status).is_some_and(|other| other != status) {
            return Err(Error::attribute(STATUS, format!("{ENABLE} and {STATUS} contradict each other")));
        }
    }
    Ok(wanted)
}

/// Refuses what Zoom would take and not do.
fn allowed(known: &Known, changed: &[Changed]) -> Result<()> {
    let email = known.user.email();
    let refused = |message: String, hint: &str| Err(Error::new(ErrorKind::PreconditionFailed, message).with_hint(hint));
    let only_joins =
        |changed: &Changed| changed.name() == GROUP_IDS && missing(&changed.before, &changed.after).is_empty();
    match known.user.status() {
        Some(UserStatus::Pending) if !changed.iter().all(only_joins) => refused(
            format!("{email} is pending: Zoom would take the change and not make it"),
            "Make the change when the user has accepted the invitation. Until then only groups can be added.",
        ),
        Some(UserStatus::Inactive) if !changed.is_empty() && activation(changed)? != Some(Activation::Activate) => {
            refused(
                format!("{email} is inactive, and an inactive user cannot be changed"),
                "Activate the user in the same update: __ENABLE__ = true.",
            )
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
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
        let mut known = Known::record(User::read(user).expect("a user"));
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
        let changes = update.changes.iter().map(|(attribute, change)| (attribute.name, change));
        let changed = changed(user, changes)?;
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
        let user = user(json!({ "phone_numbers": [
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
            let steps = plan(&user, &update(vec![("PHONE_NUMBER", text(number))])).expect("a plan");
            assert_eq!(
                steps,
                [fields(Body::objects("phone_numbers", vec![first.clone(), kept.clone()]), &["PHONE_NUMBER"])]
            );
        }
        let cleared = vec![("PHONE_NUMBER", replace(None)), ("PHONE_COUNTRY", replace(None))];
        let steps = plan(&user, &update(cleared)).expect("a plan");
        assert_eq!(steps, [fields(Body::objects("phone_numbers", vec![kept]), &["PHONE_NUMBER", "PHONE_COUNTRY"])]);
        let alone = plan(&super::tests::user(json!({})), &update(vec![("PHONE_NUMBER", text("5550100"))]));
        assert_eq!(alone.expect_err("refused").attributes, ["PHONE_COUNTRY"]);
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
}
