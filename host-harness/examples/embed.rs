//! Everything that a platform does to read objects through a connector:
//!
//! ```text
//! cargo run --release -p host-harness --example embed -- connector.wasm User serviceUrl=https://api.example.com ...
//! ```

use std::num::NonZeroU32;

use host_harness::{Cache, Component, Engine, Policy, Properties, SearchOptions};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("which component?")?;
    let class = arguments.next().ok_or("which object class?")?;
    let properties = arguments.fold(Properties::new(), |properties, argument| match argument.split_once('=') {
        Some((name, value)) => properties.with(name, value),
        None => properties,
    });

    let engine = Engine::new(Cache::User)?; // one for the process
    let component = Component::from_file(&engine, file)?; // one for each file
    let connector = component.open(&properties, Policy::default()).await?; // one for each configuration
    connector.test().await?;

    let options = SearchOptions { page_size: NonZeroU32::new(100), ..SearchOptions::default() };
    let mut pages = connector.search_all(class, None, options);
    while let Some(page) = pages.next().await? {
        for object in page.objects {
            println!("{}  {}", object.uid.value, object.name);
        }
    }
    Ok(())
}
