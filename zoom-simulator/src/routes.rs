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
    phone, roles,
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
    /// As statistics and switches have it: `GET /v2/users/{id}`.
    pub(crate) fn name(&self) -> String {
        format!("{} /v2{}", self.method, self.path)
    }

    /// The limits that a call counts towards.
    pub(crate) fn product(&self) -> Product {
        if self.path.starts_with("/phone/") { Product::Phone } else { Product::Main }
    }
}

/// The scopes that let an app call an endpoint.
pub(crate) struct Scopes {
    classic: &'static [&'static str],
    form: Granular,
    /// Without the `:admin` behind it.
    granular: &'static str,
}

/// In which form a granular scope exists.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Granular {
    /// For admins only, which is what a server-to-server app has.
    Admin,
    /// For users too, who then may see themselves.
    Either,
}

impl Scopes {
    /// Whether this is one of them.
    pub(crate) fn contain(&self, scope: &str) -> bool {
        let is_own = self.form == Granular::Either && scope == self.granular;
        is_own || scope.strip_suffix(":admin") == Some(self.granular) || self.classic.contains(&scope)
    }

    /// The granular ones, as Zoom lists them when they are missing.
    pub(crate) fn missing(&self) -> String {
        let granular = self.granular;
        match self.form {
            Granular::Admin => format!("{granular}:admin"),
            Granular::Either => format!("{granular}, {granular}:admin"),
        }
    }
}

