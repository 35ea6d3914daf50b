//! What a connector is and needs, known without a configuration.

use serde::Serialize;

use super::Operation;

/// What a connector is and needs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The connector's name, unique among connectors.
    pub name: String,
    /// What it connects to, for a person.
    pub display_name: String,
    /// The connector's version.
    pub version: String,
    /// The version of the contract that it was built for.
    pub contract_version: String,
    /// The operations that it supports.
    pub operations: Vec<Operation>,
    /// Its configuration, in the order in which a form should show it.
    pub properties: Vec<PropertyInfo>,
    /// The hosts that it must be able to reach.
    pub hosts: Vec<HostNeed>,
    /// How it logs in.
    pub authentication: Option<Authentication>,
    /// What it must be allowed at the provider, for each operation.
    pub scopes: Vec<ScopeNeed>,
}

impl Manifest {
    /// The property with this name or alias, in any letter case.
    pub fn property(&self, name: &str) -> Option<&PropertyInfo> {
        self.properties.iter().find(|property| {
            std::iter::once(&property.name).chain(&property.aliases).any(|known| known.eq_ignore_ascii_case(name))
        })
    }
}

/// One configuration property.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PropertyInfo {
    /// Its name.
    pub name: String,
    /// The type of its values.
    pub property_type: PropertyType,
    /// May have several values.
    pub multi_valued: bool,
    /// Must be given.
    pub required: bool,
    /// Its value must not be shown.
    pub confidential: bool,
    /// What holds where it is not given.
    pub default_values: Vec<String>,
    /// The values it may have; empty: any of its type.
    pub allowed_values: Vec<String>,
    /// `allowed_values` are proposals, others are taken too.
    pub allowed_values_open: bool,
    /// The heading that it belongs under, for a person.
    pub group: Option<String>,
    /// What it is called, for a person.
    pub display: String,
    /// What it does, for a person.
    pub help: String,
    /// Other names under which it is accepted.
    pub aliases: Vec<String>,
    /// The operations that it is needed for; empty: all.
    pub operations: Vec<Operation>,
}

impl PropertyInfo {
    /// Whether its value is handed over as a secret and never shown.
    pub fn is_secret(&self) -> bool {
        self.confidential || matches!(self.property_type, PropertyType::Secret | PropertyType::SecretBytes)
    }
}

/// The type of a configuration property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PropertyType {
    /// A string.
    Text,
    /// A 32-bit signed integer.
    Integer,
    /// A 64-bit signed integer.
    Long,
    /// A 32-bit floating point number.
    Float,
    /// A 64-bit floating point number.
    Double,
    /// A boolean.
    Boolean,
    /// One Unicode scalar value.
    Character,
    /// A URI (RFC 3986).
    Uri,
    /// The content of a file.
    File,
    /// A script.
    Script,
    /// A text that is not shown.
    Secret,
    /// Bytes that are not shown.
    SecretBytes,
}

/// A host that the connector must reach.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HostNeed {
    /// This one: `host` or `host:port`, over https.
    Fixed(String),
    /// The one in the URL that this configuration property holds.
    FromProperty(String),
}

/// How a connector logs in: a request of a token (RFC 6749) and the place where it goes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Authentication {
    /// The `grant_type` of the token request.
    pub grant_type: String,
    /// The property that holds the URL of the token endpoint.
    pub token_url: String,
    /// The property that holds the client id.
    pub client_id: String,
    /// The property that holds the client secret.
    pub client_secret: String,
    /// How the client shows who it is.
    pub client_authentication: ClientAuthentication,
    /// The further fields of the token request.
    pub form: Vec<FormField>,
    /// Where the token goes.
    pub token_header: TokenHeader,
}

/// How a client shows the token endpoint who it is (RFC 6749, section 2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientAuthentication {
    /// HTTP Basic.
    Basic,
    /// Fields `client_id` and `client_secret` of the form.
    Form,
}

/// A field of the token request.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FormField {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: FormValue,
}

/// The value of a field of the token request.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormValue {
    /// This text.
    Fixed(String),
    /// The value of this configuration property.
    FromProperty(String),
}

/// Where a token goes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TokenHeader {
    /// The header.
    pub name: String,
    /// What stands before the token.
    pub prefix: String,
    /// The hosts that may see it.
    pub hosts: Vec<HostNeed>,
}

/// What a connector must be allowed at the provider.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScopeNeed {
    /// The operation that needs it.
    pub operation: Operation,
    /// The object classes that it is about; empty: all.
    pub object_classes: Vec<String>,
    /// Each list is enough by itself.
    pub alternatives: Vec<Vec<String>>,
    /// When it is needed, for a person, where that is not always.
    pub condition: Option<String>,
}
