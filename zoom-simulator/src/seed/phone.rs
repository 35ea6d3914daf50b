//! The phone side of the account: sites in the cities of the offices, extensions, numbers and plans.

use std::collections::BTreeSet;

use super::{Seed, words::OFFICES};
use crate::{
    countries,
    ids::{NumberId, SiteId},
    options::Options,
    paging::Key,
    state::{
        Zoom,
        phone::{Number, Phone, PhoneStatus, PhoneUser, Plan, Site},
        user::Status,
    },
};

/// The plans that the account has subscribed to, as Zoom calls them (Zoom API, phone calling plans).
const PLANS: [(i64, &str); 7] = [
    (3000, "Zoom Phone Pro"),
    (200, "US/CA Unlimited Calling Plan"),
    (100, "US/CA Metered Calling Plan"),
    (202, "UK/IR Unlimited Calling Plan"),
    (3010, "Zoom Phone Basic"),
    (4000, "International Calling Add-on"),
    (4010, "Zoom Phone Power Pack"),
];

/// How many numbers lie in stock beside those of users: one for every five phone users, and these.
const STOCK: usize = 20;

impl Seed {
    pub(super) fn phone(&mut self, zoom: &mut Zoom, options: &Options) {
        sites(zoom, options.sites.max(1));
        // Enough for everybody there is, and for half as many again.
        let subscribed = u64::try_from(options.users + options.users / 2 + 10).unwrap_or(u64::MAX);
        zoom.phone.plans = PLANS.map(|(plan_type, name)| Plan { plan_type, name, subscribed }).to_vec();
        let mut active: Vec<Key> =
            zoom.users.iter().filter(|(_, user)| user.status() == Status::Active).map(|(key, _)| key).collect();
        self.random.shuffle(&mut active);
        for key in active.into_iter().take(options.phone_users).collect::<BTreeSet<_>>() {
            self.phone_user(zoom, key);
        }
        for _ in 0..STOCK + options.phone_users / 5 {
            if let Some(site) = self.random.choice(&zoom.phone.sites).map(|site| site.id.clone()) {
                number(zoom, site);
            }
        }
    }

    fn phone_user(&mut self, zoom: &mut Zoom, key: Key) {
        let site = self.random.choice(&zoom.phone.sites).map(|site| (site.id.clone(), site.site_code));
        let Some((user, (site_id, site_code))) = zoom.users.get(key).zip(site) else { return };
        let (extension, plan) = (zoom.phone.next_extension(site_code), *self.pick(&[3000, 200, 100]));
        let mut phone_user = PhoneUser::new(&mut zoom.ids, user, &site_id, extension, plan);
        if self.is_one_in(10) {
            phone_user.calling_plans.push(4000);
        }
        if self.is_one_in(40) {
            phone_user.status = PhoneStatus::Deactivate;
        }
        zoom.phone.add_user(key, phone_user);
        let numbers = match self.random.u32(0..100) {
            0..5 => 0,
            5..95 => 1,
            _ => 2,
        };
        for _ in 0..numbers {
            let number = number(zoom, site_id.clone());
            zoom.phone.assign(number, Some(key));
        }
    }
}

/// The main site, and others in the cities of the offices.
fn sites(zoom: &mut Zoom, count: usize) {
    for (place, office) in OFFICES.iter().cycle().take(count).enumerate() {
        let name = match (place, place / OFFICES.len()) {
            (0, _) => "Main Site".to_owned(),
            (_, 0) => office.city.to_owned(),
            (_, again) => format!("{} {}", office.city, again + 1),
        };
        zoom.phone.sites.push(Site {
            id: zoom.ids.fresh(),
            name,
            // Three digits, as many as a hundred sites and more need.
            site_code: 101 + u64::try_from(place).unwrap_or_default(),
            country: office.country.to_owned(),
            country_name: countries::find(office.country).map_or("", |country| country.name).to_owned(),
            receptionist_id: zoom.ids.fresh(),
            receptionist_extension_id: zoom.ids.fresh(),
        });
    }
}

/// Another number of the inventory.
fn number(zoom: &mut Zoom, site_id: SiteId) -> Key {
    let id: NumberId = zoom.ids.fresh();
    let number = text(&zoom.phone);
    let location = "San Jose, California, United States".to_owned();
    zoom.phone.add_number(Number { id, number, site_id, location, assignee: None })
}

/// North American numbers that belong to nobody: 555-0100 and the following, in one area after the other.
fn text(phone: &Phone) -> String {
    /// Area codes begin with 201 and end with 989.
    const AREAS: usize = 789;
    let place = phone.numbers().len();
    format!("+1{}555{:04}", 201 + place % AREAS, 100 + place / AREAS)
}
