//! An instance that lives long leaves nothing behind in its host.

use host_harness::{Cache, Component, Connector, Engine, Policy, Properties, SearchOptions};

use super::World;
use crate::support::{GROUP, component_file};

/// A connector of which the host keeps so many requests, bodies, streams and timers at a time.
async fn connector(world: &World, resources: usize) -> Connector {
    let engine = Engine::new(Cache::User).expect("an engine");
    let component = Component::from_file(&engine, component_file()).expect("a component");
    let properties = world.zoom.simulator.properties().into_iter();
    let properties = properties.fold(Properties::new(), |all, (name, value)| all.with(name, value));
    let mut policy = Policy::default();
    policy.limits.resources = resources;
    component.open(&properties, policy).await.expect("a connector")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_makes_any_number_of_requests() {
    let world = World::start().await;
    // One request at a time: it holds eight at the most.
    let connector = connector(&world, 100).await;
    for round in 0..300 {
        let page = connector.search(GROUP, None, &SearchOptions::default()).await;
        assert!(page.is_ok(), "request {round}: {page:?}");
    }
}
