//! `POST /users`: four ways to make a user.
//!
//! | action | who may use it | the user is then |
//! |---|---|---|
//! | `create` | everybody; counts towards a daily limit | pending until the invitation is accepted; active at once only in a managed domain, by switch |
//! | `autoCreate` | accounts with a managed domain, for addresses in it | active, with a password |
//! | `custCreate` | by contract | active, but cannot log in |
//! | `ssoCreate` | where single sign-on users may be pre-provisioned | active, without a password |

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    call::{Answer, Call, Outcome},
    email::Email,
    errors::{self, Failure},
    fields::{Fields, Object},
    limits::Daily,
    paging::Key,
    state::{
        Zoom,
        user::{LoginType, Status, User, UserType},
    },
    switches::{ForeignAddressAnswer, Presence},
    users::{
        licenses::{self, Occasion, Seat},
        password,
    },
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Create,
    AutoCreate,
    CustCreate,
    SsoCreate,
}

impl Action {
    /// The exact word; other letter case is refused (PSZoom, issue 81).
    fn decode(value: &Value) -> Option<Self> {
        match value.as_str()? {
            "create" => Some(Self::Create),
            "autoCreate" => Some(Self::AutoCreate),
            "custCreate" => Some(Self::CustCreate),
            "ssoCreate" => Some(Self::SsoCreate),
            _ => None,
        }
    }
}

/// Whether a call invites somebody, which is what the daily limit counts.
pub(crate) fn invites(call: &Call) -> bool {
    call.json().is_ok_and(|body| body.get("action").and_then(Action::decode) == Some(Action::Create))
}

/// What a request asks for.
struct Wanted {
    action: Action,
    email: Email,
    user_type: UserType,
    first_name: String,
    last_name: String,
    display_name: Option<String>,
    password: Option<String>,
    plan_united_type: Option<String>,
    zoom_one_type: Option<i64>,
    zoom_phone: bool,
    division_ids: Vec<String>,
}

impl Wanted {
    fn read(call: &Call) -> Result<Self, Failure> {
        let mut fields = Fields::of(call)?;
        for required in ["action", "user_info.email", "user_info.type"] {
            fields.require(required);
        }
        let given_type =
            fields.choice("user_info.type", |value| value.as_i64().map(|number| (number, licenses::user_type(value))));
        if given_type.is_some_and(|(number, known)| known.is_none() && number != licenses::ON_PREM) {
            fields.reject("user_info.type");
        }
        let action = fields.choice("action", Action::decode);
        let email = fields.email("user_info.email");
        let united = fields.text("user_info.plan_united_type", usize::MAX);
        let (first_name, last_name) = (fields.text("user_info.first_name", 64), fields.text("user_info.last_name", 64));
        let display_name = fields.text("user_info.display_name", 128);
        let password = fields.text("user_info.password", usize::MAX);
        let zoom_one_type = fields.choice("user_info.feature.zoom_one_type", licenses::zoom_one_type);
        let zoom_phone = fields.boolean("user_info.feature.zoom_phone");
        let division_ids = fields.texts("user_info.division_ids", 1);
        let subscriptions = fields.objects("user_info.license_info_list", 2);
        fields.check()?;
        let (Some(action), Some(email), Some((_, user_type))) = (action, email, given_type) else {
            return Err(errors::VALIDATION_FAILED.into());
        };
        let user_type = user_type.ok_or(errors::ON_PREM)?;
        if united.as_deref().is_some_and(|united| !licenses::is_united_type(united)) {
            return Err(errors::BAD_UNITED_TYPE.into());
        }
        no_subscription(subscriptions.unwrap_or_default())?;
        Ok(Self {
            action,
            email,
            user_type,
            first_name: first_name.unwrap_or_default(),
            last_name: last_name.unwrap_or_default(),
            display_name: display_name.filter(|name| !name.is_empty()),
            password,
            plan_united_type: united,
            zoom_one_type,
            zoom_phone: zoom_phone.unwrap_or_default(),
            division_ids: division_ids.unwrap_or_default(),
        })
    }
}

/// Refuses a `license_info_list`: this account has no several subscriptions to choose from.
pub(crate) fn no_subscription(list: Vec<Object>) -> Result<(), Failure> {
    match list.first().map(|license| license.get("subscription_id").and_then(Value::as_str).unwrap_or_default()) {
        Some(subscription) => Err(errors::NO_SUBSCRIPTION.about(subscription)),
        None => Ok(()),
    }
}

