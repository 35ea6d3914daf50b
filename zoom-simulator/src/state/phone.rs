//! Zoom Phone: who has it, the sites, the number inventory and the calling plans. A phone user is a user's extension,
//! kept under the user's key.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use super::user::User;
use crate::{
    ids::{Ids, NumberId, SiteId},
    paging::Key,
};

/// The vocabulary of the phone for what elsewhere is active and inactive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PhoneStatus {
    Activate,
    Deactivate,
}

/// A user's extension.
#[derive(Clone, Serialize)]
pub(crate) struct PhoneUser {
    pub(crate) phone_user_id: String,
    pub(crate) extension_id: String,
    /// The whole number: site code and short extension.
    pub(crate) extension_number: u64,
    pub(crate) site_id: SiteId,
    /// Types of calling plans; never empty.
    pub(crate) calling_plans: Vec<i64>,
    pub(crate) numbers: Vec<NumberId>,
    pub(crate) status: PhoneStatus,
    pub(crate) department: String,
    pub(crate) cost_center: String,
    pub(crate) emergency_address_id: String,
    pub(crate) template_id: String,
    /// What `PATCH` has set of the policy, as it was sent.
    pub(crate) policy: serde_json::Map<String, serde_json::Value>,
    /// What `PATCH` has set of the profile settings.
    pub(crate) settings: serde_json::Map<String, serde_json::Value>,
    /// How many reads will still answer that there is no such phone user: provisioning takes its time.
    pub(crate) unready_reads: u32,
    /// The first read that finds it is followed by one that does not.
    #[serde(skip)]
    pub(crate) flaps: bool,
}

impl PhoneUser {
    /// A user's phone as it comes: with one plan, and without numbers.
    pub(crate) fn new(ids: &mut Ids, user: &User, site: &SiteId, extension_number: u64, plan: i64) -> Self {
        Self {
            phone_user_id: ids.fresh(),
            extension_id: ids.fresh(),
            extension_number,
            site_id: site.clone(),
            calling_plans: vec![plan],
            numbers: Vec::new(),
            status: PhoneStatus::Activate,
            department: user.dept.clone(),
            cost_center: user.cost_center.clone(),
            emergency_address_id: ids.fresh(),
            template_id: String::new(),
            policy: serde_json::Map::new(),
            settings: serde_json::Map::new(),
            unready_reads: 0,
            flaps: false,
        }
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.unready_reads == 0
    }
}

/// A place with extensions of its own.
#[derive(Clone, Serialize)]
pub(crate) struct Site {
    pub(crate) id: SiteId,
    pub(crate) name: String,
    pub(crate) site_code: u64,
    pub(crate) country: String,
    pub(crate) country_name: String,
    pub(crate) receptionist_id: String,
    pub(crate) receptionist_extension_id: String,
}

impl Site {
    /// The whole extension number on this site for the short part of another, whole or short, number.
    pub(crate) fn extension(&self, number: u64) -> u64 {
        let short = 10_u64.pow(SHORT_EXTENSION_DIGITS);
        self.site_code * short + number % short
    }
}

/// A number of the account.
#[derive(Clone, Serialize)]
pub(crate) struct Number {
    pub(crate) id: NumberId,
    /// In E.164 form, with the plus.
    pub(crate) number: String,
    pub(crate) site_id: SiteId,
    pub(crate) location: String,
    #[serde(skip)]
    pub(crate) assignee: Option<Key>,
}

/// A calling plan that the account has subscribed to.
#[derive(Clone, Serialize)]
pub(crate) struct Plan {
    #[serde(rename = "type")]
    pub(crate) plan_type: i64,
    pub(crate) name: &'static str,
    pub(crate) subscribed: u64,
}

/// The phone side of the account.
#[derive(Default)]
pub(crate) struct Phone {
    pub(crate) users: BTreeMap<Key, PhoneUser>,
    /// The first is the main site, which always exists.
    pub(crate) sites: Vec<Site>,
    pub(crate) plans: Vec<Plan>,
    numbers: BTreeMap<Key, Number>,
    number_ids: HashMap<NumberId, Key>,
    number_texts: HashMap<String, Key>,
    extensions: HashSet<u64>,
    /// The last short extension that was given out.
    last_extension: u64,
}

