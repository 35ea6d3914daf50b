//! The endpoints, in one table: what is called, what it costs, which scopes it takes (one of the classic ones or one of
//! the granular ones) and what answers. All of it is from Zoom's API documents. The names in the statistics come from
//! here as well.
//!
//! `{id}` takes an id, an e-mail address or `me` wherever it stands for a user.

use http::Method;

use crate::{
    call::{Call, Outcome},
    groups,
    limits::{Label, Product},
    roles,
    state::Zoom,
    users,
};

/// An endpoint.
pub(crate) struct Route {
    pub(crate) method: Method,
    /// The path below `/v2`.
    pub(crate) path: &'static str,
    pub(crate) label: Label,
    pub(crate) scopes: Scopes,
    pub(crate) handler: fn(&mut Zoom, &Call) -> Outcome,
}

impl Route {
    /// The limits that a call counts towards.
    pub(crate) fn product(&self) -> Product {
        if self.path.starts_with("/phone/") { Product::Phone } else { Product::Main }
    }
}

/// The scopes that let an app call an endpoint.
pub(crate) struct Scopes {
    classic: &'static [&'static str],
    /// With commas between them, as Zoom writes them when they are missing.
    pub(crate) granular: &'static str,
}

impl Scopes {
    /// Whether this is one of them.
    pub(crate) fn contain(&self, scope: &str) -> bool {
        self.classic.contains(&scope) || self.granular.split(", ").any(|known| known == scope)
    }
}

/// The scopes of an app that has them all. A server-to-server app has those for admins.
pub(crate) fn all_scopes() -> String {
    let granular = ROUTES.iter().flat_map(|route| route.scopes.granular.split(", "));
    let mut scopes: Vec<_> = granular.filter(|scope| scope.ends_with(":admin")).collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes.join(" ")
}

const USER_READ: &[&str] = &["user:read", "user:write", "user:read:admin", "user:write:admin"];
const USER_WRITE: &[&str] = &["user:write", "user:write:admin"];
const USER_PROFILE: &[&str] =
    &["user:read", "user:write", "user:read:admin", "user:write:admin", "user_profile", "user_info:read"];
const GROUP_READ: &[&str] = &["group:read:admin", "group:write:admin"];
const GROUP_WRITE: &[&str] = &["group:write:admin"];
const ROLE_READ: &[&str] = &["role:read:admin", "role:write:admin"];
const ROLE_WRITE: &[&str] = &["role:write:admin"];

macro_rules! routes {
    ($($method:ident $path:literal $label:ident $classic:ident $granular:literal $handler:path;)*) => {
        /// The endpoints.
        pub(crate) static ROUTES: &[Route] = &[$(Route {
            method: Method::$method,
            path: $path,
            label: Label::$label,
            scopes: Scopes { classic: $classic, granular: $granular },
            handler: $handler,
        }),*];
    };
}

routes! {
    GET    "/users"                         Medium USER_READ    "user:read:list_users:admin"                                 users::list::list;
    POST   "/users"                         Light  USER_WRITE   "user:write:user:admin"                                      users::create::create;
    GET    "/users/summary"                 Medium USER_READ    "user:read:summary:admin"                                    users::list::summary;
    GET    "/users/email"                   Light  USER_READ    "user:read:email, user:read:email:admin"                     users::list::has_email;
    GET    "/users/{id}"                    Light  USER_PROFILE "user:read:user, user:read:user:admin"                       users::read::read;
    PATCH  "/users/{id}"                    Light  USER_WRITE   "user:update:user, user:update:user:admin"                   users::update::update;
    DELETE "/users/{id}"                    Light  USER_WRITE   "user:delete:user, user:delete:user:admin"                   users::delete::delete;
    PUT    "/users/{id}/status"             Light  USER_WRITE   "user:update:status, user:update:status:admin"               users::access::put_status;
    PUT    "/users/{id}/email"              Light  USER_WRITE   "user:update:email, user:update:email:admin"                 users::access::put_email;
    PUT    "/users/{id}/password"           Medium USER_WRITE   "user:update:password, user:update:password:admin"           users::password::put;
    DELETE "/users/{id}/token"              Light  USER_WRITE   "user:delete:token, user:delete:token:admin"                 users::access::delete_token;
    GET    "/users/{id}/settings"           Medium USER_READ    "user:read:settings, user:read:settings:admin"               users::settings::read;
    PATCH  "/users/{id}/settings"           Medium USER_WRITE   "user:update:settings, user:update:settings:admin"           users::settings::update;

    GET    "/groups"                        Medium GROUP_READ   "group:read:list_groups:admin"                               groups::list;
    POST   "/groups"                        Light  GROUP_WRITE  "group:write:group:admin"                                    groups::create;
    GET    "/groups/{id}"                   Light  GROUP_READ   "group:read:group:admin"                                     groups::read;
    PATCH  "/groups/{id}"                   Light  GROUP_WRITE  "group:update:group:admin"                                   groups::update;
    DELETE "/groups/{id}"                   Light  GROUP_WRITE  "group:delete:group:admin"                                   groups::delete;
    GET    "/groups/{id}/members"           Medium GROUP_READ   "group:read:list_members:admin"                              groups::members::list;
    POST   "/groups/{id}/members"           Medium GROUP_WRITE  "group:write:member:admin"                                   groups::members::add;
    PATCH  "/groups/{id}/members/{member}"  Medium GROUP_WRITE  "group:update:member:admin"                                  groups::members::update;
    DELETE "/groups/{id}/members/{member}"  Light  GROUP_WRITE  "group:delete:member:admin"                                  groups::members::remove;
    GET    "/groups/{id}/admins"            Medium GROUP_READ   "group:read:administrator:admin"                             groups::admins::list;
    POST   "/groups/{id}/admins"            Medium GROUP_WRITE  "group:write:administrator:admin"                            groups::admins::add;
    DELETE "/groups/{id}/admins/{user}"     Light  GROUP_WRITE  "group:delete:administrator:admin"                           groups::admins::remove;

    GET    "/roles"                         Medium ROLE_READ    "role:read:list_roles, role:read:list_roles:admin"           roles::list;
    GET    "/roles/{id}"                    Light  ROLE_READ    "role:read:role, role:read:role:admin"                       roles::read;
    GET    "/roles/{id}/members"            Medium ROLE_READ    "role:read:list_members, role:read:list_members:admin"       roles::members;
    POST   "/roles/{id}/members"            Medium ROLE_WRITE   "role:write:member, role:write:member:admin"                 roles::add;
    DELETE "/roles/{id}/members/{member}"   Light  ROLE_WRITE   "role:delete:member, role:delete:member:admin"               roles::remove;
}
