//! A connector: a component with a configuration.
//!
//! Operations of one connector wait for each other, since a component does one thing at a time; open it
//! again for more at a time. What an operation leaves behind:
//!
//! | it ends with | the instance |
//! |---|---|
//! | an answer, or an error of the connector | stays, with what it holds: connections, tokens, pages |
//! | a trap or a limit | is discarded; the next operation makes a new one and opens it |
//! | nothing: its future was dropped | the same |

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use wasmtime::Store;
use wasmtime::component::ResourceAny;

use crate::bindings::exports::iam::connector::provisioning::{Guest, GuestConnector};
use crate::bindings::iam::connector::types as wire;
use crate::component::Component;
use crate::convert::{self, Wiped};
use crate::egress::{Denied, Egress, Origin};
use crate::error::Error;
use crate::http_client::{HttpClient, Outgoing};
use crate::instance::{Bounds, Instance, Opened};
use crate::model::{
    Attribute, Change, ConnectorError, ConnectorObject, Delta, ErrorKind, Filter, Manifest, Options, Plan, Schema,
    SearchOptions, SearchResult, UID, Uid, Value,
};
use crate::pages::Pages;
use crate::policy::Policy;
use crate::properties::Configuration;
use crate::sandbox::State;
use crate::secrets::{Redactor, Secret};

/// The longest cookie that the contract allows, in bytes.
const COOKIE: usize = 1024;

/// An open connector.
///
/// Every operation can end with `Trap`, `Limit` or `Contract` besides what it lists under its errors.
pub struct Connector {
    component: Component,
    configuration: Configuration,
    policy: Policy,
    egress: Arc<Egress>,
    client: HttpClient,
    redactor: Redactor,
    /// Empty while an operation runs, and after one that did not end with an answer.
    idle: Mutex<Option<Opened>>,
}

impl Connector {
    pub(crate) async fn open(
        component: Component,
        configuration: Configuration,
        manifest: &Manifest,
        policy: Policy,
    ) -> Result<Self, Error> {
        let connector = Self {
            egress: Arc::new(Egress::of(manifest, &configuration, &policy.grant)),
            client: HttpClient::new(&policy.trusted_roots, policy.timeouts, policy.limits.response_body)?,
            redactor: Redactor::default().with(configuration.secrets()),
            component,
            configuration,
            policy,
            idle: Mutex::new(None),
        };
        *connector.idle.lock().await = Some(connector.start().await?);
        Ok(connector)
    }

    /// The configuration that it was opened with.
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// The origins that it may reach.
    pub fn allowed_origins(&self) -> Vec<Origin> {
        self.egress.allowed()
    }

    /// The origins that it tried to reach and may not, since it was opened.
    pub fn denied_origins(&self) -> Vec<Denied> {
        self.egress.denied()
    }

    /// Checks that the resource can be reached and takes the credentials.
    ///
    /// Errors: `Connector` of kind `permission-denied` or `connection-failed`.
    pub async fn test(&self) -> Result<(), Error> {
        self.call("test", [], async |guest, store, connector| guest.call_test(store, connector).await).await
    }

    /// Describes the object classes. May ask the resource.
    ///
    /// Errors: `Connector`.
    pub async fn schema(&self) -> Result<Schema, Error> {
        let schema = self.call("schema", [], async |guest, store, connector| guest.call_schema(store, connector).await);
        Ok(schema.await?.into())
    }

    /// Finds the objects of a class that a filter accepts, and answers one page of them.
    ///
    /// Errors: `Connector` of kind `invalid-argument`, or `precondition-failed` for a cookie that is no
    /// longer honoured. An object that does not exist is an empty result.
    pub async fn search(
        &self,
        class: &str,
        filter: Option<&Filter>,
        options: &SearchOptions,
    ) -> Result<SearchResult, Error> {
        let filter = filter.map(wire::Filter::from);
        let (search, wired) = (options.into(), self.options(&options.options));
        let page: SearchResult = self
            .call("search", secrets_of(&options.options), async |guest, store, connector| {
                guest.call_search(store, connector, class, filter.as_ref(), &search, &wired).await
            })
            .await?
            .into();
        for object in &page.objects {
            known(&object.uid)?;
        }
        match &page.next {
            Some(cookie) if cookie.len() > COOKIE || !cookie.bytes().all(|byte| matches!(byte, b' '..=b'~')) => Err(
                Error::Contract(format!("a cookie is at most {COOKIE} bytes of printable ASCII, and this one is not")),
            ),
            _ => Ok(page),
        }
    }

