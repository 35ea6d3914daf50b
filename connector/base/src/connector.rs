//! The trait that a connector implements, and the requests that it gets: every name in them is the
//! schema's own, every value has the schema's type, and what the schema forbids was refused before.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::attribute::NAME;
use crate::bindings::iam::connector::types as wit;
use crate::contract::{
    Adjustment, AttributeFlags, Change, ConfigurationProperty, Manifest, Operation, Plan, SearchResult, Uid,
};
use crate::cookie;
use crate::error::{Error, Result};
use crate::filter::Filter;
use crate::runtime::{Instant, now};
use crate::schema::{AttributeDef, ObjectClass, Schema};
use crate::value::{Quoted, Value};

/// A connector with a configuration.
///
/// Its operations are plain functions: they [`wait`](crate::runtime::wait) for what they ask the resource, and
/// those that ask many things at a time spawn tasks.
pub trait Connector: Sized + 'static {
    /// What it is and needs.
    fn manifest() -> Manifest;

    /// Checks a configuration and makes a connector of it, without I/O.
    fn open(properties: Vec<ConfigurationProperty>) -> Result<Self>;

    /// Its object classes, and what it does with them under this configuration.
    fn schema(&self) -> &'static Schema;

    /// Checks that the resource can be reached and takes the credentials.
    fn test(&self) -> Result<()>;

    /// Finds objects: one page of them.
    fn search(&self, query: Query) -> Result<SearchResult>;

    /// Says which calls [`Connector::search`] would make.
    fn explain(&self, query: Query) -> Result<Plan>;

    /// Creates an object.
    fn create(&self, creation: Creation) -> Result<Uid>;

    /// Changes an object; the changed uid and name, if they are others now.
    fn update(&self, update: Update) -> Result<SideEffects>;

    /// Deletes an object.
    fn delete(&self, deletion: Deletion) -> Result<()>;
}

/// What a caller says about an operation besides its subject.
#[derive(Debug, Default)]
pub struct Options {
    /// When the caller stops waiting.
    pub deadline: Option<Instant>,
    /// The connector's own options, each of which the schema lists for the operation.
    pub extra: Vec<(String, Vec<Value>)>,
}

/// What to find.
#[derive(Debug)]
pub struct Query {
    /// The object class.
    pub class: &'static ObjectClass,
    /// The condition; all objects without one.
    pub filter: Option<Filter>,
    /// The attributes that the caller wants.
    pub selection: Selection,
    /// How many objects the caller wants at a time.
    pub page_size: Option<NonZeroU32>,
    /// Where to start.
    pub start: Start,
    /// A digest of class, filter and selection: a cookie belongs to it.
    pub digest: u64,
    /// The rest.
    pub options: Options,
}

/// Where a search starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// At the first object.
    Beginning,
    /// At this object, counted from 1.
    Offset(NonZeroU32),
    /// Where this cookie says.
    Cookie(String),
}

