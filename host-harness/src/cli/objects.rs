//! Objects as they are shown.
//!
//! | an attribute | in JSON |
//! |---|---|
//! | with one value, where the schema allows one | the value |
//! | with values, where the schema allows several | an array |
//! | whose values are not known | `null` |
//! | that has no value | `[]` where the schema allows several, left out otherwise |
//! | of which there are more values than these | the same, and its name is listed in `incomplete` |

use host_harness::model::{Attribute, ConnectorObject, NAME, ObjectClassInfo, UID, Value, Values};
use serde::{Serialize, Serializer};

use super::output;

/// How many columns a table of objects has besides uid and name, unless more are asked for: what fits
/// beside one another.
const COLUMNS: usize = 5;

/// The widest a column becomes, in characters. What is longer is cut off.
const WIDEST: usize = 40;

/// An object as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Document<'a> {
    object_class: &'a str,
    uid: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<&'a str>,
    name: &'a str,
    attributes: Attributes<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    incomplete: Vec<&'a str>,
}

impl<'a> Document<'a> {
    pub(crate) fn of(class: &'a ObjectClassInfo, object: &'a ConnectorObject) -> Self {
        let incomplete = object.attributes.iter().filter(|attribute| matches!(attribute.values, Values::Incomplete(_)));
        Self {
            object_class: &object.object_class,
            uid: &object.uid.value,
            revision: object.uid.revision.as_deref(),
            name: &object.name,
            attributes: Attributes { class, attributes: &object.attributes },
            incomplete: incomplete.map(|attribute| attribute.name.as_str()).collect(),
        }
    }
}

/// Attributes as one JSON object, in their order.
struct Attributes<'a> {
    class: &'a ObjectClassInfo,
    attributes: &'a [Attribute],
}

impl Serialize for Attributes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shown = self.attributes.iter().filter_map(|attribute| {
            let several = self.class.attribute(&attribute.name).is_some_and(|info| info.multi_valued);
            Some((&attribute.name, Shown::of(attribute, several)?))
        });
        serializer.collect_map(shown)
    }
}

