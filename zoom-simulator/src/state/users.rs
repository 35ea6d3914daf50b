//! All users, with what finds them: by id, by e-mail address, by status in the order of making. The lists keep an index
//! per status, so that a page costs what is on it, however many users there are.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Bound,
};

use super::user::{Status, User};
use crate::{
    email::Email,
    ids::UserId,
    paging::{EVERYTHING, Key},
};

/// The users of the account.
#[derive(Default)]
pub(crate) struct Users {
    rows: BTreeMap<Key, User>,
    by_id: HashMap<UserId, Key>,
    by_email: HashMap<String, Key>,
    active: BTreeSet<Key>,
    inactive: BTreeSet<Key>,
    pending: BTreeSet<Key>,
    made: u64,
}

impl Users {
    pub(crate) fn insert(&mut self, user: User) -> Key {
        let key = Key(self.made);
        self.made += 1;
        self.by_id.insert(user.id.clone(), key);
        self.by_email.insert(user.email.key(), key);
        self.index(user.status).insert(key);
        self.rows.insert(key, user);
        key
    }

    pub(crate) fn remove(&mut self, key: Key) -> Option<User> {
        let user = self.rows.remove(&key)?;
        self.by_id.remove(&user.id);
        self.by_email.remove(&user.email.key());
        self.index(user.status).remove(&key);
        Some(user)
    }

    pub(crate) fn get(&self, key: Key) -> Option<&User> {
        self.rows.get(&key)
    }

    pub(crate) fn get_mut(&mut self, key: Key) -> Option<&mut User> {
        self.rows.get_mut(&key)
    }

    /// The user whom a path or a body names: by id, by e-mail address in any letter case, or as `me`, who is the
    /// account's owner for a server-to-server app.
    pub(crate) fn find(&self, name: &str) -> Option<Key> {
        match name {
            "me" => self.iter().find(|(_, user)| user.role_id.as_str() == super::roles::OWNER).map(|(key, _)| key),
            email if email.contains('@') => self.by_email.get(&email.to_lowercase()).copied(),
            id => self.by_id.get(id).copied(),
        }
    }

    pub(crate) fn set_status(&mut self, key: Key, status: Status) {
        let Some(user) = self.rows.get_mut(&key) else { return };
        let before = std::mem::replace(&mut user.status, status);
        self.index(before).remove(&key);
        self.index(status).insert(key);
    }

    pub(crate) fn set_email(&mut self, key: Key, email: Email) {
        let Some(user) = self.rows.get_mut(&key) else { return };
        self.by_email.remove(&user.email.key());
        self.by_email.insert(email.key(), key);
        user.email = email;
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Key, &User)> {
        self.from(EVERYTHING)
    }

    /// All users, from a place in the list on.
    pub(crate) fn from(&self, range: (Bound<Key>, Bound<Key>)) -> impl Iterator<Item = (Key, &User)> {
        self.rows.range(range).map(|(key, user)| (*key, user))
    }

    /// Changes every user.
    pub(crate) fn each(&mut self, change: impl Fn(&mut User)) {
        self.rows.values_mut().for_each(change);
    }

    /// The users of a status, from a place in the list on.
    pub(crate) fn listed(&self, status: Status, range: (Bound<Key>, Bound<Key>)) -> impl Iterator<Item = (Key, &User)> {
        self.set(status).range(range).filter_map(|key| Some((*key, self.rows.get(key)?)))
    }

    /// How many users there are of a status.
    pub(crate) fn count(&self, status: Status) -> usize {
        self.set(status).len()
    }

    fn set(&self, status: Status) -> &BTreeSet<Key> {
        match status {
            Status::Active => &self.active,
            Status::Inactive => &self.inactive,
            Status::Pending => &self.pending,
        }
    }

    fn index(&mut self, status: Status) -> &mut BTreeSet<Key> {
        match status {
            Status::Active => &mut self.active,
            Status::Inactive => &mut self.inactive,
            Status::Pending => &mut self.pending,
        }
    }
}
