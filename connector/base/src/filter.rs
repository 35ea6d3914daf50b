//! Filters: checked against an object class, and evaluated against objects that are known in part.
//!
//! A list row of a provider carries some attributes of an object and not others. [`Filter::verdict`]
//! therefore knows three answers: it holds, it does not, or it depends on attributes that are not known
//! yet. Everything that saves calls follows from that one function: a status list is walked only if
//! the filter can hold for its status, and an object is read only if its row does not decide.
//!
//! | node | holds when |
//! |---|---|
//! | and, or, not | as in logic; `and` of nothing holds, `or` of nothing does not |
//! | equals | the attribute has these values and no others, in any order; no values: it has none |
//! | equals-ignore-case | it has exactly one value, this text in any letter case |
//! | contains, starts-with, ends-with | its first value does |
//! | greater-than ... less-than-or-equal | it has exactly one value, and that one does |
//! | contains-all-values | it has at least these values |

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::{self, Write as _};

use crate::attribute::same_values;
use crate::bindings::iam::connector::types as wit;
use crate::contract::AttributeFlags;
use crate::error::{Error, Result};
use crate::schema::{AttributeDef, ObjectClass};
use crate::value::{Case, Quoted, Value, contains, type_name};

/// How many nodes a filter may have. ConnId sets no limit; a thousand keys in an `or` are a thousand and
/// one nodes, and beyond ten thousand a caller has made a mistake.
const MOST_NODES: usize = 10_000;

/// A condition on the objects of one class, every name and type of which was checked.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Operands stand before the operators that use them; the last one is the root. Never empty.
    nodes: Vec<Node>,
}

#[derive(Clone)]
enum Node {
    And(Vec<usize>),
    Or(Vec<usize>),
    Not(usize),
    Test { attribute: &'static AttributeDef, comparison: Comparison },
}

impl fmt::Debug for Node {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(operands) => shown(formatter, "and", operands),
            Self::Or(operands) => shown(formatter, "or", operands),
            Self::Not(operand) => write!(formatter, "not {operand}"),
            Self::Test { attribute, comparison } => write!(formatter, "{} {comparison:?}", attribute.name),
        }
    }
}

/// A word, and what it is about.
fn shown<T: fmt::Debug>(formatter: &mut fmt::Formatter<'_>, word: &str, about: &[T]) -> fmt::Result {
    formatter.write_str(word)?;
    about.iter().try_for_each(|one| write!(formatter, " {one:?}"))
}

#[derive(Clone)]
enum Comparison {
    Equals(Vec<Value>),
    EqualsIgnoreCase(String),
    Contains(String),
    StartsWith(String),
    EndsWith(String),
    Order(Value, &'static [Ordering]),
    ContainsAll(Vec<Value>),
}

impl fmt::Debug for Comparison {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, text) = match self {
            Self::Equals(values) => return shown(formatter, "equals", values),
            Self::ContainsAll(values) => return shown(formatter, "contains all", values),
            Self::Order(value, orders) => {
                let word = match orders {
                    [Ordering::Greater, Ordering::Equal] => ">=",
                    [Ordering::Greater] => ">",
                    [Ordering::Less] => "<",
                    _ => "<=",
                };
                return write!(formatter, "{word} {value:?}");
            }
            Self::EqualsIgnoreCase(text) => ("is", text),
            Self::Contains(text) => ("contains", text),
            Self::StartsWith(text) => ("starts with", text),
            Self::EndsWith(text) => ("ends with", text),
        };
        write!(formatter, "{word} {}", Quoted(text))
    }
}

/// What is known of the values of an attribute: none where nothing is.
pub type Known<'a> = Option<Cow<'a, [Value]>>;

impl Filter {
    /// Checks a filter of the contract against a class.
    ///
    /// Errors: `invalid-argument` for no nodes or too many, an operand that does not stand before its
    /// operator, an unknown attribute or one that cannot be read, or a value of another type.
    pub(crate) fn checked(filter: wit::Filter, class: &ObjectClass) -> Result<Self> {
        if filter.nodes.is_empty() || filter.nodes.len() > MOST_NODES {
            let count = filter.nodes.len();
            return Err(Error::argument(format!("a filter has 1 to {MOST_NODES} nodes, this one has {count}")));
        }
        let mut nodes = Vec::new();
        for node in filter.nodes {
            nodes.push(Node::checked(node, nodes.len(), class)?);
        }
        Ok(Self { nodes })
    }

