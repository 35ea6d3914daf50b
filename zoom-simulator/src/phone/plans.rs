//! Calling plans: those of a phone user (`POST`, `PUT` and `DELETE /phone/users/{id}/calling_plans`) and those that the
//! account has subscribed to (`GET /phone/calling_plans`, and `GET /phone/plans`, which is deprecated).
//!
//! A phone user keeps at least one plan, so a new one must come before the old one goes; or both at once with `PUT`.

use http::StatusCode;
use serde_json::{Value, json};

use super::phone_user;
use crate::{
    call::{Answer, Call, Outcome},
    errors::{self, Failure},
    fields::Fields,
    state::{Zoom, phone::Plan},
};

/// Zoom Phone Basic, of which there are always enough (Terraform's provider).
const BASIC: i64 = 3010;

/// Zoom API, phone, `POST /phone/users/{userId}/calling_plans`: at most 150 at once.
const MOST_AT_ONCE: usize = 150;

/// Decodes a plan's type, which may be sent as text (Terraform's provider does).
fn plan_type(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// How many of a plan the account has, and how many of those users hold.
fn seats(zoom: &Zoom, plan: &Plan) -> (u64, u64) {
    let assigned = u64::try_from(zoom.phone.assigned(plan.plan_type)).unwrap_or(u64::MAX);
    let seats = zoom.switches.seats_calling_plans.get(&plan.plan_type.to_string());
    // Without a switch there is always one more.
    (seats.copied().unwrap_or(plan.subscribed.max(assigned + 1)), assigned)
}

/// A plan that one more user can have.
fn available(zoom: &Zoom, plan_type: i64) -> Result<i64, Failure> {
    let plan = zoom.phone.plan(plan_type).ok_or(errors::BAD_PLAN)?;
    let (seats, assigned) = seats(zoom, plan);
    if plan_type == BASIC || assigned < seats { Ok(plan_type) } else { Err(errors::NO_PLAN_LEFT.into()) }
}

/// The plan with this name, if one more user can have it.
pub(super) fn available_by_name(zoom: &Zoom, name: &str) -> Result<i64, Failure> {
    let plan = zoom.phone.plans.iter().find(|plan| plan.name == name).ok_or(errors::BAD_PLAN)?;
    available(zoom, plan.plan_type)
}

/// `POST /phone/users/{id}/calling_plans`
pub(crate) fn assign(zoom: &mut Zoom, call: &Call) -> Outcome {
    let (key, phone) = phone_user(zoom, call, errors::BAD_USER_ID, errors::NO_PLAN_USER)?;
    let mut fields = Fields::of(call)?;
    fields.require("calling_plans");
    let wanted = fields.objects("calling_plans", MOST_AT_ONCE).unwrap_or_default();
    fields.check()?;
    let mut plans = Vec::new();
    for plan in wanted {
        let plan = plan.get("type").and_then(plan_type).ok_or(errors::BAD_PLAN)?;
        if !phone.calling_plans.contains(&plan) && !plans.contains(&plan) {
            plans.push(available(zoom, plan)?);
        }
    }
    if let Some(phone) = zoom.phone.users.get_mut(&key) {
        phone.calling_plans.extend(plans);
    }
    Ok(Answer::empty(assigned(zoom)))
}

/// The status of an assignment that succeeded.
pub(super) fn assigned(zoom: &Zoom) -> StatusCode {
    StatusCode::from_u16(zoom.switches.phone_assigned_status).unwrap_or(StatusCode::CREATED)
}

/// `PUT /phone/users/{id}/calling_plans`: one plan for another.
pub(crate) fn switch(zoom: &mut Zoom, call: &Call) -> Outcome {
    let (key, phone) = phone_user(zoom, call, errors::BAD_USER_ID, errors::NO_PLAN_USER)?;
    let mut fields = Fields::of(call)?;
    fields.require("source_type");
    fields.require("target_type");
    let (source, target) = (fields.choice("source_type", plan_type), fields.choice("target_type", plan_type));
    fields.check()?;
    let (Some(source), Some(target)) = (source, target) else { return Err(errors::BAD_PLAN.into()) };
    if !phone.calling_plans.contains(&source) {
        return Err(errors::SOURCE_PLAN_NOT_HELD.into());
    }
    if !phone.calling_plans.contains(&target) {
        available(zoom, target)?;
    }
    if let Some(phone) = zoom.phone.users.get_mut(&key) {
        phone.calling_plans.retain(|plan| ![source, target].contains(plan));
        phone.calling_plans.push(target);
    }
    Answer::done()
}

/// `DELETE /phone/users/{id}/calling_plans/{type}`
pub(crate) fn unassign(zoom: &mut Zoom, call: &Call) -> Outcome {
    let (key, phone) = phone_user(zoom, call, errors::BAD_USER_ID, errors::NO_PLAN_USER)?;
    let plan = call.param("type").parse().ok().filter(|plan| phone.calling_plans.contains(plan));
    let plan = plan.ok_or(errors::PLAN_NOT_HELD)?;
    if phone.calling_plans.len() == 1 {
        return Err(errors::LAST_PLAN.into());
    }
    if let Some(phone) = zoom.phone.users.get_mut(&key) {
        phone.calling_plans.retain(|held| *held != plan);
    }
    Answer::done()
}

fn rows(zoom: &Zoom) -> Vec<Value> {
    let row = |plan: &Plan| {
        let (subscribed, assigned) = seats(zoom, plan);
        json!({
            "type": plan.plan_type,
            "name": plan.name,
            "subscribed": subscribed,
            "assigned": assigned,
            "available": subscribed.saturating_sub(assigned),
        })
    };
    zoom.phone.plans.iter().map(row).collect()
}

/// `GET /phone/calling_plans`
pub(crate) fn list(zoom: &mut Zoom, _: &Call) -> Outcome {
    Answer::ok(&json!({ "calling_plans": rows(zoom) }))
}

/// `GET /phone/plans`: the same, and how many numbers there are.
pub(crate) fn list_with_numbers(zoom: &mut Zoom, _: &Call) -> Outcome {
    let (subscribed, assigned) =
        (zoom.phone.numbers().len(), zoom.phone.numbers().values().filter(|number| number.assignee.is_some()).count());
    let numbers = json!([{
        "name": "US/CA Included Phone Numbers",
        "subscribed": subscribed,
        "assigned": assigned,
        "available": subscribed - assigned,
    }]);
    Answer::ok(&json!({ "calling_plans": rows(zoom), "phone_numbers": numbers }))
}
