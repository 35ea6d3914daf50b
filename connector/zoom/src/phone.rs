//! Zoom Phone: between its records and attributes, and the steps that change one. Nothing here calls
//! anybody.
//!
//! | order | step | call |
//! |---|---|---|
//! | 1 | let calls through, if that is wanted | `PUT /phone/users/batch` |
//! | 2 | site and extension, in one call | `PATCH /phone/users/{id}` |
//! | 3 | one plan for another | `PUT /phone/users/{id}/calling_plans` |
//! | | other changes of plans: new ones first, since a phone user keeps at least one | `POST`, then `DELETE` for each |
//! | 4 | numbers: new ones first, but old ones first where the user would have too many | `POST`, `DELETE` for each |
//! | 5 | let no calls through, if that is wanted | `PUT /phone/users/batch` |

use connector_base::attribute::applied;
use connector_base::contract::{Adjustment, Change};
use connector_base::error::{Error, Result};
use connector_base::value::{Quoted, Value};

use crate::api::body::{Body, Field};
use crate::api::phone::{MOST_NUMBERS, PhoneNumber, PhoneStatus, PhoneUser, e164};
use crate::api::sites::Site;
use crate::schema::{
    EXTENSION_NUMBER, SITE_CODE, SITE_ID, SITE_NAME, ZOOM_PHONE_CALLING_PLANS, ZOOM_PHONE_NUMBERS, ZOOM_PHONE_STATUS,
    user_attribute,
};
use crate::steps::Step;
use crate::user::{OnPhone, PhoneSite};

/// The name of the site: unknown where the site was not read, nothing where the phone has none.
pub(crate) fn site_name(phone: &OnPhone) -> Option<Vec<Value>> {
    match &phone.site {
        PhoneSite::Read(site) => Some(vec![Value::text(site.name())]),
        PhoneSite::Named(name) => Some(vec![Value::text(name)]),
        PhoneSite::Unread => phone.user.site_id().is_none().then(Vec::new),
    }
}

/// The code of the site.
pub(crate) fn site_code(phone: &OnPhone) -> Option<Vec<Value>> {
    match &phone.site {
        PhoneSite::Read(site) => Some(site.code().map(Value::Integer).into_iter().collect()),
        PhoneSite::Named(_) | PhoneSite::Unread => phone.user.site_id().is_none().then(Vec::new),
    }
}

/// The types of the calling plans.
pub(crate) fn plans(phone: &OnPhone) -> Option<Vec<Value>> {
    Some(phone.user.plans().into_iter().map(Value::Integer).collect())
}

/// The numbers, with their plus.
pub(crate) fn numbers(phone: &OnPhone) -> Option<Vec<Value>> {
    Some(phone.user.numbers().into_iter().map(|number| Value::Text(number.number)).collect())
}

/// The same change with every number in E.164 form, so that it compares with what Zoom has.
pub(crate) fn plain_numbers(change: &Change) -> Result<Change> {
    let plain = |values: &[Value]| -> Result<Vec<Value>> {
        let mut plain = Vec::new();
        for value in values {
            let text = value.as_text().unwrap_or_default();
            // Three digits is the shortest that a number can be.
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            let strange = |byte| !matches!(byte, b'0'..=b'9' | b'+' | b' ' | b'-' | b'.' | b'(' | b')');
            if digits < 3 || text.bytes().any(strange) {
                let message = format!("{} is no telephone number", Quoted(text));
                return Err(Error::attribute(ZOOM_PHONE_NUMBERS, message).with_hint("Write it as +12015550100."));
            }
            plain.push(Value::Text(e164(text)));
        }
        Ok(plain)
    };
    Ok(match change {
        Change::Replace(values) => Change::Replace(plain(values)?),
        Change::Adjust(Adjustment { add, remove }) => {
            Change::Adjust(Adjustment { add: plain(add)?, remove: plain(remove)? })
        }
    })
}

