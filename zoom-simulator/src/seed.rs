//! The account as it is at the start: made-up people with addresses, departments, licences and groups, the same ones
//! for the same options. Only invitations depend on the time of the start, since they run out.

mod phone;
mod words;

use std::{collections::HashMap, time::Duration};

use crate::{
    clock::{Clock, Moment},
    countries,
    email::Email,
    faults::Dice,
    ids::{GroupId, Ids, RoleId},
    limits::Limits,
    locks::Locks,
    options::{Credentials, Options},
    paging::{Key, Pages},
    state::{
        Zoom,
        groups::Groups,
        phone::Phone,
        roles::{self, Role, Roles},
        user::{ContactNumber, CustomAttribute, LoginType, Status, User, UserType},
        users::Users,
    },
    switches::Switches,
    tokens::Tokens,
};
use words::{DEPARTMENTS, FIRST_NAMES, LAST_NAMES, OFFICES, Office};

/// The first user came in January 2018.
const FIRST_DAY: i64 = 1_514_764_800;
/// And the last in June 2025.
const LAST_DAY: i64 = 1_751_241_600;
/// Nobody has logged in since December 2025.
const LAST_LOGIN: i64 = 1_767_139_200;

/// A Zoom with an account as the options describe it.
pub(crate) fn zoom(options: &Options, base_url: &str) -> Zoom {
    let mut random = fastrand::Rng::with_seed(options.seed);
    let mut ids = Ids::new(random.u64(..));
    let switches = Switches::new(options);
    let mut zoom = Zoom {
        account_number: ids.digits(8),
        users: Users::default(),
        groups: Groups::default(),
        roles: Roles::with(vec![Role {
            id: ids.fresh(),
            name: "Helpdesk".to_owned(),
            description: "Manages users and groups.".to_owned(),
        }]),
        phone: Phone::default(),
        custom_attributes: ["Badge", "Shift"].map(|name| custom_attribute(&mut ids, name)).to_vec(),
        base_url: base_url.to_owned(),
        credentials: Credentials::default(),
        clock: Clock::start(),
        tokens: Tokens::new(random.u64(..)),
        limits: Limits::default(),
        locks: Locks::default(),
        pages: Pages::new(random.u64(..)),
        dice: Dice::new(random.u64(..)),
        ids,
        defaults: switches.clone(),
        switches,
    };
    let mut seed = Seed { random, addresses: HashMap::new(), people: Vec::new(), started: zoom.now() };
    seed.users(&mut zoom, options);
    seed.groups(&mut zoom, options.groups);
    seed.phone(&mut zoom, options);
    zoom
}

fn custom_attribute(ids: &mut Ids, name: &str) -> CustomAttribute {
    let id: String = ids.fresh();
    CustomAttribute { key: format!("cbf_{id}"), name: name.to_owned(), value: String::new() }
}

/// What is at work.
struct Seed {
    random: fastrand::Rng,
    /// How many people share an address but for the number behind it.
    addresses: HashMap<String, usize>,
    /// Addresses of those made so far, for managers.
    people: Vec<String>,
    started: Moment,
}

impl Seed {
    fn users(&mut self, zoom: &mut Zoom, options: &Options) {
        let active = options.users.saturating_sub(options.inactive + options.pending);
        let mut statuses = vec![Status::Active; active.saturating_sub(1)];
        statuses.extend(vec![Status::Inactive; options.inactive]);
        statuses.extend(vec![Status::Pending; options.pending]);
        self.random.shuffle(&mut statuses);
        let helpdesk = zoom.roles.iter().last().map(|role| role.id.clone());
        for (place, status) in std::iter::once(Status::Active).chain(statuses).enumerate() {
            let mut user = self.user(zoom, status);
            if let Some(role) = role(place, status, helpdesk.as_ref()) {
                user.role_id = role;
            }
            zoom.users.insert(user);
        }
    }

    fn user(&mut self, zoom: &mut Zoom, status: Status) -> User {
        let (first, last) = (self.pick(&FIRST_NAMES), self.pick(&LAST_NAMES));
        let email = self.address(first.1, last.1);
        let created = match status {
            Status::Pending => self.started.minus(Duration::from_secs(self.random.u64(0..RECENTLY))),
            Status::Active | Status::Inactive => Moment::from_unix(self.random.i64(FIRST_DAY..LAST_DAY)),
        };
        let mut user = User::new(zoom.ids.fresh(), email, status, created);
        user.first_name = first.0.to_owned();
        user.last_name = last.0.to_owned();
        user.display_name = user.derived_name();
        self.profile(&mut user);
        self.licenses(&mut user);
        self.access(&mut user);
        // Most personal meeting ids have ten digits, newer ones eleven, and some are longer.
        user.pmi = zoom.ids.digits(match self.random.u32(0..100) {
            0..90 => 10,
            90..98 => 11,
            _ => 13,
        });
        if let (true, Some(badge)) = (self.is_one_in(10), zoom.custom_attributes.first()) {
            let value = self.random.u32(1_000..10_000).to_string();
            user.custom_attributes = vec![CustomAttribute { value, ..badge.clone() }];
        }
        self.people.push(user.email().to_string());
        user
    }

