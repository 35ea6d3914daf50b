//! Between the contract's types and ours: conversions, and the exports of a component.

use std::future::Future;
use std::marker::PhantomData;

use crate::attribute::{Attribute, ConnectorObject, NAME, UID};
use crate::bindings::exports::iam::connector::provisioning as exports;
use crate::bindings::iam::connector::types as wit;
use crate::connector::{Connector, Creation, Deletion, Query, SearchPage, SideEffects, Update};
use crate::contract::{ErrorKind, Manifest, Plan, Uid};
use crate::error::{Error, Result};

use crate::log;
use crate::runtime::{block_on, now};
use crate::value::{Secret, SecretBytes, Value};

/// The exports of the component of a connector.
#[derive(Debug)]
pub struct Exported<C>(PhantomData<C>);

/// A connector that a host holds.
#[derive(Debug)]
pub struct Opened<C>(C);

impl<C: Connector> exports::Guest for Exported<C> {
    type Connector = Opened<C>;

    fn describe() -> Manifest {
        C::manifest()
    }
}

impl<C: Connector> exports::GuestConnector for Opened<C> {
    fn open(properties: Vec<wit::ConfigurationProperty>) -> Result<exports::Connector, wit::Error> {
        let values = |list: Vec<wit::Value>| list.into_iter().map(Value::from).collect();
        let properties = properties.into_iter().map(|property| (property.name, values(property.values))).collect();
        Ok(exports::Connector::new(Self(C::open(properties)?)))
    }

    fn test(&self) -> Result<(), wit::Error> {
        Ok(run("test", "", self.0.test())?)
    }

    fn schema(&self) -> Result<wit::Schema, wit::Error> {
        Ok(C::schema().to_contract())
    }

    fn search(
        &self,
        object_class: String,
        filter: Option<wit::Filter>,
        options: wit::Options,
    ) -> Result<wit::SearchResult, wit::Error> {
        let query = Query::checked(C::schema(), &object_class, filter, options)?;
        Ok(run("search", query.class.name, self.0.search(query))?.into())
    }

    fn explain(
        &self,
        object_class: String,
        filter: Option<wit::Filter>,
        options: wit::Options,
    ) -> Result<Plan, wit::Error> {
        Ok(self.0.explain(Query::checked(C::schema(), &object_class, filter, options)?)?)
    }

    fn create(
        &self,
        object_class: String,
        attributes: Vec<wit::Attribute>,
        options: wit::Options,
    ) -> Result<Uid, wit::Error> {
        let creation = Creation::checked(C::schema(), &object_class, attributes, options)?;
        Ok(run("create", creation.class.name, self.0.create(creation))?)
    }

    fn update_delta(
        &self,
        object_class: String,
        uid: Uid,
        deltas: Vec<wit::AttributeDelta>,
        options: wit::Options,
    ) -> Result<Vec<wit::AttributeDelta>, wit::Error> {
        let update = Update::checked(C::schema(), &object_class, uid, deltas, options)?;
        Ok(run("update-delta", update.class.name, self.0.update(update))?.into())
    }

    fn delete(&self, object_class: String, uid: Uid, options: wit::Options) -> Result<(), wit::Error> {
        let deletion = Deletion::checked(C::schema(), &object_class, uid, options)?;
        Ok(run("delete", deletion.class.name, self.0.delete(deletion))?)
    }
}

/// Runs an operation to its end, and logs how it went.
fn run<T>(operation: &str, class: &str, future: impl Future<Output = Result<T>>) -> Result<T> {
    let start = now();
    let result = block_on(future)
        .unwrap_or_else(|| Err(Error::new(ErrorKind::Other, "the connector waits for something that never comes")));
    if log::enabled(log::Level::Info) {
        let took = now().since(start).as_millis().to_string();
        let outcome = result.as_ref().err().map_or("done", |error| error.message.as_str());
        log::info(operation, &[("class", class), ("outcome", outcome), ("milliseconds", &took)]);
    }
    result
}

impl From<wit::Value> for Value {
    fn from(value: wit::Value) -> Self {
        match value {
            wit::Value::None => Self::None,
            wit::Value::Text(text) => Self::Text(text),
            wit::Value::Boolean(flag) => Self::Boolean(flag),
            wit::Value::Integer(number) => Self::Integer(number),
            wit::Value::Long(number) => Self::Long(number),
            wit::Value::Float(number) => Self::Float(number),
            wit::Value::Double(number) => Self::Double(number),
            wit::Value::Character(character) => Self::Character(character),
            wit::Value::Byte(byte) => Self::Byte(byte),
            wit::Value::Bytes(bytes) => Self::Bytes(bytes),
            wit::Value::Decimal(number) => Self::Decimal(number),
            wit::Value::BigInteger(number) => Self::BigInteger(number),
            wit::Value::DateTime(moment) => Self::DateTime(moment),
            wit::Value::Secret(text) => Self::Secret(Secret::new(text)),
            wit::Value::SecretBytes(bytes) => Self::SecretBytes(SecretBytes(bytes)),
            wit::Value::Reference(reference) => Self::Reference(reference),
            wit::Value::Json(json) => Self::Json(json),
        }
    }
}

impl From<Value> for wit::Value {
    fn from(value: Value) -> Self {
        match value {
            Value::None => Self::None,
            Value::Text(text) => Self::Text(text),
            Value::Boolean(flag) => Self::Boolean(flag),
            Value::Integer(number) => Self::Integer(number),
            Value::Long(number) => Self::Long(number),
            Value::Float(number) => Self::Float(number),
            Value::Double(number) => Self::Double(number),
            Value::Character(character) => Self::Character(character),
            Value::Byte(byte) => Self::Byte(byte),
            Value::Bytes(bytes) => Self::Bytes(bytes),
            Value::Decimal(number) => Self::Decimal(number),
            Value::BigInteger(number) => Self::BigInteger(number),
            Value::DateTime(moment) => Self::DateTime(moment),
            Value::Secret(secret) => Self::Secret(secret.reveal().to_owned()),
            Value::SecretBytes(bytes) => Self::SecretBytes(bytes.0),
            Value::Reference(reference) => Self::Reference(reference),
            Value::Json(json) => Self::Json(json),
        }
    }
}

impl From<Attribute> for wit::Attribute {
    fn from(attribute: Attribute) -> Self {
        let values = attribute.values.map(|values| values.into_iter().map(wit::Value::from).collect());
        Self { name: attribute.name.to_owned(), values, complete: true }
    }
}

impl From<ConnectorObject> for wit::ConnectorObject {
    fn from(object: ConnectorObject) -> Self {
        Self {
            object_class: object.object_class.to_owned(),
            uid: crate::attribute::uid(object.uid),
            name: object.name,
            attributes: object.attributes.into_iter().map(wit::Attribute::from).collect(),
        }
    }
}

impl From<SearchPage> for wit::SearchResult {
    fn from(page: SearchPage) -> Self {
        let objects = page.objects.into_iter().map(wit::ConnectorObject::from).collect();
        Self { objects, next: page.next, remaining: page.remaining, complete: true }
    }
}

impl From<SideEffects> for Vec<wit::AttributeDelta> {
    fn from(effects: SideEffects) -> Self {
        let replaced = |name: &str, value: Option<String>| {
            value.map(|value| wit::AttributeDelta {
                name: name.to_owned(),
                change: wit::Change::Replace(vec![wit::Value::Text(value)]),
            })
        };
        replaced(UID, effects.uid).into_iter().chain(replaced(NAME, effects.name)).collect()
    }
}