/// `POST /users`
pub(crate) fn create(zoom: &mut Zoom, call: &Call) -> Outcome {
    let wanted = Wanted::read(call)?;
    may_be_made(zoom, &wanted)?;
    domain_is_open(zoom, &wanted.email)?;
    if zoom.users.find(&wanted.email.key()).is_some() {
        return Err(errors::EMAIL_USED.about(&wanted.email));
    }
    if wanted.email.is_one_of(&zoom.switches.foreign_addresses) {
        match zoom.switches.foreign_address_answer {
            ForeignAddressAnswer::Used => return Err(errors::EMAIL_USED.about(&wanted.email)),
            ForeignAddressAnswer::ActiveElsewhere => return Err(errors::ACTIVE_ELSEWHERE.about(&wanted.email)),
            ForeignAddressAnswer::Invited => {}
        }
    }
    let mut user = make(zoom, &wanted);
    if let Some(seat) = Seat::of(&user) {
        seat.check(zoom, Occasion::NewUser)?;
    }
    if wanted.zoom_phone && zoom.switches.seats_zoom_phone.is_some_and(|seats| zoom.phone.users.len() >= seats) {
        return Err(errors::NO_PHONE_LICENSE.into());
    }
    if wanted.action == Action::Create {
        let now = zoom.now();
        zoom.limits.spend(Daily::Invitations, &zoom.switches, now)?;
    }
    user.wants_phone = wanted.zoom_phone && user.is_pending();
    let key = zoom.users.insert(user);
    if wanted.zoom_phone && zoom.users.get(key).is_some_and(|user| !user.is_pending()) {
        zoom.enable_phone(key)?;
    }
    answer(zoom, key)
}

/// Whether the account may use this action, for this user.
fn may_be_made(zoom: &Zoom, wanted: &Wanted) -> Result<(), Failure> {
    let switches = &zoom.switches;
    match wanted.action {
        Action::Create => {}
        Action::AutoCreate => {
            if !switches.managed_domains.contains(&wanted.email.domain()) {
                return Err(errors::NO_PERMISSION.into());
            }
            let password = wanted.password.as_deref().ok_or(errors::BAD_PASSWORD_PARAMETER)?;
            password::check(password, switches).map_err(|_| errors::BAD_PASSWORD_PARAMETER)?;
        }
        Action::CustCreate if !switches.api_users => return Err(errors::ACTION_NOT_OPEN.into()),
        Action::SsoCreate if !switches.sso => return Err(errors::SSO_OFF.into()),
        Action::SsoCreate if !switches.sso_pre_provision => return Err(errors::SSO_NOT_PROVISIONED.into()),
        Action::CustCreate | Action::SsoCreate => {}
    }
    if wanted.user_type == UserType::None && wanted.action != Action::SsoCreate {
        return Err(errors::invalid_field("user_info.type"));
    }
    Ok(())
}

/// Whether users may have an address of this domain.
fn domain_is_open(zoom: &Zoom, email: &Email) -> Result<(), Failure> {
    let switches = &zoom.switches;
    if switches.blocked_domains.contains(&email.domain()) {
        return Err(errors::DOMAIN_BLOCKED.into());
    }
    within(&switches.limited_domains, email)
}

/// Whether an address is of one of these domains, if any are given.
pub(crate) fn within(domains: &[String], email: &Email) -> Result<(), Failure> {
    if domains.is_empty() || domains.contains(&email.domain()) {
        return Ok(());
    }
    Err(errors::LIMITED_DOMAINS.about_each([email, &domains.join(", ")]))
}

fn make(zoom: &mut Zoom, wanted: &Wanted) -> User {
    let switches = &zoom.switches;
    let starts_active =
        switches.managed_users_start_active && switches.managed_domains.contains(&wanted.email.domain());
    let (status, login_types) = match wanted.action {
        Action::Create if starts_active => (Status::Active, vec![LoginType::WorkEmail]),
        Action::Create => (Status::Pending, vec![LoginType::WorkEmail]),
        Action::AutoCreate => (Status::Active, vec![LoginType::WorkEmail]),
        Action::CustCreate => (Status::Active, vec![LoginType::Api]),
        Action::SsoCreate => (Status::Active, vec![LoginType::Sso]),
    };
    let mut user = User::new(zoom.ids.fresh(), wanted.email.clone(), status, zoom.clock.now());
    user.login_types = login_types;
    user.first_name.clone_from(&wanted.first_name);
    user.last_name.clone_from(&wanted.last_name);
    user.display_name = wanted.display_name.clone().unwrap_or_else(|| user.derived_name());
    user.plan_united_type.clone_from(&wanted.plan_united_type);
    user.zoom_one_type = wanted.zoom_one_type;
    // A bundle brings a meeting licence.
    let has_bundle = user.plan_united_type.is_some() || user.zoom_one_type.is_some();
    user.user_type = if has_bundle { UserType::Licensed } else { wanted.user_type };
    user.division_ids.clone_from(&wanted.division_ids);
    user.verified = wanted.action == Action::AutoCreate;
    // Ten digits, as most have.
    user.pmi = zoom.ids.digits(10);
    if wanted.action == Action::AutoCreate {
        user.password.clone_from(&wanted.password);
    }
    if wanted.action == Action::SsoCreate {
        user.employee_unique_id = Some(wanted.email.to_string());
    }
    user
}

/// The few fields that the answer has. A user who comes out pending may be shown without an id.
fn answer(zoom: &Zoom, key: Key) -> Outcome {
    let Some(user) = zoom.users.get(key) else { return Answer::done() };
    let mut body = json!({
        "id": user.id(),
        "email": user.email(),
        "first_name": user.first_name,
        "last_name": user.last_name,
        "type": user.user_type,
    });
    if let (true, Some(fields)) = (user.is_pending(), body.as_object_mut()) {
        match zoom.switches.pending_id_in_created {
            Presence::Present => {}
            Presence::Empty => drop(fields.insert("id".to_owned(), "".into())),
            Presence::Absent => drop(fields.remove("id")),
        }
    }
    Ok(Answer::json(StatusCode::CREATED, &body))
}
