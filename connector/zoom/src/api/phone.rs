//! Zoom Phone (Zoom API, "Phone"): the phone user, which is a user's second record under the same id.
//!
//! Switching the phone on and off is a field of the user (`feature.zoom_phone`), and in `users`.

use connector_base::cookie::digest;
use connector_base::value::Case;

use super::body::{Body, Field};
use super::client::{Call, Client};
use super::error::ZoomError;
use super::limits;
use super::page::{PHONE_PAGE_SIZE, page_of};
use super::record::{Datum, Fields, Record, Shape};
use super::users::User;

/// What Zoom documents of a phone user, as far as the connector looks at it: `GET /phone/users/{userId}`.
const FIELDS: Fields = &[
    ("id", Shape::Id),
    ("status", Shape::Text),
    ("extension_number", Shape::Integer),
    ("site_id", Shape::Text),
    ("calling_plans", Shape::Objects(&[("type", Shape::Integer)])),
    ("phone_numbers", Shape::Objects(&[("id", Shape::Text), ("number", Shape::Text)])),
    ("department", Shape::Text),
    ("cost_center", Shape::Text),
];

/// What a row of the list has besides its id or address: `GET /phone/users`. The rest is that of the record.
const SITE: Fields = &[("id", Shape::Text), ("name", Shape::Text)];
const ROW: Fields = &[
    ("id", Shape::Text),
    ("email", Shape::Text),
    ("status", Shape::Text),
    ("extension_number", Shape::Integer),
    ("site", Shape::Object(SITE)),
    ("calling_plans", Shape::Objects(&[("type", Shape::Integer)])),
    ("phone_numbers", Shape::Objects(&[("number", Shape::Text)])),
    ("department", Shape::Text),
    ("cost_center", Shape::Text),
];
static PAGE: [(&str, Shape); 3] = page_of("users", ROW);

/// How many numbers a call takes (`phone_numbers`: maxItems 10), which is also the most that the
/// documents let a user have.
pub(crate) const MOST_NUMBERS: usize = 10;

/// A phone user.
#[derive(Clone, Debug, Default)]
pub(crate) struct PhoneUser(Record);

/// A number of a phone user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PhoneNumber {
    /// Zoom's id; none where the answer has none.
    pub(crate) id: Option<String>,
    /// In E.164 form, with the plus. Zoom writes it with or without.
    pub(crate) number: String,
}

/// The phones of an account, as the list has them: one or two hundred bytes for each.
#[derive(Debug)]
pub(crate) struct Phones {
    /// The rows, packed one behind the other.
    rows: Vec<u8>,
    /// The place of each row, by the digest of what it is known by, and behind it of those with the same one. Twice as
    /// many slots as rows.
    table: Vec<Option<usize>>,
}

impl Phones {
    /// Packs a row, and says where it is.
    fn pack(mut row: Record, rows: &mut Vec<u8>) -> Option<usize> {
        // Who was given a phone and is not there yet has none that could be read.
        if row.text("status") == Some("pending") {
            return None;
        }
        if row.text("id").is_some() {
            row.remove("email");
        }
        let place = rows.len();
        row.pack(ROW, rows);
        Some(place)
    }

    /// The phones of packed rows, which are in these places.
    fn new(rows: Vec<u8>, places: &[usize]) -> Self {
        let mut phones = Self { rows, table: vec![None; 2 * places.len()] };
        for place in places {
            let Some(row) = phones.row(*place) else { continue };
            let slot = phones.slot(&key(&row));
            let (before, after) = phones.table.split_at_mut(slot);
            if let Some(free) = after.iter_mut().chain(before).find(|slot| slot.is_none()) {
                *free = Some(*place);
            }
        }
        phones
    }

    fn slot(&self, key: &str) -> usize {
        let slots = u64::try_from(self.table.len()).unwrap_or(u64::MAX).max(1);
        usize::try_from(digest(key) % slots).unwrap_or_default()
    }

    fn row(&self, place: usize) -> Option<Record> {
        Record::unpacked(ROW, &mut self.rows.get(place..)?)
    }

    fn find(&self, wanted: &str) -> Option<Record> {
        let (before, after) = self.table.split_at_checked(self.slot(wanted))?;
        let mut rows = after.iter().chain(before).map_while(|place| self.row((*place)?));
        rows.find(|row| key(row) == wanted)
    }

    /// The phone of a user, if there is one, and the name of its site.
    pub(crate) fn of(&self, user: &User) -> Option<(PhoneUser, Option<String>)> {
        let by_id = user.id().and_then(|id| self.find(id));
        let mut row = by_id.or_else(|| self.find(&Case::Ignored.fold(user.email())))?;
        let site = row.value("site").and_then(Datum::as_record).cloned().unwrap_or_default();
        if let Some(id) = site.text("id") {
            row.set("site_id", Datum::Text(id.to_owned()));
        }
        Some((PhoneUser(row), site.text("name").map(str::to_owned)))
    }
}

