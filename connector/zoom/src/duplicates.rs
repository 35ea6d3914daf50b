//! Names that are taken: by an object of the account, which is told then, or outside of it.

use connector_base::error::{Error, ErrorKind};
use connector_base::runtime::wait;
use connector_base::value::{Case, Quoted};

use crate::api::{Client, ZoomError};
use crate::read::find_group;
use crate::schema::{GROUP, USER};
use crate::user::uid;

/// Whether Zoom refuses a name because there is one already: an address (1005, 1009), a group's (4132).
pub(crate) fn is_taken(error: &ZoomError) -> bool {
    matches!(error.code(), Some(1005 | 1009 | 4132))
}

/// The error of an address that Zoom refuses: with the uid of the user who has it, or, where the account
/// has no such user, about one who is outside of it.
pub(crate) fn address_taken(client: &Client, email: &str, refused: ZoomError) -> Error {
    match wait(client.user_with_address(email)) {
        Ok(Some(holder)) => already_exists(&format!("a {USER} with the address {email}"), uid(&holder)),
        Ok(None) => {
            let mut error = Error::from(refused);
            error.message = format!("the address {email} exists outside this account ({})", error.message);
            error
        }
        Err(error) => error.into(),
    }
}

/// The error of a group's name that Zoom refuses, with the uid of the group that has it.
pub(crate) fn name_taken(client: &Client, name: &str, refused: ZoomError) -> Error {
    match find_group(client, name, Case::Ignored) {
        Ok(Some(holder)) => already_exists(&format!("a {GROUP} named {}", Quoted(name)), &holder),
        Ok(None) => refused.into(),
        Err(error) => error,
    }
}

/// The error of an object that exists.
pub(crate) fn already_exists(what: &str, existing: &str) -> Error {
    Error::new(ErrorKind::AlreadyExists, format!("there is {what} already")).with_uid(existing)
}
