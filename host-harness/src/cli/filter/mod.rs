//! The language of `--filter`.
//!
//! ```text
//! EMAIL = "a@b.c"
//! STATUS = "inactive" and not FIRST_NAME ^= "A"
//! (TYPE >= 2 or TYPE = null) and GROUP_IDS has ("g1", "g2")
//! ```
//!
//! | written | means |
//! |---|---|
//! | `=` | equals; with `null`: has no value; with a list: has exactly these values |
//! | `~=` | equals ignoring letter case |
//! | `^=` `$=` `*=` | starts with, ends with, contains |
//! | `<` `<=` `>` `>=` | less, greater |
//! | `has` | has at least this value, or all of these |
//! | `not` `and` `or` `( )` | from the strongest to the weakest; words in any letter case |
//! | `"text"` | a text, with the escapes of JSON |
//! | `12`, `-1.5`, `true`, `false` | the same without quotes |
//!
//! Values are taken as of their attribute's type in the schema. It is read in two steps: `grammar` knows
//! the language and nothing of attributes, `meaning` knows attributes and nothing of the language.

mod grammar;
mod meaning;

use host_harness::model::{Filter, ObjectClassInfo};

use super::failure;

/// Reads a filter on objects of a class.
///
/// Errors: of kind `invalid-argument`, with the place where it went wrong as the hint.
pub(crate) fn parse(class: &ObjectClassInfo, text: &str) -> anyhow::Result<Filter> {
    grammar::parse(text)
        .and_then(|expression| meaning::of(class, &expression))
        .map_err(|mistake| failure::invalid_argument(format!("in the filter: {}", mistake.what), mistake.place(text)))
}

/// What is wrong, and where.
#[derive(Debug, PartialEq)]
struct Mistake {
    /// Bytes before it.
    at: usize,
    what: String,
}

impl Mistake {
    /// The filter, and below it a mark at the place.
    fn place(&self, text: &str) -> String {
        let line = text.replace(char::is_control, " ");
        let before = text.get(..self.at).unwrap_or(text).chars().count();
        format!("{line}\n{:before$}^", "")
    }
}

#[cfg(test)]
mod tests {
    use host_harness::model::{AttributeInfo, Value, ValueType};

    use super::*;

    fn class() -> ObjectClassInfo {
        let attribute = |(name, value_type): (&str, ValueType)| AttributeInfo {
            name: name.into(),
            value_type,
            required: false,
            multi_valued: false,
            creatable: true,
            updateable: true,
            readable: true,
            returned_by_default: true,
            native_name: (name == "__NAME__").then(|| "EMAIL".into()),
            subtype: None,
            description: None,
            referenced_object_class: None,
            role_in_reference: None,
        };
        let attributes = [
            ("__NAME__", ValueType::Text),
            ("STATUS", ValueType::Text),
            ("TYPE", ValueType::Integer),
            ("ACTIVE", ValueType::Boolean),
            ("GROUPS", ValueType::Text),
        ];
        ObjectClassInfo {
            name: "User".into(),
            uid_native_name: Some("USER_ID".into()),
            attributes: attributes.into_iter().map(attribute).collect(),
            description: None,
            container: false,
            auxiliary: false,
            embedded: false,
        }
    }

