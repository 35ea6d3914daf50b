//! Takes more and more memory when it is tested.

use kit::{Connector, Error, Properties};

struct EatsMemory;

kit::component!(EatsMemory);

impl Connector for EatsMemory {
    fn open(_: &Properties) -> Result<Self, Error> {
        Ok(Self)
    }

    fn test(&self) -> Result<(), Error> {
        let mut kept = Vec::new();
        loop {
            kept.push(std::hint::black_box(vec![1_u8; 1 << 20]));
        }
    }
}
