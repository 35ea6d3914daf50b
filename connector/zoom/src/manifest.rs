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

const PHONE_READ: &[&str] = &["phone:read:user:admin", "phone:read:list_users:admin", "phone:read:list_sites:admin"];
const PHONE_WRITE: &[&str] = &[
    "user:update:user:admin",
    "phone:read:user:admin",
    "phone:read:list_sites:admin",
    "phone:update:user:admin",
    "phone:update:batch_users:admin",
    "phone:write:calling_plan:admin",
    "phone:update:calling_plan:admin",
    "phone:delete:users_calling_plan:admin",
    "phone:write:user_number:admin",
    "phone:delete:user_number:admin",
];
const PHONE_WRITE_CLASSIC: &[&str] = &["user:write:admin", "phone:read:admin", "phone:write:admin"];
const PEOPLE_READ: &[&str] =
    &["group:read:list_members:admin", "group:read:administrator:admin", "user:read:user:admin"];
const PEOPLE_READ_CLASSIC: &[&str] = &["group:read:admin", "user:read:admin"];
const PEOPLE_WRITE: &[&str] = &[
    "group:write:member:admin",
    "group:delete:member:admin",
    "group:write:administrator:admin",
    "group:delete:administrator:admin",
];
const USER_WRITE: &[&str] = &["user:write:admin"];
const GROUP_WRITE: &[&str] = &["group:write:admin"];
const GROUPS_OF_USER: &[&str] =
    &["group:write:member:admin", "group:update:member:admin", "group:delete:member:admin", "user:update:user:admin"];
const GROUPS_OF_USER_CLASSIC: &[&str] = &["group:write:admin", "user:write:admin"];

/// The scopes of each operation: classic ones, or granular ones instead (Zoom, "OAuth scopes").
const SCOPES: &[ScopeRow] = &[
    (Operation::Test, "", &["user:read:admin"], &["user:read:user:admin"], ""),
    (Operation::Search, USER, &["user:read:admin"], &["user:read:list_users:admin", "user:read:user:admin"], ""),
    (Operation::Search, USER, &["phone:read:admin"], PHONE_READ, "to read the phone: unless zoomPhone is false"),
    (Operation::Create, USER, USER_WRITE, &["user:write:user:admin", "user:read:user:admin"], ""),
    (Operation::Create, USER, USER_WRITE, &["user:update:status:admin"], "to create a user disabled"),
    (
        Operation::Create,
        USER,
        GROUPS_OF_USER_CLASSIC,
        &["group:write:member:admin", "user:update:user:admin"],
        "to put the user into groups",
    ),
    (Operation::Create, USER, PHONE_WRITE_CLASSIC, PHONE_WRITE, "to set up the phone"),
    (Operation::UpdateDelta, USER, USER_WRITE, &["user:update:user:admin", "user:read:user:admin"], "to change fields"),
    (Operation::UpdateDelta, USER, USER_WRITE, &["user:update:status:admin"], "to activate and deactivate"),
    (Operation::UpdateDelta, USER, USER_WRITE, &["user:update:email:admin"], "to change the address"),
    (Operation::UpdateDelta, USER, USER_WRITE, &["user:update:password:admin"], "to change the password"),
    (Operation::UpdateDelta, USER, GROUPS_OF_USER_CLASSIC, GROUPS_OF_USER, "to change group memberships"),
    (
        Operation::UpdateDelta,
        USER,
        &["role:write:admin"],
        &["role:read:list_roles:admin", "role:write:member:admin", "role:delete:member:admin"],
        "to change the role",
    ),
    (Operation::UpdateDelta, USER, PHONE_WRITE_CLASSIC, PHONE_WRITE, "to change the phone"),
    (Operation::Delete, USER, USER_WRITE, &["user:read:user:admin"], ""),
    (Operation::Delete, USER, USER_WRITE, &["user:update:status:admin"], "if deactivateOnDelete is true"),
    (
        Operation::Delete,
        USER,
        USER_WRITE,
        &["user:delete:user:admin"],
        "if deactivateOnDelete is false, and for pending users",
    ),
    (
        Operation::Delete,
        USER,
        USER_WRITE,
        &["user:delete:token:admin"],
        "if immediateLogoutOnDeactivate is true, for updates that deactivate too",
    ),
    (Operation::Search, GROUP, &["group:read:admin"], &["group:read:list_groups:admin", "group:read:group:admin"], ""),
    (Operation::Search, GROUP, PEOPLE_READ_CLASSIC, PEOPLE_READ, "for MEMBERS and ADMINS"),
    (Operation::Create, GROUP, GROUP_WRITE, &["group:read:list_groups:admin", "group:write:group:admin"], ""),
    (
        Operation::Create,
        GROUP,
        GROUP_WRITE,
        &["group:write:member:admin", "group:write:administrator:admin"],
        "for MEMBERS and ADMINS",
    ),
    (
        Operation::UpdateDelta,
        GROUP,
        GROUP_WRITE,
        &["group:read:group:admin", "group:update:group:admin", "group:read:list_groups:admin"],
        "",
    ),
    (Operation::UpdateDelta, GROUP, PEOPLE_READ_CLASSIC, PEOPLE_READ, "for MEMBERS and ADMINS"),
    (Operation::UpdateDelta, GROUP, GROUP_WRITE, PEOPLE_WRITE, "for MEMBERS and ADMINS"),
    (Operation::Delete, GROUP, GROUP_WRITE, &["group:delete:group:admin"], "if entitlementDeletionEnabled is true"),
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
