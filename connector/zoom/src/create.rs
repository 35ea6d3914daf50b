//! Creating users and groups.
//!
//! What exists is looked up before: Zoom has several answers for an address that exists, and none of them
//! tells the id. What Zoom takes of a user at creation is one call; what it does not take there follows
//! when the user is made, as a change of the user: groups, and whatever of the phone is more than
//! switching it on. A user who was invited is pending, and takes nothing of that but groups.

use connector_base::attribute::{ENABLE, NAME, PASSWORD, uid};
use connector_base::connector::Creation;
use connector_base::contract::{Change, Uid};
use connector_base::error::{Error, ErrorKind, Result};
use connector_base::runtime::wait;
use connector_base::value::{Case, Quoted, Secret, Value};

use crate::Zoom;
use crate::api::body::{Body, Field};
use crate::api::users::{CreateAction, User, UserStatus};
use crate::api::{Client, ZoomError};
use crate::duplicates::{address_taken, already_exists, is_taken, name_taken};
use crate::read::{complete, find_group};
use crate::schema::{
    CREATE_ACTION, Carrier, GROUP, GROUP_IDS, PLAN_UNITED_TYPE, TYPE, USER, ZOOM_ONE_FEATURE_TYPE, ZOOM_PHONE_FEATURE,
    user_attribute,
};
use crate::steps::{People, Step};
use crate::update::{Changed, changed, each_names_something, plan_field, plans_exclude};
use crate::user::{Known, Needs, Phone, field};

/// The plan type of a user who is created without one: basic, which needs no licence.
const BASIC: i64 = 1;

/// What is to be created.
struct NewUser<'a> {
    email: &'a str,
    action: CreateAction,
    fields: Body,
    /// What follows when the user is there.
    more: Vec<(&'static str, Change)>,
}

impl Zoom {
    /// Creates a user.
    pub(crate) fn create_user(&self, creation: &Creation) -> Result<Uid> {
        let NewUser { email, action, fields, more } = new_user(creation)?;
        let client = self.client.until(creation.options.deadline);
        if let Some(existing) = wait(client.user_with_address(email))? {
            let what = format!("a {USER} with the address {email}");
            return self.exists(already_exists(&what, crate::user::uid(&existing)));
        }
        self.foresee(&client, email, &more)?;
        let look = || Ok(wait(client.user_with_address(email))?.map(|user| Some(crate::user::uid(&user).to_owned())));
        let created = match surely(|| client.create_user(action, fields.clone()), look) {
            Err(error) if is_taken(&error) => return self.exists(address_taken(&client, email, error)),
            Err(error) => return Err(not_allowed(action, error.into())),
            Ok(id) => id,
        };
        let done = vec![format!("created the user {email}")];
        let incomplete = |error: Error, id: &str| error.with_uid(id).with_done(done.clone());
        let id = match created {
            Some(id) => id,
            // A user whose address belongs to another account stays without an id until the invitation is
            // accepted: the address stands in.
            None => {
                let found = look().map_err(|error| incomplete(error, email))?;
                found.flatten().unwrap_or_else(|| email.to_owned())
            }
        };
        if !more.is_empty() {
            self.complete_new(&client, &id, &more, &done).map_err(|error| match error.done.is_empty() {
                true => incomplete(error, &id),
                false => error.with_uid(&id),
            })?;
        }
        Ok(Uid { name_hint: Some(email.to_owned()), ..uid(id) })
    }