/// The attributes that a caller wants, by the schema's names.
#[derive(Debug)]
pub struct Selection(Vec<&'static str>);

impl Selection {
    /// Whether the caller wants this one.
    pub fn wants(&self, name: &str) -> bool {
        self.0.contains(&name)
    }

    fn new(class: &ObjectClass, search: &wit::SearchOptions) -> Result<Self> {
        let is_default = |attribute: &&&AttributeDef| {
            attribute.name != NAME && !attribute.flags.contains(AttributeFlags::NOT_RETURNED_BY_DEFAULT)
        };
        let defaults = || class.attributes.iter().filter(is_default).map(|attribute| attribute.name);
        let Some(names) = &search.attributes_to_get else { return Ok(Self(defaults().collect())) };
        let mut wanted: Vec<&'static str> = Vec::new();
        for name in names {
            let attribute = class.find(name).ok_or_else(|| Error::argument(class.no_such_attribute(name)))?;
            if !attribute.flags.contains(AttributeFlags::NOT_READABLE) {
                wanted.push(attribute.name);
            }
        }
        if search.return_default_attributes {
            wanted.extend(defaults());
        }
        // In the schema's order, so that the same attributes are the same search in whichever order they come.
        let selected = |attribute: &&&AttributeDef| attribute.name != NAME && wanted.contains(&attribute.name);
        Ok(Self(class.attributes.iter().filter(selected).map(|attribute| attribute.name).collect()))
    }
}

/// What to create.
#[derive(Debug)]
pub struct Creation {
    /// The object class.
    pub class: &'static ObjectClass,
    /// The attributes that were given, without those that have no value.
    pub attributes: Vec<(&'static AttributeDef, Vec<Value>)>,
    /// The rest.
    pub options: Options,
}

impl Creation {
    /// The values of an attribute: empty where it was not given.
    pub fn values(&self, name: &str) -> &[Value] {
        self.attributes.iter().find(|(attribute, _)| attribute.name == name).map_or(&[], |(_, values)| values)
    }

    /// The text of a single-valued attribute.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values(name).first().and_then(Value::as_text)
    }
}

/// What to change.
#[derive(Debug)]
pub struct Update {
    /// The object class.
    pub class: &'static ObjectClass,
    /// The object.
    pub uid: String,
    /// The changes, at most one for each attribute.
    pub changes: Vec<(&'static AttributeDef, Change)>,
    /// The rest.
    pub options: Options,
}

/// What a change changed besides.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SideEffects {
    /// The uid, if it is another one now.
    pub uid: Option<String>,
    /// The name, if it is another one now.
    pub name: Option<String>,
}

/// What to delete.
#[derive(Debug)]
pub struct Deletion {
    /// The object class.
    pub class: &'static ObjectClass,
    /// The object.
    pub uid: String,
    /// The rest.
    pub options: Options,
}

/// The name of an operation, as the contract writes it.
pub fn operation_name(operation: Operation) -> &'static str {
    match operation {
        Operation::Validate => "validate",
        Operation::Test => "test",
        Operation::Schema => "schema",
        Operation::Get => "get",
        Operation::Search => "search",
        Operation::Create => "create",
        Operation::Update => "update",
        Operation::UpdateDelta => "update-delta",
        Operation::Delete => "delete",
        Operation::Sync => "sync",
        Operation::LiveSync => "live-sync",
        Operation::Authenticate => "authenticate",
        Operation::ResolveUsername => "resolve-username",
        Operation::ScriptOnConnector => "script-on-connector",
        Operation::ScriptOnResource => "script-on-resource",
        Operation::DiscoverConfiguration => "discover-configuration",
    }
}

impl Options {
    fn checked(schema: &Schema, operation: Operation, options: wit::Options) -> Result<Self> {
        let mut extra = Vec::new();
        for option in options.extra {
            let info = schema.option(&option.name, operation).ok_or_else(|| {
                Error::argument(format!("{} has no option {}", operation_name(operation), Quoted(&option.name)))
            })?;
            if option.values.len() > 1 && !info.multi_valued {
                return Err(Error::argument(format!("the option {} takes one value", info.name)));
            }
            let mut values = Vec::new();
            for value in option.values {
                values.push(value.converted(info.value_type).ok_or_else(|| {
                    let takes = crate::value::type_name(info.value_type);
                    Error::argument(format!("the option {} takes {takes} values", info.name))
                })?);
            }
            extra.push((info.name.clone(), values));
        }
        Ok(Self { deadline: options.deadline_ms.map(|wait| now() + Duration::from_millis(wait)), extra })
    }
}

impl Query {
    /// The query that a caller's search is.
    ///
    /// Errors: `invalid-argument` for what the schema does not have, `unsupported-operation` for sort keys.
    pub fn checked(
        schema: &'static Schema,
        object_class: &str,
        filter: Option<wit::Filter>,
        search: wit::SearchOptions,
        options: wit::Options,
    ) -> Result<Self> {
        let class = schema.class(object_class, Operation::Search)?;
        if let Some(key) = search.sort_keys.first() {
            return Err(Error::unsupported(format!("{} cannot be sorted by {}", class.name, key.name))
                .with_hint("Leave the sort keys out and sort what comes."));
        }
        let filter = filter.map(|filter| Filter::checked(filter, class)).transpose()?;
        let selection = Selection::new(class, &search)?;
        let heeded = |option: &str, number: Option<u32>| {
            number.and_then(NonZeroU32::new).filter(|_| schema.option(option, Operation::Search).is_some())
        };
        let page_size = heeded("PAGE_SIZE", search.page_size);
        let offset = heeded("PAGED_RESULTS_OFFSET", search.page_offset);
        let start = match (offset, search.page_cookie) {
            (Some(_), Some(_)) => {
                return Err(Error::argument("a search takes a page offset or a page cookie, not both"));
            }
            (Some(offset), None) => Start::Offset(offset),
            (None, Some(cookie)) => Start::Cookie(cookie),
            (None, None) => Start::Beginning,
        };
        let condition = filter.as_ref().map(Filter::fingerprint).unwrap_or_default();
        let digest = cookie::digest(&format!("{}\n{condition}\n{}", class.name, selection.0.join(",")));
        let options = Options::checked(schema, Operation::Search, options)?;
        Ok(Self { class, filter, selection, page_size, start, digest, options })
    }
}

