//! Computes without an end when it is tested.

use kit::{Connector, Error, Properties};

struct Loops;

kit::component!(Loops);

impl Connector for Loops {
    fn open(_: &Properties) -> Result<Self, Error> {
        Ok(Self)
    }

    fn test(&self) -> Result<(), Error> {
        let mut number = 0_u64;
        loop {
            number = std::hint::black_box(number).wrapping_add(1);
        }
    }
}
