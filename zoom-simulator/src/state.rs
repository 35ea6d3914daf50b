//! The account and everything around it, in one value behind one lock: what a call changes it changes at once. Here
//! stands what reaches across users, groups and phones; what concerns one of them is in the modules below.

pub(crate) mod groups;
pub(crate) mod phone;
pub(crate) mod roles;
pub(crate) mod user;
pub(crate) mod users;

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    clock::{Clock, Moment},
    errors::{Failure, INVITATION_EXPIRED, NO_PERMISSION, NO_PHONE_LICENSE, NO_USER},
    faults::Dice,
    ids::Ids,
    limits::Limits,
    locks::Locks,
    options::Credentials,
    paging::{Key, Pages},
    state::{
        groups::Groups,
        phone::{Phone, PhoneUser},
        roles::Roles,
        user::{CustomAttribute, Status, User},
        users::Users,
    },
    switches::Switches,
    tokens::Tokens,
};

/// How long an invitation can be accepted: 30 days (Zoom support, managing users).
const INVITATION_LIFE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The calling plan that comes with Zoom Phone: Zoom Phone Pro.
const FIRST_PLAN: i64 = 3000;

/// A Zoom.
pub(crate) struct Zoom {
    // The account
    pub(crate) account_number: u64,
    pub(crate) users: Users,
    pub(crate) groups: Groups,
    pub(crate) roles: Roles,
    pub(crate) phone: Phone,
    /// The attributes that the admin has defined; the values are empty.
    pub(crate) custom_attributes: Vec<CustomAttribute>,
    // Who may call it, when and how often
    pub(crate) base_url: String,
    pub(crate) credentials: Credentials,
    pub(crate) clock: Clock,
    pub(crate) tokens: Tokens,
    pub(crate) limits: Limits,
    pub(crate) locks: Locks,
    pub(crate) pages: Pages,
    pub(crate) ids: Ids,
    pub(crate) dice: Dice,
    pub(crate) switches: Switches,
    /// The switches as they were at the start.
    pub(crate) defaults: Switches,
}

impl Zoom {
    pub(crate) fn now(&self) -> Moment {
        self.clock.now()
    }

    /// The user whom a call names.
    pub(crate) fn user(&self, name: &str) -> Result<(Key, &User), Failure> {
        let found = self.users.find(name).and_then(|key| Some((key, self.users.get(key)?)));
        let (key, user) = found.ok_or_else(|| NO_USER.about(name))?;
        if user.is_pending() && self.now().since(user.user_created_at) > INVITATION_LIFE {
            return Err(INVITATION_EXPIRED.into());
        }
        Ok((key, user))
    }

    /// Takes a user out of the account.
    pub(crate) fn remove_user(&mut self, key: Key) {
        self.users.remove(key);
        self.groups.forget(key);
        self.phone.remove_user(key);
    }

    /// Puts a user into a group. A pending one is only noted and joins on acceptance. Says whether that was new.
    pub(crate) fn join(&mut self, key: Key, group: &str) -> bool {
        let (Some(user), Some(group)) = (self.users.get_mut(key), self.groups.find_mut(group)) else { return false };
        if !user.is_pending() {
            group.members.insert(key);
        }
        let is_new = !user.group_ids.contains(group.id());
        if is_new {
            user.group_ids.push(group.id().clone());
        }
        is_new
    }

    /// Takes a user out of a group. Says whether the user was in it.
    pub(crate) fn leave(&mut self, key: Key, group: &str) -> bool {
        if let Some(user) = self.users.get_mut(key) {
            user.group_ids.retain(|id| id.as_str() != group);
        }
        self.groups.find_mut(group).is_some_and(|group| group.members.remove(&key))
    }

    /// Deletes a group. Says whether there was one.
    pub(crate) fn remove_group(&mut self, id: &str) -> bool {
        if self.groups.remove(id).is_none() {
            return false;
        }
        // Not only its members: a pending user is in no group yet but has it noted.
        self.users.each(|user| user.group_ids.retain(|group| group.as_str() != id));
        true
    }

