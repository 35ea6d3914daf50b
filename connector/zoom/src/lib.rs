//! A connector for Zoom users, Zoom Phone users and groups, with the operations of ConnId.
//!
//! | module | decides |
//! |---|---|
//! | `configuration` | the properties |
//! | `manifest` | what the connector says of itself |
//! | `schema` | the attributes: names, types, where Zoom carries them |
//! | `user`, `phone`, `group` | conversions between Zoom's types and attributes |
//! | `search`, `read` | which calls answer a question |
//! | `create`, `update`, `delete` | which calls make a change, and in which order |
//! | `duplicates` | what is told of a name that is taken |
//! | `steps` | the calls of a change, one after the other, and what is said when one fails |
//! | `errors` | what Zoom's errors mean |
//! | `api` | Zoom's API: typed calls, token, retries |

mod api;
mod configuration;
mod create;
mod delete;
mod duplicates;
mod errors;
mod group;
mod manifest;
mod phone;
mod read;
mod schema;
mod search;
mod steps;
mod update;
mod user;

use connector_base::connector::{Connector, Creation, Deletion, Query, SideEffects, Update};
use connector_base::contract::{ConfigurationProperty, Manifest, Plan, SearchResult, Uid};
use connector_base::error::{Error, ErrorKind, Result};
use connector_base::http::Transport;
use connector_base::log;
use connector_base::runtime::wait;
use connector_base::schema::Schema;
use connector_base::walk::Memory;

use crate::api::Client;
use crate::api::token::{Credentials, Tokens};
use crate::configuration::Settings;
use crate::schema::USER;
use crate::search::Objects;

/// A connector with a configuration.
pub struct Zoom {
    settings: Settings,
    client: Client,
    memory: Memory<Objects>,
}

impl Zoom {
    /// A connector that calls Zoom by this transport.
    ///
    /// Errors: `configuration`, naming the property.
    pub fn with_transport(properties: Vec<ConfigurationProperty>, transport: Box<dyn Transport>) -> Result<Self> {
        let settings = Settings::read(properties)?;
        log::set_level(settings.log_level);
        let credentials = Credentials {
            token_url: format!("{}{}", settings.token_url.origin, settings.token_url.path),
            account_id: settings.account_id.clone(),
            client_id: settings.client_id.clone(),
            client_secret: settings.client_secret.clone(),
            scope: settings.scope.clone(),
        };
        let tokens = Tokens::new(credentials, settings.io_error_retries);
        let service = settings.service_url.clone();
        let client = Client::new(transport, service, tokens, settings.io_error_retries, settings.rates.clone());
        Ok(Self { settings, client, memory: Memory::default() })
    }
}

impl Connector for Zoom {
    fn manifest() -> Manifest {
        manifest::manifest()
    }

    #[cfg(target_family = "wasm")]
    fn open(properties: Vec<ConfigurationProperty>) -> Result<Self> {
        Self::with_transport(properties, Box::new(connector_base::http::wasi::Wasi))
    }

    /// Natively there is no `wasi:http`: every call is refused.
    #[cfg(not(target_family = "wasm"))]
    fn open(properties: Vec<ConfigurationProperty>) -> Result<Self> {
        use connector_base::http::TransportError;
        use connector_base::http::scripted::Scripted;
        Self::with_transport(properties, Box::new(Scripted::new(|_| Err(TransportError::Denied))))
    }

    fn schema(&self) -> &'static Schema {
        schema::schema(&self.settings)
    }

    fn test(&self) -> Result<()> {
        let nobody = || Error::new(ErrorKind::PermissionDenied, "Zoom does not know the user that the app acts as");
        wait(self.client.until(None).user("me"))?.map(drop).ok_or_else(nobody)
    }

    fn search(&self, query: Query) -> Result<SearchResult> {
        self.search_page(query)
    }

    fn explain(&self, query: Query) -> Result<Plan> {
        self.plan(query)
    }

    fn create(&self, creation: Creation) -> Result<Uid> {
        if creation.class.name == USER { self.create_user(&creation) } else { self.create_group(&creation) }
    }

    fn update(&self, update: Update) -> Result<SideEffects> {
        if update.class.name == USER { self.update_user(&update) } else { self.update_group(&update) }
    }

    fn delete(&self, deletion: Deletion) -> Result<()> {
        if deletion.class.name == USER { self.delete_user(&deletion) } else { self.delete_group(&deletion) }
    }
}

/// Half the size of the allocator of the C library, which nothing uses beside it.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(target_family = "wasm")]
connector_base::export_connector!(crate::Zoom);
