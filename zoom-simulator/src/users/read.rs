//! `GET /users/{id}`: everything that Zoom tells of one user. The user may be named by id, by e-mail address, as `me`,
//! or by the employee's number of the identity provider (`search_by_unique_id`).

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    call::{Answer, Call, Outcome},
    clock::Moment,
    errors::NO_USER,
    ids::{GroupId, RoleId, UserId},
    paging::Key,
    state::{
        Zoom,
        user::{ContactNumber, CustomAttribute, LoginType, Status, User, UserType, as_number},
    },
    switches::FeatureInUser,
};

#[derive(Serialize)]
struct Record<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a UserId>,
    first_name: &'a str,
    last_name: &'a str,
    display_name: &'a str,
    email: &'a str,
    #[serde(rename = "type")]
    user_type: UserType,
    status: Status,
    role_id: &'a RoleId,
    role_name: &'a str,
    account_id: &'a str,
    account_number: u64,
    pmi: u64,
    use_pmi: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    vanity_url: Option<String>,
    personal_meeting_url: String,
    timezone: &'a str,
    #[serde(serialize_with = "as_number")]
    verified: bool,
    dept: &'a str,
    job_title: &'a str,
    company: &'a str,
    location: &'a str,
    cost_center: &'a str,
    manager: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    cms_user_id: &'a str,
    language: &'a str,
    phone_country: &'a str,
    phone_number: String,
    phone_numbers: &'a [ContactNumber],
    pronouns: &'a str,
    pronouns_option: i64,
    created_at: Moment,
    user_created_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_login_time: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_client_version: Option<&'a str>,
    login_types: &'a [LoginType],
    group_ids: &'a [GroupId],
    im_group_ids: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    division_ids: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    custom_attributes: &'a [CustomAttribute],
    #[serde(skip_serializing_if = "Option::is_none")]
    employee_unique_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan_united_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zoom_one_type: Option<i64>,
    jid: String,
    cluster: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    feature: Option<Value>,
}

/// `GET /users/{id}`
pub(crate) fn read(zoom: &mut Zoom, call: &Call) -> Outcome {
    let name = call.param("id");
    let (key, user) = if call.query("search_by_unique_id") == Some("true") {
        let found = zoom.users.iter().find(|(_, user)| user.employee_unique_id.as_deref() == Some(name));
        found.ok_or_else(|| NO_USER.about(name))?
    } else {
        zoom.user(name)?
    };
    let login_type = call.query("login_type");
    if login_type.is_some_and(|wanted| !user.login_types.iter().any(|held| (*held as i64).to_string() == wanted)) {
        return Err(NO_USER.about(name));
    }
    Answer::ok(&record(zoom, key, user))
}

fn record<'a>(zoom: &'a Zoom, key: Key, user: &'a User) -> Record<'a> {
    let contact = user.phone_numbers.first();
    let has_phone = zoom.phone.users.contains_key(&key);
    Record {
        id: Some(user.id()).filter(|_| !user.is_pending() || zoom.switches.pending_id_in_user),
        first_name: &user.first_name,
        last_name: &user.last_name,
        display_name: &user.display_name,
        email: user.email().as_str(),
        user_type: user.user_type,
        status: user.status(),
        role_id: &user.role_id,
        role_name: zoom.roles.find(user.role_id.as_str()).map_or("", |role| role.name.as_str()),
        account_id: &zoom.credentials.account_id,
        account_number: zoom.account_number,
        pmi: user.pmi,
        use_pmi: user.use_pmi,
        vanity_url: user.vanity_name.as_ref().map(|name| format!("https://{CLUSTER}web.zoom.us/my/{name}")),
        personal_meeting_url: format!("https://{CLUSTER}web.zoom.us/j/{}", user.pmi),
        timezone: &user.timezone,
        verified: user.verified,
        dept: &user.dept,
        job_title: &user.job_title,
        company: &user.company,
        location: &user.location,
        cost_center: &user.cost_center,
        manager: &user.manager,
        cms_user_id: &user.cms_user_id,
        language: &user.language,
        phone_country: contact.map_or("", |contact| contact.country.as_str()),
        phone_number: contact.map_or_else(String::new, |contact| format!("{} {}", contact.code, contact.number)),
        phone_numbers: &user.phone_numbers,
        pronouns: &user.pronouns,
        pronouns_option: user.pronouns_option,
        created_at: user.created_at(zoom.now()),
        user_created_at: user.user_created_at,
        last_login_time: user.last_login_time,
        last_client_version: user.last_client_version.as_deref(),
        login_types: &user.login_types,
        group_ids: &user.group_ids,
        im_group_ids: &user.im_group_ids,
        division_ids: &user.division_ids,
        custom_attributes: &user.custom_attributes,
        employee_unique_id: user.employee_unique_id.as_deref(),
        plan_united_type: user.plan_united_type.as_deref(),
        zoom_one_type: user.zoom_one_type,
        jid: format!("{}@xmpp.zoom.us", user.id().as_str().to_lowercase()),
        cluster: CLUSTER,
        feature: match zoom.switches.feature_in_user {
            FeatureInUser::Off => None,
            FeatureInUser::Empty => Some(json!({})),
            FeatureInUser::Real => Some(json!({ "zoom_phone": has_phone })),
        },
    }
}

/// Where Zoom keeps the account, as in the examples of its documents.
const CLUSTER: &str = "us04";