/// What a change wants of a phone.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct Wanted {
    /// The id of the site to move to.
    pub(crate) site: Option<String>,
    pub(crate) extension: Option<String>,
    /// Plans and numbers are changes of what the phone has, which is not known before there is one.
    pub(crate) plans: Option<Change>,
    pub(crate) numbers: Option<Change>,
    pub(crate) status: Option<PhoneStatus>,
}

impl Wanted {
    /// Adds the change of an attribute of the phone, whose values are these afterwards. The site is for
    /// [`site`].
    ///
    /// Errors: `invalid-attribute-value`.
    pub(crate) fn set(&mut self, name: &'static str, change: &Change, after: &[Value]) -> Result<()> {
        let text = || after.first().and_then(Value::as_text);
        match name {
            EXTENSION_NUMBER => match text() {
                Some(extension) if !extension.is_empty() && extension.bytes().all(|byte| byte.is_ascii_digit()) => {
                    self.extension = Some(extension.to_owned());
                }
                _ => return Err(Error::attribute(name, format!("{name} is a number of digits, and not cleared"))),
            },
            ZOOM_PHONE_STATUS => match text().and_then(PhoneStatus::of) {
                Some(status) => self.status = Some(status),
                None => return Err(Error::attribute(name, format!("{name} is activate or deactivate"))),
            },
            ZOOM_PHONE_CALLING_PLANS if after.is_empty() => {
                return Err(Error::attribute(name, "a phone user keeps at least one calling plan")
                    .with_hint("Name another plan in the same update, or set ZOOM_PHONE_FEATURE to false."));
            }
            ZOOM_PHONE_CALLING_PLANS => self.plans = Some(change.clone()),
            ZOOM_PHONE_NUMBERS => self.numbers = Some(change.clone()),
            _ => {}
        }
        Ok(())
    }

    /// The attributes that it is about.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        let parts = [
            (self.status.is_some(), ZOOM_PHONE_STATUS),
            (self.site.is_some(), SITE_ID),
            (self.extension.is_some(), EXTENSION_NUMBER),
            (self.plans.is_some(), ZOOM_PHONE_CALLING_PLANS),
            (self.numbers.is_some(), ZOOM_PHONE_NUMBERS),
        ];
        parts.into_iter().filter(|(given, _)| *given).map(|(_, name)| name).collect()
    }

    /// The steps that change a phone so. What is so already takes none.
    pub(crate) fn steps(&self, phone: &PhoneUser) -> Vec<Step> {
        let mut steps = Vec::new();
        let before = phone.record().text("status").and_then(PhoneStatus::of);
        let status = self.status.filter(|status| before != Some(*status)).map(Step::PhoneStatus);
        let (first, last) = match self.status {
            Some(PhoneStatus::Activate) => (status, None),
            _ => (None, status),
        };
        steps.extend(first);
        self.profile(phone, &mut steps);
        if let Some(change) = &self.plans {
            plan_steps(change, &phone.plans(), &mut steps);
        }
        if let Some(change) = &self.numbers {
            number_steps(change, &phone.numbers(), &mut steps);
        }
        steps.extend(last);
        steps
    }

    fn profile(&self, phone: &PhoneUser, steps: &mut Vec<Step>) {
        let mut fields = Body::default();
        let mut names = Vec::new();
        if let Some(site) = self.site.as_ref().filter(|site| phone.site_id() != Some(site)) {
            fields.set("site_id", Field::Text(site.clone()));
            names.push(SITE_ID);
        }
        let before = phone.record().integer("extension_number").map(|number| number.to_string());
        // After a move the extension is another one, even where it is the same text.
        let given = self.extension.as_ref().filter(|extension| before.as_ref() != Some(extension) || !names.is_empty());
        if let Some(extension) = given {
            fields.set("extension_number", Field::Text(extension.clone()));
            names.push(EXTENSION_NUMBER);
        }
        if !names.is_empty() {
            steps.push(Step::PhoneProfile { fields, names });
        }
    }
}