    /// Accepts a pending user's invitation, in the user's place. Says whether there was one to accept.
    pub(crate) fn accept_invitation(&mut self, key: Key) -> bool {
        let now = self.now();
        let Some(user) = self.users.get_mut(key).filter(|user| user.is_pending()) else { return false };
        user.verified = true;
        user.last_login_time = Some(now);
        let groups = user.group_ids.clone();
        let wants_phone = std::mem::take(&mut user.wants_phone);
        self.users.set_status(key, Status::Active);
        for group in groups {
            if let Some(group) = self.groups.find_mut(group.as_str()) {
                group.members.insert(key);
            }
        }
        if wants_phone {
            // The licence was there when the user was invited; if it has gone since, there is nobody to tell.
            let _ = self.enable_phone(key);
        }
        true
    }

    /// Deactivates a user: no status, no licence and no phone remain, and coming back restores only the status.
    pub(crate) fn deactivate(&mut self, key: Key) {
        self.users.set_status(key, Status::Inactive);
        if let Some(user) = self.users.get_mut(key) {
            user.drop_licenses();
        }
        self.phone.remove_user(key);
    }

    /// Gives an active user Zoom Phone, with an extension on the main site. It takes some reads until the phone user shows.
    pub(crate) fn enable_phone(&mut self, key: Key) -> Result<(), Failure> {
        if self.phone.users.contains_key(&key) {
            return Ok(());
        }
        if self.users.get(key).is_none_or(|user| user.status() != Status::Active) {
            return Err(NO_PERMISSION.into());
        }
        if self.switches.seats_zoom_phone.is_some_and(|seats| self.phone.users.len() >= seats) {
            return Err(NO_PHONE_LICENSE.into());
        }
        let Some((user, site)) = self.users.get(key).zip(self.phone.sites.first()) else { return Ok(()) };
        let (site, site_code) = (site.id.clone(), site.site_code);
        let extension = self.phone.next_extension(site_code);
        let mut phone_user = PhoneUser::new(&mut self.ids, user, &site, extension, FIRST_PLAN);
        phone_user.unready_reads = self.switches.phone_provisioning_reads;
        phone_user.flaps = self.switches.phone_provisioning_flaps;
        self.phone.add_user(key, phone_user);
        Ok(())
    }

    /// Everything that there is, for tests to compare with. Passwords and host keys are left out.
    pub(crate) fn json(&self) -> Value {
        let id = |key: &Key| self.users.get(*key).map(|user| user.id().as_str());
        let groups = self.groups.rows().values().map(|group| {
            let (members, admins) = (&group.members, &group.admins);
            json!({
                "id": group.id(),
                "name": group.name(),
                "members": members.iter().filter_map(id).collect::<Vec<_>>(),
                "admins": admins.iter().filter_map(id).collect::<Vec<_>>(),
            })
        });
        let phone_users = self.phone.users.iter().map(|(key, user)| json!({ "id": id(key), "phone": user }));
        let numbers = self
            .phone
            .numbers()
            .values()
            .map(|number| json!({ "number": number, "assignee": number.assignee.as_ref().and_then(id) }));
        json!({
            "account_id": self.credentials.account_id,
            "account_number": self.account_number,
            "users": self.users.iter().map(|(_, user)| user).collect::<Vec<_>>(),
            "groups": groups.collect::<Vec<_>>(),
            "roles": self.roles.iter().collect::<Vec<_>>(),
            "custom_attributes": self.custom_attributes,
            "phone": {
                "users": phone_users.collect::<Vec<_>>(),
                "sites": self.phone.sites,
                "numbers": numbers.collect::<Vec<_>>(),
                "calling_plans": self.phone.plans,
            },
        })
    }
}
