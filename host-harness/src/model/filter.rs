//! Conditions on objects.

use super::Value;

/// A condition on objects. The contract passes it as a flat list of nodes; here it is the tree that it
/// means.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Filter {
    /// All of them hold. Without any: true.
    And(Vec<Filter>),
    /// At least one of them holds. Without any: false.
    Or(Vec<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
    /// The attribute has exactly these values, in any order. Without values: it is absent or has none.
    Equals(String, Vec<Value>),
    /// The attribute has exactly one text value, equal ignoring letter case.
    EqualsIgnoreCase(String, String),
    /// The first value of the attribute is a text that contains this one.
    Contains(String, String),
    /// The first value of the attribute is a text that starts with this one.
    StartsWith(String, String),
    /// The first value of the attribute is a text that ends with this one.
    EndsWith(String, String),
    /// The attribute has exactly one value, greater than this one.
    GreaterThan(String, Value),
    /// The attribute has exactly one value, greater than or equal to this one.
    GreaterThanOrEqual(String, Value),
    /// The attribute has exactly one value, less than this one.
    LessThan(String, Value),
    /// The attribute has exactly one value, less than or equal to this one.
    LessThanOrEqual(String, Value),
    /// The attribute has at least all of these values.
    ContainsAllValues(String, Vec<Value>),
}

impl Filter {
    /// The attribute has exactly this one value.
    pub fn equals(name: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::Equals(name.into(), vec![value.into()])
    }
}

/// `!filter`: it does not hold.
impl std::ops::Not for Filter {
    type Output = Self;

    fn not(self) -> Self {
        Self::Not(Box::new(self))
    }
}
