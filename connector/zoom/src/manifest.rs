//! What the connector is and needs, known without a configuration.

use connector_base::contract::{
    Authentication, ClientAuthentication, FormField, FormValue, HostNeed, Manifest, Operation, ScopeNeed, TokenHeader,
    owned,
};

use crate::configuration::{ACCOUNT_ID, CLIENT_ID, CLIENT_SECRET, PROPERTIES, SCOPE, SERVICE_URL, TOKEN_URL};
use crate::schema::{GROUP, USER};

/// The version of the contract that this was built for.
const CONTRACT_VERSION: &str = "0.1.0";

/// An operation, a class or none, its classic scopes, its granular ones, and when they are needed.
type ScopeRow = (Operation, &'static str, &'static [&'static str], &'static [&'static str], &'static str);

/// The scopes of each operation: classic ones, or granular ones instead (Zoom, "OAuth scopes").
const SCOPES: &[ScopeRow] = &[
    (Operation::Test, "", &["user:read:admin"], &["user:read:user:admin"], ""),
    (Operation::Search, USER, &["user:read:admin"], &["user:read:list_users:admin", "user:read:user:admin"], ""),
    (Operation::Create, USER, &["user:write:admin"], &["user:write:user:admin"], ""),
    (Operation::UpdateDelta, USER, &["user:write:admin"], &["user:update:user:admin"], "to change fields"),
    (Operation::UpdateDelta, USER, &["user:write:admin"], &["user:update:status:admin"], "to activate and deactivate"),
    (Operation::UpdateDelta, USER, &["user:write:admin"], &["user:update:email:admin"], "to change the address"),
    (
        Operation::UpdateDelta,
        USER,
        &["group:write:admin"],
        &["group:write:member:admin", "group:delete:member:admin"],
        "to change group memberships",
    ),
    (Operation::Delete, USER, &["user:write:admin"], &["user:update:status:admin"], "if deactivateOnDelete is true"),
    (
        Operation::Delete,
        USER,
        &["user:write:admin"],
        &["user:delete:user:admin"],
        "if deactivateOnDelete is false, and for pending users",
    ),
    (
        Operation::Delete,
        USER,
        &["user:write:admin"],
        &["user:delete:token:admin"],
        "if immediateLogoutOnDeactivate is true, for updates that deactivate too",
    ),
    (Operation::Search, GROUP, &["group:read:admin"], &["group:read:list_groups:admin", "group:read:group:admin"], ""),
    (Operation::Create, GROUP, &["group:write:admin"], &["group:write:group:admin"], ""),
    (Operation::UpdateDelta, GROUP, &["group:write:admin"], &["group:update:group:admin"], ""),
    (
        Operation::Delete,
        GROUP,
        &["group:write:admin"],
        &["group:delete:group:admin"],
        "if entitlementDeletionEnabled is true",
    ),
];

/// The manifest.
pub(crate) fn manifest() -> Manifest {
    let service = || HostNeed::FromProperty(SERVICE_URL.name().to_owned());
    Manifest {
        name: "zoom".to_owned(),
        display_name: "Zoom".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        contract_version: CONTRACT_VERSION.to_owned(),
        operations: vec![
            Operation::Validate,
            Operation::Test,
            Operation::Schema,
            Operation::Get,
            Operation::Search,
            Operation::Create,
            Operation::UpdateDelta,
            Operation::Delete,
        ],
        properties: PROPERTIES.iter().map(|property| property.info()).collect(),
        hosts: vec![service(), HostNeed::FromProperty(TOKEN_URL.name().to_owned())],
        authentication: Some(Authentication {
            grant_type: "account_credentials".to_owned(),
            token_url: TOKEN_URL.name().to_owned(),
            client_id: CLIENT_ID.name().to_owned(),
            client_secret: CLIENT_SECRET.name().to_owned(),
            client_authentication: ClientAuthentication::Basic,
            form: vec![field("account_id", ACCOUNT_ID.name()), field("scope", SCOPE.name())],
            token_header: TokenHeader {
                name: "authorization".to_owned(),
                prefix: "Bearer ".to_owned(),
                hosts: vec![service()],
            },
        }),
        scopes: SCOPES.iter().map(scope).collect(),
    }
}

fn field(name: &str, property: &str) -> FormField {
    FormField { name: name.to_owned(), value: FormValue::FromProperty(property.to_owned()) }
}

fn scope((operation, class, classic, granular, condition): &ScopeRow) -> ScopeNeed {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    ScopeNeed {
        operation: *operation,
        object_classes: given(class).into_iter().collect(),
        alternatives: vec![owned(classic), owned(granular)],
        condition: given(condition),
    }
}
