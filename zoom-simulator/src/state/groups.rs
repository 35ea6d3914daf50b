//! User groups. A group of this API has a name, members and administrators, and no description.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{ids::GroupId, paging::Key};

/// A group.
pub(crate) struct Group {
    id: GroupId,
    name: String,
    /// Users who accepted; one who is still pending joins on acceptance.
    pub(crate) members: BTreeSet<Key>,
    pub(crate) admins: BTreeSet<Key>,
}

impl Group {
    pub(crate) fn id(&self) -> &GroupId {
        &self.id
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// The groups of the account.
#[derive(Default)]
pub(crate) struct Groups {
    rows: BTreeMap<Key, Group>,
    by_id: HashMap<GroupId, Key>,
    made: u64,
}

impl Groups {
    pub(crate) fn insert(&mut self, id: GroupId, name: String) -> Key {
        let key = Key(self.made);
        self.made += 1;
        self.by_id.insert(id.clone(), key);
        self.rows.insert(key, Group { id, name, members: BTreeSet::new(), admins: BTreeSet::new() });
        key
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<Group> {
        self.by_id.remove(id).and_then(|key| self.rows.remove(&key))
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Group> {
        self.by_id.get(id).and_then(|key| self.rows.get(key))
    }

    pub(crate) fn find_mut(&mut self, id: &str) -> Option<&mut Group> {
        self.by_id.get(id).and_then(|key| self.rows.get_mut(key))
    }

    pub(crate) fn rename(&mut self, id: &str, name: String) {
        if let Some(group) = self.find_mut(id) {
            group.name = name;
        }
    }

    /// Whether a name is in use, by another group than the one given. Letter case does not make names differ.
    pub(crate) fn is_used(&self, name: &str, except: Option<&str>) -> bool {
        let name = name.to_lowercase();
        self.rows.values().any(|group| group.name.to_lowercase() == name && Some(group.id.as_str()) != except)
    }

    pub(crate) fn rows(&self) -> &BTreeMap<Key, Group> {
        &self.rows
    }

    /// Forgets a user who has gone.
    pub(crate) fn forget(&mut self, user: Key) {
        for group in self.rows.values_mut() {
            group.members.remove(&user);
            group.admins.remove(&user);
        }
    }
}
