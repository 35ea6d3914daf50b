//! Pages of Zoom's lists.

use connector_base::list::List;
use connector_base::value::Quoted;

use super::record::{Fields, Record, Shape};

/// The page size that Zoom's paging guide allows for every list of users and groups. The reference
/// allows 2,000 for some; the guide's number is the one that all of them keep.
pub(crate) const PAGE_SIZE: usize = 300;

/// The page size of the lists of the phone: the most that `GET /phone/users` takes.
pub(crate) const PHONE_PAGE_SIZE: usize = 100;

/// The fields of a page whose rows are in one of them.
pub(crate) const fn page_of(field: &'static str, rows: Fields) -> [(&'static str, Shape); 3] {
    [(field, Shape::Objects(rows)), ("next_page_token", Shape::Text), ("total_records", Shape::Integer)]
}

/// The page that an answer is, whose rows are in this field. An answer without it is no page: it is an error, never
/// an empty list. The token of the next page has 15 minutes of life, and is to be sent with the same parameters; Zoom
/// writes an empty one, or none, on the last page.
///
/// Errors: what is wrong.
pub(crate) fn page(mut answer: Record, field: &str) -> Result<List<Record>, String> {
    let rows = answer.take_objects(field).ok_or_else(|| format!("the list {} is missing", Quoted(field)))?;
    let total = answer.integer("total_records").and_then(|total| usize::try_from(total).ok());
    Ok(List { rows, next: answer.text("next_page_token").map(str::to_owned), total })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::api::record::tests::read;

    static USERS: [(&str, Shape); 3] = page_of("users", &[]);

    fn users(answer: &Value) -> Result<List<Record>, String> {
        page(read(answer, &USERS)?, "users")
    }

    #[test]
    fn an_answer_without_its_list_is_no_page() {
        for answer in [json!({"total_records": 0}), json!({"users": null}), json!({"users": ""})] {
            assert!(users(&answer).expect_err("refused").contains("users"));
        }
    }

    #[test]
    fn an_empty_token_is_the_last_page() {
        let page = users(&json!({"users": [{}], "next_page_token": ""})).expect("a page");
        assert_eq!((page.rows.len(), page.next, page.total), (1, None, None));
    }
}