/// The values of an attribute in JSON.
#[derive(Serialize)]
#[serde(untagged)]
enum Shown<'a> {
    Unknown,
    One(&'a Value),
    Several(&'a [Value]),
}

impl<'a> Shown<'a> {
    fn of(attribute: &'a Attribute, several: bool) -> Option<Self> {
        match (&attribute.values, attribute.values.as_slice()) {
            (Values::Unknown, _) => Some(Self::Unknown),
            (_, []) if !several => None,
            (_, [value]) if !several => Some(Self::One(value)),
            (_, values) => Some(Self::Several(values)),
        }
    }
}

/// A table of objects that grows page by page: the columns are those of the first page.
pub(crate) struct Rows {
    columns: Vec<String>,
    chosen: bool,
    /// The width of each column on the first page, which the following pages keep.
    widths: Vec<usize>,
}

impl Rows {
    /// A table with these attributes as columns, or with a choice of those that there are.
    pub(crate) fn new(attributes: &[String]) -> Self {
        let beside = attributes.iter().filter(|name| ![UID, NAME].contains(&name.as_str()));
        Self { columns: beside.cloned().collect(), chosen: !attributes.is_empty(), widths: Vec::new() }
    }

    /// The lines for one page: with a heading, if it is the first.
    pub(crate) fn page(&mut self, objects: &[ConnectorObject]) -> String {
        let first = self.widths.is_empty();
        if first && !self.chosen {
            self.choose(objects);
        }
        let heading = ["uid", "name"].into_iter().chain(self.columns.iter().map(String::as_str));
        let mut rows: Vec<Vec<String>> = Vec::new();
        if first {
            rows.push(heading.map(str::to_uppercase).collect());
        }
        rows.extend(objects.iter().map(|object| self.row(object)));
        if first {
            let width =
                |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
            self.widths = (0..self.columns.len() + 2).map(|column| width(column).unwrap_or(0)).collect();
        }
        rows.iter().map(|row| self.line(row)).collect::<Vec<_>>().join("\n")
    }

    /// The attributes that the first objects have exactly one value of, as many as there is room for.
    fn choose(&mut self, objects: &[ConnectorObject]) {
        for attribute in objects.iter().flat_map(|object| &object.attributes) {
            if self.columns.len() == COLUMNS {
                break;
            }
            if attribute.values.as_slice().len() == 1 && !self.columns.contains(&attribute.name) {
                self.columns.push(attribute.name.clone());
            }
        }
    }

    fn row(&self, object: &ConnectorObject) -> Vec<String> {
        let cell = |column: &String| object.attribute(column).map(text).unwrap_or_default();
        let cells = [object.uid.value.clone(), object.name.clone()].into_iter().chain(self.columns.iter().map(cell));
        cells.map(|cell| shortened(&host_harness::printable(&cell))).collect()
    }

    fn line(&self, row: &[String]) -> String {
        let cells = row.iter().zip(&self.widths).map(|(cell, &width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(WIDEST - 1) {
        Some((end, _)) if text.chars().count() > WIDEST => format!("{}…", text.get(..end).unwrap_or(text)),
        _ => text.to_owned(),
    }
}

/// The values of an attribute for a person.
fn text(attribute: &Attribute) -> String {
    let values = attribute.values.as_slice().iter().map(Value::to_string).collect::<Vec<_>>().join(", ");
    match attribute.values {
        Values::Unknown => "?".into(),
        Values::Complete(_) => values,
        Values::Incomplete(_) => format!("{values} …"),
    }
}

/// One object, each attribute on a line of its own.
pub(crate) fn card(object: &ConnectorObject) -> String {
    let head = [("UID", object.uid.value.clone()), ("NAME", object.name.clone())];
    let attributes = object.attributes.iter().map(|attribute| (attribute.name.as_str(), text(attribute)));
    output::text(output::pairs(head.into_iter().chain(attributes)))
}

#[cfg(test)]
mod tests {
    use host_harness::model::{AttributeInfo, Uid, ValueType};
    use serde_json::json;

    use super::*;

    fn info(name: &str, multi_valued: bool) -> AttributeInfo {
        AttributeInfo {
            name: name.into(),
            value_type: ValueType::Text,
            required: false,
            multi_valued,
            creatable: true,
            updateable: true,
            readable: true,
            returned_by_default: true,
            native_name: None,
            subtype: None,
            description: None,
            referenced_object_class: None,
            role_in_reference: None,
        }
    }

    fn class() -> ObjectClassInfo {
        ObjectClassInfo {
            name: "User".into(),
            uid_native_name: None,
            attributes: vec![info("ONE", false), info("MANY", true)],
            description: None,
            container: false,
            auxiliary: false,
            embedded: false,
        }
    }

    fn object(attributes: Vec<Attribute>) -> ConnectorObject {
        ConnectorObject { object_class: "User".into(), uid: Uid::new("1"), name: "n".into(), attributes }
    }

    fn document(attributes: Vec<Attribute>) -> serde_json::Value {
        serde_json::to_value(Document::of(&class(), &object(attributes))).unwrap()
    }

    fn attributes(attributes: Vec<Attribute>) -> serde_json::Value {
        document(attributes)["attributes"].clone()
    }

    #[test]
    fn the_schema_decides_between_a_value_and_an_array() {
        assert_eq!(attributes(vec![Attribute::new("ONE", ["a"])]), json!({ "ONE": "a" }));
        assert_eq!(attributes(vec![Attribute::new("MANY", ["a"])]), json!({ "MANY": ["a"] }));
    }

    #[test]
    fn unknown_empty_and_incomplete_are_told_apart() {
        let unknown = |name: &str| Attribute { name: name.into(), values: Values::Unknown };
        let empty = |name: &str| Attribute { name: name.into(), values: Values::Complete(vec![]) };
        assert_eq!(attributes(vec![unknown("ONE"), unknown("MANY")]), json!({ "ONE": null, "MANY": null }));
        assert_eq!(attributes(vec![empty("ONE"), empty("MANY")]), json!({ "MANY": [] }));
        let hidden = Attribute { name: "ONE".into(), values: Values::Incomplete(vec![]) };
        assert_eq!(document(vec![hidden])["incomplete"], json!(["ONE"]));
    }

    #[test]
    fn the_columns_of_the_first_page_hold_for_the_others() {
        let mut rows = Rows::new(&[]);
        let first = rows.page(&[object(vec![Attribute::new("ONE", ["value"]), Attribute::new("MANY", ["a", "b"])])]);
        assert_eq!(first, "UID  NAME  ONE\n1    n     value");
        let second = rows.page(&[object(vec![Attribute::new("ONE", ["v"]), Attribute::new("TWO", ["w"])])]);
        assert_eq!(second, "1    n     v");
    }

    #[test]
    fn long_values_are_cut_off() {
        assert_eq!(shortened(&"é".repeat(50)).chars().count(), WIDEST);
        assert_eq!(shortened(&"é".repeat(WIDEST)), "é".repeat(WIDEST));
    }
}