    /// Whether the filter holds for an object of which `known` tells the values of attributes by name;
    /// none where that depends on attributes that are not known.
    pub fn verdict<'a>(&self, known: impl Fn(&'static str) -> Known<'a>) -> Option<bool> {
        let mut verdicts: Vec<Option<bool>> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let of = |position: &usize| verdicts.get(*position).copied().flatten();
            let verdict = match node {
                Node::And(operands) => all(operands.iter().map(of)),
                Node::Or(operands) => all(operands.iter().map(of).map(negated)).map(|holds| !holds),
                Node::Not(operand) => negated(of(operand)),
                Node::Test { attribute, comparison } => {
                    known(attribute.name).map(|values| comparison.holds(&values, attribute.case()))
                }
            };
            verdicts.push(verdict);
        }
        verdicts.last().copied().flatten()
    }

    /// The texts of which one must be the value of `attribute` (one of the names in `attributes`), if
    /// the filter says so: an object with another value is never accepted. None where it does not.
    pub fn keys(&self, attributes: &[&'static str]) -> Option<Vec<String>> {
        self.keys_of(self.nodes.len().checked_sub(1)?, attributes)
    }

    fn keys_of(&self, position: usize, attributes: &[&'static str]) -> Option<Vec<String>> {
        match self.nodes.get(position)? {
            Node::And(operands) => {
                operands.iter().filter_map(|operand| self.keys_of(*operand, attributes)).min_by_key(Vec::len)
            }
            Node::Or(operands) => {
                let mut all: Vec<String> = Vec::new();
                for operand in operands {
                    for key in self.keys_of(*operand, attributes)? {
                        if !all.contains(&key) {
                            all.push(key);
                        }
                    }
                }
                Some(all)
            }
            Node::Test { attribute, comparison } if attributes.contains(&attribute.name) => match comparison {
                Comparison::Equals(values) => match values.as_slice() {
                    // Folded, so that two spellings are one key.
                    [Value::Text(key)] => Some(vec![attribute.case().fold(key)]),
                    _ => None,
                },
                Comparison::EqualsIgnoreCase(key) if attribute.case() == Case::Ignored => {
                    Some(vec![Case::Ignored.fold(key)])
                }
                _ => None,
            },
            Node::Not(_) | Node::Test { .. } => None,
        }
    }

    /// A text that differs for filters that differ.
    pub fn fingerprint(&self) -> String {
        let mut text = String::new();
        for node in &self.nodes {
            // A String always takes it.
            let _ = writeln!(text, "{node:?}");
        }
        text
    }

    /// Whether the filter looks at an attribute.
    pub fn tests(&self, name: &str) -> bool {
        self.nodes.iter().any(|node| matches!(node, Node::Test { attribute, .. } if attribute.name == name))
    }
}

/// `and` of three-valued verdicts: one that does not hold decides, whatever is not known.
fn all(verdicts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut conclusion = Some(true);
    for verdict in verdicts {
        match verdict {
            Some(false) => return Some(false),
            None => conclusion = None,
            Some(true) => {}
        }
    }
    conclusion
}

fn negated(verdict: Option<bool>) -> Option<bool> {
    verdict.map(|holds| !holds)
}

impl Node {
    fn checked(node: wit::FilterNode, position: usize, class: &ObjectClass) -> Result<Self> {
        let operand = |operand: u32| {
            usize::try_from(operand).ok().filter(|operand| *operand < position).ok_or_else(|| {
                Error::argument(format!(
                    "node {position} of the filter uses node {operand}, which does not stand before it"
                ))
            })
        };
        let operands = |list: Vec<u32>| {
            let mut operands = Vec::new();
            for one in list {
                operands.push(operand(one)?);
            }
            Ok::<_, Error>(operands)
        };
        Ok(match node {
            wit::FilterNode::And(list) => Self::And(operands(list)?),
            wit::FilterNode::Or(list) => Self::Or(operands(list)?),
            wit::FilterNode::Not(one) => Self::Not(operand(one)?),
            wit::FilterNode::Test(test) => {
                let attribute = readable(class, &test.name)?;
                let mut values = Vec::new();
                for value in test.values.into_iter().filter(|value| *value != Value::None) {
                    values.push(typed(attribute, value)?);
                }
                Self::Test { attribute, comparison: Comparison::checked(test.comparison, attribute, values)? }
            }
        })
    }
}

fn readable(class: &ObjectClass, name: &str) -> Result<&'static AttributeDef> {
    let attribute = class.find(name).ok_or_else(|| Error::argument(class.no_such_attribute(name)))?;
    if attribute.flags.contains(AttributeFlags::NOT_READABLE) {
        return Err(Error::argument(format!("{} cannot be read, so no filter can look at it", attribute.name)));
    }
    Ok(attribute)
}

