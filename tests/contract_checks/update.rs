//! Update by deltas, in the style of UpdateOp (replace everything) and of UpdateDeltaOp.

use host_harness::model::{Attribute, Change, Delta, ErrorKind, Uid, Value};

use super::{NONEXISTING, World, adjusted, equals, matches, no_such_class, string, text, values};
use crate::support::{GROUP, USER};

/// The attributes that deltas leave, given what was there before.
fn after(before: &[Attribute], deltas: &[Delta]) -> Vec<Attribute> {
    let mut all = before.to_vec();
    for delta in deltas {
        let present = all.iter().position(|attribute| attribute.name == delta.name).map(|place| all.remove(place));
        let mut values = present.map_or_else(Vec::new, |attribute| attribute.values.as_slice().to_vec());
        match &delta.change {
            Change::Replace(replaced) => values.clone_from(replaced),
            Change::Adjust { add, remove } => {
                values.retain(|value| !remove.contains(value));
                values.extend(add.iter().cloned());
            }
        }
        all.push(Attribute::new(delta.name.clone(), values));
    }
    all
}

/// The deltas that take away what these add.
fn undone(deltas: &[Delta]) -> Vec<Delta> {
    let removed = |delta: &Delta| match &delta.change {
        Change::Adjust { add, .. } => Some(adjusted(&delta.name, Vec::new(), add.clone())),
        Change::Replace(_) => None,
    };
    deltas.iter().filter_map(removed).collect()
}

/// An object that has a value for everything that can be updated, and what it has.
async fn modified(world: &World, class: &str, number: usize) -> (Uid, Vec<Attribute>) {
    let created = world.create(class, number).await;
    let deltas = world.modifications(class, number);
    let uid = world.update(class, &created, &deltas).await;
    (uid, after(&world.sample(class, number), &deltas))
}

/// UPD-2. Each attribute by itself; twice, since a null among the values is none as well.
#[tokio::test(flavor = "multi_thread")]
async fn upd_2_an_attribute_is_cleared_or_says_that_it_cannot_be() {
    let world = World::start().await;
    for class in world.classes() {
        let info = world.class(&class);
        let (uid, _) = modified(&world, &class, 1).await;
        let clearable = info.attributes.iter().filter(|info| info.updateable && !info.required);
        let names = clearable.map(|info| info.name.as_str()).filter(|name| !name.starts_with("__"));
        for name in names.filter(|name| *name != "DISPLAY_NAME") {
            for nothing in [vec![], vec![Value::None]] {
                match world.try_update(&class, &uid, &[Delta::replace(name, nothing)]).await {
                    Ok(_) => {
                        let left = values(&world.get(&class, &uid).await, name);
                        assert_eq!(left.as_deref(), Some(&[][..]), "{name} is known to have no value");
                    }
                    Err(error) => {
                        let (kind, about) = (error.kind, error.attributes.concat());
                        assert_eq!((kind, about.as_str()), (ErrorKind::InvalidAttributeValue, name), "{error:?}");
                    }
                }
            }
        }
    }
    no_such_class(world.try_update(NONEXISTING, &Uid::new("x"), &[Delta::replace::<Value>("DEPT", [])]).await);
}

/// UPD-2 for the one attribute of which Zoom makes a value where there is none.
#[tokio::test(flavor = "multi_thread")]
async fn upd_2_without_a_display_name_zoom_makes_one_of_first_and_last_name() {
    let world = World::start().await;
    let (uid, _) = modified(&world, USER, 1).await;
    world.update(USER, &uid, &[Delta::replace::<Value>("DISPLAY_NAME", [])]).await;
    assert_eq!(values(&world.get(USER, &uid).await, "DISPLAY_NAME"), Some(vec!["Modified Müller".into()]));
}

/// The attributes of which Zoom keeps no value after UPD-2, so that the refusals above are no excuse.
#[tokio::test(flavor = "multi_thread")]
async fn upd_2_what_zoom_can_clear_is_cleared() {
    let world = World::start().await;
    let can = [
        (USER, &["FIRST_NAME", "LAST_NAME", "DEPT", "JOB_TITLE", "COMPANY", "LOCATION", "COST_CENTER", "MANAGER"][..]),
        (USER, &["PRONOUNS", "PHONE_NUMBER", "GROUP_IDS", "CUSTOM_ATTRIBUTES", "ZOOM_PHONE_NUMBERS"]),
        (USER, &["ZOOM_ONE_FEATURE_TYPE", "LANGUAGE", "TIME_ZONE"]),
        (GROUP, &["MEMBERS", "ADMINS"]),
    ];
    let users = modified(&world, USER, 1).await.0;
    let groups = modified(&world, GROUP, 1).await.0;
    for (class, names) in can {
        let uid = if class == USER { &users } else { &groups };
        for name in names {
            assert!(values(&world.get(class, uid).await, name).is_some_and(|values| !values.is_empty()), "{name}");
            world.update(class, uid, &[Delta::replace::<Value>(*name, [])]).await;
            assert_eq!(values(&world.get(class, uid).await, name), Some(vec![]), "{name}");
        }
    }
}

