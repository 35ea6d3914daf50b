//! The checks that ConnId's contract suite makes of every connector, and those that it leaves out.
//!
//! Each check bears its id of that suite and is made of every object class of the schema, and of a class
//! that there is not, which must be refused. A class that the schema gains fails here until it has a sample.
//!
//! | file | checks |
//! |---|---|
//! | `configuration` | CFG-1, VAL-1, TST-1 |
//! | `schema` | SCH-1 to SCH-4 |
//! | `create` | CRE-1 to CRE-3 |
//! | `search` | GET-1, SEA-1 to SEA-3 |
//! | `update` | UPD-2 to UPD-4, UPDD-1 |
//! | `delete` | DEL-1, DEL-2 |
//! | `attributes` | ATT-1 to ATT-4 |
//! | `scenario` | MUL-1 without sync, MUL-2 |
//! | `filters`, `pages`, `selection`, `values`, `errors`, `password`, `rename`, `together`, `long_life` | what the suite does not check |
//!
//! These cannot apply:
//!
//! | check | why |
//! |---|---|
//! | DISC-1 | no configuration is discovered: `discover-configuration` is not among the operations |
//! | UPD-1 | there is no `update`: UPDD-1 makes the same check of `update-delta` |
//! | AUT-1 to AUT-5, RES-1, RES-2 | Zoom tells no service whether a password is right, so nobody is authenticated or resolved |
//! | SYN-1 to SYN-3 | Zoom has no list of changes, so there is no `sync` |
//! | SCR-1 to SCR-3 | a component runs no scripts |
//! | MUL-3 to MUL-8 | the schema has none of these attributes: Zoom has no validity, lock-out or expiry of passwords |
//! | MUL-9 | groups are GROUP_IDS and MEMBERS, not `__GROUPS__`; UPDD-1 changes both |
//!
//! Of what the suite leaves out, references and revisions are none of the schema's; cancelled calls are in
//! `pages`; rate limits, retries and time-outs are in the module `errors` beside this one. Where the
//! configuration says so, and it does unless told otherwise, deleting a user deactivates: that is in
//! `deleting`, and DEL-1 and DEL-2 are about a connector that deletes.
//!
//! The Zoom of these tests manages the domain of its users, so that those who are created are active at
//! once: one who is merely invited takes no change. Its clock stands, since it shows the time of the call
//! as the creation time of pending users.

mod attributes;
mod configuration;
mod create;
mod delete;
mod errors;
mod evaluator;
mod filters;
mod long_life;
mod pages;
mod password;
mod rename;
mod scenario;
mod schema;
mod search;
mod selection;
mod together;
mod update;
mod values;

use host_harness::model::{
    Attribute, AttributesToGet, Change, ConnectorObject, Delta, ErrorKind, Filter, ObjectClassInfo, Schema, Uid, Value,
    Values,
};
use host_harness::{Connector, Error, Options as OperationOptions, SearchOptions, Secret};
use serde_json::{Value as Json, json};
use zoom_simulator::Options;

use crate::support::{GROUP, USER, Zoom, kind, refused};

/// A class that no connector has.
const NONEXISTING: &str = "NONEXISTING";

/// A Zoom with users of every sort, and a connector to it that may delete.
struct World {
    zoom: Zoom,
    connector: Connector,
    schema: Schema,
    /// The numbers of Zoom Phone that nobody had at the start.
    stock: Vec<String>,
}

impl World {
    async fn start() -> Self {
        Self::with(Options { users: 24, inactive: 3, pending: 3, phone_users: 8, groups: 5, ..Options::default() })
            .await
    }

    async fn with(options: Options) -> Self {
        let zoom = Zoom::start(options).await;
        zoom.simulator.freeze_clock();
        zoom.switch(json!({ "managed_domains": ["example.com"], "managed_users_start_active": true }));
        let connector = zoom.connector(PROPERTIES).await;
        let schema = connector.schema().await.expect("a schema");
        let numbers = zoom.simulator.state()["phone"]["numbers"].clone();
        let free = numbers.as_array().expect("numbers").iter().filter(|number| number["assignee"].is_null());
        let stock = free.map(|number| string(&number["number"]["number"])).collect();
        Self { zoom, connector, schema, stock }
    }

    fn class(&self, name: &str) -> &ObjectClassInfo {
        self.schema.object_class(name).expect("a class")
    }

    /// The names of the object classes.
    fn classes(&self) -> Vec<String> {
        self.schema.object_classes.iter().map(|class| class.name.clone()).collect()
    }

