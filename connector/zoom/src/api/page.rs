//! Pages of Zoom's lists.

use serde_json::Value;

use super::record::{Record, text};

/// The page size that Zoom's paging guide allows for every list of users and groups. The reference
/// allows 2,000 for some; the guide's number is the one that all of them keep.
pub(crate) const PAGE_SIZE: usize = 300;

/// Reads a row, or says what is wrong with it.
pub(crate) type RowReader = fn(Value) -> Result<Record, String>;

/// One page.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) rows: Vec<T>,
    /// The token of the next page: 15 minutes of life, to be sent with the same parameters. Zoom writes
    /// an empty one, or none, on the last page.
    pub(crate) next: Option<String>,
    /// How many rows the whole list has.
    pub(crate) total: Option<usize>,
}

impl Page<Record> {
    /// Reads a page whose rows are in this field. An answer without it is no page: it is an error, never
    /// an empty list.
    ///
    /// Errors: what is wrong, naming the row and the field.
    pub(crate) fn read(mut answer: Value, field: &str, row: RowReader) -> Result<Self, String> {
        let Some(Value::Array(given)) = answer.get_mut(field).map(Value::take) else {
            return Err(format!("the list {field:?} is missing"));
        };
        let mut rows = Vec::with_capacity(given.len());
        for (position, value) in given.into_iter().enumerate() {
            rows.push(row(value).map_err(|problem| format!("{field}[{position}]: {problem}"))?);
        }
        let total = answer.get("total_records").and_then(Value::as_u64).and_then(|total| usize::try_from(total).ok());
        Ok(Self { rows, next: text(&answer, "next_page_token"), total })
    }

    /// The page with its rows as what they are.
    pub(crate) fn of<T>(self, row: impl Fn(Record) -> T) -> Page<T> {
        Page { rows: self.rows.into_iter().map(row).collect(), next: self.next, total: self.total }
    }
}

/// A row that is known by an id.
pub(crate) fn with_id(record: Record, field: &str) -> Result<Record, String> {
    if record.text(field).is_some() { Ok(record) } else { Err(format!("the field {field:?} is missing")) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(answer: Value) -> Result<Page<Record>, String> {
        Page::read(answer, "users", |row| Record::read(row, &[]))
    }

    #[test]
    fn an_answer_without_its_list_is_no_page() {
        for answer in [json!({"total_records": 0}), json!({"users": null}), json!([]), json!("users")] {
            assert!(read(answer).expect_err("refused").contains("users"));
        }
    }

    #[test]
    fn an_empty_token_is_the_last_page() {
        let page = read(json!({"users": [{}], "next_page_token": ""})).expect("a page");
        assert_eq!((page.rows.len(), page.next, page.total), (1, None, None));
    }
}