impl Creation {
    pub(crate) fn checked(
        schema: &'static Schema,
        object_class: &str,
        attributes: Vec<wit::Attribute>,
        options: wit::Options,
    ) -> Result<Self> {
        let class = schema.class(object_class, Operation::Create)?;
        let mut accepted: Vec<(&'static AttributeDef, Vec<Value>)> = Vec::new();
        let mut named: Vec<&str> = Vec::new();
        for attribute in attributes {
            let definition = settable(class, &attribute.name, AttributeFlags::NOT_CREATABLE, "set at creation")?;
            once(&mut named, definition)?;
            let values = definition.accept(attribute.values.unwrap_or_default())?;
            if !values.is_empty() {
                accepted.push((definition, values));
            }
        }
        let missing: Vec<&str> = class
            .attributes
            .iter()
            .filter(|definition| definition.flags.contains(AttributeFlags::REQUIRED))
            .filter(|definition| {
                let given = accepted.iter().find(|(given, _)| given.name == definition.name);
                given.is_none_or(|(_, values)| values.iter().any(|value| value.as_text() == Some("")))
            })
            .map(|definition| definition.native_name.unwrap_or(definition.name))
            .collect();
        if let Some(first) = missing.first() {
            let message = format!("a new {} needs {}", class.name, missing.join(", "));
            return Err(Error::attribute(*first, message));
        }
        Ok(Self { class, attributes: accepted, options: Options::checked(schema, Operation::Create, options)? })
    }
}

impl Update {
    pub(crate) fn checked(
        schema: &'static Schema,
        object_class: &str,
        uid: Uid,
        deltas: Vec<wit::AttributeDelta>,
        options: wit::Options,
    ) -> Result<Self> {
        let class = schema.class(object_class, Operation::UpdateDelta)?;
        let mut named: Vec<&str> = Vec::new();
        let mut changes = Vec::new();
        for delta in deltas {
            let definition = settable(class, &delta.name, AttributeFlags::NOT_UPDATEABLE, "changed")?;
            once(&mut named, definition)?;
            let change = match delta.change {
                Change::Replace(values) => Change::Replace(definition.accept(values)?),
                Change::Adjust(Adjustment { add, remove }) => {
                    Change::Adjust(Adjustment { add: definition.accept(add)?, remove: definition.accept(remove)? })
                }
            };
            if definition.name == NAME && change == Change::Replace(Vec::new()) {
                return Err(Error::attribute(NAME, format!("a {} cannot be without a name", class.name)));
            }
            changes.push((definition, change));
        }
        let options = Options::checked(schema, Operation::UpdateDelta, options)?;
        Ok(Self { class, uid: identifier(uid)?, changes, options })
    }
}

impl Deletion {
    pub(crate) fn checked(
        schema: &'static Schema,
        object_class: &str,
        uid: Uid,
        options: wit::Options,
    ) -> Result<Self> {
        let class = schema.class(object_class, Operation::Delete)?;
        let options = Options::checked(schema, Operation::Delete, options)?;
        Ok(Self { class, uid: identifier(uid)?, options })
    }
}

fn identifier(uid: Uid) -> Result<String> {
    if uid.value.trim().is_empty() { Err(Error::argument("a uid is never empty")) } else { Ok(uid.value) }
}

fn settable(class: &ObjectClass, name: &str, forbidden: AttributeFlags, what: &str) -> Result<&'static AttributeDef> {
    let definition = class.find(name).ok_or_else(|| Error::attribute(name, class.no_such_attribute(name)))?;
    if definition.flags.contains(forbidden) {
        return Err(Error::attribute(definition.name, format!("{} cannot be {what}", definition.name)));
    }
    Ok(definition)
}

fn once<'a>(named: &mut Vec<&'a str>, definition: &AttributeDef) -> Result<()>
where
    'static: 'a,
{
    if named.contains(&definition.name) {
        let message = format!("{} is given more than once", definition.name);
        return Err(Error::attribute(definition.name, message));
    }
    named.push(definition.name);
    Ok(())
}
