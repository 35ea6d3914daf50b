//! What the guests share: the contract's bindings, and a trait in which everything has a default, so
//! that a guest says only how it misbehaves.

use std::marker::PhantomData;

pub mod bindings {
    //! The contract.

    wit_bindgen::generate!({
        path: "../../../wit",
        world: "connector",
        pub_export_macro: true,
    });
}

pub use bindings::exports::iam::connector::provisioning::GuestConnector;
pub use bindings::iam::connector::types::*;

/// A connector of which only the interesting part is written.
pub trait Connector: Sized + 'static {
    /// The properties that `describe` lists: name and whether it is confidential.
    const PROPERTIES: &[(&str, bool)] = &[];

    /// The properties whose URL names a host that the connector needs.
    const HOSTS: &[&str] = &[];

    fn open(properties: &Properties) -> Result<Self, Error>;

    fn test(&self) -> Result<(), Error> {
        Ok(())
    }

    fn schema(&self) -> Result<Schema, Error> {
        Ok(Schema { object_classes: vec![], operations: vec![], options: vec![] })
    }

    fn search(
        &self,
        _class: String,
        _filter: Option<Filter>,
        _search: SearchOptions,
        _options: Options,
    ) -> Result<SearchResult, Error> {
        Err(unsupported())
    }

    fn create(&self, _class: String, _attributes: Vec<Attribute>) -> Result<Uid, Error> {
        Err(unsupported())
    }

    fn update(&self, _class: String, _uid: Uid, _deltas: Vec<AttributeDelta>) -> Result<Vec<Attribute>, Error> {
        Err(unsupported())
    }

    fn delete(&self, _class: String, _uid: Uid) -> Result<(), Error> {
        Err(unsupported())
    }
}

/// The properties that a connector was opened with.
pub struct Properties(Vec<ConfigurationProperty>);

impl Properties {
    /// The first value of a property, secret or not; empty where there is none.
    pub fn text(&self, name: &str) -> String {
        let property = self.0.iter().find(|property| property.name == name);
        match property.and_then(|property| property.values.first()) {
            Some(Value::Text(text) | Value::Secret(text)) => text.clone(),
            _ => String::new(),
        }
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|property| property.name.as_str())
    }
}

pub fn error(kind: ErrorKind, message: impl Into<String>) -> Error {
    Error {
        kind,
        message: message.into(),
        hint: None,
        retryable: false,
        done: vec![],
        uid: None,
        attributes: vec![],
        http_status: None,
        provider_code: None,
        request_id: None,
        retry_after_ms: None,
        details: vec![],
    }
}

pub fn unsupported() -> Error {
    error(ErrorKind::UnsupportedOperation, "this guest does not do that")
}

/// An object that consists of texts.
pub fn object(class: &str, uid: &str, texts: &[(&str, String)]) -> ConnectorObject {
    let attribute = |(name, text): &(&str, String)| Attribute {
        name: (*name).into(),
        values: Some(vec![Value::Text(text.clone())]),
        complete: true,
    };
    ConnectorObject {
        object_class: class.into(),
        uid: Uid { value: uid.into(), revision: None, name_hint: None },
        name: uid.into(),
        attributes: texts.iter().map(attribute).collect(),
    }
}

/// A page that is the last.
pub fn last_page(objects: Vec<ConnectorObject>) -> SearchResult {
    SearchResult { objects, next: None, remaining: Some(0), complete: true }
}

/// The component that a connector makes.
pub struct Component<T>(PhantomData<T>);

/// An open connector.
pub struct Opened<T>(T);

impl<T: Connector> bindings::exports::iam::connector::provisioning::Guest for Component<T> {
    type Connector = Opened<T>;

    fn describe() -> Manifest {
        Manifest {
            name: "guest".into(),
            display_name: "Guest".into(),
            version: "0.1.0".into(),
            contract_version: "0.1.0".into(),
            operations: vec![],
            properties: T::PROPERTIES.iter().map(|&(name, confidential)| property(name, confidential)).collect(),
            hosts: T::HOSTS.iter().map(|&name| HostNeed::FromProperty(name.into())).collect(),
            authentication: None,
            scopes: vec![],
        }
    }
}

fn property(name: &str, confidential: bool) -> PropertyInfo {
    PropertyInfo {
        name: name.into(),
        property_type: if confidential { PropertyType::Secret } else { PropertyType::Text },
        multi_valued: false,
        required: false,
        confidential,
        default_values: vec![],
        allowed_values: vec![],
        allowed_values_open: false,
        group: None,
        display: name.into(),
        help: String::new(),
        aliases: vec![format!("guest.{name}")],
        operations: vec![],
    }
}

impl<T: Connector> GuestConnector for Opened<T> {
    fn open(
        properties: Vec<ConfigurationProperty>,
    ) -> Result<bindings::exports::iam::connector::provisioning::Connector, Error> {
        let opened = Opened(T::open(&Properties(properties))?);
        Ok(bindings::exports::iam::connector::provisioning::Connector::new(opened))
    }

    fn test(&self) -> Result<(), Error> {
        self.0.test()
    }

    fn schema(&self) -> Result<Schema, Error> {
        self.0.schema()
    }

    fn search(
        &self,
        class: String,
        filter: Option<Filter>,
        search: SearchOptions,
        options: Options,
    ) -> Result<SearchResult, Error> {
        self.0.search(class, filter, search, options)
    }

    fn explain(&self, class: String, _: Option<Filter>, _: SearchOptions, _: Options) -> Result<Plan, Error> {
        let call = PlannedCall {
            method: "GET".into(),
            path: format!("/{class}"),
            count: Some(1),
            rate_label: None,
            purpose: "the page".into(),
        };
        Ok(Plan { calls: vec![call], floor_ms: Some(250), notes: vec![] })
    }

    fn create(&self, class: String, attributes: Vec<Attribute>, _: Options) -> Result<Uid, Error> {
        self.0.create(class, attributes)
    }

    fn update_delta(
        &self,
        class: String,
        uid: Uid,
        deltas: Vec<AttributeDelta>,
        _: Options,
    ) -> Result<Vec<Attribute>, Error> {
        self.0.update(class, uid, deltas)
    }

    fn delete(&self, class: String, uid: Uid, _: Options) -> Result<(), Error> {
        self.0.delete(class, uid)
    }
}

/// Makes a component of a connector.
#[macro_export]
macro_rules! component {
    ($connector:ty) => {
        type Component = $crate::Component<$connector>;
        $crate::bindings::export!(Component with_types_in $crate::bindings);
    };
}
