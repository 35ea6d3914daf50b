//! Creating users and groups.
//!
//! A user is looked up before: Zoom has several answers for an address that exists, and none of them
//! tells the id. A new user is pending until the invitation is accepted.

use connector_base::attribute::{ENABLE, NAME, uid};
use connector_base::connector::Creation;
use connector_base::contract::Uid;
use connector_base::error::{Error, ErrorKind, Result};
use connector_base::value::{Case, Value};

use crate::Zoom;
use crate::api::Client;
use crate::api::body::{Body, Field};
use crate::api::users::{User, UserStatus};
use crate::schema::{GROUP, GROUP_IDS, USER, user_attribute};
use crate::user::field;

/// The plan type of a user who is created without one: basic, which needs no licence.
const BASIC: i32 = 1;

impl Zoom {
    /// Creates a user.
    pub(crate) async fn create_user(&self, creation: &Creation) -> Result<Uid> {
        let (new, email) = (new_user(creation)?, email(creation));
        let client = self.client.until(creation.options.deadline);
        if let Some(existing) = client.user(email).await? {
            return self.exists(&format!("a {USER} with the address {email}"), crate::user::uid(&existing));
        }
        let created = client.create_user(new).await?;
        let groups: Vec<&str> = creation.values(GROUP_IDS).iter().filter_map(Value::as_text).collect();
        let mut done = vec![format!("created the user {email}")];
        let id = match created {
            Some(id) => id,
            None => found_again(&client, email, &done).await?,
        };
        if !groups.is_empty() {
            join_new(&client, &id, &groups, &mut done).await.map_err(|error| error.with_uid(&id).with_done(done))?;
        }
        Ok(Uid { name_hint: Some(email.to_owned()), ..uid(id) })
    }

    /// Creates a group. Zoom refuses a name that is in use, so nothing is looked up before.
    pub(crate) async fn create_group(&self, creation: &Creation) -> Result<Uid> {
        let name = creation.text(NAME).unwrap_or_default();
        let client = self.client.until(creation.options.deadline);
        match client.create_group(name).await {
            Ok(group) => Ok(Uid { name_hint: Some(name.to_owned()), ..uid(group.id()) }),
            Err(error) if error.code() == Some(4132) => match find_group(&client, name).await? {
                Some(existing) => self.exists(&format!("a {GROUP} named {name:?}"), &existing),
                None => Err(error.into()),
            },
            Err(error) => Err(error.into()),
        }
    }

    fn exists(&self, what: &str, existing: &str) -> Result<Uid> {
        if self.settings.duplicate_error_returns_id {
            return Ok(uid(existing));
        }
        let error = Error::new(ErrorKind::AlreadyExists, format!("there is {what} already"));
        Err(error.with_uid(existing).with_hint("Link it instead, or set duplicateErrorReturnsId."))
    }
}

fn new_user(creation: &Creation) -> Result<Body> {
    if creation.values(ENABLE).contains(&Value::Boolean(false)) {
        return Err(Error::attribute(ENABLE, "a user who is only invited cannot be deactivated")
            .with_hint("Create the user enabled, and disable it when it is active."));
    }
    let mut fields = Body::text("email", email(creation));
    for (attribute, values) in &creation.attributes {
        let name = user_attribute(attribute.name).map_or("", |row| row.field);
        if !name.is_empty()
            && attribute.name != GROUP_IDS
            && let Some(value) = field(values)
        {
            fields.set(name, value);
        }
    }
    fields.set("type", Field::Integer(BASIC));
    Ok(fields)
}

fn email(creation: &Creation) -> &str {
    creation.text(NAME).unwrap_or_default()
}

/// The id of a user whom Zoom created without telling it. A user whose address belongs to another account
/// stays without one until the invitation is accepted: the address stands in.
async fn found_again(client: &Client, email: &str, done: &[String]) -> Result<String> {
    let found =
        client.user(email).await.map_err(|error| Error::from(error).with_uid(email).with_done(done.to_vec()))?;
    Ok(found.as_ref().map_or(email, crate::user::uid).to_owned())
}

/// Puts a new user into groups: a pending one by a field of its record, one group at a time.
async fn join_new(client: &Client, id: &str, groups: &[&str], done: &mut Vec<String>) -> Result<()> {
    let status = |user: &User| user.status().unwrap_or(UserStatus::Pending);
    let pending = client.user(id).await?.as_ref().is_none_or(|user| status(user) == UserStatus::Pending);
    for group in groups {
        if pending {
            client.update_user(id, &Body::text("group_id", group)).await?;
        } else {
            crate::update::join(client, id, group).await?;
        }
        done.push(format!("added the user to the group {group}"));
    }
    let user = client.user(id).await?.unwrap_or_default();
    let member_of = user.record().list("group_ids");
    match groups.iter().find(|group| !member_of.iter().any(|member| member.as_str() == Some(*group))) {
        None => Ok(()),
        Some(missing) => Err(Error::attribute(GROUP_IDS, format!("Zoom did not add the user to the group {missing}"))
            .with_hint("Add the user when the invitation is accepted.")),
    }
}

async fn find_group(client: &Client, name: &str) -> Result<Option<String>> {
    let mut token: Option<String> = None;
    loop {
        let page = client.list_groups(token.as_deref()).await?;
        if let Some(group) = page.rows.into_iter().find(|group| Case::Ignored.equal(group.name(), name)) {
            return Ok(Some(group.id().to_owned()));
        }
        match page.next {
            Some(next) if Some(&next) != token.as_ref() => token = Some(next),
            _ => return Ok(None),
        }
    }
}