    /// The same, page after page to the end.
    pub fn search_all(&self, class: impl Into<String>, filter: Option<Filter>, options: SearchOptions) -> Pages<'_> {
        Pages::new(self, class.into(), filter, options)
    }

    /// Says which calls [`Connector::search`] would make, without making them.
    ///
    /// Errors: those of a search that need no call.
    pub async fn explain(&self, class: &str, filter: Option<&Filter>, options: &SearchOptions) -> Result<Plan, Error> {
        let filter = filter.map(wire::Filter::from);
        let (search, wired) = (options.into(), self.options(&options.options));
        let plan = self.call("explain", secrets_of(&options.options), async |guest, store, connector| {
            guest.call_explain(store, connector, class, filter.as_ref(), &search, &wired).await
        });
        Ok(plan.await?.into())
    }

    /// Reads one object.
    ///
    /// Errors: `Connector` of kind `unknown-uid` where there is none; those of a search.
    pub async fn get(&self, class: &str, uid: &str, options: SearchOptions) -> Result<ConnectorObject, Error> {
        let mut pages = self.search_all(class, Some(Filter::equals(UID, uid)), options);
        while let Some(page) = pages.next().await? {
            // An empty page need not be the last.
            if let Some(object) = page.objects.into_iter().next() {
                return Ok(object);
            }
        }
        Err(ConnectorError::new(ErrorKind::UnknownUid, format!("there is no {class} with the uid {uid:?}")).into())
    }

    /// Creates an object and answers its uid. Not safe to repeat without a look-up.
    ///
    /// Errors: `Connector` of kind `already-exists` or `invalid-attribute-value`.
    pub async fn create(&self, class: &str, attributes: &[Attribute], options: &Options) -> Result<Uid, Error> {
        let secrets = attributes.iter().flat_map(|attribute| attribute.values.as_slice()).filter_map(Value::secret);
        let secrets = secrets.chain(secrets_of(options));
        let attributes = Wiped::new(attributes.iter().map(Into::into).collect::<Vec<_>>());
        let options = self.options(options);
        let uid = self
            .call("create", secrets, async |guest, store, connector| {
                guest.call_create(store, connector, class, &attributes, &options).await
            })
            .await?
            .into();
        known(&uid)?;
        Ok(uid)
    }

    /// Changes an object. Answers side effects only: the attributes that have other values now, `__UID__`
    /// and `__NAME__` above all.
    ///
    /// Errors: `Connector` of kind `unknown-uid` or `invalid-attribute-value`; its `done` says what had
    /// been changed before.
    pub async fn update_delta(
        &self,
        class: &str,
        uid: &Uid,
        deltas: &[Delta],
        options: &Options,
    ) -> Result<Vec<Attribute>, Error> {
        let secrets = deltas.iter().flat_map(|delta| delta.change.values()).filter_map(Value::secret);
        let secrets = secrets.chain(secrets_of(options));
        let (uid, deltas) = (uid.into(), Wiped::new(deltas.iter().map(Into::into).collect::<Vec<_>>()));
        let options = self.options(options);
        let effects = self
            .call("update-delta", secrets, async |guest, store, connector| {
                guest.call_update_delta(store, connector, class, &uid, &deltas, &options).await
            })
            .await?;
        Ok(effects.into_iter().map(Into::into).collect())
    }

    /// Deletes an object, in the way that the configuration says.
    ///
    /// Errors: `Connector` of kind `unknown-uid`.
    pub async fn delete(&self, class: &str, uid: &Uid, options: &Options) -> Result<(), Error> {
        let (uid, wired) = (uid.into(), self.options(options));
        self.call("delete", secrets_of(options), async |guest, store, connector| {
            guest.call_delete(store, connector, class, &uid, &wired).await
        })
        .await
    }

    /// Runs an operation in the idle instance, or in a new one.
    ///
    /// The instance is out of its place while it runs and comes back only with an answer. So it is gone
    /// after a trap, a limit, and also if this future is dropped.
    async fn call<'a, T>(
        &self,
        operation: &'static str,
        secrets: impl IntoIterator<Item = &'a Secret>,
        call: impl AsyncFnOnce(
            GuestConnector<'_>,
            &mut Store<State>,
            ResourceAny,
        ) -> wasmtime::Result<Result<T, wire::Error>>,
    ) -> Result<T, Error> {
        let redactor = self.redactor.with(secrets);
        let mut idle = self.idle.lock().await;
        let mut opened = match idle.take() {
            Some(opened) => opened,
            None => self.start().await?,
        };
        let bounds = Bounds { operation, redactor: redactor.clone(), policy: &self.policy };
        let handle = opened.handle;
        let outcome =
            opened.instance.run(bounds, async |guest, store| call(guest.connector(), store, handle).await).await?;
        *idle = Some(opened);
        outcome.map_err(|error| refused(error, &redactor))
    }

    /// A new instance with the connector opened in it.
    async fn start(&self) -> Result<Opened, Error> {
        let outgoing = Outgoing { egress: self.egress.clone(), client: self.client.clone() };
        let bounds = |operation| Bounds { operation, redactor: self.redactor.clone(), policy: &self.policy };
        let mut instance = Instance::start(&self.component, outgoing, bounds("instantiate")).await?;
        let properties = convert::properties(&self.configuration);
        let opening =
            async |guest: &Guest, store: &mut Store<State>| guest.connector().call_open(store, &properties).await;
        match instance.run(bounds("open"), opening).await? {
            Ok(handle) => Ok(Opened { instance, handle }),
            Err(error) => Err(refused(error, &self.redactor)),
        }
    }

    /// The options as the component sees them: it is told how long the host will wait at most, so that it
    /// can say in time that it will not succeed.
    fn options(&self, options: &Options) -> Wiped<wire::Options> {
        let most = self.policy.timeouts.operation;
        let deadline = Some(options.deadline.map_or(most, |deadline: Duration| deadline.min(most)));
        Wiped::new((&Options { deadline, ..options.clone() }).into())
    }
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connector").field("component", &self.component).finish_non_exhaustive()
    }
}

