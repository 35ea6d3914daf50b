//! `DELETE /users/{id}`: takes a user out of the account. Without an action the user is *disassociated*, that is keeps a
//! free account of their own; `action=delete` is the real thing. An invitation that was not accepted can only be taken
//! back, by address and with the action `disassociate`.

use crate::{
    call::{Answer, Call, Outcome},
    errors::{self, Failure},
    paging::Key,
    state::{
        Zoom, roles,
        user::{LoginType, User},
    },
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Disassociate,
    Delete,
}

/// `DELETE /users/{id}`
pub(crate) fn delete(zoom: &mut Zoom, call: &Call) -> Outcome {
    let name = call.param("id");
    let action = match call.query("action") {
        None | Some("disassociate") => Action::Disassociate,
        Some("delete") => Action::Delete,
        Some(_) => return Err(errors::BAD_ACTION.into()),
    };
    let (key, user) = zoom.user(name)?;
    check(zoom, key, user, name, action)?;
    if let Some(heir) = call.query("transfer_email")
        && zoom.user(heir)?.0 == key
    {
        return Err(errors::TRANSFER_TO_SELF.into());
    }
    zoom.remove_user(key);
    Answer::done()
}

/// Whether a user may go in this way.
fn check(zoom: &Zoom, key: Key, user: &User, name: &str, action: Action) -> Result<(), Failure> {
    let is_manager = |name: &String| zoom.users.find(name) == Some(key);
    if user.is_pending() {
        return match action {
            Action::Disassociate if name.contains('@') => Ok(()),
            Action::Disassociate => Err(errors::NO_USER.about(name)),
            Action::Delete => Err(errors::BAD_ACTION.into()),
        };
    }
    if zoom.switches.call_queue_managers.iter().any(is_manager) {
        return Err(errors::CALL_QUEUE_MANAGER.into());
    }
    match action {
        Action::Disassociate if user.is_admin() => Err(errors::ADMIN_STAYS.into()),
        Action::Disassociate if zoom.switches.managed_domains.contains(&user.email().domain()) => {
            Err(errors::MANAGED_DOMAIN.into())
        }
        Action::Disassociate if user.login_types == [LoginType::Api] => Err(errors::API_USER_STAYS.into()),
        Action::Delete if user.role_id.as_str() == roles::OWNER => Err(errors::OWNER_STAYS.into()),
        Action::Disassociate | Action::Delete => Ok(()),
    }
}
