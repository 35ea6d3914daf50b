//! Answers of calls: contract to model.

use std::time::Duration;

use super::same_cases;
use crate::bindings::iam::connector::types as wire;
use crate::model::{
    Attribute, AttributeInfo, Authentication, ClientAuthentication, ConnectorError, ConnectorObject, ErrorKind,
    FormField, FormValue, HostNeed, Manifest, ObjectClassInfo, Operation, OperationSupport, OptionInfo, Plan,
    PlannedCall, PropertyInfo, PropertyType, Reference, Schema, ScopeNeed, SearchResult, TokenHeader, Uid, Value,
    ValueType, Values,
};
use crate::secrets::Secret;

fn all<From, To: std::convert::From<From>>(list: Vec<From>) -> Vec<To> {
    list.into_iter().map(Into::into).collect()
}

impl From<wire::Value> for Value {
    fn from(value: wire::Value) -> Self {
        match value {
            wire::Value::None => Self::None,
            wire::Value::Text(text) => Self::Text(text),
            wire::Value::Boolean(value) => Self::Boolean(value),
            wire::Value::Integer(value) => Self::Integer(value),
            wire::Value::Long(value) => Self::Long(value),
            wire::Value::Float(value) => Self::Float(value),
            wire::Value::Double(value) => Self::Double(value),
            wire::Value::Character(value) => Self::Character(value),
            wire::Value::Byte(value) => Self::Byte(value),
            wire::Value::Bytes(value) => Self::Bytes(value),
            wire::Value::Decimal(text) => Self::Decimal(text),
            wire::Value::BigInteger(text) => Self::BigInteger(text),
            wire::Value::DateTime(text) => Self::DateTime(text),
            wire::Value::Secret(text) => Self::Secret(Secret::new(text)),
            wire::Value::SecretBytes(bytes) => Self::SecretBytes(Secret::new(bytes)),
            wire::Value::Reference(reference) => Self::Reference(Reference {
                object_class: reference.object_class,
                uid: reference.uid,
                name: reference.name,
            }),
            wire::Value::Json(text) => Self::Json(text),
        }
    }
}

impl From<wire::Attribute> for Attribute {
    fn from(attribute: wire::Attribute) -> Self {
        let values = match (attribute.values, attribute.complete) {
            (None, _) => Values::Unknown,
            (Some(list), true) => Values::Complete(all(list)),
            (Some(list), false) => Values::Incomplete(all(list)),
        };
        Self { name: attribute.name, values }
    }
}

impl From<wire::Uid> for Uid {
    fn from(uid: wire::Uid) -> Self {
        Self { value: uid.value, revision: uid.revision, name_hint: uid.name_hint }
    }
}

impl From<wire::ConnectorObject> for ConnectorObject {
    fn from(object: wire::ConnectorObject) -> Self {
        Self {
            object_class: object.object_class,
            uid: object.uid.into(),
            name: object.name,
            attributes: all(object.attributes),
        }
    }
}

impl From<wire::SearchResult> for SearchResult {
    fn from(page: wire::SearchResult) -> Self {
        Self { objects: all(page.objects), next: page.next, remaining: page.remaining, complete: page.complete }
    }
}

impl From<wire::Plan> for Plan {
    fn from(plan: wire::Plan) -> Self {
        Self { calls: all(plan.calls), floor: plan.floor_ms.map(Duration::from_millis), notes: plan.notes }
    }
}

impl From<wire::PlannedCall> for PlannedCall {
    fn from(call: wire::PlannedCall) -> Self {
        Self {
            method: call.method,
            path: call.path,
            count: call.count,
            rate_label: call.rate_label,
            purpose: call.purpose,
        }
    }
}

impl From<wire::Error> for ConnectorError {
    fn from(error: wire::Error) -> Self {
        Self {
            kind: error.kind.into(),
            message: error.message,
            hint: error.hint,
            retryable: error.retryable,
            done: error.done,
            uid: error.uid.map(Into::into),
            attributes: error.attributes,
            http_status: error.http_status,
            provider_code: error.provider_code,
            request_id: error.request_id,
            retry_after: error.retry_after_ms.map(Duration::from_millis),
            details: error.details,
        }
    }
}

impl From<wire::Schema> for Schema {
    fn from(schema: wire::Schema) -> Self {
        Self {
            object_classes: all(schema.object_classes),
            operations: all(schema.operations),
            options: all(schema.options),
        }
    }
}

impl From<wire::ObjectClassInfo> for ObjectClassInfo {
    fn from(class: wire::ObjectClassInfo) -> Self {
        Self {
            name: class.name,
            uid_native_name: class.uid_native_name,
            attributes: all(class.attributes),
            description: class.description,
            container: class.container,
            auxiliary: class.auxiliary,
            embedded: class.embedded,
        }
    }
}

impl From<wire::AttributeInfo> for AttributeInfo {
    fn from(attribute: wire::AttributeInfo) -> Self {
        let has = |flag| attribute.flags.contains(flag);
        Self {
            value_type: attribute.value_type.into(),
            required: has(wire::AttributeFlags::REQUIRED),
            multi_valued: has(wire::AttributeFlags::MULTI_VALUED),
            creatable: !has(wire::AttributeFlags::NOT_CREATABLE),
            updateable: !has(wire::AttributeFlags::NOT_UPDATEABLE),
            readable: !has(wire::AttributeFlags::NOT_READABLE),
            returned_by_default: !has(wire::AttributeFlags::NOT_RETURNED_BY_DEFAULT),
            name: attribute.name,
            native_name: attribute.native_name,
            subtype: attribute.subtype,
            description: attribute.description,
            referenced_object_class: attribute.referenced_object_class,
            role_in_reference: attribute.role_in_reference,
        }
    }
}