    /// The names of the attributes of a class that can be read.
    fn readable(&self, class: &str) -> Vec<String> {
        let readable = self.class(class).attributes.iter().filter(|attribute| attribute.readable);
        readable.map(|attribute| attribute.name.clone()).collect()
    }

    /// The options of a search that returns all that can be read.
    fn everything(&self, class: &str) -> SearchOptions {
        let attributes_to_get = AttributesToGet::Only(self.readable(class));
        SearchOptions { attributes_to_get, ..SearchOptions::default() }
    }

    // ---------------------------------------------------------------------------------- operations

    /// Every object that a search finds, with all that can be read.
    async fn found(&self, class: &str, filter: Option<Filter>) -> Vec<ConnectorObject> {
        walked(&self.connector, class, filter, self.everything(class)).await.expect("a search")
    }

    /// The object with a uid, with all that can be read, if there is one.
    async fn read(&self, class: &str, uid: &str) -> Option<ConnectorObject> {
        match self.connector.get(class, uid, self.everything(class)).await.map_err(refused) {
            Ok(object) => Some(object),
            Err(error) if error.kind == ErrorKind::UnknownUid => None,
            Err(error) => panic!("{class} {uid}: {error:?}"),
        }
    }

    /// The object with a uid, which is there.
    async fn get(&self, class: &str, uid: &Uid) -> ConnectorObject {
        self.read(class, &uid.value).await.unwrap_or_else(|| panic!("there is no {class} {}", uid.value))
    }

    async fn try_create(&self, class: &str, attributes: &[Attribute]) -> Outcome<Uid> {
        self.connector.create(class, attributes, &OperationOptions::default()).await.map_err(refused)
    }

    /// The sample of a class with this number, created.
    async fn create(&self, class: &str, number: usize) -> Uid {
        let sample = self.sample(class, number);
        self.try_create(class, &sample).await.unwrap_or_else(|error| panic!("{class}: {error:?}"))
    }

    async fn try_update(&self, class: &str, uid: &Uid, deltas: &[Delta]) -> Outcome<Vec<Attribute>> {
        self.connector.update_delta(class, uid, deltas, &OperationOptions::default()).await.map_err(refused)
    }

    /// Changes an object; its uid afterwards.
    async fn update(&self, class: &str, uid: &Uid, deltas: &[Delta]) -> Uid {
        let effects = self.try_update(class, uid, deltas).await.unwrap_or_else(|error| panic!("{class}: {error:?}"));
        let changed = effects.iter().find(|effect| effect.name == "__UID__");
        changed.and_then(|effect| effect.values.as_slice().first()?.as_text()).map_or_else(|| uid.clone(), Uid::new)
    }

    async fn try_delete(&self, class: &str, uid: &Uid) -> Outcome<()> {
        self.connector.delete(class, uid, &OperationOptions::default()).await.map_err(refused)
    }

    async fn delete(&self, class: &str, uid: &Uid) {
        self.try_delete(class, uid).await.unwrap_or_else(|error| panic!("{class}: {error:?}"));
    }

    // ------------------------------------------------------------------------------------- samples

    /// What an object of a class is created with: everything that can be given, but for what excludes each
    /// other, of which samples with an even number have the one and the others the other.
    fn sample(&self, class: &str, number: usize) -> Vec<Attribute> {
        match class {
            USER => self.user(number),
            GROUP => self.group(number),
            other => panic!("there is no sample of the class {other}"),
        }
    }

    fn user(&self, number: usize) -> Vec<Attribute> {
        let site = self.site(1);
        let groups = self.groups();
        let bundle = if number.is_multiple_of(2) { ("ZOOM_ONE_FEATURE_TYPE", "16") } else { ("PLAN_UNITED_TYPE", "1") };
        vec![
            text("__NAME__", &format!("sample{number}@example.com")),
            text("CREATE_ACTION", "autoCreate"),
            Attribute::new("__PASSWORD__", [secret(&format!("Correct-Horse-{number}"))]),
            Attribute::new("__ENABLE__", [true]),
            text("FIRST_NAME", &format!("First{number}")),
            text("LAST_NAME", &format!("Last{number}")),
            text("DISPLAY_NAME", &format!("Sample {number}")),
            Attribute::new("TYPE", [2]),
            text(bundle.0, bundle.1),
            Attribute::new("GROUP_IDS", [groups[0].as_str(), groups[1].as_str()]),
            Attribute::new("ZOOM_PHONE_FEATURE", [true]),
            text("SITE_ID", &site.id),
            text("SITE_NAME", &site.name),
            Attribute::new("SITE_CODE", [site.code]),
            text("ZOOM_PHONE_STATUS", "deactivate"),
            text("EXTENSION_NUMBER", &site.extension(number)),
            Attribute::new("ZOOM_PHONE_CALLING_PLANS", [200, 4000]),
            text("ZOOM_PHONE_NUMBERS", &self.stock[2 * number]),
        ]
    }