    /// Makes up the steps that are to follow, for a user who is not there yet: what cannot be done is refused
    /// before the user is made.
    fn foresee(&self, client: &Client, email: &str, more: &[(&'static str, Change)]) -> Result<()> {
        let known = Known { phone: Phone::Off, ..Known::record(User::active(email)) };
        let changed = changed(&known, &mut more.iter().map(|(name, change)| (*name, change)))?;
        self.steps(client, &known, &changed).map(drop)
    }

    /// Changes a user who was just made.
    fn complete_new(&self, client: &Client, id: &str, more: &[(&'static str, Change)], done: &[String]) -> Result<()> {
        let needs = Needs::of(|name| more.iter().any(|(wanted, _)| *wanted == name));
        let not_yet = || Error::new(ErrorKind::Io, "Zoom does not show the new user yet").with_hint("Look again.");
        let user = wait(client.user(id))?.ok_or_else(not_yet)?;
        let pending = user.status().is_none_or(|status| status == UserStatus::Pending);
        let Some(known) = wait(complete(client, Known::record(user), needs))? else {
            return Err(not_yet());
        };
        let mut changed = changed(&known, &mut more.iter().map(|(name, change)| (*name, change)))?;
        let mut waits: Vec<&str> = Vec::new();
        if pending {
            // The phone comes with the acceptance, and so does what is wanted of it. Groups are taken now.
            let later = |name: &&str| ![GROUP_IDS, ZOOM_PHONE_FEATURE].contains(name);
            waits = changed.iter().map(Changed::name).filter(later).collect();
            changed.retain(|changed| changed.name() == GROUP_IDS);
        }
        let steps = self.steps(client, &known, &changed)?;
        // It is switched on already: the call that made the user did that.
        let steps: Vec<Step> = steps.into_iter().filter(|step| !matches!(step, Step::PhoneOn)).collect();
        let done = done.iter().cloned();
        let joined = done.clone().chain(steps.iter().map(Step::done)).collect();
        self.take(client, id, steps, done.collect())?;
        if waits.is_empty() {
            return Ok(());
        }
        let waits = waits.join(", ");
        let message = format!("{waits} cannot be set: {} is invited, and pending", known.user.email());
        Err(Error::new(ErrorKind::PreconditionFailed, message)
            .with_hint("Set it when the user has accepted the invitation.")
            .with_done(joined))
    }

    /// Creates a group.
    pub(crate) fn create_group(&self, creation: &Creation) -> Result<Uid> {
        let name = creation.text(NAME).unwrap_or_default();
        for (attribute, values) in &creation.attributes {
            each_names_something(attribute, values)?;
        }
        let client = self.client.until(creation.options.deadline);
        if let Some(existing) = find_group(&client, name, Case::Exact)? {
            return self.exists(already_exists(&format!("a {GROUP} named {}", Quoted(name)), &existing));
        }
        let look = || find_group(&client, name, Case::Exact);
        let group = match surely(|| Ok(client.create_group(name)?.id().to_owned()), look) {
            // Another caller was faster, or the letter case is another.
            Err(error) if is_taken(&error) => return self.exists(name_taken(&client, name, error)),
            created => created?,
        };
        let mut steps = Vec::new();
        for people in [People::Members, People::Admins] {
            let users: Vec<String> =
                creation.values(people.attribute()).iter().filter_map(Value::as_text).map(str::to_owned).collect();
            steps.extend(users.chunks(people.at_once()).map(|users| Step::AddPeople(people, users.to_vec())));
        }
        let done = vec![format!("created the group {name}")];
        self.take(&client, &group, steps, done).map_err(|error| error.with_uid(&group))?;
        Ok(Uid { name_hint: Some(name.to_owned()), ..uid(group) })
    }

    /// The uid of what exists already, where the configuration wants that, and the error otherwise.
    fn exists(&self, error: Error) -> Result<Uid> {
        match &error.uid {
            Some(existing) if self.settings.duplicate_error_returns_id => Ok(existing.clone()),
            Some(_) => Err(error.with_hint("Link it instead, or set duplicateErrorReturnsId.")),
            None => Err(error),
        }
    }
}

/// Creates what was looked for before and not found. Where the answer is lost, and perhaps nothing else, another look
/// tells whether it was created; if not, it is created once more.
fn surely<T>(create: impl Fn() -> Result<T, ZoomError>, look: impl Fn() -> Result<Option<T>>) -> Result<T, ZoomError> {
    let lost = match create() {
        Err(error) if error.is_lost_answer() => error,
        done => return done,
    };
    match look() {
        Ok(Some(created)) => Ok(created),
        Ok(None) => match create() {
            // It was, and shows only now.
            Err(error) if is_taken(&error) => look().ok().flatten().ok_or(error),
            done => done,
        },
        Err(_) => Err(lost),
    }
}

/// Zoom has no words of its own for a way of creating that the account does not have.
fn not_allowed(action: CreateAction, error: Error) -> Error {
    match action {
        CreateAction::AutoCreate if error.kind == ErrorKind::PermissionDenied => {
            error.with_hint("autoCreate needs a domain that the account manages, and a role that may make users.")
        }
        CreateAction::CustCreate if error.kind == ErrorKind::PermissionDenied => {
            error.with_hint("custCreate takes a contract with Zoom: ask Zoom's support.")
        }
        _ => error,
    }
}

/// What is to be created, and how.
///
/// Errors: `invalid-attribute-value` for what this way of creating does not take.
fn new_user(creation: &Creation) -> Result<NewUser<'_>> {
    let email = creation.text(NAME).unwrap_or_default();
    let action = action(creation)?;
    if action == CreateAction::Create && creation.values(ENABLE).contains(&Value::Boolean(false)) {
        return Err(Error::attribute(ENABLE, "a user who is only invited cannot be deactivated")
            .with_hint("Create the user enabled, and disable it when it is active."));
    }
    let mut fields = Body::text("email", email);
    let mut feature = Body::default();
    let mut more = Vec::new();
    let has_phone = creation.values(ZOOM_PHONE_FEATURE).contains(&Value::Boolean(true));
    for (attribute, values) in &creation.attributes {
        let Some(row) = user_attribute(attribute.name) else { continue };
        each_names_something(attribute, values)?;
        match attribute.name {
            CREATE_ACTION => {}
            PASSWORD => {
                if let Some(Value::Secret(password)) = values.first() {
                    fields.set("password", Field::Secret(Secret::new(password.as_str())));
                }
            }
            ZOOM_ONE_FEATURE_TYPE => feature.set(row.field, plan_field(ZOOM_ONE_FEATURE_TYPE, values)?),
            PLAN_UNITED_TYPE => fields.set(row.field, plan_field(PLAN_UNITED_TYPE, values)?),
            ZOOM_PHONE_FEATURE if has_phone => feature.set("zoom_phone", Field::Flag(true)),
            ZOOM_PHONE_FEATURE => {}
            name if name == ENABLE || name == GROUP_IDS || matches!(row.carrier, Carrier::Phone | Carrier::Site) => {
                more.push((name, Change::Replace(values.clone())));
            }
            _ => fields.extend(row.field, field(values)),
        }
    }
    if !creation.values(PLAN_UNITED_TYPE).is_empty() && !creation.values(ZOOM_ONE_FEATURE_TYPE).is_empty() {
        return Err(plans_exclude());
    }
    let of_phone = |(name, _): &&(&str, Change)| ![ENABLE, GROUP_IDS].contains(name);
    match more.iter().find(of_phone) {
        Some((name, _)) if !has_phone => {
            let message = format!("{name} cannot be set: {email} would have no Zoom Phone");
            return Err(Error::attribute(*name, message).with_hint("Set ZOOM_PHONE_FEATURE to true in the same call."));
        }
        _ if has_phone => more.push((ZOOM_PHONE_FEATURE, Change::Replace(vec![Value::Boolean(true)]))),
        _ => {}
    }
    fields.set(user_attribute(TYPE).map_or("type", |row| row.field), Field::Integer(BASIC));
    fields.extend("feature", (!feature.is_empty()).then_some(Field::Object(feature)));
    Ok(NewUser { email, action, fields, more })
}

/// The way of creating. Zoom's words have a letter case; ours need not.
fn action(creation: &Creation) -> Result<CreateAction> {
    let action = match creation.text(CREATE_ACTION) {
        None => CreateAction::default(),
        Some(word) => {
            let known = CreateAction::ALL.into_iter().find(|action| action.as_str().eq_ignore_ascii_case(word));
            known.ok_or_else(|| {
                let known = CreateAction::ALL.map(CreateAction::as_str).join(", ");
                Error::attribute(CREATE_ACTION, format!("{} is no way to create a user", Quoted(word)))
                    .with_hint(format!("It is one of {known}."))
            })?
        }
    };
    match (action, creation.values(PASSWORD).is_empty()) {
        (CreateAction::AutoCreate, true) => {
            Err(Error::attribute(PASSWORD, "autoCreate needs a password").with_hint("Give __PASSWORD__."))
        }
        (CreateAction::AutoCreate, false) | (_, true) => Ok(action),
        (_, false) => Err(Error::attribute(PASSWORD, format!("Zoom takes no password with {}", action.as_str()))
            .with_hint("Leave __PASSWORD__ out, or set CREATE_ACTION to autoCreate, which needs a managed domain.")),
    }
}