/// How many digits a short extension has. Five leave room for 90,000 users on one site, more than any seed makes.
pub(crate) const SHORT_EXTENSION_DIGITS: u32 = 5;

impl Phone {
    pub(crate) fn site(&self, id: &str) -> Option<&Site> {
        self.sites.iter().find(|site| site.id.as_str() == id)
    }

    pub(crate) fn plan(&self, plan_type: i64) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.plan_type == plan_type)
    }

    /// How many users hold a plan.
    pub(crate) fn assigned(&self, plan_type: i64) -> usize {
        self.users.values().filter(|user| user.calling_plans.contains(&plan_type)).count()
    }

    pub(crate) fn numbers(&self) -> &BTreeMap<Key, Number> {
        &self.numbers
    }

    pub(crate) fn add_number(&mut self, number: Number) -> Key {
        let key = Key(u64::try_from(self.numbers.len()).unwrap_or(u64::MAX));
        self.number_ids.insert(number.id.clone(), key);
        self.number_texts.insert(number.number.clone(), key);
        self.numbers.insert(key, number);
        key
    }

    /// The number with this id.
    pub(crate) fn number(&self, id: &str) -> Option<(Key, &Number)> {
        let key = *self.number_ids.get(id)?;
        self.numbers.get(&key).map(|number| (key, number))
    }

    /// The number that reads so, with its plus.
    pub(crate) fn number_reading(&self, text: &str) -> Option<(Key, &Number)> {
        let key = *self.number_texts.get(text)?;
        self.numbers.get(&key).map(|number| (key, number))
    }

    /// Gives a number to a user, or to nobody.
    pub(crate) fn assign(&mut self, number: Key, to: Option<Key>) {
        let Some(number) = self.numbers.get_mut(&number) else { return };
        if let Some(user) = number.assignee.and_then(|before| self.users.get_mut(&before)) {
            user.numbers.retain(|id| *id != number.id);
        }
        number.assignee = to;
        if let Some(user) = to.and_then(|user| self.users.get_mut(&user)) {
            user.numbers.push(number.id.clone());
        }
    }

    /// The next free extension of a site.
    pub(crate) fn next_extension(&mut self, site_code: u64) -> u64 {
        let least = 10_u64.pow(SHORT_EXTENSION_DIGITS - 1);
        loop {
            self.last_extension = (self.last_extension + 1).max(least);
            let extension = site_code * 10_u64.pow(SHORT_EXTENSION_DIGITS) + self.last_extension;
            if !self.extensions.contains(&extension) {
                return extension;
            }
        }
    }

    pub(crate) fn is_taken(&self, extension: u64) -> bool {
        self.extensions.contains(&extension)
    }

    pub(crate) fn add_user(&mut self, key: Key, user: PhoneUser) {
        self.extensions.insert(user.extension_number);
        self.users.insert(key, user);
    }

    pub(crate) fn set_extension(&mut self, key: Key, extension: u64) {
        if let Some(user) = self.users.get_mut(&key) {
            self.extensions.remove(&user.extension_number);
            self.extensions.insert(extension);
            user.extension_number = extension;
        }
    }

    /// Every phone that is being made is there now.
    pub(crate) fn finish_provisioning(&mut self) {
        for user in self.users.values_mut() {
            (user.unready_reads, user.flaps) = (0, false);
        }
    }

    /// Takes the phone away; the numbers fall back to the inventory.
    pub(crate) fn remove_user(&mut self, key: Key) {
        let Some(user) = self.users.remove(&key) else { return };
        self.extensions.remove(&user.extension_number);
        for id in &user.numbers {
            if let Some(number) = self.number_ids.get(id).and_then(|key| self.numbers.get_mut(key)) {
                number.assignee = None;
            }
        }
    }
}