/// UPD-3.
#[tokio::test(flavor = "multi_thread")]
async fn upd_3_an_object_cannot_become_another_one() {
    let world = World::start().await;
    for class in world.classes() {
        let info = world.class(&class);
        let [first, second] = [world.create(&class, 1).await, world.create(&class, 2).await];
        let before = world.get(&class, &first).await;
        let sample = world.sample(&class, 1).into_iter();
        let updateable = sample.filter(|given| info.attribute(&given.name).is_some_and(|info| info.updateable));
        let deltas: Vec<Delta> =
            updateable.map(|given| Delta::replace(given.name, given.values.as_slice().to_vec())).collect();
        let error = world.try_update(&class, &second, &deltas).await.expect_err("the name is taken");
        assert_eq!(error.kind, ErrorKind::AlreadyExists, "{error:?}");
        assert_eq!(world.get(&class, &first).await, before, "{class}: the first is as it was");
        let left = world.get(&class, &second).await;
        assert_eq!(Some(left.name.as_str()), world.sample(&class, 2)[0].values.as_slice()[0].as_text());
    }
    no_such_class(world.try_update(NONEXISTING, &Uid::new("x"), &[Delta::replace("__NAME__", ["x"])]).await);
}

/// UPD-4.
#[tokio::test(flavor = "multi_thread")]
async fn upd_4_an_attribute_that_there_is_not_is_refused() {
    let world = World::start().await;
    for class in world.classes() {
        let uid = world.create(&class, 1).await;
        let before = world.get(&class, &uid).await;
        for name in ["NO_SUCH_ATTRIBUTE", "__UID__"] {
            let mut deltas = world.modifications(&class, 1);
            deltas.push(Delta::replace(name, ["x"]));
            let error = world.try_update(&class, &uid, &deltas).await.expect_err("refused");
            assert_eq!((error.kind, error.attributes.concat().as_str()), (ErrorKind::InvalidAttributeValue, name));
        }
        assert_eq!(world.get(&class, &uid).await, before, "nothing was changed");
    }
    no_such_class(world.try_update(NONEXISTING, &Uid::new("x"), &[Delta::replace("NO_SUCH", ["x"])]).await);
}

