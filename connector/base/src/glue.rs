//! Between the contract's types and ours: conversions, and the exports of a component.

use std::marker::PhantomData;

use crate::attribute::{NAME, UID, attribute};
use crate::bindings::exports::iam::connector::provisioning as exports;
use crate::bindings::iam::connector::types as wit;
use crate::connector::{Connector, Creation, Deletion, Query, SideEffects, Update};
use crate::contract::{Manifest, Plan, Uid};
use crate::error::{Error, Result};

use crate::log;
use crate::runtime::{Instant, now};
use crate::value::Value;

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
        Ok(exports::Connector::new(Self(C::open(properties)?)))
    }

    fn test(&self) -> Result<(), wit::Error> {
        Ok(run("test", "", || self.0.test())?)
    }

    fn schema(&self) -> Result<wit::Schema, wit::Error> {
        Ok(self.0.schema().to_contract())
    }

    fn search(
        &self,
        object_class: String,
        filter: Option<wit::Filter>,
        search: wit::SearchOptions,
        options: wit::Options,
    ) -> Result<wit::SearchResult, wit::Error> {
        let query = Query::checked(self.0.schema(), &object_class, filter, search, options)?;
        Ok(run("search", query.class.name, || self.0.search(query))?)
    }

    fn explain(
        &self,
        object_class: String,
        filter: Option<wit::Filter>,
        search: wit::SearchOptions,
        options: wit::Options,
    ) -> Result<Plan, wit::Error> {
        Ok(self.0.explain(Query::checked(self.0.schema(), &object_class, filter, search, options)?)?)
    }

    fn create(
        &self,
        object_class: String,
        attributes: Vec<wit::Attribute>,
        options: wit::Options,
    ) -> Result<Uid, wit::Error> {
        let creation = Creation::checked(self.0.schema(), &object_class, attributes, options)?;
        Ok(run("create", creation.class.name, || self.0.create(creation))?)
    }

    fn update_delta(
        &self,
        object_class: String,
        uid: Uid,
        deltas: Vec<wit::AttributeDelta>,
        options: wit::Options,
    ) -> Result<Vec<wit::Attribute>, wit::Error> {
        let update = Update::checked(self.0.schema(), &object_class, uid, deltas, options)?;
        Ok(run("update-delta", update.class.name, || self.0.update(update))?.into())
    }

    fn delete(&self, object_class: String, uid: Uid, options: wit::Options) -> Result<(), wit::Error> {
        let deletion = Deletion::checked(self.0.schema(), &object_class, uid, options)?;
        Ok(run("delete", deletion.class.name, || self.0.delete(deletion))?)
    }
}

/// Runs an operation, and logs how it went.
fn run<T>(operation: &str, class: &str, run: impl FnOnce() -> Result<T>) -> Result<T> {
    let start = now();
    let result = run();
    ended(operation, class, start, result.as_ref().err());
    result
}

fn ended(operation: &str, class: &str, start: Instant, error: Option<&Error>) {
    if log::enabled(log::Level::Info) {
        let took = log::milliseconds(now().since(start));
        let outcome = error.map_or("done", |error| error.message.as_str());
        log::info(operation, &[("class", class), ("outcome", outcome), ("milliseconds", &took)]);
    }
}

impl From<SideEffects> for Vec<wit::Attribute> {
    fn from(effects: SideEffects) -> Self {
        let changed = |name: &str, value: Option<String>| value.map(|value| attribute(name, vec![Value::Text(value)]));
        changed(UID, effects.uid).into_iter().chain(changed(NAME, effects.name)).collect()
    }
}
