//! Overwrites the copies of secrets that exist while a call is made.
//!
//! What the component itself keeps is beyond the host; its memory is given back with the instance.

use std::ops::Deref;

use zeroize::Zeroize;

use crate::bindings::iam::connector::types as wire;

/// Arguments of a call, whose secrets are overwritten when the call is over or given up.
pub(crate) struct Wiped<T: Wipe>(T);

impl<T: Wipe> Wiped<T> {
    pub(crate) fn new(arguments: T) -> Self {
        Self(arguments)
    }
}

impl<T: Wipe> Deref for Wiped<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Wipe> Drop for Wiped<T> {
    fn drop(&mut self) {
        self.0.wipe();
    }
}

/// Something that may hold secrets.
pub(crate) trait Wipe {
    /// Overwrites them.
    fn wipe(&mut self);
}

impl<T: Wipe> Wipe for Vec<T> {
    fn wipe(&mut self) {
        self.iter_mut().for_each(Wipe::wipe);
    }
}

impl<T: Wipe> Wipe for Option<T> {
    fn wipe(&mut self) {
        self.iter_mut().for_each(Wipe::wipe);
    }
}

impl Wipe for wire::Value {
    fn wipe(&mut self) {
        match self {
            Self::Secret(text) => text.zeroize(),
            Self::SecretBytes(bytes) => bytes.zeroize(),
            _ => {}
        }
    }
}

impl Wipe for wire::ConfigurationProperty {
    fn wipe(&mut self) {
        self.values.wipe();
    }
}

impl Wipe for wire::Attribute {
    fn wipe(&mut self) {
        self.values.wipe();
    }
}

impl Wipe for wire::AttributeDelta {
    fn wipe(&mut self) {
        match &mut self.change {
            wire::Change::Replace(values) => values.wipe(),
            wire::Change::Adjust(adjustment) => {
                adjustment.add.wipe();
                adjustment.remove.wipe();
            }
        }
    }
}

impl Wipe for wire::Options {
    fn wipe(&mut self) {
        self.run_with_password.zeroize();
        self.extra.iter_mut().for_each(|option| option.values.wipe());
    }
}