    fn profile(&mut self, user: &mut User) {
        let office = self.pick(&OFFICES);
        let (department, jobs) = self.pick(&DEPARTMENTS);
        user.location = office.city.to_owned();
        user.timezone = office.timezone.to_owned();
        user.language = office.language.to_owned();
        user.company = "Example, Inc.".to_owned();
        user.dept = (*department).to_owned();
        user.job_title = (*self.pick(jobs)).to_owned();
        user.cost_center = format!("CC-{}", self.random.u32(100..200));
        // One in eight manages others.
        user.manager = self.random.choice(self.people.iter().step_by(8)).cloned().unwrap_or_default();
        let numbers = match self.random.u32(0..100) {
            0..40 => 0,
            40..95 => 1,
            _ => 2,
        };
        let labels = ["Office", "Mobile"];
        user.phone_numbers = labels.into_iter().take(numbers).map(|label| self.contact_number(office, label)).collect();
    }

    fn contact_number(&mut self, office: &Office, label: &str) -> ContactNumber {
        ContactNumber {
            code: countries::find(office.country).map_or("", |country| country.calling_code).to_owned(),
            country: office.country.to_owned(),
            label: label.to_owned(),
            number: format!("{}5550{}", self.random.u32(201..990), self.random.u32(100..200)),
            verified: self.is_one_in(3),
        }
    }

    fn licenses(&mut self, user: &mut User) {
        // Business Plus in three regions.
        const BUNDLES: [i64; 3] = [16, 32, 64];
        user.user_type = if self.random.u32(0..100) < 45 { UserType::Basic } else { UserType::Licensed };
        if user.user_type == UserType::Licensed && self.is_one_in(5) {
            user.zoom_one_type = Some(*self.pick(&BUNDLES));
        } else if user.user_type == UserType::Licensed && self.is_one_in(20) {
            user.plan_united_type = Some("1".to_owned());
        }
        if user.status() == Status::Inactive {
            user.drop_licenses();
        }
    }

    fn access(&mut self, user: &mut User) {
        if user.is_pending() {
            return;
        }
        user.verified = true;
        user.login_types = match self.random.u32(0..20) {
            0 => vec![LoginType::Google, LoginType::WorkEmail],
            1..=3 => vec![LoginType::Sso],
            _ => vec![LoginType::WorkEmail],
        };
        if user.login_types == [LoginType::Sso] {
            user.employee_unique_id = Some(format!("E{}", self.random.u32(100_000..1_000_000)));
        }
        // One in thirty has never come.
        if !self.is_one_in(30) {
            user.last_login_time = Some(Moment::from_unix(self.random.i64(user.user_created_at.unix()..LAST_LOGIN)));
            user.last_client_version =
                Some(self.pick(&["5.17.11.34827(win)", "6.1.1.36333(mac)", "6.3.0.53000(iphone)"]).to_string());
        }
        if self.is_one_in(10) {
            user.host_key = Some(self.random.u32(100_000..1_000_000).to_string());
        }
    }

    fn groups(&mut self, zoom: &mut Zoom, count: usize) {
        let names = group_names().take(count);
        let ids: Vec<GroupId> = names
            .map(|name| {
                let id: GroupId = zoom.ids.fresh();
                zoom.groups.insert(id.clone(), name);
                id
            })
            .collect();
        let keys: Vec<Key> = zoom.users.iter().map(|(key, _)| key).collect();
        for key in keys {
            let groups = match self.random.u32(0..100) {
                0..20 => 0,
                20..70 => 1,
                70..95 => 2,
                _ => 3,
            };
            for _ in 0..groups {
                if let Some(group) = self.random.choice(&ids) {
                    zoom.join(key, group.as_str());
                }
            }
        }
    }

    /// Whether one of so many chances comes true.
    fn is_one_in(&mut self, chances: u32) -> bool {
        self.random.u32(0..chances) == 0
    }

    #[allow(clippy::indexing_slicing, reason = "the index is below the length of the array")]
    fn pick<T, const N: usize>(&mut self, things: &'static [T; N]) -> &'static T {
        &things[self.random.usize(0..N)]
    }

    /// An address that nobody has yet.
    fn address(&mut self, first: &str, last: &str) -> Email {
        let local = format!("{first}.{last}");
        let count = self.addresses.entry(local.clone()).or_default();
        *count += 1;
        let number = if *count == 1 { String::new() } else { count.to_string() };
        Email::at_example(&format!("{local}{number}"))
    }
}

/// An invitation was sent within the last twenty days, so that it lives a while longer.
const RECENTLY: u64 = 20 * 24 * 60 * 60;

/// Every fiftieth user is an admin, and as many have the custom role; never in a small account.
fn role(place: usize, status: Status, helpdesk: Option<&RoleId>) -> Option<RoleId> {
    match (place, place % 50, status) {
        (0, ..) => Some(RoleId::from(roles::OWNER.to_owned())),
        (_, 20, Status::Active) => Some(RoleId::from(roles::ADMIN.to_owned())),
        (_, 40, Status::Active) => helpdesk.cloned(),
        _ => None,
    }
}

/// Names for groups, without end: departments, departments in a city, and those with numbers.
fn group_names() -> impl Iterator<Item = String> {
    let departments = || DEPARTMENTS.iter().map(|(name, _)| (*name).to_owned());
    let in_cities = OFFICES.iter().flat_map(move |office| departments().map(|name| format!("{name} {}", office.city)));
    let numbered = (2..).flat_map(move |number| departments().map(move |name| format!("{name} {number}")));
    departments().chain(in_cities).chain(numbered)
}
