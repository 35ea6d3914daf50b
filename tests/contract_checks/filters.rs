//! Every filter of ConnId over every attribute that can be read, held against the same filter over the
//! full list in memory. Some attributes are on the rows of Zoom's lists, some only on records, some on
//! the phone: what a filter finds must not depend on that.

use std::collections::BTreeSet;

use host_harness::model::{AttributeInfo, ConnectorObject, ErrorKind, Filter, Value, ValueType};
use host_harness::{Connector, SearchOptions};

use super::{PROPERTIES, World, evaluator, uids, values, walked};
use crate::support::{GROUP, USER, refused};

/// The full list and what a class is.
struct Listed<'a> {
    world: &'a World,
    class: &'a str,
    all: Vec<ConnectorObject>,
}

impl<'a> Listed<'a> {
    async fn of(world: &'a World, class: &'a str) -> Self {
        Self { world, class, all: world.found(class, None).await }
    }

    /// Holds that a search finds what the filter accepts of the full list; how many that are.
    async fn compare(&self, connector: &Connector, filter: &Filter) -> usize {
        let info = self.world.class(self.class);
        let options = SearchOptions::default();
        let found = walked(connector, self.class, Some(filter.clone()), options).await;
        let found = found.unwrap_or_else(|error| panic!("{filter:?}: {error}"));
        let expected: Vec<_> =
            self.all.iter().filter(|object| evaluator::holds(filter, info, object)).cloned().collect();
        assert_eq!(uids(&found), uids(&expected), "{filter:?}");
        expected.len()
    }

    /// The different values that objects have of an attribute, each list once.
    fn lists(&self, name: &str) -> Vec<Vec<Value>> {
        let mut lists: Vec<Vec<Value>> = Vec::new();
        for object in &self.all {
            let list = values(object, name).unwrap_or_else(|| panic!("{name} is not known of {}", object.name));
            if !lists.contains(&list) {
                lists.push(list);
            }
        }
        lists
    }
}

/// Filters on an attribute with one of these lists of values, one of each sort that its type takes.
fn filters(name: &str, value_type: ValueType, list: &[Value]) -> Vec<Filter> {
    let mut filters = vec![
        Filter::Equals(name.into(), list.to_vec()),
        !Filter::Equals(name.into(), list.to_vec()),
        Filter::ContainsAllValues(name.into(), list.iter().take(1).cloned().collect()),
    ];
    if let [value, ..] = list {
        let bounds = [Filter::GreaterThan, Filter::GreaterThanOrEqual, Filter::LessThan, Filter::LessThanOrEqual];
        filters.extend(bounds.map(|bound| bound(name.into(), value.clone())));
        filters.push(!Filter::GreaterThan(name.into(), value.clone()));
    }
    if let (ValueType::Text, Some(Value::Text(text))) = (value_type, list.first()) {
        let characters: Vec<char> = text.chars().collect();
        let (start, end) = (characters.len() / 3, characters.len().div_ceil(2));
        let part = |from: usize, to: usize| characters[from..to.max(from + 1).min(characters.len())].iter().collect();
        filters.extend([
            Filter::EqualsIgnoreCase(name.into(), text.to_uppercase()),
            Filter::Contains(name.into(), part(start, end)),
            Filter::StartsWith(name.into(), part(0, end)),
            Filter::EndsWith(name.into(), part(start, characters.len())),
            !Filter::StartsWith(name.into(), part(0, 1)),
        ]);
    }
    filters
}

/// Whose names are distinct enough: the values of three objects.
fn some_of(lists: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
    let count = lists.len();
    let (empty, full): (Vec<_>, Vec<_>) = lists.into_iter().partition(Vec::is_empty);
    let longest = full.iter().max_by_key(|list| list.len()).cloned();
    let places = BTreeSet::from([0, count / 2, count.saturating_sub(1)]);
    let picked = full.into_iter().enumerate().filter(|(place, _)| places.contains(place)).map(|(_, list)| list);
    picked.chain(empty).chain(longest.filter(|list| list.len() > 1)).collect()
}

