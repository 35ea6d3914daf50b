//! A connector as it should be: things in memory.
//!
//! | class | what it is for |
//! |---|---|
//! | `Thing` | one attribute of each type; create, search with pages and filters, update, delete |
//! | `Echo` | a search answers its own arguments: attributes `filter`, `options`, `properties` |
//! | `error KIND` | a search fails with an error of this kind that has every field filled |

use std::cell::RefCell;

use kit::{
    Attribute, AttributeDelta, AttributeFlags, AttributeInfo, Change, Comparison, Connector, ConnectorObject, Error,
    ErrorKind, Filter, FilterNode, ObjectClassInfo, Operation, OperationSupport, OptionInfo, Options, Properties,
    Schema, SearchOptions, SearchResult, Uid, Value, ValueType, error, last_page, object, unsupported,
};

struct WellBehaved {
    properties: String,
    things: RefCell<Vec<ConnectorObject>>,
}

kit::component!(WellBehaved);

/// One attribute of each type; those called `MANY_...` have several values.
const ATTRIBUTES: &[(&str, ValueType)] = &[
    ("TEXT", ValueType::Text),
    ("MANY_TEXTS", ValueType::Text),
    ("FLAG", ValueType::Boolean),
    ("NUMBER", ValueType::Integer),
    ("MANY_NUMBERS", ValueType::Integer),
    ("LONG", ValueType::Long),
    ("FLOAT", ValueType::Float),
    ("DOUBLE", ValueType::Double),
    ("CHARACTER", ValueType::Character),
    ("BYTE", ValueType::Byte),
    ("BYTES", ValueType::Bytes),
    ("DECIMAL", ValueType::Decimal),
    ("BIG", ValueType::BigInteger),
    ("WHEN", ValueType::DateTime),
    ("__PASSWORD__", ValueType::Secret),
    ("SECRET_BYTES", ValueType::SecretBytes),
    ("OWNER", ValueType::Reference),
    ("DOCUMENT", ValueType::Json),
];

impl Connector for WellBehaved {
    const PROPERTIES: &[(&str, bool)] = &[("serviceUrl", false), ("clientSecret", true), ("count", false)];
    const HOSTS: &[&str] = &["serviceUrl"];

    fn open(properties: &Properties) -> Result<Self, Error> {
        let known = |name: &str| Self::PROPERTIES.iter().any(|(property, _)| *property == name);
        if let Some(unknown) = properties.names().find(|name| !known(name)) {
            return Err(error(ErrorKind::Configuration, format!("there is no property {unknown}")));
        }
        let count = properties.text("count").parse().unwrap_or(0_u32);
        let things = (1..=count)
            .map(|number| object("Thing", &format!("id-{number}"), &[("TEXT", format!("text {number}"))]))
            .collect();
        let properties = properties.names().collect::<Vec<_>>().join(" ");
        Ok(Self { properties, things: RefCell::new(things) })
    }

    fn schema(&self) -> Result<Schema, Error> {
        let class = |name: &str, attributes| ObjectClassInfo {
            name: name.into(),
            uid_native_name: Some(format!("{}_ID", name.to_uppercase())),
            attributes,
            description: None,
            container: false,
            auxiliary: false,
            embedded: false,
        };
        let mut things = vec![info("__NAME__", ValueType::Text, Some("LABEL"))];
        things.extend(ATTRIBUTES.iter().map(|&(name, value_type)| info(name, value_type, None)));
        let option =
            OptionInfo { name: "DEPTH".into(), value_type: ValueType::Integer, multi_valued: false, description: None };
        let search = OperationSupport {
            operation: Operation::Search,
            object_classes: vec!["Thing".into()],
            options: vec!["DEPTH".into(), "PAGE_SIZE".into()],
        };
        let echo = vec![
            info("__NAME__", ValueType::Text, None),
            info("TEXT", ValueType::Text, None),
            info("NUMBER", ValueType::Integer, None),
        ];
        Ok(Schema {
            object_classes: vec![class("Thing", things), class("Echo", echo)],
            operations: vec![search],
            options: vec![option],
        })
    }