/// What a row is known by: its id, or the address, where it has none.
fn key(row: &Record) -> String {
    match row.text("id") {
        Some(id) => id.to_owned(),
        None => Case::Ignored.fold(row.text("email").unwrap_or_default()),
    }
}

/// Whether calls can be made and received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PhoneStatus {
    Activate,
    Deactivate,
}

impl PhoneStatus {
    /// The status that a word of Zoom's means: `activate` or `deactivate`.
    pub(crate) fn of(word: &str) -> Option<Self> {
        [Self::Activate, Self::Deactivate].into_iter().find(|status| status.as_str() == word)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Activate => "activate",
            Self::Deactivate => "deactivate",
        }
    }
}

/// A number as E.164 writes it: with a plus, and nothing but digits behind it.
pub(crate) fn e164(number: &str) -> String {
    let mut plain = String::from("+");
    plain.extend(number.chars().filter(char::is_ascii_digit));
    plain
}

fn plan_type(plan: &Datum) -> Option<i32> {
    i32::try_from(plan.as_record()?.integer("type")?).ok()
}

impl PhoneUser {
    /// The phone user that a record is.
    ///
    /// Errors: what is wrong.
    fn of(record: Record) -> Result<Self, String> {
        for plan in record.list("calling_plans") {
            if plan_type(plan).is_none() {
                return Err("a calling plan is without a type".to_owned());
            }
        }
        Ok(Self(record))
    }

    /// The fields.
    pub(crate) fn record(&self) -> &Record {
        &self.0
    }

    /// The site; none where the account has no multiple sites.
    pub(crate) fn site_id(&self) -> Option<&str> {
        self.0.text("site_id")
    }

    /// The types of the calling plans.
    pub(crate) fn plans(&self) -> Vec<i32> {
        self.0.list("calling_plans").iter().filter_map(plan_type).collect()
    }

    /// The numbers.
    pub(crate) fn numbers(&self) -> Vec<PhoneNumber> {
        let number = |entry: &Datum| {
            Some(PhoneNumber { id: entry.text("id").map(str::to_owned), number: e164(entry.text("number")?) })
        };
        self.0.list("phone_numbers").iter().filter_map(number).collect()
    }
}

impl Client {
    /// The phones of all users: `GET /phone/users`, every page of it. None has an account without Zoom Phone.
    pub(crate) async fn phones(&self) -> Result<Phones, ZoomError> {
        if self.lacks_phone() {
            return Ok(Phones::new(Vec::new(), &[]));
        }
        let (mut rows, mut places, mut unreadable) = (Vec::new(), Vec::new(), None);
        let mut take = |row: Record| match PhoneUser::of(row) {
            Ok(PhoneUser(row)) => places.extend(Phones::pack(row, &mut rows)),
            Err(detail) => unreadable = Some(detail),
        };
        match self.each(&limits::LIST_PHONE_USERS, &[], (&PAGE, PHONE_PAGE_SIZE), &mut take).await {
            Err(error) if error.is_no_phone_account() => self.note_lack_of_phone(),
            read => read?,
        }
        rows.shrink_to_fit();
        match unreadable {
            None => Ok(Phones::new(rows, &places)),
            Some(detail) => Err(ZoomError::unreadable(&limits::LIST_PHONE_USERS, &detail)),
        }
    }

    /// The phone of a user, if the user has one: `GET /phone/users/{userId}`. A user without a phone, one
    /// whose phone is still being made, and an account without Zoom Phone look alike.
    pub(crate) async fn phone_user(&self, id: &str) -> Result<Option<PhoneUser>, ZoomError> {
        // What is so for one user is so for all of the account.
        if self.lacks_phone() {
            return Ok(None);
        }
        match self.one(&limits::GET_PHONE_USER, id, FIELDS).await {
            Err(error) if error.is_no_phone_account() => {
                self.note_lack_of_phone();
                Ok(None)
            }
            record => {
                let user = record?.map(PhoneUser::of).transpose();
                user.map_err(|detail| ZoomError::unreadable(&limits::GET_PHONE_USER, &detail))
            }
        }
    }
}

impl Call {
    /// Sets site and extension: `PATCH /phone/users/{userId}`.
    pub(crate) fn update_phone_user(id: &str, fields: &Body) -> Self {
        Self::new(&limits::UPDATE_PHONE_USER, &[id]).body(fields)
    }

    /// Lets a user make and receive calls, or not: `PUT /phone/users/batch`, type `activate`.
    pub(crate) fn set_phone_status(id: &str, status: PhoneStatus) -> Self {
        let body = Body::text("batch_type", "activate")
            .with("user_ids", Field::Texts(vec![id.to_owned()]))
            .with("activation_status", Field::Text(status.as_str().to_owned()));
        Self::new(&limits::UPDATE_PHONE_USERS, &[]).body(&body)
    }