/// The connector's error, without the secrets that it may repeat.
fn refused(error: wire::Error, redactor: &Redactor) -> Error {
    let mut error = ConnectorError::from(error);
    let hide = |text: &mut String| *text = redactor.redact(text).into_owned();
    hide(&mut error.message);
    error.hint.iter_mut().chain(&mut error.provider_code).chain(&mut error.request_id).for_each(hide);
    error.done.iter_mut().for_each(hide);
    error.details.iter_mut().for_each(|(_, value)| hide(value));
    error.into()
}

/// The contract promises that a uid is never empty. An empty one would make every such object the same.
fn known(uid: &Uid) -> Result<(), Error> {
    if uid.value.is_empty() { Err(Error::Contract("a uid is never empty, and this one is".into())) } else { Ok(()) }
}

fn secrets_of(options: &Options) -> impl Iterator<Item = &Secret> {
    let password = options.run_as.as_ref().and_then(|run_as| run_as.password.as_ref());
    password.into_iter().chain(options.extra.iter().flat_map(|option| &option.values).filter_map(Value::secret))
}

impl Value {
    fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Secret(secret) => Some(secret),
            _ => None,
        }
    }
}

impl Change {
    fn values(&self) -> impl Iterator<Item = &Value> {
        match self {
            Self::Replace(values) => values.iter().chain([].iter()),
            Self::Adjust { add, remove } => add.iter().chain(remove.iter()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Platforms spawn operations onto a runtime of several threads.
    #[expect(dead_code, reason = "it is enough that it compiles")]
    fn operations_can_move_between_threads(
        connector: &Connector,
        component: &Component,
        search: &SearchOptions,
        options: &Options,
    ) {
        fn sendable<T: Send>(_: T) {}
        sendable(component.open(&crate::Properties::new(), Policy::default()));
        sendable(connector.test());
        sendable(connector.search("x", None, search));
        sendable(connector.get("x", "y", SearchOptions::default()));
        sendable(connector.create("x", &[], options));
        sendable(connector.delete("x", &Uid::new("y"), options));
    }
}