    fn group(&self, number: usize) -> Vec<Attribute> {
        let people = self.members();
        vec![
            text("__NAME__", &format!("Sample Group {number}")),
            Attribute::new("MEMBERS", [people[0].as_str(), people[1].as_str()]),
            Attribute::new("ADMINS", [people[2].as_str()]),
        ]
    }

    /// Other values for everything that can be changed of the sample with this number. Deltas that add are for
    /// attributes with several values, and the added values are not yet the object's.
    fn modifications(&self, class: &str, number: usize) -> Vec<Delta> {
        match class {
            USER => self.user_modifications(number),
            GROUP => {
                let people = self.members();
                vec![
                    Delta::replace("__NAME__", [format!("Modified Group {number}")]),
                    added("MEMBERS", [people[3].as_str(), people[4].as_str()]),
                    added("ADMINS", [people[5].as_str()]),
                ]
            }
            other => panic!("there are no modifications of the class {other}"),
        }
    }

    fn user_modifications(&self, number: usize) -> Vec<Delta> {
        let site = self.site(2);
        let groups = self.groups();
        let state = self.zoom.simulator.state();
        let custom = string(&state["custom_attributes"][0]["key"]);
        let role = state["roles"].as_array().expect("roles").last().expect("a role").clone();
        let [united, zoom_one] = if number.is_multiple_of(2) { [vec!["2"], vec![]] } else { [vec![], vec!["32"]] };
        let text = |name: &str, value: &str| Delta::replace(name, [value]);
        vec![
            text("__NAME__", &format!("modified{number}@example.com")),
            Delta::replace("__ENABLE__", [true]),
            Delta::replace("__PASSWORD__", [secret(&format!("Staple-Battery-{number}"))]),
            text("FIRST_NAME", "Modified"),
            text("LAST_NAME", "Müller"),
            text("DISPLAY_NAME", "Modified \"M\" Müller"),
            text("LANGUAGE", "de-DE"),
            text("TIME_ZONE", "Europe/Berlin"),
            text("PHONE_NUMBER", "+49 305550100"),
            text("PHONE_COUNTRY", "DE"),
            Delta::replace("TYPE", [2]),
            Delta::replace("PLAN_UNITED_TYPE", united),
            Delta::replace("ZOOM_ONE_FEATURE_TYPE", zoom_one),
            added("GROUP_IDS", [groups[2].as_str()]),
            text("PRIMARY_GROUP_ID", &groups[1]),
            text("STATUS", "active"),
            Delta::replace("PERSONAL_MEETING_ID", [5_550_100_000 + i64::try_from(number).expect("a number")]),
            text("DEPT", "Modified Department"),
            text("ROLE_ID", &string(&role["id"])),
            text("ROLE_NAME", &string(&role["name"])),
            text("JOB_TITLE", "Modifier"),
            text("COMPANY", "Modified, Inc."),
            text("LOCATION", "Berlin"),
            text("COST_CENTER", "CC-999"),
            text("MANAGER", "manager@example.com"),
            text("PRONOUNS", "they/them"),
            added("CUSTOM_ATTRIBUTES", [format!("{custom}=1=2")]),
            Delta::replace("ZOOM_PHONE_FEATURE", [true]),
            text("SITE_ID", &site.id),
            text("SITE_NAME", &site.name),
            Delta::replace("SITE_CODE", [site.code]),
            text("ZOOM_PHONE_STATUS", "activate"),
            text("EXTENSION_NUMBER", &site.extension(number)),
            added("ZOOM_PHONE_CALLING_PLANS", [100]),
            added("ZOOM_PHONE_NUMBERS", [self.stock[2 * number + 1].as_str()]),
        ]
    }

    // ------------------------------------------------------------------------ what the account has

    fn groups(&self) -> Vec<String> {
        self.zoom.groups().iter().map(|group| string(&group["id"])).collect()
    }

    /// The ids of active users without a role.
    fn members(&self) -> Vec<String> {
        let members = self.zoom.users().into_iter().filter(|user| user["status"] == "active" && user["role_id"] == "2");
        members.map(|user| string(&user["id"])).collect()
    }

    fn site(&self, place: usize) -> Site {
        let site = self.zoom.simulator.state()["phone"]["sites"][place].clone();
        let code = site["site_code"].as_i64().and_then(|code| i32::try_from(code).ok()).expect("a code");
        Site { id: string(&site["id"]), name: string(&site["name"]), code }
    }
}

