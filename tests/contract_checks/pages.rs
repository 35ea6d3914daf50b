//! Pages: whatever their size, wherever they start, and whichever instance gives them.

use std::num::NonZeroU32;

use host_harness::SearchOptions;
use host_harness::model::{ConnectorObject, Filter, SearchResult, Start};

use super::{NONEXISTING, PROPERTIES, World, no_such_class, walked};
use crate::support::{GROUP, USER, refused};

fn size(size: usize) -> Option<NonZeroU32> {
    NonZeroU32::new(u32::try_from(size).expect("a size"))
}

fn page(page_size: usize, start: Start) -> SearchOptions {
    SearchOptions { page_size: size(page_size), start, ..SearchOptions::default() }
}

fn filters(class: &str) -> Vec<Option<Filter>> {
    match class {
        // Of a row, of the record, of the phone.
        USER => vec![
            None,
            Some(!Filter::equals("STATUS", "active")),
            Some(Filter::StartsWith("LANGUAGE".into(), "en".into())),
            Some(Filter::equals("ZOOM_PHONE_FEATURE", true)),
        ],
        _ => vec![None, Some(Filter::Contains("__NAME__".into(), "e".into()))],
    }
}

/// The pages of a search from its start, each in an instance of its own if `fresh` says so.
async fn pages(world: &World, class: &str, filter: Option<&Filter>, of: usize, fresh: bool) -> Vec<SearchResult> {
    let mut pages = Vec::new();
    let mut start = Start::Beginning;
    let mut instance = world.zoom.connector(PROPERTIES).await;
    loop {
        if fresh {
            instance = world.zoom.connector(PROPERTIES).await;
        }
        let result = instance.search(class, filter, &page(of, start)).await.expect("a page");
        let next = result.next.clone();
        pages.push(result);
        match next {
            Some(cookie) => start = Start::Cookie(cookie),
            None => return pages,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_any_size_are_the_whole_list_in_warm_and_fresh_instances() {
    let world = World::start().await;
    for class in world.classes() {
        for filter in filters(&class) {
            let whole = walked(&world.connector, &class, filter.clone(), SearchOptions::default()).await.expect("all");
            assert!(whole.len() > 1, "{filter:?}");
            for of in [1, 2, 7, whole.len() - 1, whole.len(), whole.len() + 1, 1000] {
                let warm = pages(&world, &class, filter.as_ref(), of, false).await;
                let objects: Vec<ConnectorObject> = warm.iter().flat_map(|page| page.objects.clone()).collect();
                assert_eq!(objects, whole, "{filter:?} in pages of {of}");
                assert!(warm.iter().all(|page| page.objects.len() <= of && page.complete));
                // Only the last pages may be short.
                let full = whole.len() / of;
                assert!(warm.iter().take(full).all(|page| page.objects.len() == of), "{filter:?} in pages of {of}");
                let fresh = pages(&world, &class, filter.as_ref(), of, true).await;
                let told = |pages: &[SearchResult]| {
                    let told = pages.iter().map(|page| (page.objects.clone(), page.next.clone(), page.remaining));
                    told.collect::<Vec<_>>()
                };
                assert_eq!(told(&fresh), told(&warm), "{filter:?} in pages of {of}");
            }
        }
    }
    no_such_class(world.connector.search(NONEXISTING, None, &page(1, Start::Beginning)).await.map_err(refused));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_to_remain_remains() {
    let world = World::start().await;
    for class in world.classes() {
        for filter in filters(&class) {
            for of in [1, 4, 100] {
                let pages = pages(&world, &class, filter.as_ref(), of, false).await;
                let total: usize = pages.iter().map(|page| page.objects.len()).sum();
                let mut seen = 0;
                for page in &pages {
                    seen += page.objects.len();
                    if let Some(remaining) = page.remaining {
                        assert_eq!(usize::try_from(remaining).expect("a number"), total - seen, "{filter:?}");
                    }
                }
                assert_eq!(pages.last().and_then(|page| page.remaining), Some(0));
            }
        }
    }
    let first = world.connector.search(GROUP, None, &page(2, Start::Beginning)).await.expect("a page");
    assert_eq!(first.remaining, Some(3), "one list without a filter tells");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offset_starts_at_that_object_and_its_cookie_goes_on_from_there() {
    let world = World::start().await;
    for class in world.classes() {
        for filter in filters(&class) {
            let whole = walked(&world.connector, &class, filter.clone(), SearchOptions::default()).await.expect("all");
            for offset in [1, 2, whole.len() - 1, whole.len(), whole.len() + 1, whole.len() + 50] {
                let start = Start::Offset(size(offset).expect("an offset"));
                let rest: Vec<_> = whole.iter().skip(offset - 1).cloned().collect();
                let first =
                    world.connector.search(&class, filter.as_ref(), &page(3, start.clone())).await.expect("a page");
                assert_eq!(first.objects, rest[..rest.len().min(3)], "{filter:?} from {offset}");
                let all = walked(&world.connector, &class, filter.clone(), page(3, start.clone())).await.expect("all");
                assert_eq!(all, rest, "{filter:?} from {offset}");
                // Without a page size the connector chooses one.
                let options = SearchOptions { start, ..SearchOptions::default() };
                let all = walked(&world.connector, &class, filter.clone(), options).await.expect("all");
                assert_eq!(all, rest, "{filter:?} from {offset}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_was_left_after_its_first_page_starts_afresh() {
    let world = World::start().await;
    for class in world.classes() {
        let whole = walked(&world.connector, &class, None, SearchOptions::default()).await.expect("all");
        let mut left = world.connector.search_all(&class, None, page(2, Start::Beginning));
        let first = left.next().await.expect("a page").expect("objects");
        assert_eq!(first.objects, whole[..2]);
        drop(left);
        let again = walked(&world.connector, &class, None, page(2, Start::Beginning)).await.expect("all");
        assert_eq!(again, whole);
        // What was left can still be gone on with, after another search in the same instance.
        let cookie = first.next.expect("more");
        let rest = walked(&world.connector, &class, None, page(2, Start::Cookie(cookie.clone()))).await.expect("all");
        assert_eq!(rest, whole[2..]);
        // What is created meanwhile is found by a search that starts, and loses nothing for one that goes on.
        let uid = world.create(&class, 1).await;
        let all = walked(&world.connector, &class, None, page(2, Start::Beginning)).await.expect("all");
        assert_eq!(all.len(), whole.len() + 1);
        assert!(all.iter().any(|object| object.uid.value == uid.value));
        let rest = walked(&world.connector, &class, None, page(2, Start::Cookie(cookie))).await.expect("all");
        assert!(whole[2..].iter().all(|object| rest.iter().any(|other| other.uid == object.uid)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_whose_caller_went_away_leaves_a_connector_that_works() {
    let world = World::start().await;
    world.zoom.switch(serde_json::json!({ "hold": ["GET /v2/users"] }));
    let (world, ahead) = (std::sync::Arc::new(world), 2);
    for _ in 0..ahead {
        let searching = std::sync::Arc::clone(&world);
        let search =
            tokio::spawn(
                async move { searching.connector.search(USER, None, &SearchOptions::default()).await.is_ok() },
            );
        while world.zoom.simulator.stats().in_flight == 0 {
            tokio::task::yield_now().await;
        }
        search.abort();
        assert!(search.await.is_err_and(|error| error.is_cancelled()));
    }
    world.zoom.switch(serde_json::json!({ "hold": [] }));
    assert_eq!(world.found(USER, None).await.len(), 24);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offset_and_a_cookie_belong_to_one_search() {
    let world = World::start().await;
    let first = world.connector.search(USER, None, &page(2, Start::Beginning)).await.expect("a page");
    let cookie = first.next.expect("more");
    for (class, filter) in [(GROUP, None), (USER, Some(Filter::equals("STATUS", "active")))] {
        let other = world.connector.search(class, filter.as_ref(), &page(2, Start::Cookie(cookie.clone()))).await;
        no_such_class(other.map_err(refused));
    }
    // Another page size is the same search.
    let rest = walked(&world.connector, USER, None, page(5, Start::Cookie(cookie))).await.expect("all");
    assert_eq!(rest.len(), 22);
}
