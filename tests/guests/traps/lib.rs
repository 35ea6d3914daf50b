//! Traps when it is tested, and tells instances apart: the schema's only class is named after the number
//! of calls that this instance has had.

use std::cell::Cell;

use kit::{Connector, Error, ObjectClassInfo, Properties, Schema};

struct Traps {
    calls: Cell<u32>,
    in_open: bool,
}

kit::component!(Traps);

impl Connector for Traps {
    const PROPERTIES: &[(&str, bool)] = &[("trapIn", false)];

    fn open(properties: &Properties) -> Result<Self, Error> {
        let in_open = properties.text("trapIn") == "open";
        assert!(!in_open, "trapped while it was opened");
        Ok(Self { calls: Cell::new(0), in_open })
    }

    fn test(&self) -> Result<(), Error> {
        assert!(self.in_open, "the reason for the trap");
        Ok(())
    }

    fn schema(&self) -> Result<Schema, Error> {
        self.calls.set(self.calls.get() + 1);
        let class = ObjectClassInfo {
            name: format!("call {}", self.calls.get()),
            uid_native_name: None,
            attributes: vec![],
            description: None,
            container: false,
            auxiliary: false,
            embedded: false,
        };
        Ok(Schema { object_classes: vec![class], operations: vec![], options: vec![] })
    }
}