fn plan_steps(change: &Change, before: &[i32], steps: &mut Vec<Step>) {
    let after = applied_to(ZOOM_PHONE_CALLING_PLANS, change, before.iter().copied().map(Value::Integer));
    let after: Vec<i32> = after
        .iter()
        .filter_map(|value| match value {
            Value::Integer(plan) => Some(*plan),
            _ => None,
        })
        .collect();
    let added: Vec<i32> = after.iter().copied().filter(|plan| !before.contains(plan)).collect();
    let removed: Vec<i32> = before.iter().copied().filter(|plan| !after.contains(plan)).collect();
    match (added.as_slice(), removed.as_slice()) {
        ([to], [from]) => steps.push(Step::SwitchPlan { from: *from, to: *to }),
        _ => {
            if !added.is_empty() {
                steps.push(Step::AddPlans(added));
            }
            steps.extend(removed.into_iter().map(Step::RemovePlan));
        }
    }
}

fn number_steps(change: &Change, before: &[PhoneNumber], steps: &mut Vec<Step>) {
    let held = before.iter().map(|number| Value::text(&number.number));
    let after = applied_to(ZOOM_PHONE_NUMBERS, change, held);
    let after: Vec<&str> = after.iter().filter_map(Value::as_text).collect();
    let is_new = |number: &&str| !before.iter().any(|held| held.number == *number);
    let added: Vec<String> = after.iter().copied().filter(is_new).map(str::to_owned).collect();
    let gone = before.iter().filter(|held| !after.contains(&held.number.as_str()));
    let mut remove = gone.cloned().map(Step::RemoveNumber);
    // No more than it takes to make room: a number that Zoom refuses should not cost the others.
    let too_many = (before.len() + added.len()).saturating_sub(MOST_NUMBERS);
    steps.extend(remove.by_ref().take(too_many));
    steps.extend(added.chunks(MOST_NUMBERS).map(|numbers| Step::AddNumbers(numbers.to_vec())));
    steps.extend(remove);
}

fn applied_to(name: &str, change: &Change, before: impl Iterator<Item = Value>) -> Vec<Value> {
    let before: Vec<Value> = before.collect();
    user_attribute(name).map_or_else(Vec::new, |row| applied(change, &row.def, &before))
}

/// The site that the given attributes name, each of them if there are several.
///
/// Errors: `invalid-attribute-value` where no site is meant, or more than one.
pub(crate) fn site(sites: &[Site], given: &[(&'static str, Value)]) -> Result<String> {
    let fits = |site: &Site| {
        given.iter().all(|(name, value)| match (*name, value) {
            (SITE_ID, Value::Text(id)) => site.id() == id,
            (SITE_NAME, Value::Text(wanted)) => site.name() == wanted,
            (SITE_CODE, Value::Integer(code)) => site.code() == Some(*code),
            _ => false,
        })
    };
    let mut found = sites.iter().filter(|site| fits(site));
    let (first, second) = (found.next(), found.next());
    let said: Vec<String> = given.iter().map(|(name, value)| format!("{name} {value:?}")).collect();
    let said = said.join(" and ");
    let wrong = |message: String, hint: String| {
        let mut error = Error::attribute(given.first().map_or(SITE_ID, |(name, _)| *name), message).with_hint(hint);
        error.attributes = given.iter().map(|(name, _)| (*name).to_owned()).collect();
        error
    };
    match (first, second) {
        (Some(site), None) => Ok(site.id().to_owned()),
        (Some(one), Some(other)) => Err(wrong(
            format!("there is more than one site with {said}"),
            format!("Name one of them by SITE_ID: {}, {}.", one.id(), other.id()),
        )),
        (None, _) => {
            // Enough to see a slip of the pen; an account can have hundreds.
            let known: Vec<&str> = sites.iter().take(10).map(Site::name).collect();
            let more = if sites.len() > known.len() { ", ..." } else { "" };
            Err(wrong(format!("there is no site with {said}"), format!("The sites are: {}{more}.", known.join(", "))))
        }
    }
}