/// The properties of the connectors of these checks: what is deleted goes, and nobody waits for a phone.
const PROPERTIES: &[(&str, &str)] = &[
    ("phoneProvisioningInterval", "0"),
    ("deactivateOnDelete", "false"),
    ("entitlementDeletionEnabled", "true"),
    ("ioErrorRetries", "0"),
];

type Outcome<T> = Result<T, Box<host_harness::model::ConnectorError>>;

/// A site of Zoom Phone.
struct Site {
    id: String,
    name: String,
    code: i32,
}

impl Site {
    /// An extension of this site that the seed does not have.
    fn extension(&self, number: usize) -> String {
        format!("{}{}", self.code, 50_000 + number)
    }
}

fn string(value: &Json) -> String {
    value.as_str().expect("a text").to_owned()
}

fn text(name: &str, value: &str) -> Attribute {
    Attribute::new(name, [value])
}

fn secret(text: &str) -> Value {
    Value::Secret(Secret::new(text))
}

fn adjusted<V: Into<Value>>(
    name: &str,
    add: impl IntoIterator<Item = V>,
    remove: impl IntoIterator<Item = V>,
) -> Delta {
    let [add, remove] = [add.into_iter().map(Into::into).collect(), remove.into_iter().map(Into::into).collect()];
    Delta { name: name.to_owned(), change: Change::Adjust { add, remove } }
}

fn added<V: Into<Value>>(name: &str, values: impl IntoIterator<Item = V>) -> Delta {
    adjusted(name, values, [])
}

/// Every object of a search, page after page.
async fn walked(
    connector: &Connector,
    class: &str,
    filter: Option<Filter>,
    options: SearchOptions,
) -> Result<Vec<ConnectorObject>, Error> {
    let mut pages = connector.search_all(class, filter, options);
    let mut objects = Vec::new();
    while let Some(page) = pages.next().await? {
        objects.extend(page.objects);
    }
    Ok(objects)
}

/// The known values of an attribute; `__UID__` and `__NAME__` are those of the object. None where the
/// object does not have the attribute.
fn values(object: &ConnectorObject, name: &str) -> Option<Vec<Value>> {
    match name {
        "__UID__" => Some(vec![object.uid.value.as_str().into()]),
        "__NAME__" => Some(vec![object.name.as_str().into()]),
        _ => object.attribute(name).and_then(|attribute| match &attribute.values {
            Values::Unknown => None,
            known => Some(known.as_slice().to_vec()),
        }),
    }
}

/// Whether two lists have the same values, in any order.
fn same(one: &[Value], other: &[Value]) -> bool {
    let count = |list: &[Value], value: &Value| list.iter().filter(|other| *other == value).count();
    one.len() == other.len() && one.iter().all(|value| count(one, value) == count(other, value))
}

/// Holds that an object matches what was given: every attribute that can be read is there, with all the
/// values. Others may be there besides.
fn matches(class: &ObjectClassInfo, object: &ConnectorObject, given: &[Attribute]) {
    for attribute in given {
        let info = class.attribute(&attribute.name).expect("an attribute of the class");
        if info.readable {
            let found = values(object, &info.name).unwrap_or_else(|| panic!("{} is missing in {object:?}", info.name));
            for value in attribute.values.as_slice() {
                assert!(found.contains(value), "{} of {}: {found:?} has no {value:?}", info.name, object.name);
            }
        }
    }
}

/// Holds that an object has exactly the values that were given, as far as they can be read.
fn equals(class: &ObjectClassInfo, object: &ConnectorObject, given: &[Attribute]) {
    matches(class, object, given);
    for attribute in given.iter().filter(|attribute| class.attribute(&attribute.name).is_some_and(|info| info.readable))
    {
        let found = values(object, &attribute.name).expect("values");
        let wanted = attribute.values.as_slice();
        assert!(same(&found, wanted), "{} of {}: {found:?}, not {wanted:?}", attribute.name, object.name);
    }
}

/// The uids of objects, sorted.
fn uids(objects: &[ConnectorObject]) -> Vec<&str> {
    let mut uids: Vec<&str> = objects.iter().map(|object| object.uid.value.as_str()).collect();
    uids.sort_unstable();
    uids
}

/// Objects in the order of their uids.
fn sorted(mut objects: Vec<ConnectorObject>) -> Vec<ConnectorObject> {
    objects.sort_by(|one, other| one.uid.value.cmp(&other.uid.value));
    objects
}

/// Holds that an operation on a class that there is not was refused for that.
fn no_such_class<T>(outcome: Outcome<T>) {
    assert_eq!(kind(outcome), Some(ErrorKind::InvalidArgument));
}
