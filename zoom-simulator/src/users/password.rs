//! Passwords: the rules, and `PUT /users/{id}/password`.

use crate::{
    call::{Answer, Call, Outcome},
    errors::{self, Failure},
    fields::Fields,
    state::{Zoom, user::LoginType},
    switches::Switches,
};

/// Zoom API, users, `password`: 8 to 32 characters.
const LENGTHS: std::ops::RangeInclusive<usize> = 8..=32;

/// How many characters in a row make an alphabet: Zoom's own examples, `abcdef` and `123456`, have six.
const CONSECUTIVE: usize = 6;

/// Whether a password follows the rules that every account has, and the one that some have.
pub(crate) fn check(password: &str, switches: &Switches) -> Result<(), Failure> {
    let has = |kind: fn(&char) -> bool| password.chars().any(|c| kind(&c));
    if !LENGTHS.contains(&password.chars().count()) {
        return Err(errors::PASSWORD_SHORT.about(LENGTHS.start()));
    }
    let mut characters = password.chars();
    let first = characters.next();
    let rules = [
        (characters.all(|c| Some(c) == first), errors::PASSWORD_REPEATED),
        (is_consecutive(password), errors::PASSWORD_CONSECUTIVE),
        (!has(|c| c.is_alphabetic()), errors::PASSWORD_LETTER),
        (!has(|c| c.is_numeric()), errors::PASSWORD_NUMBER),
        (!(has(|c| c.is_uppercase()) && has(|c| c.is_lowercase())), errors::PASSWORD_CASE),
        (switches.enhanced_passwords && !has(|c| !c.is_alphanumeric()), errors::PASSWORD_SPECIAL),
    ];
    match rules.into_iter().find(|(broken, _)| *broken) {
        Some((_, refusal)) => Err(refusal.into()),
        None => Ok(()),
    }
}

/// Whether so many characters follow each other as in the alphabet.
fn is_consecutive(password: &str) -> bool {
    let (mut run, mut before) = (1, None);
    password.chars().map(u32::from).any(|code| {
        run = if before == code.checked_sub(1) { run + 1 } else { 1 };
        before = Some(code);
        run >= CONSECUTIVE
    })
}

/// `PUT /users/{id}/password`
pub(crate) fn put(zoom: &mut Zoom, call: &Call) -> Outcome {
    let (key, user) = zoom.user(call.param("id"))?;
    let mut fields = Fields::of(call)?;
    fields.require("password");
    let password = fields.text("password", usize::MAX).unwrap_or_default();
    fields.check()?;
    if user.is_admin() {
        return Err(errors::ADMIN_PASSWORD.into());
    }
    if !user.login_types.contains(&LoginType::WorkEmail) {
        return Err(errors::NOT_WORK_EMAIL.into());
    }
    check(&password, &zoom.switches)?;
    if user.password.as_ref() == Some(&password) {
        return Err(errors::SAME_PASSWORD.into());
    }
    if let Some(user) = zoom.users.get_mut(key) {
        user.password = Some(password);
    }
    Answer::done()
}