fn typed(attribute: &AttributeDef, value: Value) -> Result<Value> {
    value.converted(attribute.value_type).ok_or_else(|| {
        let (name, takes) = (attribute.name, type_name(attribute.value_type));
        Error::argument(format!("the filter holds {name} against a value that is not {takes}"))
    })
}

impl Comparison {
    /// A comparison with as many values as it takes, of a type that it can do with.
    fn checked(comparison: wit::Comparison, attribute: &AttributeDef, mut values: Vec<Value>) -> Result<Self> {
        match comparison {
            wit::Comparison::Equals => return Ok(Self::Equals(values)),
            wit::Comparison::ContainsAllValues => return Ok(Self::ContainsAll(values)),
            _ => {}
        }
        let (Some(value), None) = (values.pop(), values.pop()) else {
            return Err(Error::argument(format!(
                "the filter holds {} against one value, not more or less",
                attribute.name
            )));
        };
        let orders: &'static [Ordering] = match comparison {
            wit::Comparison::GreaterThan => &[Ordering::Greater],
            wit::Comparison::GreaterThanOrEqual => &[Ordering::Greater, Ordering::Equal],
            wit::Comparison::LessThan => &[Ordering::Less],
            wit::Comparison::LessThanOrEqual => &[Ordering::Less, Ordering::Equal],
            _ => &[],
        };
        match (value, comparison) {
            (value, _) if !orders.is_empty() && value.order(&value).is_some() => Ok(Self::Order(value, orders)),
            (Value::Text(text), wit::Comparison::EqualsIgnoreCase) => Ok(Self::EqualsIgnoreCase(text)),
            (Value::Text(text), wit::Comparison::Contains) => Ok(Self::Contains(text)),
            (Value::Text(text), wit::Comparison::StartsWith) => Ok(Self::StartsWith(text)),
            (Value::Text(text), wit::Comparison::EndsWith) => Ok(Self::EndsWith(text)),
            _ => {
                let (name, is) = (attribute.name, type_name(attribute.value_type));
                Err(Error::argument(format!("{name} is {is}: it cannot be compared like this")))
            }
        }
    }

    fn holds(&self, values: &[Value], case: Case) -> bool {
        let first = || values.first().and_then(Value::as_text).map(|text| case.fold(text));
        match (self, values) {
            (Self::Equals(wanted), _) => same_values(values, wanted, case),
            (Self::EqualsIgnoreCase(wanted), [Value::Text(text)]) => Case::Ignored.equal(text, wanted),
            (Self::EqualsIgnoreCase(_), _) => false,
            (Self::Contains(part), _) => first().is_some_and(|text| contains(&text, &case.fold(part))),
            (Self::StartsWith(part), _) => first().is_some_and(|text| text.starts_with(&case.fold(part))),
            (Self::EndsWith(part), _) => first().is_some_and(|text| text.ends_with(&case.fold(part))),
            (Self::Order(Value::Text(bound), orders), [Value::Text(text)]) => {
                orders.contains(&case.fold(text).cmp(&case.fold(bound)))
            }
            (Self::Order(bound, orders), [value]) => value.order(bound).is_some_and(|order| orders.contains(&order)),
            (Self::Order(..), _) => false,
            (Self::ContainsAll(wanted), _) => {
                wanted.iter().all(|wanted| values.iter().any(|value| value.same(wanted, case)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribute::UID;
    use crate::contract::ValueType;
    use crate::schema::AttributeDef;

    static NAME: AttributeDef = AttributeDef::new("__NAME__", ValueType::Text, "").native_name("EMAIL").ignoring_case();
    static STATUS: AttributeDef = AttributeDef::new("STATUS", ValueType::Text, "");
    static TYPE: AttributeDef = AttributeDef::new("TYPE", ValueType::Integer, "");
    static GROUPS: AttributeDef = AttributeDef::new("GROUPS", ValueType::Text, "").multi_valued();
    static LANGUAGE: AttributeDef = AttributeDef::new("LANGUAGE", ValueType::Text, "");
    static PASSWORD: AttributeDef = AttributeDef::new("__PASSWORD__", ValueType::Secret, "").not_readable();

    fn class() -> ObjectClass {
        ObjectClass {
            name: "User",
            uid_native_name: "USER_ID",
            description: "",
            attributes: vec![&NAME, &STATUS, &TYPE, &GROUPS, &LANGUAGE, &PASSWORD],
        }
    }

    fn test(name: &str, comparison: wit::Comparison, values: Vec<Value>) -> wit::FilterNode {
        wit::FilterNode::Test(wit::AttributeTest { name: name.into(), comparison, values })
    }

    fn text(name: &str, comparison: wit::Comparison, value: &str) -> wit::FilterNode {
        test(name, comparison, vec![Value::text(value)])
    }

    fn equals(name: &str, values: &[&str]) -> wit::FilterNode {
        test(name, wit::Comparison::Equals, values.iter().map(|value| Value::text(*value)).collect())
    }

    fn filter(nodes: Vec<wit::FilterNode>) -> Filter {
        Filter::checked(wit::Filter { nodes }, &class()).expect("a filter")
    }

    /// A row that carries everything but LANGUAGE.
    fn row(name: &'static str) -> Known<'static> {
        let values = match name {
            UID => vec![Value::text("u1")],
            "__NAME__" => vec![Value::text("ann@example.com")],
            "STATUS" => vec![Value::text("active")],
            "TYPE" => vec![Value::Integer(2)],
            "GROUPS" => vec![Value::text("a"), Value::text("b")],
            _ => return None,
        };
        Some(Cow::Owned(values))
    }

    #[test]
    fn every_comparison_holds_when_the_contract_says_so() {
        use wit::Comparison::*;
        use wit::FilterNode::{And, Or};
        let number = |comparison, number| test("type", comparison, vec![Value::Integer(number)]);
        let groups = |values: &[&str]| {
            test("GROUPS", ContainsAllValues, values.iter().map(|value| Value::text(*value)).collect())
        };
        let cases: Vec<(wit::FilterNode, bool)> = vec![
            (equals("STATUS", &["active"]), true),
            (equals("STATUS", &["ACTIVE"]), false),
            (equals("EMAIL", &["Ann@Example.com"]), true),
            (equals("GROUPS", &["b", "a"]), true),
            (equals("GROUPS", &["a"]), false),
            (equals("STATUS", &[]), false),
            (text("STATUS", EqualsIgnoreCase, "ACTIVE"), true),
            (text("GROUPS", EqualsIgnoreCase, "a"), false),
            (text("STATUS", Contains, "tiv"), true),
            (text("STATUS", Contains, "TIV"), false),
            (text("__name__", StartsWith, "ANN@"), true),
            (text("GROUPS", StartsWith, "a"), true),
            (text("GROUPS", StartsWith, "b"), false),
            (text("STATUS", EndsWith, "ive"), true),
            (number(GreaterThan, 2), false),
            (number(GreaterThan, 1), true),
            (number(GreaterThanOrEqual, 2), true),
            (number(LessThan, 2), false),
            (number(LessThan, 3), true),
            (number(LessThanOrEqual, 2), true),
            (groups(&["b"]), true),
            (groups(&["b", "c"]), false),
            (And(vec![]), true),
            (Or(vec![]), false),
        ];
        for (node, expected) in cases {
            let shown = format!("{node:?}");
            assert_eq!(filter(vec![node]).verdict(row), Some(expected), "{shown}");
        }
    }

    #[test]
    fn what_is_not_known_decides_only_where_nothing_else_does() {
        use wit::FilterNode::*;
        let language = || equals("LANGUAGE", &["en"]);
        let (active, inactive) = (|| equals("STATUS", &["active"]), || equals("STATUS", &["inactive"]));
        assert_eq!(filter(vec![language()]).verdict(row), None);
        assert_eq!(filter(vec![language(), Not(0)]).verdict(row), None);
        assert_eq!(filter(vec![language(), inactive(), And(vec![0, 1])]).verdict(row), Some(false));
        assert_eq!(filter(vec![language(), active(), And(vec![0, 1])]).verdict(row), None);
        assert_eq!(filter(vec![language(), active(), Or(vec![0, 1])]).verdict(row), Some(true));
        assert_eq!(filter(vec![language(), inactive(), Or(vec![0, 1])]).verdict(row), None);
    }

    #[test]
    fn a_filter_on_a_key_names_the_objects_to_look_up() {
        use wit::FilterNode::*;
        let key = |value: &str| equals("USER_ID", &[value]);
        let keys = |nodes| filter(nodes).keys(&[UID]);
        assert_eq!(keys(vec![key("a")]), Some(vec!["a".into()]));
        assert_eq!(keys(vec![key("a"), key("b"), Or(vec![0, 1])]), Some(vec!["a".into(), "b".into()]));
        assert_eq!(keys(vec![key("a"), equals("STATUS", &["x"]), And(vec![0, 1])]), Some(vec!["a".into()]));
        assert_eq!(keys(vec![key("a"), equals("STATUS", &["x"]), Or(vec![0, 1])]), None);
        assert_eq!(keys(vec![key("a"), Not(0)]), None);
        assert_eq!(keys(vec![key("a"), Not(0), key("b"), And(vec![1, 2])]), Some(vec!["b".into()]));
        let by_name = filter(vec![text("EMAIL", wit::Comparison::EqualsIgnoreCase, "Ann@x")]);
        assert_eq!(by_name.keys(&["__NAME__"]), Some(vec!["ann@x".into()]));
        let twice = filter(vec![equals("EMAIL", &["Ann@x"]), equals("EMAIL", &["ann@X"]), Or(vec![0, 1])]);
        assert_eq!(twice.keys(&["__NAME__"]), Some(vec!["ann@x".into()]), "two spellings are one key");
        let above = filter(vec![text("EMAIL", wit::Comparison::GreaterThan, "ANN@example.com")]);
        assert_eq!(above.verdict(row), Some(false), "the order ignores the letter case where equality does");
        assert_eq!(filter(vec![text("STATUS", wit::Comparison::EqualsIgnoreCase, "x")]).keys(&["STATUS"]), None);
    }

    #[test]
    fn a_filter_that_is_none_is_refused_with_what_is_wrong() {
        use wit::FilterNode::*;
        let refused = |nodes| Filter::checked(wit::Filter { nodes }, &class()).expect_err("refused").message.clone();
        assert!(refused(vec![]).contains("1 to 10000"));
        assert!(refused(vec![Not(0)]).contains("node 0"));
        assert!(refused(vec![And(vec![1]), equals("STATUS", &["a"])]).contains("node 1"));
        assert!(refused(vec![equals("NOPE", &["a"])]).contains("NOPE"));
        assert!(refused(vec![equals("TYPE", &["a"])]).contains("integer"));
        assert!(refused(vec![test("TYPE", wit::Comparison::Contains, vec![Value::Integer(1)])]).contains("TYPE"));
        assert!(refused(vec![test("TYPE", wit::Comparison::LessThan, vec![])]).contains("one value"));
        assert!(refused(vec![equals("__PASSWORD__", &["x"])]).contains("cannot be read"));
    }
}
