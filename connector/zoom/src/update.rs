//! Changing users and groups.
//!
//! The user is read first; what is to be done is then a list of steps, and each of them one call:
//!
//! | order | step | call |
//! |---|---|---|
//! | 1 | activate | `PUT /users/{id}/status` |
//! | 2 | change fields | `PATCH /users/{id}` |
//! | 3 | change the address | `PUT /users/{id}/email` |
//! | 4 | join groups, leave groups | `POST` and `DELETE /groups/{id}/members` |
//! | 5 | deactivate | `PUT /users/{id}/status` |
//! | 6 | log out | `DELETE /users/{id}/token` |
//!
//! Activation comes first because an inactive user cannot be changed; deactivation comes last so that
//! none of the other changes is lost. A change that changes nothing has no steps.

use connector_base::attribute::{ENABLE, NAME, applied, same_values, single};
use connector_base::connector::{SideEffects, Update};
use connector_base::error::{Error, ErrorKind, Result};
use connector_base::value::Value;

use crate::Zoom;
use crate::api::body::Body;
use crate::api::users::{Activation, User, UserStatus};
use crate::api::{Client, ZoomError};
use crate::schema::{GROUP, GROUP_IDS, STATUS, USER, user_attribute};
use crate::user::{field, values};

/// What is to be done.
#[derive(Debug, Default, PartialEq)]
struct Plan {
    status: Option<Activation>,
    fields: Body,
    /// The attributes that the fields are of.
    changed: Vec<&'static str>,
    email: Option<String>,
    join: Vec<String>,
    leave: Vec<String>,
}

impl Plan {
    fn changes_more_than_status(&self) -> bool {
        !(self.fields.is_empty() && self.email.is_none() && self.join.is_empty() && self.leave.is_empty())
    }
}

impl Zoom {
    /// Changes a user.
    pub(crate) async fn update_user(&self, update: &Update) -> Result<SideEffects> {
        let client = self.client.until(update.options.deadline);
        let user = with_uid(&client, &update.uid).await?;
        let plan = plan(&user, update)?;
        allowed(&user, &plan)?;
        let id = crate::user::uid(&user).to_owned();
        let mut done = Vec::new();
        let renamed = plan.email.clone();
        let outcome = self.carry_out(&client, &id, plan, &mut done).await;
        outcome.map_err(|error| error.with_done(done))?;
        Ok(SideEffects { uid: None, name: renamed })
    }

    async fn carry_out(&self, client: &Client, id: &str, plan: Plan, done: &mut Vec<String>) -> Result<()> {
        if plan.status == Some(Activation::Activate) {
            client.set_status(id, Activation::Activate).await?;
            done.push("activated the user".into());
        }
        if !plan.fields.is_empty() {
            client.update_user(id, &plan.fields).await?;
            done.push(format!("changed {}", plan.changed.join(", ")));
        }
        if let Some(email) = &plan.email {
            client.set_email(id, email).await?;
            done.push(format!("changed the address to {email}"));
        }
        for group in &plan.join {
            join(client, id, group).await?;
            done.push(format!("added the user to the group {group}"));
        }
        for group in &plan.leave {
            leave(client, id, group).await?;
            done.push(format!("removed the user from the group {group}"));
        }
        if plan.status == Some(Activation::Deactivate) {
            self.deactivate(client, id, done).await?;
        }
        Ok(())
    }

    /// Deactivates a user, and logs the user out where the configuration says so.
    pub(crate) async fn deactivate(&self, client: &Client, id: &str, done: &mut Vec<String>) -> Result<()> {
        client.set_status(id, Activation::Deactivate).await?;
        done.push("deactivated the user".into());
        if self.settings.immediate_logout_on_deactivate {
            client.log_out(id).await?;
            done.push("logged the user out".into());
        }
        Ok(())
    }

    /// Renames a group.
    pub(crate) async fn update_group(&self, update: &Update) -> Result<SideEffects> {
        let client = self.client.until(update.options.deadline);
        let group = client.group(&update.uid).await?.ok_or_else(|| Error::unknown_uid(GROUP, &update.uid))?;
        let Some((attribute, change)) = update.changes.iter().find(|(attribute, _)| attribute.name == NAME) else {
            return Ok(SideEffects::default());
        };
        let before = [Value::text(group.name())];
        let after = applied(change, attribute, &before);
        match single(NAME, &after)?.and_then(Value::as_text) {
            Some(name) if name != group.name() => {
                client.rename_group(group.id(), name).await?;
                Ok(SideEffects { uid: None, name: Some(name.to_owned()) })
            }
            Some(_) => Ok(SideEffects::default()),
            None => Err(Error::attribute(NAME, "a group cannot be without a name")),
        }
    }
}