/// The scopes of an app that has them all.
pub(crate) fn all_scopes() -> String {
    let mut scopes: Vec<_> = ROUTES.iter().map(|route| format!("{}:admin", route.scopes.granular)).collect();
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

const PHONE_READ: &[&str] = &["phone:read", "phone:read:admin"];
const PHONE_LIST: &[&str] = &["phone:read:admin"];
const PHONE_WRITE: &[&str] = &["phone:write", "phone:write:admin"];
const PHONE_ADMIN: &[&str] = &["phone:write:admin"];
const NUMBERS: &[&str] = &["number_management_numbers:read:admin"];

macro_rules! routes {
    ($($path:literal { $($method:ident $label:ident $classic:ident $form:ident $granular:literal $handler:path;)+ })+) => {
        /// The endpoints.
        pub(crate) static ROUTES: &[Route] = &[$($(Route {
            method: Method::$method,
            path: $path,
            label: Label::$label,
            scopes: Scopes { classic: $classic, form: Granular::$form, granular: $granular },
            handler: $handler,
        }),+),+];
    };
}

routes! {
    "/users" {
        GET    Medium USER_READ    Admin  "user:read:list_users"                users::list::list;
        POST   Light  USER_WRITE   Admin  "user:write:user"                     users::create::create;
    }
    "/users/summary" {
        GET    Medium USER_READ    Admin  "user:read:summary"                   users::list::summary;
    }
    "/users/email" {
        GET    Light  USER_READ    Either "user:read:email"                     users::list::has_email;
    }
    "/users/{id}" {
        GET    Light  USER_PROFILE Either "user:read:user"                      users::read::read;
        PATCH  Light  USER_WRITE   Either "user:update:user"                    users::update::update;
        DELETE Light  USER_WRITE   Either "user:delete:user"                    users::delete::delete;
    }
    "/users/{id}/status" {
        PUT    Light  USER_WRITE   Either "user:update:status"                  users::access::put_status;
    }
    "/users/{id}/email" {
        PUT    Light  USER_WRITE   Either "user:update:email"                   users::access::put_email;
    }
    "/users/{id}/password" {
        PUT    Medium USER_WRITE   Either "user:update:password"                users::password::put;
    }
    "/users/{id}/token" {
        DELETE Light  USER_WRITE   Either "user:delete:token"                   users::access::delete_token;
    }
    "/users/{id}/settings" {
        GET    Medium USER_READ    Either "user:read:settings"                  users::settings::read;
        PATCH  Medium USER_WRITE   Either "user:update:settings"                users::settings::update;
    }
    "/groups" {
        GET    Medium GROUP_READ   Admin  "group:read:list_groups"              groups::list;
        POST   Light  GROUP_WRITE  Admin  "group:write:group"                   groups::create;
    }
    "/groups/{id}" {
        GET    Light  GROUP_READ   Admin  "group:read:group"                    groups::read;
        PATCH  Light  GROUP_WRITE  Admin  "group:update:group"                  groups::update;
        DELETE Light  GROUP_WRITE  Admin  "group:delete:group"                  groups::delete;
    }
    "/groups/{id}/members" {
        GET    Medium GROUP_READ   Admin  "group:read:list_members"             groups::members::list;
        POST   Medium GROUP_WRITE  Admin  "group:write:member"                  groups::members::add;
    }
    "/groups/{id}/members/{member}" {
        PATCH  Medium GROUP_WRITE  Admin  "group:update:member"                 groups::members::update;
        DELETE Light  GROUP_WRITE  Admin  "group:delete:member"                 groups::members::remove;
    }
    "/groups/{id}/admins" {
        GET    Medium GROUP_READ   Admin  "group:read:administrator"            groups::admins::list;
        POST   Medium GROUP_WRITE  Admin  "group:write:administrator"           groups::admins::add;
    }
    "/groups/{id}/admins/{user}" {
        DELETE Light  GROUP_WRITE  Admin  "group:delete:administrator"          groups::admins::remove;
    }
    "/roles" {
        GET    Medium ROLE_READ    Either "role:read:list_roles"                roles::list;
    }
    "/roles/{id}" {
        GET    Light  ROLE_READ    Either "role:read:role"                      roles::read;
    }
    "/roles/{id}/members" {
        GET    Medium ROLE_READ    Either "role:read:list_members"              roles::members;
        POST   Medium ROLE_WRITE   Either "role:write:member"                   roles::add;
    }
    "/roles/{id}/members/{member}" {
        DELETE Light  ROLE_WRITE   Either "role:delete:member"                  roles::remove;
    }
    "/phone/users" {
        GET    Medium PHONE_LIST   Admin  "phone:read:list_users"               phone::users::list;
        POST   Light  PHONE_ADMIN  Admin  "phone:write:batch_users"             phone::users::create;
    }
    "/phone/users/batch" {
        POST   Medium PHONE_ADMIN  Admin  "phone:write:batch_users"             phone::batch::add;
        PUT    Light  PHONE_ADMIN  Admin  "phone:update:batch_users"            phone::batch::update;
    }
    "/phone/users/{id}" {
        GET    Light  PHONE_READ   Either "phone:read:user"                     phone::users::read;
        PATCH  Light  PHONE_WRITE  Either "phone:update:user"                   phone::users::update;
    }
    "/phone/users/{id}/settings" {
        GET    Light  PHONE_READ   Either "phone:read:user_setting"             phone::settings::read;
        PATCH  Light  PHONE_WRITE  Either "phone:update:user_setting"           phone::settings::update;
    }
    "/phone/users/{id}/calling_plans" {
        POST   Light  PHONE_WRITE  Either "phone:write:calling_plan"            phone::plans::assign;
        PUT    Light  PHONE_WRITE  Either "phone:update:calling_plan"           phone::plans::switch;
    }
    "/phone/users/{id}/calling_plans/{type}" {
        DELETE Light  PHONE_WRITE  Either "phone:delete:users_calling_plan"     phone::plans::unassign;
    }
    "/phone/users/{id}/phone_numbers" {
        POST   Light  PHONE_WRITE  Either "phone:write:user_number"             phone::numbers::assign;
    }
    "/phone/users/{id}/phone_numbers/{number}" {
        DELETE Light  PHONE_WRITE  Either "phone:delete:user_number"            phone::numbers::unassign;
    }
    "/phone/sites" {
        GET    Medium PHONE_LIST   Admin  "phone:read:list_sites"               phone::sites::list;
    }
    "/phone/sites/{id}" {
        GET    Light  PHONE_LIST   Admin  "phone:read:site"                     phone::sites::read;
    }
    "/phone/calling_plans" {
        GET    Medium PHONE_LIST   Admin  "phone:read:list_calling_plans"       phone::plans::list;
    }
    "/phone/plans" {
        GET    Medium PHONE_LIST   Admin  "phone:read:list_calling_plans"       phone::plans::list_with_numbers;
    }
    "/phone/settings" {
        GET    Light  PHONE_LIST   Admin  "phone:read:settings"                 phone::settings::read_account;
    }
    "/phone/numbers" {
        GET    Medium PHONE_LIST   Admin  "phone:read:list_numbers"             phone::inventory::list;
    }
    "/phone/numbers/{number}" {
        GET    Light  PHONE_LIST   Admin  "phone:read:numbers"                  phone::inventory::read;
    }
    "/number_management/numbers" {
        GET    Light  NUMBERS      Admin  "number_management:read:list_numbers" phone::inventory::list_managed;
    }
}