    fn search(
        &self,
        class: String,
        filter: Option<Filter>,
        search: SearchOptions,
        options: Options,
    ) -> Result<SearchResult, Error> {
        if let Some(kind) = class.strip_prefix("error ") {
            return Err(full_error(kind));
        }
        match class.as_str() {
            "Echo" => {
                let echoed = [
                    ("filter", format!("{filter:?}")),
                    ("options", format!("{search:?} {options:?}")),
                    ("properties", self.properties.clone()),
                ];
                Ok(last_page(vec![object("Echo", "echo", &echoed)]))
            }
            "Thing" => self.page(filter.as_ref(), &search),
            _ => Err(error(ErrorKind::InvalidArgument, format!("there is no object class {class}"))),
        }
    }

    fn create(&self, class: String, attributes: Vec<Attribute>) -> Result<Uid, Error> {
        let mut things = self.things.borrow_mut();
        let name = attributes.iter().find(|attribute| attribute.name == "__NAME__").and_then(first_text);
        let name = name.ok_or_else(|| error(ErrorKind::InvalidAttributeValue, "__NAME__ is required"))?;
        if let Some(other) = things.iter().find(|thing| thing.name == name) {
            let uid = Some(other.uid.clone());
            return Err(Error { uid, ..error(ErrorKind::AlreadyExists, format!("there is a {class} {name} already")) });
        }
        let uid = Uid { value: format!("id-{}", things.len() + 1), revision: None, name_hint: None };
        let attributes = attributes.into_iter().filter(|attribute| attribute.name != "__NAME__").collect();
        things.push(ConnectorObject { object_class: class, uid: uid.clone(), name, attributes });
        Ok(uid)
    }

    fn update(&self, _: String, uid: Uid, deltas: Vec<AttributeDelta>) -> Result<Vec<Attribute>, Error> {
        let mut things = self.things.borrow_mut();
        let thing = things.iter_mut().find(|thing| thing.uid.value == uid.value).ok_or_else(unknown)?;
        let mut effects = vec![];
        for delta in deltas {
            if delta.name == "__NAME__" {
                if let Change::Replace(values) = delta.change
                    && let Some(Value::Text(name)) = values.first()
                {
                    thing.name = name.clone();
                    effects.push(Attribute { name: delta.name, values: Some(values), complete: true });
                }
            } else {
                apply(&mut thing.attributes, delta);
            }
        }
        Ok(effects)
    }

    fn delete(&self, _: String, uid: Uid) -> Result<(), Error> {
        let mut things = self.things.borrow_mut();
        let position = things.iter().position(|thing| thing.uid.value == uid.value).ok_or_else(unknown)?;
        things.remove(position);
        Ok(())
    }
}

impl WellBehaved {
    /// The cookie is the number of objects that come before.
    fn page(&self, filter: Option<&Filter>, options: &SearchOptions) -> Result<SearchResult, Error> {
        let things = self.things.borrow();
        let mut found = vec![];
        for thing in things.iter() {
            if filter.is_none_or(|filter| holds(&filter.nodes, filter.nodes.len() - 1, thing)) {
                found.push(thing);
            }
        }
        let before = match (&options.page_cookie, options.page_offset) {
            (Some(cookie), _) => cookie.parse().map_err(|_| error(ErrorKind::InvalidArgument, "no such cookie"))?,
            (None, Some(offset)) => offset as usize - 1,
            (None, None) => 0,
        };
        let size = options.page_size.map_or(10, |size| size as usize);
        let after = before.saturating_add(size).min(found.len());
        let remaining = found.len() - after;
        Ok(SearchResult {
            objects: found.iter().skip(before).take(size).map(|thing| (*thing).clone()).collect(),
            next: (remaining > 0).then(|| after.to_string()),
            remaining: u32::try_from(remaining).ok(),
            complete: true,
        })
    }
}