/// The user with a uid. Zoom reads users by their address too, which may be somebody else's by now, and
/// knows `me`: neither is a uid.
pub(crate) async fn with_uid(client: &Client, uid: &str) -> Result<User> {
    let user = client.user(uid).await?.filter(|user| crate::user::uid(user) == uid);
    user.ok_or_else(|| Error::unknown_uid(USER, uid))
}

/// Adds a user to a group, and takes it for an error where Zoom leaves the user out without a word.
pub(crate) async fn join(client: &Client, id: &str, group: &str) -> Result<()> {
    match client.add_member(group, id).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::attribute(GROUP_IDS, format!("Zoom did not add the user to the group {group}"))
            .with_hint("Look whether the user is active, and not a member already.")),
        Err(error) if error.code() == Some(4130) => {
            let mut refused = Error::from(error);
            refused.kind = ErrorKind::InvalidAttributeValue;
            refused.attributes = vec![GROUP_IDS.to_owned()];
            refused.message = format!("there is no group with the id {group:?}");
            refused.hint = Some(format!("Name the id of a {GROUP}."));
            Err(refused)
        }
        Err(error) => Err(error.into()),
    }
}

/// Removes a user from a group. Not being a member, or the group being gone, is as good.
async fn leave(client: &Client, id: &str, group: &str) -> Result<(), ZoomError> {
    match client.remove_member(group, id).await {
        Err(error) if matches!(error.code(), Some(4130 | 4131)) => Ok(()),
        outcome => outcome,
    }
}

/// What is to be done to a user, so that the changes hold.
fn plan(user: &User, update: &Update) -> Result<Plan> {
    let mut plan = Plan::default();
    // `__ENABLE__` and STATUS say the same thing: both may be given, if they agree.
    let mut asked = None;
    for (attribute, change) in &update.changes {
        let Some(row) = user_attribute(attribute.name) else { continue };
        let before = values(user, row);
        let after = applied(change, attribute, &before);
        let same = same_values(&before, &after, attribute.case());
        if matches!(attribute.name, ENABLE | STATUS) {
            match status_change(attribute.name, &after) {
                Ok(status) if asked.replace(status).is_some_and(|other| other != status) => {
                    return Err(Error::attribute(STATUS, format!("{ENABLE} and {STATUS} contradict each other")));
                }
                Ok(status) => plan.status = plan.status.or((!same).then_some(status)),
                Err(error) if !same => return Err(error),
                Err(_) => {}
            }
        }
        if same {
            continue;
        }
        match attribute.name {
            NAME => plan.email = single(NAME, &after)?.and_then(Value::as_text).map(str::to_owned),
            ENABLE | STATUS => {}
            GROUP_IDS => {
                let missing = |one: &[Value], other: &[Value]| -> Vec<String> {
                    one.iter().filter(|id| !other.contains(id)).filter_map(Value::as_text).map(str::to_owned).collect()
                };
                (plan.join, plan.leave) = (missing(&after, &before), missing(&before, &after));
            }
            name => {
                let clearing_number = after.is_empty() && !matches!(before.as_slice(), [Value::Text(_)]);
                let value = field(&after).filter(|_| !clearing_number);
                let value = value.ok_or_else(|| Error::attribute(name, format!("{name} cannot be without a value")))?;
                plan.fields.set(row.field, value);
                plan.changed.push(name);
            }
        }
    }
    Ok(plan)
}

fn status_change(name: &'static str, after: &[Value]) -> Result<Activation> {
    match single(name, after)? {
        Some(Value::Boolean(true)) => Ok(Activation::Activate),
        Some(Value::Boolean(false)) => Ok(Activation::Deactivate),
        Some(Value::Text(status)) if status == UserStatus::Active.as_str() => Ok(Activation::Activate),
        Some(Value::Text(status)) if status == UserStatus::Inactive.as_str() => Ok(Activation::Deactivate),
        _ => Err(Error::attribute(name, format!("{name} can be set to active or inactive, and not be cleared"))),
    }
}

