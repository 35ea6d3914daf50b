use connector_base::contract::{AttributeTest, Comparison, Filter, FilterNode, Options, SearchOptions};
use connector_base::value::Value;

use super::*;
use crate::api::budget::RateSettings;
use crate::api::budget::tests::OFF;
use crate::configuration::Settings;
use crate::schema::{USER, schema};

/// A search for users where an attribute has a value, or for all, with these attributes, or those returned by default.
fn query(filter: Option<(&str, &str)>, attributes: Option<&[&str]>) -> Query {
    let required = [("accountId", "a"), ("clientId", "c"), ("clientSecret", "s")];
    let property = |(name, value): (&str, &str)| connector_base::contract::ConfigurationProperty {
        name: name.to_owned(),
        values: vec![Value::text(value)],
    };
    let settings = Settings::read(required.map(property).to_vec()).expect("settings");
    let filter = filter.map(|(name, value)| Filter {
        nodes: vec![FilterNode::Test(AttributeTest {
            name: name.to_owned(),
            comparison: Comparison::Equals,
            values: vec![Value::text(value)],
        })],
    });
    let search = SearchOptions {
        attributes_to_get: attributes.map(connector_base::contract::owned),
        return_default_attributes: false,
        page_size: None,
        page_offset: None,
        page_cookie: None,
        sort_keys: vec![],
        scope: None,
        container: None,
        allow_partial_results: false,
        allow_partial_attribute_values: false,
    };
    let options = Options { run_as_user: None, run_with_password: None, deadline_ms: None, extra: vec![] };
    Query::checked(schema(&settings), USER, filter, search, options).expect("a query")
}

/// The calls of a plan: `*` for the pages of a list, `+` for one for each user, `?` for one for some.
fn calls(query: &Query, depth: Depth, reach: Reach) -> Vec<String> {
    let calls = UserPlan::new(query, depth).calls(reach);
    let shown = |calls: &Calls| {
        let many = match calls.many {
            Many::Exactly(calls) => calls.to_string(),
            Many::Pages(_) | Many::Few => "*".into(),
            Many::Each => "+".into(),
            Many::Some => "?".into(),
        };
        format!("{many} {}", calls.operation.path)
    };
    calls.iter().map(shown).collect()
}

const LISTS: [&str; 3] = ["* /users"; 3];

fn with_lists(more: &[&'static str]) -> Vec<&'static str> {
    LISTS.into_iter().chain(more.iter().copied()).collect()
}

#[test]
fn an_import_reads_lists_and_the_record_of_each_user_where_an_attribute_takes_it() {
    let import = |attributes| calls(&query(None, attributes), Depth::Deep, Reach::All);
    let (phones, sites, records, pending) =
        ("* /phone/users", "* /phone/sites", "+ /users/{userId}", "? /users/{userId}");
    assert_eq!(import(None), with_lists(&[records, phones, sites]));
    assert_eq!(import(Some(&["LANGUAGE"])), with_lists(&[records]));
    assert_eq!(import(Some(&["DEPT", "STATUS"])), with_lists(&[pending]));
    assert_eq!(import(Some(&["SITE_NAME", "ZOOM_PHONE_NUMBERS"])), with_lists(&[pending, phones]));
    assert_eq!(import(Some(&["SITE_CODE"])), with_lists(&[pending, phones, sites]));
    assert_eq!(calls(&query(None, None), Depth::Rows, Reach::All), with_lists(&[pending]));
}

#[test]
fn a_page_reads_the_phones_of_its_own_users_unless_the_filter_needs_those_of_all() {
    let page = |filter, attributes| calls(&query(filter, attributes), Depth::Deep, Reach::Page);
    let (each_phone, sites) = ("+ /phone/users/{userId}", "* /phone/sites");
    assert_eq!(page(None, None), with_lists(&["+ /users/{userId}", each_phone, sites]));
    assert_eq!(page(None, Some(&["SITE_NAME"])), with_lists(&["? /users/{userId}", each_phone, sites]));
    let tested = page(Some(("SITE_ID", "s")), Some(&["DEPT"]));
    assert_eq!(tested, with_lists(&["? /users/{userId}", "* /phone/users"]));
}

#[test]
fn of_pending_users_no_phone_is_read() {
    let pending = query(Some(("STATUS", "pending")), None);
    assert_eq!(calls(&pending, Depth::Deep, Reach::All), ["* /users", "+ /users/{userId}"]);
    let only_rows = query(Some(("STATUS", "pending")), Some(&["DEPT"]));
    assert_eq!(calls(&only_rows, Depth::Deep, Reach::All), ["* /users", "+ /users/{userId}"]);
    assert!(calls(&query(Some(("STATUS", "deleted")), None), Depth::Deep, Reach::All).is_empty());
}

#[test]
fn a_look_up_is_one_read_of_user_and_phone() {
    let look_up = |attributes| calls(&query(Some(("__UID__", "u")), attributes), Depth::Rows, Reach::All);
    assert_eq!(look_up(None), ["1 /users/{userId}", "1 /phone/users/{userId}", "* /phone/sites"]);
    assert_eq!(look_up(Some(&["DEPT"])), ["1 /users/{userId}"]);
}

#[test]
fn only_the_lists_are_read_that_the_filter_can_hold_for() {
    let inactive = query(Some(("STATUS", "inactive")), Some(&["DEPT"]));
    assert_eq!(calls(&inactive, Depth::Deep, Reach::All), ["* /users"]);
}

#[test]
fn a_plan_says_how_long_it_takes_at_least_under_the_plan_of_the_account() {
    let explained = |plan, share| {
        let budgets = Budgets::new(RateSettings { plan, share, ..OFF });
        explained(&UserPlan::new(&query(None, None), Depth::Deep).calls(Reach::All), &budgets)
    };
    let business = explained(RatePlan::Business, 50);
    assert_eq!(business.floor_ms, None, "it depends on how many there are");
    let forecast = "For each 1000 objects: 4 Medium, 1000 Light, 10 Phone Medium calls, 25 s at least.";
    assert_eq!(
        business.notes,
        [forecast, "The times are those of ratePlan business, of which 50 % are for this instance."]
    );
    let free = explained(RatePlan::Free, 100);
    assert!(free.notes.iter().any(|note| note.contains("6000 Light calls a day")), "{:?}", free.notes);
    let off = explained(RatePlan::Off, 100);
    assert_eq!((off.floor_ms, off.notes.len()), (None, 2));
}
