//! From the contract's generated types to the model and back: nothing is decided here, apart from what
//! the table in `model/mod.rs` says.

mod incoming;
mod outgoing;
mod wipe;

pub(crate) use outgoing::properties;
pub(crate) use wipe::Wiped;

/// Two enums with the same cases, converted into one another.
macro_rules! same_cases {
    ($wire:ty => $model:ty { $($case:ident),+ $(,)? }) => {
        impl From<$wire> for $model {
            fn from(case: $wire) -> Self {
                match case { $(<$wire>::$case => Self::$case),+ }
            }
        }
    };
}
use same_cases;
