//! Licences and seats. A user is basic, licensed, or has a bundle (Zoom United, Zoom Workplace), which makes licensed
//! too; the rest take no seat. Active and pending users hold seats, deactivated ones do not.
//!
//! What is refused when none is left depends on the licence and on what was to happen:
//!
//! | | new user | change of a user | activation |
//! |---|---|---|---|
//! | basic | 2033, or 3412 by switch | 2033, or 3412 | 2033, or 3412 |
//! | licensed | 2034 | 2034 | |
//! | bundle | 2038 | 2038 | |
//! | basic, because a bundle ends | | 2039 | |

use serde_json::Value;

use crate::{
    errors::{self, Failure},
    state::{
        Zoom,
        user::{Status, User, UserType},
    },
};

/// A kind of seat.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seat {
    Basic,
    Licensed,
    Bundle,
}

/// What a seat is asked for.
#[derive(Clone, Copy)]
pub(crate) enum Occasion {
    NewUser,
    Change,
    Activation,
    EndOfUnited,
    EndOfZoomOne,
}

impl Seat {
    /// The seat that a user holds, if any.
    pub(crate) fn of(user: &User) -> Option<Self> {
        match user.user_type {
            _ if user.plan_united_type.is_some() || user.zoom_one_type.is_some() => Some(Self::Bundle),
            UserType::Basic => Some(Self::Basic),
            UserType::Licensed => Some(Self::Licensed),
            UserType::Unassigned | UserType::None => None,
        }
    }

    /// Whether one is free, or the refusal.
    pub(crate) fn check(self, zoom: &Zoom, occasion: Occasion) -> Result<(), Failure> {
        use Occasion::*;
        let switches = &zoom.switches;
        let seats = match self {
            Self::Basic => switches.seats_basic,
            Self::Licensed => switches.seats_licensed,
            Self::Bundle => switches.seats_bundles,
        };
        let Some(seats) = seats else { return Ok(()) };
        let holds = |user: &User| user.status() != Status::Inactive && Self::of(user) == Some(self);
        if zoom.users.iter().filter(|(_, user)| holds(user)).count() < seats {
            return Ok(());
        }
        let refusal = match (self, occasion, switches.basic_seats_code_3412) {
            (_, EndOfUnited, _) => errors::NO_BASIC_FOR_UNITED,
            (_, EndOfZoomOne, _) => errors::NO_BASIC_FOR_ZOOM_ONE,
            (Self::Basic, NewUser, false) => errors::NO_SEAT_TO_ADD_BASIC,
            (Self::Basic, NewUser, true) => errors::NO_SEAT_TO_ADD_BASIC_2,
            (Self::Basic, Change, false) => errors::NO_SEAT_TO_BE_BASIC,
            (Self::Basic, Change, true) => errors::NO_SEAT_TO_BE_BASIC_2,
            (Self::Basic, Activation, false) => errors::NO_SEAT_TO_ACTIVATE,
            (Self::Basic, Activation, true) => errors::NO_SEAT_TO_ACTIVATE_2,
            (Self::Licensed, NewUser, _) => errors::NO_SEAT_TO_ADD,
            (Self::Licensed, ..) => errors::NO_SEAT_TO_CONVERT,
            (Self::Bundle, NewUser, _) => errors::NO_SEAT_TO_ADD_BUNDLE,
            (Self::Bundle, ..) => errors::NO_SEAT_FOR_BUNDLE,
        };
        Err(refusal.about(seats))
    }
}

/// Decodes a `type` that may be given to a user.
pub(crate) fn user_type(value: &Value) -> Option<UserType> {
    value.as_i64().and_then(UserType::from_number)
}

/// The type that Zoom no longer has, on-prem, which it still has a refusal for.
pub(crate) const ON_PREM: i64 = 3;

/// Whether a text is a `plan_united_type`: a power of two from 1 to 131072 (Zoom API, users).
pub(crate) fn is_united_type(text: &str) -> bool {
    text.parse().is_ok_and(|number: u32| number.is_power_of_two() && number <= 131_072)
}

/// The exponents of the powers of two that are a `zoom_one_type` which can be given: Business Plus, Enterprise Premier
/// and Pro Plus, then the education plans (Zoom API, users). 4 and 8 can only be read.
const ZOOM_ONE_BITS: [u32; 24] =
    [4, 5, 6, 7, 25, 27, 28, 29, 30, 42, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 54, 56, 57, 59];

/// Decodes a `zoom_one_type`. The documents show the three greatest as JavaScript rounds them (72057594037927940 for
/// 2^56); both spellings are taken and mean the same.
pub(crate) fn zoom_one_type(value: &Value) -> Option<i64> {
    const ROUNDED: [(i64, u32); 3] =
        [(72_057_594_037_927_940, 56), (144_115_188_075_855_870, 57), (576_460_752_303_423_500, 59)];
    let number = value.as_i64()?;
    let rounded = ROUNDED.into_iter().find(|(shown, _)| *shown == number).map(|(_, bit)| 1_i64 << bit);
    ZOOM_ONE_BITS.into_iter().map(|bit| 1_i64 << bit).find(|known| *known == rounded.unwrap_or(number))
}