impl From<wire::OperationSupport> for OperationSupport {
    fn from(support: wire::OperationSupport) -> Self {
        Self { operation: support.operation.into(), object_classes: support.object_classes, options: support.options }
    }
}

impl From<wire::OptionInfo> for OptionInfo {
    fn from(option: wire::OptionInfo) -> Self {
        Self {
            name: option.name,
            value_type: option.value_type.into(),
            multi_valued: option.multi_valued,
            description: option.description,
        }
    }
}

impl From<wire::Manifest> for Manifest {
    fn from(manifest: wire::Manifest) -> Self {
        Self {
            name: manifest.name,
            display_name: manifest.display_name,
            version: manifest.version,
            contract_version: manifest.contract_version,
            operations: all(manifest.operations),
            properties: all(manifest.properties),
            hosts: all(manifest.hosts),
            authentication: manifest.authentication.map(Into::into),
            scopes: all(manifest.scopes),
        }
    }
}

impl From<wire::PropertyInfo> for PropertyInfo {
    fn from(property: wire::PropertyInfo) -> Self {
        Self {
            name: property.name,
            property_type: property.property_type.into(),
            multi_valued: property.multi_valued,
            required: property.required,
            confidential: property.confidential,
            default_values: property.default_values,
            allowed_values: property.allowed_values,
            allowed_values_open: property.allowed_values_open,
            group: property.group,
            display: property.display,
            help: property.help,
            aliases: property.aliases,
            operations: all(property.operations),
        }
    }
}

impl From<wire::HostNeed> for HostNeed {
    fn from(need: wire::HostNeed) -> Self {
        match need {
            wire::HostNeed::Fixed(host) => Self::Fixed(host),
            wire::HostNeed::FromProperty(property) => Self::FromProperty(property),
        }
    }
}

impl From<wire::Authentication> for Authentication {
    fn from(authentication: wire::Authentication) -> Self {
        Self {
            grant_type: authentication.grant_type,
            token_url: authentication.token_url,
            client_id: authentication.client_id,
            client_secret: authentication.client_secret,
            client_authentication: authentication.client_authentication.into(),
            form: all(authentication.form),
            token_header: TokenHeader {
                name: authentication.token_header.name,
                prefix: authentication.token_header.prefix,
                hosts: all(authentication.token_header.hosts),
            },
        }
    }
}

impl From<wire::FormField> for FormField {
    fn from(field: wire::FormField) -> Self {
        let value = match field.value {
            wire::FormValue::Fixed(text) => FormValue::Fixed(text),
            wire::FormValue::FromProperty(property) => FormValue::FromProperty(property),
        };
        Self { name: field.name, value }
    }
}

impl From<wire::ScopeNeed> for ScopeNeed {
    fn from(need: wire::ScopeNeed) -> Self {
        Self {
            operation: need.operation.into(),
            object_classes: need.object_classes,
            alternatives: need.alternatives,
            condition: need.condition,
        }
    }
}

same_cases!(wire::ErrorKind => ErrorKind {
    AlreadyExists, UnknownUid, InvalidAttributeValue, InvalidCredential, InvalidPassword, PasswordExpired,
    PermissionDenied, Configuration, ConnectionFailed, ConnectionBroken, Io, OperationTimeout, RateLimited,
    PreconditionFailed, PreconditionRequired, UnsupportedOperation, InvalidArgument, Other,
});

same_cases!(wire::Operation => Operation {
    Validate, Test, Schema, Get, Search, Create, Update, UpdateDelta, Delete, Sync, LiveSync, Authenticate,
    ResolveUsername, ScriptOnConnector, ScriptOnResource, DiscoverConfiguration,
});

same_cases!(wire::ValueType => ValueType {
    Text, Boolean, Integer, Long, Float, Double, Character, Byte, Bytes, Decimal, BigInteger, DateTime, Secret,
    SecretBytes, Reference, Json,
});

same_cases!(wire::PropertyType => PropertyType {
    Text, Integer, Long, Float, Double, Boolean, Character, Uri, File, Script, Secret, SecretBytes,
});

same_cases!(wire::ClientAuthentication => ClientAuthentication { Basic, Form });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_survives_the_way_there_and_back() {
        let reference = Reference { object_class: Some("G".into()), uid: Some("1".into()), name: None };
        for value in [
            Value::None,
            Value::Text("ä".into()),
            Value::Boolean(true),
            Value::Integer(i32::MIN),
            Value::Long(i64::MAX),
            Value::Float(1.5),
            Value::Double(-0.25),
            Value::Character('€'),
            Value::Byte(-128),
            Value::Bytes(vec![0, 255]),
            Value::Decimal("-1.20".into()),
            Value::BigInteger("123456789012345678901234567890".into()),
            Value::DateTime("2026-01-02T03:04:05+06:00".into()),
            Value::Secret(Secret::new("s")),
            Value::SecretBytes(Secret::new([1, 2])),
            Value::Reference(reference),
            Value::Json("{}".into()),
        ] {
            assert_eq!(Value::from(wire::Value::from(&value)), value);
        }
    }

    #[test]
    fn unknown_empty_and_incomplete_values_stay_apart() {
        for values in [Values::Unknown, Values::Complete(vec![]), Values::Incomplete(vec![])] {
            let attribute = Attribute { name: "a".into(), values };
            assert_eq!(Attribute::from(wire::Attribute::from(&attribute)), attribute);
        }
    }
}