    /// Adds calling plans: `POST /phone/users/{userId}/calling_plans`.
    pub(crate) fn add_plans(id: &str, plans: &[i32]) -> Self {
        let plans = plans.iter().map(|plan| Body::default().with("type", Field::Integer((*plan).into()))).collect();
        Self::new(&limits::ADD_PLANS, &[id]).body(&Body::objects("calling_plans", plans))
    }

    /// Puts one calling plan in the place of another: `PUT /phone/users/{userId}/calling_plans`.
    pub(crate) fn switch_plan(id: &str, from: i32, to: i32) -> Self {
        let body = Body::default()
            .with("source_type", Field::Integer(from.into()))
            .with("target_type", Field::Integer(to.into()));
        Self::new(&limits::SWITCH_PLAN, &[id]).body(&body)
    }

    /// Takes a calling plan away: `DELETE /phone/users/{userId}/calling_plans/{planType}`.
    pub(crate) fn remove_plan(id: &str, plan: i32) -> Self {
        Self::new(&limits::REMOVE_PLAN, &[id, &plan.to_string()])
    }

    /// Adds numbers, [`MOST_NUMBERS`] at most: `POST /phone/users/{userId}/phone_numbers`.
    pub(crate) fn add_numbers(id: &str, numbers: &[String]) -> Self {
        let numbers = numbers.iter().map(|number| Body::text("number", number)).collect();
        Self::new(&limits::ADD_NUMBERS, &[id]).body(&Body::objects("phone_numbers", numbers))
    }

    /// Takes a number away, by its id or by itself: `DELETE /phone/users/{userId}/phone_numbers/{phoneNumberId}`.
    pub(crate) fn remove_number(id: &str, number: &PhoneNumber) -> Self {
        Self::new(&limits::REMOVE_NUMBER, &[id, number.id.as_deref().unwrap_or(&number.number)])
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::api::record::tests::read;

    /// The phone that Zoom would tell of like this.
    pub(crate) fn phone(fields: &Value) -> Result<PhoneUser, String> {
        PhoneUser::of(read(fields, FIELDS)?)
    }

    #[test]
    fn numbers_are_the_same_with_and_without_a_plus() {
        let user = json!({ "id": "u", "phone_numbers": [{ "id": "n", "number": "12015550100" }, { "number": "+1 (201) 555-0101" }] });
        let user = phone(&user).expect("a phone user");
        let numbers: Vec<_> = user.numbers().into_iter().map(|number| (number.id, number.number)).collect();
        assert_eq!(numbers, [(Some("n".into()), "+12015550100".into()), (None, "+12015550101".into())]);
    }

    /// The phones that a list with these rows has.
    pub(crate) fn phones(list: &[Value]) -> Phones {
        let mut rows = Vec::new();
        let pack = |row: &Value| Phones::pack(read(row, ROW).expect("a row"), &mut rows);
        let places: Vec<usize> = list.iter().filter_map(pack).collect();
        Phones::new(rows, &places)
    }

    #[test]
    fn a_row_of_the_list_is_found_by_id_or_address_and_is_small() {
        let row = |id: &str, email: &str| {
            json!({
                "id": id, "email": email, "status": "activate", "extension_number": 100_123,
                "site": { "id": "8f71O6rWT8KFUGQmJIFAdQ", "name": "Headquarters" },
                "calling_plans": [{ "type": 200, "name": "US/CA Unlimited" }],
                "phone_numbers": [{ "id": "---M1padRvSUtw7YihN7sA", "number": "+12015550100" }],
                "department": "Engineering", "cost_center": "CC-1000",
            })
        };
        let phones = phones(&[
            row("NOrL3m-ZTWiW4vCRGUxpzQ", "a@b.c"),
            row("", "Ada@b.c"),
            json!({ "id": "p", "status": "pending" }),
        ]);
        let user = |id: &str, email: &str| super::super::users::tests::user(&json!({ "id": id, "email": email }));
        let (phone, site) = phones.of(&user("NOrL3m-ZTWiW4vCRGUxpzQ", "x@y.z")).expect("a phone");
        assert_eq!((phone.site_id(), site.as_deref()), (Some("8f71O6rWT8KFUGQmJIFAdQ"), Some("Headquarters")));
        assert_eq!((phone.plans(), phone.numbers().len()), (vec![200], 1));
        assert!(phones.of(&user("other", "ada@b.c")).is_some());
        assert!(phones.of(&user("other", "a@b.c")).is_none() && phones.of(&user("p", "q@r.s")).is_none());
        assert!(phones.rows.len() <= 2 * 200, "{} bytes", phones.rows.len());
    }

    #[test]
    fn a_plan_without_a_type_is_an_error_and_not_one_plan_less() {
        let error = phone(&json!({ "id": "u", "calling_plans": [{ "name": "Pro" }] })).expect_err("refused");
        assert!(error.contains("calling plan"), "{error}");
    }
}
