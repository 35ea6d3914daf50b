//! Reading an object until enough of it is known.

use std::rc::Rc;

use connector_base::error::{Error, ErrorKind, Result};
use connector_base::log;
use connector_base::value::{Case, Value};

use crate::api::Client;
use crate::api::phone::PhoneUser;
use crate::api::sites::Site;
use crate::schema::Carrier;
use crate::steps::People;
use crate::user::{Known, Needs, OnPhone, Phone, PhoneSite, uid};

/// Reads what is needed of a user and not known yet; none where the user is gone.
pub(crate) async fn complete(client: &Client, known: Known, needs: Needs) -> Result<Option<Known>> {
    let Some(known) = with_record(client, known, needs).await? else { return Ok(None) };
    with_phone(client, known, needs).await.map(Some)
}

/// Reads the record of a user, if it is needed; none where the user is gone.
pub(crate) async fn with_record(client: &Client, known: Known, needs: Needs) -> Result<Option<Known>> {
    if !needs.record || known.from != Carrier::Row {
        return Ok(Some(known));
    }
    match client.user(uid(&known.user)).await {
        Ok(record) => Ok(record.map(|record| Known { phone: known.phone, ..Known::record(record) })),
        // Zoom lists who was invited too long ago, and tells no more: the row is all there is.
        Err(error) if error.is_expired_invitation() => Ok(Some(known)),
        Err(error) => Err(error.into()),
    }
}

/// Reads the phone of a user, and its site, as far as they are needed.
pub(crate) async fn with_phone(client: &Client, mut known: Known, needs: Needs) -> Result<Known> {
    if needs.phone && matches!(known.phone, Phone::Unread) {
        known.phone = match known.may_have_phone() {
            true => phone(client.phone_user(uid(&known.user)).await?),
            false => Phone::Off,
        };
    }
    with_site(client, known, needs).await
}

/// What is known of a phone when its record was read.
pub(crate) fn phone(user: Option<PhoneUser>) -> Phone {
    user.map_or(Phone::Off, |user| Phone::On(OnPhone { user, site: PhoneSite::Unread }))
}

/// Reads the site of the phone, if that is needed.
async fn with_site(client: &Client, mut known: Known, needs: Needs) -> Result<Known> {
    if let Phone::On(phone) = &mut known.phone
        && let Some(id) = phone.user.site_id()
    {
        let needed = match &phone.site {
            PhoneSite::Unread => needs.site,
            PhoneSite::Named(_) => needs.code,
            PhoneSite::Read(_) => false,
        };
        if needed && let Some(site) = site(client, id).await? {
            phone.site = PhoneSite::Read(site);
        }
    }
    Ok(known)
}

/// The site with an id. One that the list does not have stays unknown: the app may not be let see it, or
/// the account has only the one site that is there always, and no list.
async fn site(client: &Client, id: &str) -> Result<Option<Site>> {
    let sites: Rc<[Site]> = match client.sites().await.map_err(Error::from) {
        Err(error) if error.kind == ErrorKind::UnsupportedOperation => client.remember_no_sites(),
        sites => sites?,
    };
    let found = sites.iter().find(|site| site.id() == id).cloned();
    if found.is_none() {
        log::warn("the list of sites does not have the site of a phone", &[("site", id)]);
    }
    Ok(found)
}

/// The ids of those who belong to a group. Of administrators Zoom tells only the addresses: their ids are
/// looked up.
pub(crate) async fn people(client: &Client, people: People, group: &str) -> Result<Vec<Value>> {
    let listed = match people {
        People::Members => client.members(group).await?,
        People::Admins => client.admins(group).await?,
    };
    let mut ids = Vec::with_capacity(listed.len());
    for person in &listed {
        let email = person.text("email").unwrap_or_default();
        let id = match person.text("id") {
            Some(id) => id.to_owned(),
            // Who is no user of the account any more has no id: the address stands in.
            None => client.user(email).await?.as_ref().map_or(email, uid).to_owned(),
        };
        ids.push(Value::Text(id));
    }
    Ok(ids)
}

/// The id of the group with a name.
pub(crate) fn find_group(client: &Client, name: &str, case: Case) -> Result<Option<String>> {
    let groups = client.groups()?;
    Ok(groups.iter().find(|group| case.equal(group.name(), name)).map(|group| group.id().to_owned()))
}
