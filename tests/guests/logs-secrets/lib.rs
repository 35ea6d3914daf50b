//! Writes its secrets wherever it can: to its log, into its errors.

use kit::{Attribute, Connector, Error, ErrorKind, Properties, Uid, Value, error};

struct LogsSecrets {
    secret: String,
}

kit::component!(LogsSecrets);

impl Connector for LogsSecrets {
    const PROPERTIES: &[(&str, bool)] = &[("secret", true)];

    fn open(properties: &Properties) -> Result<Self, Error> {
        let secret = properties.text("secret");
        eprintln!("opened with {secret}");
        Ok(Self { secret })
    }

    fn test(&self) -> Result<(), Error> {
        let secret = &self.secret;
        eprintln!("plain {secret}");
        eprintln!("debug {secret:?}");
        eprintln!("{{\"level\":\"info\",\"message\":\"json {secret}\",\"header\":\"Bearer {secret}\"}}");
        eprint!("\u{1b}[31mred\u{1b}[0m without an end");
        println!("stdout {secret}");
        Err(Error {
            hint: Some(format!("hint {secret}")),
            done: vec![format!("done {secret}")],
            provider_code: Some(secret.clone()),
            details: vec![("detail".into(), secret.clone())],
            ..error(ErrorKind::PermissionDenied, format!("message {secret}"))
        })
    }

    /// Panics with the secret values of the attributes.
    fn create(&self, _: String, attributes: Vec<Attribute>) -> Result<Uid, Error> {
        for value in attributes.iter().flat_map(|attribute| attribute.values.iter().flatten()) {
            if let Value::Secret(secret) = value {
                panic!("created with {secret}");
            }
        }
        for _ in 0..100_000 {
            eprintln!("a line that fills the log");
        }
        Ok(Uid { value: "1".into(), revision: None, name_hint: None })
    }
}