async fn every_filter(class: &str, on: impl Fn(&str) -> bool) {
    let world = World::start().await;
    for number in 1..=2 {
        let uid = world.create(class, number).await;
        world.update(class, &uid, &world.modifications(class, number)).await;
    }
    let listed = Listed::of(&world, class).await;
    let (mut tried, mut found) = (0, 0);
    for name in world.readable(class).into_iter().chain(["__UID__".to_owned()]).filter(|name| on(name)) {
        // The one instance reads everything of every user, the other one only as much as the filter needs.
        let deep = world.zoom.connector(PROPERTIES).await;
        let shallow = world.zoom.connector(&[PROPERTIES, &[("deepImport", "false")]].concat()).await;
        let value_type = world.class(class).attribute(&name).map_or(ValueType::Text, |info| info.value_type);
        let lists = listed.lists(&name);
        assert!(lists.iter().any(|list| !list.is_empty()), "nobody has {name}");
        for list in some_of(lists) {
            for filter in filters(&name, value_type, &list) {
                let count = listed.compare(&shallow, &filter).await;
                if tried % 7 == 0 {
                    assert_eq!(listed.compare(&deep, &filter).await, count);
                }
                tried += 1;
                found += count;
            }
        }
    }
    assert!(tried > 20 && found > tried, "{tried} filters found {found} objects");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_filter_on_every_attribute_of_users_finds_what_it_accepts_of_the_full_list() {
    every_filter(USER, |name| name != ONLY_THE_RECORD_TELLS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_filter_on_every_attribute_of_groups_finds_what_it_accepts_of_the_full_list() {
    every_filter(GROUP, |_| true).await;
}

/// The attribute that rows carry of all users but pending ones.
const ONLY_THE_RECORD_TELLS: &str = "PERSONAL_MEETING_ID";

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_finds_pending_users_by_what_their_record_tells_and_their_row_does_not() {
    every_filter(USER, |name| name == ONLY_THE_RECORD_TELLS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_are_joined_over_rows_records_and_phones() {
    let world = World::start().await;
    let listed = Listed::of(&world, USER).await;
    let first = |name: &str, place: usize| {
        let list =
            listed.all.iter().filter_map(|object| values(object, name)).filter(|list| !list.is_empty()).nth(place);
        list.unwrap_or_else(|| panic!("nobody has {name}"))
    };
    let on = |name: &str, place: usize| Filter::Equals(name.to_owned(), first(name, place));
    let (row, record) = (on("DEPT", 0), on("LANGUAGE", 1));
    let (phone, site) = (Filter::equals("ZOOM_PHONE_FEATURE", true), on("SITE_NAME", 0));
    let (uid, name) = (on("__UID__", 3), on("__NAME__", 5));
    let inactive = Filter::equals("STATUS", "inactive");
    let parts = [row, record, phone, site, uid, name, inactive];
    let mut found = 0;
    for one in &parts {
        for other in &parts {
            let pair = || vec![one.clone(), other.clone()];
            for joined in [
                Filter::And(pair()),
                Filter::Or(pair()),
                !Filter::And(pair()),
                !Filter::Or(pair()),
                Filter::And(vec![one.clone(), !other.clone()]),
                Filter::Or(vec![one.clone(), !other.clone()]),
                Filter::And(vec![Filter::Or(pair()), Filter::Or(vec![other.clone(), parts[0].clone()])]),
            ] {
                found += listed.compare(&world.connector, &joined).await;
            }
        }
    }
    assert!(found > 100, "{found}");
    for (filter, count) in [
        (Filter::And(vec![]), listed.all.len()),
        (Filter::Or(vec![]), 0),
        (!Filter::Or(vec![]), listed.all.len()),
        (!Filter::And(vec![]), 0),
        (Filter::And(parts.to_vec()), 0),
        (!!parts[0].clone(), listed.compare(&world.connector, &parts[0]).await),
    ] {
        assert_eq!(listed.compare(&world.connector, &filter).await, count, "{filter:?}");
    }
}

/// Texts with characters that mean something in a path, a query or another language of filters.
#[tokio::test(flavor = "multi_thread")]
async fn a_value_is_nothing_but_a_value() {
    let world = World::start().await;
    for class in world.classes() {
        let listed = Listed::of(&world, &class).await;
        for text in
            ["", " ", "*", "%", "a/b", "../groups", "..", "?status=active", "#", "me", "Ω\u{1F600}", "\"'\\", "a\nb"]
        {
            for name in ["__UID__", "__NAME__"] {
                for filter in [Filter::equals(name, text), Filter::EqualsIgnoreCase(name.into(), text.into())] {
                    assert_eq!(listed.compare(&world.connector, &filter).await, 0, "{filter:?}");
                }
            }
            for filter in
                [Filter::Contains("__NAME__".into(), text.into()), Filter::EndsWith("__NAME__".into(), text.into())]
            {
                listed.compare(&world.connector, &filter).await;
            }
        }
    }
}

/// What the comparison or the type of the attribute does not allow.
#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_makes_no_sense_is_an_invalid_argument() {
    let world = World::start().await;
    let refused_as = async |class: &str, filter: Filter| {
        let outcome = walked(&world.connector, class, Some(filter.clone()), SearchOptions::default()).await;
        let error = outcome.map_err(refused).err().unwrap_or_else(|| panic!("{filter:?} was taken"));
        assert_eq!(error.kind, ErrorKind::InvalidArgument, "{filter:?}");
    };
    world.zoom.simulator.reset();
    for class in world.classes() {
        let attributes = &world.class(&class).attributes;
        for info in attributes {
            let name = || info.name.clone();
            if !info.readable {
                for filter in [Filter::Equals(name(), vec![]), Filter::equals(name(), "x")] {
                    refused_as(&class, filter).await;
                }
                continue;
            }
            refused_as(&class, Filter::Equals(name(), vec![other_type(info)])).await;
            refused_as(&class, Filter::ContainsAllValues(name(), vec![other_type(info)])).await;
            refused_as(&class, Filter::GreaterThan(name(), other_type(info))).await;
            if info.value_type != ValueType::Text {
                let tests = [Filter::EqualsIgnoreCase, Filter::Contains, Filter::StartsWith, Filter::EndsWith];
                for test in tests {
                    refused_as(&class, test(name(), "1".into())).await;
                }
            }
            refused_as(&class, Filter::LessThan(name(), Value::None)).await;
        }
        let unknown = Filter::And(vec![Filter::equals("__UID__", "x"), Filter::equals("NO_SUCH_ATTRIBUTE", "x")]);
        refused_as(&class, unknown).await;
    }
    assert!(world.zoom.calls().is_empty(), "what makes no sense needs no call");
}

fn other_type(info: &AttributeInfo) -> Value {
    if info.value_type == ValueType::Text { Value::Boolean(true) } else { "1".into() }
}

/// Every filter that equals is neither greater nor less, and the other way round, in any letter case.
#[tokio::test(flavor = "multi_thread")]
async fn the_order_of_a_name_ignores_letter_case_as_its_equality_does() {
    let world = World::start().await;
    let listed = Listed::of(&world, USER).await;
    let upper = listed.all[2].name.to_uppercase();
    let bounds = [Filter::GreaterThan, Filter::GreaterThanOrEqual, Filter::LessThan, Filter::LessThanOrEqual];
    for bound in bounds {
        listed.compare(&world.connector, &bound("__NAME__".into(), upper.as_str().into())).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_several_spellings_of_its_name_find_comes_once() {
    let world = World::start().await;
    let listed = Listed::of(&world, USER).await;
    let (name, uid) = (listed.all[2].name.clone(), listed.all[2].uid.value.clone());
    let spelled = |name: String| Filter::equals("__NAME__", name);
    let ignoring = |name: String| Filter::EqualsIgnoreCase("__NAME__".into(), name);
    for filter in [
        Filter::Or(vec![spelled(name.clone()), spelled(name.to_uppercase())]),
        Filter::Or(vec![spelled(name.clone()), ignoring(name.to_uppercase())]),
        Filter::Or(vec![spelled(name.to_uppercase()), Filter::equals("__UID__", uid)]),
    ] {
        assert_eq!(listed.compare(&world.connector, &filter).await, 1);
    }
}
