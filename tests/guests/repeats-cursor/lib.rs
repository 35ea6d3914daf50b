//! Answers the same cookie again and again, or, for the class `long`, one that is too long.

use kit::{Connector, Error, Filter, Options, Properties, SearchOptions, SearchResult, object};

struct RepeatsCursor;

kit::component!(RepeatsCursor);

impl Connector for RepeatsCursor {
    fn open(_: &Properties) -> Result<Self, Error> {
        Ok(Self)
    }

    fn search(
        &self,
        class: String,
        _: Option<Filter>,
        options: SearchOptions,
        _: Options,
    ) -> Result<SearchResult, Error> {
        let next = match class.as_str() {
            "long" => "x".repeat(1025),
            "newline" => "a\nb".into(),
            // The second page is reached in order; from there on it stands still.
            _ if options.page_cookie.is_none() => "first".into(),
            _ => "second".into(),
        };
        let uid = if class == "nameless" { "" } else { "1" };
        Ok(SearchResult { objects: vec![object(&class, uid, &[])], next: Some(next), remaining: None, complete: true })
    }
}
