//! The numbers of a phone user: `POST /phone/users/{id}/phone_numbers`, and `DELETE` of one of them.
//!
//! A number is named by its id or by itself, with or without the plus. In a path the plus must be percent-encoded: as it
//! is, it reads as a space, and no number is found.

use serde_json::{Value, json};

use super::{phone_user, plans::assigned, shown};
use crate::{
    call::{Answer, Call, Outcome},
    errors::{self, Failure},
    fields::{Fields, Object},
    paging::Key,
    state::{Zoom, phone::Number},
};

/// Zoom API, phone, `phone_numbers`: at most 10 at once.
const MOST_AT_ONCE: usize = 10;

/// The number that an id or a text means.
pub(super) fn find<'a>(zoom: &'a Zoom, name: &str) -> Option<(Key, &'a Number)> {
    let with_plus = || format!("+{}", name.trim_start_matches('+'));
    zoom.phone.number(name).or_else(|| zoom.phone.number_reading(&with_plus()))
}

/// Whether some numbers can become a user's, who then would have no more than a user may.
pub(super) fn check(zoom: &Zoom, key: Key, held: usize, wanted: &[String]) -> Result<Vec<Key>, Failure> {
    let mut numbers = Vec::new();
    for name in wanted {
        let (place, number) = find(zoom, name).ok_or_else(|| errors::NO_SUCH_NUMBER.about(name))?;
        match number.assignee {
            None => numbers.push(place),
            Some(holder) if holder == key => {}
            Some(_) => return Err(errors::NUMBER_TAKEN.about(&number.number)),
        }
    }
    let most = zoom.switches.phone_numbers_per_user;
    if held + numbers.len() > most { Err(errors::TOO_MANY_NUMBERS.about(most)) } else { Ok(numbers) }
}

/// `POST /phone/users/{id}/phone_numbers`: all of them or none.
pub(crate) fn assign(zoom: &mut Zoom, call: &Call) -> Outcome {
    let (key, phone) = phone_user(zoom, call, errors::BAD_USER_ID, errors::NO_NUMBER_USER)?;
    let mut fields = Fields::of(call)?;
    fields.require("phone_numbers");
    let wanted = fields.objects("phone_numbers", MOST_AT_ONCE).unwrap_or_default();
    fields.check()?;
    let text = |object: &Object, name| object.get(name).and_then(Value::as_str).map(str::to_owned);
    let wanted: Vec<_> =
        wanted.iter().filter_map(|object| text(object, "id").or_else(|| text(object, "number"))).collect();
    for number in check(zoom, key, phone.numbers.len(), &wanted)? {
        zoom.phone.assign(number, Some(key));
    }
    let numbers = wanted.iter().filter_map(|name| find(zoom, name));
    let numbers: Vec<_> =
        numbers.map(|(_, number)| json!({ "id": number.id, "number": shown(zoom, number) })).collect();
    Ok(Answer::json(assigned(zoom), &json!({ "phone_numbers": numbers })))
}

/// `DELETE /phone/users/{id}/phone_numbers/{number}`
pub(crate) fn unassign(zoom: &mut Zoom, call: &Call) -> Outcome {
    let (key, _) = phone_user(zoom, call, errors::BAD_USER_ID, errors::NO_NUMBER_USER_TO_TAKE)?;
    let has_bare_plus = call.path.rsplit('/').next().is_some_and(|number| number.contains('+'));
    let number = find(zoom, call.param("number")).filter(|(_, number)| number.assignee == Some(key) && !has_bare_plus);
    let (place, _) = number.ok_or(errors::NUMBER_NOT_HELD)?;
    zoom.phone.assign(place, None);
    Answer::done()
}
