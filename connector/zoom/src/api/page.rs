//! Pages of Zoom's lists.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The page size that Zoom's paging guide allows for every list of users and groups. The reference
/// allows 2,000 for some; the guide's number is the one that all of them keep.
pub(crate) const PAGE_SIZE: usize = 300;

/// One page. An answer without its list is no page: it is an error, never an empty list.
#[derive(Debug, Deserialize)]
pub(crate) struct Page<T> {
    #[serde(alias = "users", alias = "groups")]
    pub(crate) rows: Vec<T>,
    /// The token of the next page: 15 minutes of life, to be sent with the same parameters. Zoom writes
    /// an empty one, or none, on the last page.
    #[serde(default, rename = "next_page_token", deserialize_with = "none_if_empty")]
    pub(crate) next: Option<String>,
    /// How many rows the whole list has.
    #[serde(default, rename = "total_records")]
    pub(crate) total: Option<usize>,
}

/// A text that is as good as absent where it is empty.
pub(crate) fn none_if_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}

/// A text of a small answer; none where it is absent or empty.
pub(crate) fn text(answer: &Value, field: &str) -> Option<String> {
    answer.get(field).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_its_list_is_no_page() {
        assert!(serde_json::from_str::<Page<u8>>(r#"{"total_records":0}"#).is_err());
        assert!(serde_json::from_str::<Page<u8>>("{}").is_err());
    }

    #[test]
    fn an_empty_token_is_the_last_page() {
        let page: Page<u8> = serde_json::from_str(r#"{"users":[1],"next_page_token":""}"#).expect("a page");
        assert_eq!((page.next, page.total), (None, None));
    }
}