fn holds(nodes: &[FilterNode], at: usize, thing: &ConnectorObject) -> bool {
    let operand = |at: &u32| holds(nodes, *at as usize, thing);
    match &nodes[at] {
        FilterNode::And(operands) => operands.iter().all(operand),
        FilterNode::Or(operands) => operands.iter().any(operand),
        FilterNode::Not(at) => !operand(at),
        FilterNode::Test(test) => {
            let wanted = match test.values.first() {
                Some(Value::Text(text)) => Some(text.clone()),
                _ => None,
            };
            let found = match test.name.as_str() {
                "__UID__" | "THING_ID" => Some(thing.uid.value.clone()),
                "__NAME__" | "LABEL" => Some(thing.name.clone()),
                name => text_of(thing, name),
            };
            match test.comparison {
                Comparison::Equals => found == wanted,
                Comparison::StartsWith => found.zip(wanted).is_some_and(|(found, wanted)| found.starts_with(&wanted)),
                _ => false,
            }
        }
    }
}

fn text_of(thing: &ConnectorObject, name: &str) -> Option<String> {
    thing.attributes.iter().find(|attribute| attribute.name == name).and_then(first_text)
}

fn first_text(attribute: &Attribute) -> Option<String> {
    match attribute.values.as_ref()?.first()? {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn apply(attributes: &mut Vec<Attribute>, delta: AttributeDelta) {
    let position = attributes.iter().position(|attribute| attribute.name == delta.name).unwrap_or_else(|| {
        attributes.push(Attribute { name: delta.name.clone(), values: Some(vec![]), complete: true });
        attributes.len() - 1
    });
    let values = attributes[position].values.get_or_insert_default();
    match delta.change {
        Change::Replace(new) => *values = new,
        Change::Adjust(adjustment) => {
            let gone: Vec<_> = adjustment.remove.iter().map(|value| format!("{value:?}")).collect();
            values.retain(|value| !gone.contains(&format!("{value:?}")));
            values.extend(adjustment.add);
        }
    }
}

fn unknown() -> Error {
    error(ErrorKind::UnknownUid, "there is no such thing")
}

fn full_error(kind: &str) -> Error {
    let kind = match kind {
        "already-exists" => ErrorKind::AlreadyExists,
        "unknown-uid" => ErrorKind::UnknownUid,
        "invalid-attribute-value" => ErrorKind::InvalidAttributeValue,
        "invalid-credential" => ErrorKind::InvalidCredential,
        "invalid-password" => ErrorKind::InvalidPassword,
        "password-expired" => ErrorKind::PasswordExpired,
        "permission-denied" => ErrorKind::PermissionDenied,
        "configuration" => ErrorKind::Configuration,
        "connection-failed" => ErrorKind::ConnectionFailed,
        "connection-broken" => ErrorKind::ConnectionBroken,
        "io" => ErrorKind::Io,
        "operation-timeout" => ErrorKind::OperationTimeout,
        "rate-limited" => ErrorKind::RateLimited,
        "precondition-failed" => ErrorKind::PreconditionFailed,
        "precondition-required" => ErrorKind::PreconditionRequired,
        "unsupported-operation" => return unsupported(),
        "invalid-argument" => ErrorKind::InvalidArgument,
        _ => ErrorKind::Other,
    };
    Error {
        kind,
        message: "it did not work".into(),
        hint: Some("try something else".into()),
        retryable: true,
        done: vec!["the first step".into()],
        uid: Some(Uid { value: "id-1".into(), revision: Some("7".into()), name_hint: Some("one".into()) }),
        attributes: vec!["TEXT".into()],
        http_status: Some(418),
        provider_code: Some("3001".into()),
        request_id: Some("r-1".into()),
        retry_after_ms: Some(1500),
        details: vec![("detail".into(), "more".into())],
    }
}

fn info(name: &str, value_type: ValueType, native: Option<&str>) -> AttributeInfo {
    let many = if name.starts_with("MANY_") { AttributeFlags::MULTI_VALUED } else { AttributeFlags::empty() };
    AttributeInfo {
        name: name.into(),
        value_type,
        flags: many,
        native_name: native.map(Into::into),
        subtype: None,
        description: None,
        referenced_object_class: None,
        role_in_reference: None,
    }
}