/// UPDD-1. Everything that can be updated in one call, the phone included; then what was added goes again.
#[tokio::test(flavor = "multi_thread")]
async fn updd_1_all_attributes_are_changed_in_one_call_and_what_was_added_is_removed_in_another() {
    let world = World::start().await;
    for class in world.classes() {
        for number in 1..=2 {
            let info = world.class(&class);
            let sample = world.sample(&class, number);
            let created = world.create(&class, number).await;
            let deltas = world.modifications(&class, number);
            world.zoom.simulator.reset();
            let uid = world.update(&class, &created, &deltas).await;
            let expected = after(&sample, &deltas);
            equals(info, &world.get(&class, &uid).await, &expected);
            if class == USER {
                let log = world.zoom.changes();
                let password = log.iter().filter(|change| change.ends_with(r#"/password {"password":"********"}"#));
                assert_eq!(password.count(), 1, "a password cannot be read: {log:#?}");
            }
            let removals = undone(&deltas);
            assert_eq!(removals.len(), if class == USER { 4 } else { 2 }, "all that has several values");
            let uid = world.update(&class, &uid, &removals).await;
            equals(info, &world.get(&class, &uid).await, &after(&expected, &removals));
            // The same once more changes nothing.
            world.zoom.simulator.reset();
            let replaced = |delta: &&Delta| matches!(delta.change, Change::Replace(_)) && delta.name != "__PASSWORD__";
            let mut again: Vec<Delta> = deltas.iter().filter(replaced).cloned().collect();
            again.extend(removals);
            let uid = world.update(&class, &uid, &again).await;
            assert_eq!(world.zoom.changes(), Vec::<String>::new());
            equals(info, &world.get(&class, &uid).await, &after(&expected, &undone(&deltas)));
        }
    }
    no_such_class(world.try_update(NONEXISTING, &Uid::new("x"), &[]).await);
}

/// UPDD-1 for replacing what has several values, and for one delta that adds and removes.
#[tokio::test(flavor = "multi_thread")]
async fn updd_1_several_values_are_replaced_added_and_removed() {
    let world = World::start().await;
    let (groups, people) = (world.groups(), world.members());
    let custom = world.zoom.simulator.state()["custom_attributes"].clone();
    let [badge, shift] = [0, 1].map(|place| string(&custom[place]["key"]));
    let texts = |texts: &[&str]| texts.iter().map(|text| Value::from(*text)).collect::<Vec<_>>();
    let numbers = |numbers: &[i32]| numbers.iter().map(|number| Value::Integer(*number)).collect::<Vec<_>>();
    let lists: [(&str, &str, [Vec<Value>; 3]); 6] = [
        (USER, "GROUP_IDS", [2, 3, 4].map(|place| texts(&[&groups[place]]))),
        (
            USER,
            "CUSTOM_ATTRIBUTES",
            [format!("{badge}=1"), format!("{shift}=2"), format!("{badge}=3")].map(|pair| texts(&[&pair])),
        ),
        (USER, "ZOOM_PHONE_CALLING_PLANS", [numbers(&[3000]), numbers(&[100]), numbers(&[202])]),
        (USER, "ZOOM_PHONE_NUMBERS", [12, 13, 14].map(|place| texts(&[&world.stock[place]]))),
        (GROUP, "MEMBERS", [4, 5, 6].map(|place| texts(&[&people[place]]))),
        (GROUP, "ADMINS", [4, 5, 6].map(|place| texts(&[&people[place]]))),
    ];
    let [user, group] = [world.create(USER, 1).await, world.create(GROUP, 1).await];
    for (class, name, [one, two, three]) in lists {
        let uid = if class == USER { &user } else { &group };
        let holds = async |wanted: &[&[Value]]| {
            equals(world.class(class), &world.get(class, uid).await, &[Attribute::new(name, wanted.concat())]);
        };
        world.update(class, uid, &[Delta::replace(name, [one.clone(), two.clone()].concat())]).await;
        holds(&[&one, &two]).await;
        world.update(class, uid, &[adjusted(name, three.clone(), one.clone())]).await;
        holds(&[&two, &three]).await;
        // What is there already and what is not there change nothing.
        world.zoom.simulator.reset();
        world.update(class, uid, &[adjusted(name, three.clone(), one)]).await;
        assert_eq!(world.zoom.changes(), Vec::<String>::new(), "{name}");
        holds(&[&two, &three]).await;
    }
}

/// Status and phone, which the samples above leave on.
#[tokio::test(flavor = "multi_thread")]
async fn updd_1_status_and_phone_are_switched_off_and_on() {
    let world = World::start().await;
    let class = world.class(USER);
    let uid = world.create(USER, 1).await;
    world.update(USER, &uid, &[Delta::replace("ZOOM_PHONE_FEATURE", [false])]).await;
    let object = world.get(USER, &uid).await;
    let nothing = ["SITE_ID", "SITE_NAME", "SITE_CODE", "ZOOM_PHONE_STATUS", "EXTENSION_NUMBER"].into_iter().chain([
        "ZOOM_PHONE_CALLING_PLANS",
        "ZOOM_PHONE_NUMBERS",
        "ZOOM_PHONE_DEPARTMENT",
        "ZOOM_PHONE_COST_CENTER",
    ]);
    let nothing: Vec<_> = nothing.map(|name| Attribute::new::<Value>(name, [])).collect();
    equals(class, &object, &nothing);
    equals(class, &object, &[Attribute::new("ZOOM_PHONE_FEATURE", [false])]);
    let phone = |given: &&Attribute| given.name.contains("PHONE") || given.name.starts_with("SITE");
    let sample: Vec<Attribute> = world.sample(USER, 1).iter().filter(phone).cloned().collect();
    let deltas: Vec<_> =
        sample.iter().map(|given| Delta::replace(given.name.clone(), given.values.as_slice().to_vec())).collect();
    world.update(USER, &uid, &deltas).await;
    equals(class, &world.get(USER, &uid).await, &sample);
    for (enabled, status) in [(false, "inactive"), (true, "active")] {
        world.update(USER, &uid, &[Delta::replace("STATUS", [status])]).await;
        let expected = [Attribute::new("__ENABLE__", [enabled]), text("STATUS", status)];
        matches(class, &world.get(USER, &uid).await, &expected);
    }
}

/// UPDD-1 for the plans, which touch each other at Zoom: what was asked for is what comes out.
#[tokio::test(flavor = "multi_thread")]
async fn updd_1_the_type_that_is_asked_for_stays_when_a_bundle_ends() {
    let world = World::start().await;
    for (number, bundle) in [(1, "PLAN_UNITED_TYPE"), (2, "ZOOM_ONE_FEATURE_TYPE")] {
        for plan in [1, 2] {
            let uid = world.create(USER, 2 * plan + number).await;
            let type_of = i32::try_from(plan).expect("a number");
            let deltas = [Delta::replace("TYPE", [type_of]), Delta::replace::<Value>(bundle, [])];
            world.update(USER, &uid, &deltas).await;
            let expected = [Attribute::new("TYPE", [type_of]), Attribute::new::<Value>(bundle, [])];
            equals(world.class(USER), &world.get(USER, &uid).await, &expected);
        }
    }
}

/// More members and administrators than Zoom takes in one call, or tells on one page.
#[tokio::test(flavor = "multi_thread")]
async fn updd_1_hundreds_of_members_come_and_go() {
    let options = zoom_simulator::Options { users: 400, groups: 1, ..zoom_simulator::Options::default() };
    let world = World::with(options).await;
    let people = world.members();
    for (name, most) in [("MEMBERS", 350), ("ADMINS", 35)] {
        let group = world.try_create(GROUP, &[text("__NAME__", name)]).await.expect("created");
        for count in [most, 20, 0] {
            world.update(GROUP, &group, &[Delta::replace(name, people[..count].to_vec())]).await;
            equals(
                world.class(GROUP),
                &world.get(GROUP, &group).await,
                &[Attribute::new(name, people[..count].to_vec())],
            );
        }
    }
}