    fn filter(text: &str) -> Filter {
        parse(&class(), text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn mistake(text: &str) -> (String, String) {
        let error = parse(&class(), text).unwrap_err();
        let error = error.downcast_ref::<host_harness::Error>().unwrap();
        assert_eq!(error.kind().to_string(), "invalid-argument");
        (error.to_string(), error.hint().unwrap().to_owned())
    }

    fn status(text: &str) -> Filter {
        Filter::equals("STATUS", text)
    }

    #[test]
    fn every_operator_has_its_meaning() {
        let name = || "STATUS".to_owned();
        for (text, meant) in [
            ("STATUS = \"a\"", status("a")),
            ("status=\"a\"", status("a")),
            ("STATUS ~= \"a\"", Filter::EqualsIgnoreCase(name(), "a".into())),
            ("STATUS ^= \"a\"", Filter::StartsWith(name(), "a".into())),
            ("STATUS $= \"a\"", Filter::EndsWith(name(), "a".into())),
            ("STATUS *= \"a\"", Filter::Contains(name(), "a".into())),
            ("TYPE < 1", Filter::LessThan("TYPE".into(), 1.into())),
            ("TYPE <= 1", Filter::LessThanOrEqual("TYPE".into(), 1.into())),
            ("TYPE>-1", Filter::GreaterThan("TYPE".into(), (-1).into())),
            ("TYPE >= \"1\"", Filter::GreaterThanOrEqual("TYPE".into(), 1.into())),
            ("ACTIVE = TRUE", Filter::equals("ACTIVE", true)),
            ("STATUS = null", Filter::Equals(name(), vec![])),
            ("STATUS = 007", status("007")),
            ("GROUPS has \"a\"", Filter::ContainsAllValues("GROUPS".into(), vec!["a".into()])),
            ("GROUPS HAS ( \"a\",\"b\" )", Filter::ContainsAllValues("GROUPS".into(), vec!["a".into(), "b".into()])),
            ("GROUPS = (\"a\", \"b\")", Filter::Equals("GROUPS".into(), vec!["a".into(), "b".into()])),
            ("EMAIL = \"a@b.c\"", Filter::equals("__NAME__", "a@b.c")),
            ("user_id = \"1\"", Filter::equals("__UID__", "1")),
        ] {
            assert_eq!(filter(text), meant, "{text}");
        }
    }

    #[test]
    fn not_binds_stronger_than_and_and_and_than_or() {
        let (a, b, c) = (status("a"), status("b"), status("c"));
        assert_eq!(
            filter("STATUS = \"a\" OR not STATUS = \"b\" And STATUS = \"c\""),
            Filter::Or(vec![a.clone(), Filter::And(vec![!b.clone(), c.clone()])])
        );
        assert_eq!(
            filter("(STATUS = \"a\" or not (STATUS = \"b\")) and STATUS = \"c\""),
            Filter::And(vec![Filter::Or(vec![a, !b]), c])
        );
        assert_eq!(filter("not not STATUS = \"a\""), !!status("a"));
    }

    #[test]
    fn texts_have_the_escapes_of_json() {
        assert_eq!(filter(r#"STATUS = "a\"b\\c\né""#), status("a\"b\\c\né"));
        assert_eq!(filter(r#"STATUS = "and (or) not""#), status("and (or) not"));
    }

    #[test]
    fn a_name_may_begin_with_a_word_of_the_language() {
        let mut class = class();
        class.attributes[1].name = "NOTE".into();
        assert_eq!(parse(&class, "NOTE = \"x\"").unwrap(), Filter::equals("NOTE", "x"));
    }

    #[test]
    fn a_mistake_is_shown_where_it_is() {
        for (text, place, what) in [
            ("STATUS == \"a\"", 8, "a value"),
            ("STATUS \"a\"", 7, "an operator"),
            ("STATUS = ", 9, "a value"),
            ("STATUS = \"a", 9, "a value"),
            ("STATUS = \"a\" STATUS = \"b\"", 13, "`and`, `or` or the end"),
            ("(STATUS = \"a\"", 13, "`)`"),
            ("and STATUS = \"a\"", 0, "an attribute"),
            ("", 0, "an attribute"),
            ("STATUS = \"a\" and", 16, "an attribute"),
            ("COLOUR = \"a\"", 0, "no attribute COLOUR"),
            ("STATUS = \"é\" and TYPE = \"x\"", 24, "a whole number of 32 bits"),
            ("TYPE > null", 7, "null"),
            ("GROUPS has null", 11, "null"),
            ("TYPE < (1, 2)", 7, "one value"),
            ("STATUS = \"\\x\"", 9, "a value"),
        ] {
            let (message, hint) = mistake(text);
            assert!(message.contains(what), "{text}: {message}");
            assert_eq!(hint, format!("{text}\n{}^", " ".repeat(place)), "{text}");
        }
    }

    #[test]
    fn a_filter_of_ten_thousand_brackets_is_refused() {
        let (message, _) = mistake(&format!("{}STATUS = 1", "(".repeat(10_000)));
        assert!(message.contains("nested"), "{message}");
        let (message, _) = mistake(&"not ".repeat(10_000));
        assert!(message.contains("nested"), "{message}");
    }

    #[test]
    fn a_value_can_be_of_any_length() {
        let long = "x".repeat(100_000);
        assert_eq!(filter(&format!("STATUS = \"{long}\"")), Filter::Equals("STATUS".into(), vec![Value::Text(long)]));
    }
}