/// Refuses what Zoom would take and not do.
fn allowed(user: &User, plan: &Plan) -> Result<()> {
    let refused = |message: String, hint: &str| Err(Error::new(ErrorKind::PreconditionFailed, message).with_hint(hint));
    match user.status() {
        Some(UserStatus::Pending) if plan.changes_more_than_status() || plan.status.is_some() => refused(
            format!("{} is pending: Zoom would take the change and not make it", user.email()),
            "Make the change when the user has accepted the invitation.",
        ),
        Some(UserStatus::Inactive) if plan.changes_more_than_status() && plan.status.is_none() => refused(
            format!("{} is inactive, and an inactive user cannot be changed", user.email()),
            "Activate the user in the same update: __ENABLE__ = true.",
        ),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use connector_base::connector::Options;
    use connector_base::contract::{Adjustment, Change, Operation};
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::api::body::Field;
    use crate::schema::SCHEMA;

    fn user(changes: Json) -> User {
        let mut user = json!({
            "id": "u1", "email": "ann@example.com", "first_name": "Ann", "dept": "Sales", "type": 1,
            "status": "active", "group_ids": ["g1", "g2"],
        });
        let fields = user.as_object_mut().expect("an object");
        fields.extend(changes.as_object().cloned().unwrap_or_default());
        User::read(user).expect("a user")
    }

    fn update(changes: Vec<(&str, Change)>) -> Update {
        let class = SCHEMA.class(USER, Operation::UpdateDelta).expect("a class");
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

    #[test]
    fn what_is_so_already_is_nothing_to_do() {
        let changes = vec![
            ("FIRST_NAME", text("Ann")),
            ("EMAIL", text("ANN@example.com")),
            ("TYPE", replace(Value::Integer(1))),
            ("__ENABLE__", replace(Value::Boolean(true))),
            ("GROUP_IDS", adjust(&["g1"], &["g9"])),
            ("LANGUAGE", replace(None)),
        ];
        assert_eq!(plan(&user(json!({})), &update(changes)).expect("a plan"), Plan::default());
    }

    #[test]
    fn each_change_goes_to_the_call_that_makes_it() {
        let changes = vec![
            ("FIRST_NAME", text("Anna")),
            ("DEPT", replace(None)),
            ("TYPE", replace(Value::Integer(2))),
            ("EMAIL", text("anna@example.com")),
            ("GROUP_IDS", adjust(&["g3"], &["g1"])),
            ("STATUS", text("inactive")),
        ];
        let fields =
            Body::text("first_name", "Anna").with("dept", Field::Text(String::new())).with("type", Field::Integer(2));
        let expected = Plan {
            status: Some(Activation::Deactivate),
            fields,
            changed: vec!["FIRST_NAME", "DEPT", "TYPE"],
            email: Some("anna@example.com".into()),
            join: vec!["g3".into()],
            leave: vec!["g1".into()],
        };
        assert_eq!(plan(&user(json!({})), &update(changes)).expect("a plan"), expected);
    }

    #[test]
    fn what_cannot_be_set_is_refused_with_its_name() {
        let refused = |changes| plan(&user(json!({})), &update(changes)).expect_err("refused").attributes.clone();
        assert_eq!(refused(vec![("TYPE", replace(None))]), ["TYPE"]);
        assert_eq!(refused(vec![("STATUS", text("pending"))]), ["STATUS"]);
        assert_eq!(refused(vec![("__ENABLE__", replace(None))]), ["__ENABLE__"]);
        let contradiction = vec![("STATUS", text("inactive")), ("__ENABLE__", replace(Value::Boolean(true)))];
        let inactive = user(json!({ "status": "inactive" }));
        let error = plan(&inactive, &update(contradiction)).expect_err("refused");
        assert_eq!(error.attributes, ["STATUS"]);
    }

    #[test]
    fn a_pending_or_inactive_user_is_changed_only_where_zoom_does_it() {
        let judged = |status: &str, changes| {
            let user = user(json!({ "status": status }));
            let plan = plan(&user, &update(changes)).expect("a plan");
            allowed(&user, &plan).map_err(|error| error.kind)
        };
        let rename = || ("FIRST_NAME", text("Anna"));
        let enable = |enable| ("__ENABLE__", replace(Value::Boolean(enable)));
        assert_eq!(judged("pending", vec![rename()]), Err(ErrorKind::PreconditionFailed));
        assert_eq!(judged("pending", vec![enable(false)]), Err(ErrorKind::PreconditionFailed));
        assert_eq!(judged("pending", vec![enable(true)]), Ok(()));
        assert_eq!(judged("inactive", vec![rename()]), Err(ErrorKind::PreconditionFailed));
        assert_eq!(judged("inactive", vec![rename(), enable(true)]), Ok(()));
        assert_eq!(judged("active", vec![rename(), enable(false)]), Ok(()));
    }
}
