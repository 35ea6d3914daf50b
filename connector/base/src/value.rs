//! Values: the contract's variant with secrets that do not show, and how values compare.

use std::cmp::Ordering;
use std::fmt::{self, Display as _, Write as _};

use crate::contract::{ObjectReference, ValueType};

/// One value (ConnId: an element of an attribute's list). The cases are those of the contract, and
/// described there.
#[derive(Clone, PartialEq)]
#[allow(missing_docs, reason = "each case is the one of the same name in the contract, and described there")]
pub enum Value {
    None,
    Text(String),
    Boolean(bool),
    Integer(i32),
    Long(i64),
    Float(f32),
    Double(f64),
    Character(char),
    Byte(i8),
    Bytes(Vec<u8>),
    Decimal(String),
    BigInteger(String),
    DateTime(String),
    Secret(String),
    SecretBytes(Vec<u8>),
    Reference(ObjectReference),
    Json(String),
}

/// Everything but secrets. Floating point numbers are shown by their bits: the code that writes them in
/// decimal is larger than all else that formats.
impl fmt::Debug for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text)
            | Self::Decimal(text)
            | Self::BigInteger(text)
            | Self::DateTime(text)
            | Self::Json(text) => Quoted(text).fmt(formatter),
            Self::Boolean(flag) => write!(formatter, "{flag}"),
            Self::Integer(number) => write!(formatter, "{number}"),
            Self::Long(number) => write!(formatter, "{number}"),
            Self::Float(number) => write!(formatter, "float {:x}", number.to_bits()),
            Self::Double(number) => write!(formatter, "double {:x}", number.to_bits()),
            Self::Character(character) => write!(formatter, "character {}", Quoted(character.encode_utf8(&mut [0; 4]))),
            Self::Byte(byte) => write!(formatter, "{byte}"),
            Self::Bytes(bytes) => {
                formatter.write_str("bytes")?;
                bytes.iter().try_for_each(|byte| write!(formatter, " {byte}"))
            }
            Self::Reference(ObjectReference { object_class, uid, name }) => {
                formatter.write_str("reference")?;
                for (word, text) in [("class", object_class), ("uid", uid), ("name", name)] {
                    if let Some(text) = text {
                        write!(formatter, " {word} {}", Quoted(text))?;
                    }
                }
                Ok(())
            }
            Self::Secret(_) | Self::SecretBytes(_) => formatter.write_str("********"),
            Self::None => formatter.write_str("none"),
        }
    }
}

/// A text in quotes, as messages have it. What the standard library does for `{:?}` knows every letter that does
/// not show, which is three kilobytes.
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_char('"')?;
        for letter in self.0.chars() {
            match letter {
                '"' | '\\' => write!(formatter, "\\{letter}")?,
                _ if letter.is_control() => write!(formatter, "\\u{{{:x}}}", u32::from(letter))?,
                _ => formatter.write_char(letter)?,
            }
        }
        formatter.write_char('"')
    }
}

/// A text that `Debug` does not show. There is no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text into custody.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("********")
    }
}

impl Value {
    /// A text value.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The text of a text value.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The same value as `wanted`, where that loses nothing: a whole number as a wider or narrower one
    /// that holds it, a text as a secret. `None` otherwise.
    pub fn converted(self, wanted: ValueType) -> Option<Self> {
        match (self, wanted) {
            (Self::Integer(number), ValueType::Long) => Some(Self::Long(number.into())),
            (Self::Long(number), ValueType::Integer) => i32::try_from(number).ok().map(Self::Integer),
            (Self::Text(text), ValueType::Secret) => Some(Self::Secret(text)),
            (value, _) if value.value_type() == Some(wanted) => Some(value),
            _ => None,
        }
    }

    /// The type of the value; none for [`Value::None`].
    pub fn value_type(&self) -> Option<ValueType> {
        Some(match self {
            Self::None => return None,
            Self::Text(_) => ValueType::Text,
            Self::Boolean(_) => ValueType::Boolean,
            Self::Integer(_) => ValueType::Integer,
            Self::Long(_) => ValueType::Long,
            Self::Float(_) => ValueType::Float,
            Self::Double(_) => ValueType::Double,
            Self::Character(_) => ValueType::Character,
            Self::Byte(_) => ValueType::Byte,
            Self::Bytes(_) => ValueType::Bytes,
            Self::Decimal(_) => ValueType::Decimal,
            Self::BigInteger(_) => ValueType::BigInteger,
            Self::DateTime(_) => ValueType::DateTime,
            Self::Secret(_) => ValueType::Secret,
            Self::SecretBytes(_) => ValueType::SecretBytes,
            Self::Reference(_) => ValueType::Reference,
            Self::Json(_) => ValueType::Json,
        })
    }

    /// Whether both are the same value. Texts are folded to lower case first where `ignore_case` says
    /// so; numbers and points in time are equal however they are written.
    pub fn same(&self, other: &Self, case: Case) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(two)) => case.equal(one, two),
            (Self::Decimal(_) | Self::BigInteger(_) | Self::DateTime(_), _) => {
                self.order(other) == Some(Ordering::Equal)
            }
            _ => self == other,
        }
    }

    /// How two values of one type compare; none where the type has no order or the types differ.
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Text(one), Self::Text(two)) => Some(one.cmp(two)),
            (Self::Boolean(one), Self::Boolean(two)) => Some(one.cmp(two)),
            (Self::Integer(one), Self::Integer(two)) => Some(one.cmp(two)),
            (Self::Long(one), Self::Long(two)) => Some(one.cmp(two)),
            (Self::Float(one), Self::Float(two)) => one.partial_cmp(two),
            (Self::Double(one), Self::Double(two)) => one.partial_cmp(two),
            (Self::Character(one), Self::Character(two)) => Some(one.cmp(two)),
            (Self::Byte(one), Self::Byte(two)) => Some(one.cmp(two)),
            (Self::Decimal(one), Self::Decimal(two)) | (Self::BigInteger(one), Self::BigInteger(two)) => {
                Some(Number::parse(one)?.cmp(&Number::parse(two)?))
            }
            (Self::DateTime(one), Self::DateTime(two)) => Some(instant(one)?.cmp(&instant(two)?)),
            _ => None,
        }
    }
}

/// The name of a type, as the contract writes it.
pub fn type_name(value_type: ValueType) -> &'static str {
    match value_type {
        ValueType::Text => "text",
        ValueType::Boolean => "boolean",
        ValueType::Integer => "integer",
        ValueType::Long => "long",
        ValueType::Float => "float",
        ValueType::Double => "double",
        ValueType::Character => "character",
        ValueType::Byte => "byte",
        ValueType::Bytes => "bytes",
        ValueType::Decimal => "decimal",
        ValueType::BigInteger => "big-integer",
        ValueType::DateTime => "date-time",
        ValueType::Secret => "secret",
        ValueType::SecretBytes => "secret-bytes",
        ValueType::Reference => "reference",
        ValueType::Json => "json",
    }
}

/// Whether texts are compared with or without regard to letter case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `a` is not `A`.
    Exact,
    /// `a` is `A`.
    Ignored,
}

impl Case {
    /// Whether two texts are equal.
    pub fn equal(self, one: &str, two: &str) -> bool {
        one == two || (self == Self::Ignored && self.fold(one) == self.fold(two))
    }

    /// The form in which texts are compared.
    pub fn fold(self, text: &str) -> String {
        match self {
            Self::Exact => text.to_owned(),
            Self::Ignored => lower_case(text),
        }
    }
}

/// The letters that have a lower-case form, in runs that follow each other: the code of the first one
/// above their number in the last byte, and how far away the lower-case forms are.
const LOWER_CASE: &[(u32, i32)] = include!(concat!(env!("OUT_DIR"), "/lower_case.rs"));

/// Each letter in lower case, for itself: unlike with `str::to_lowercase` a sigma at the end of a word is
/// a sigma.
fn lower_case(text: &str) -> String {
    let mut lower = String::with_capacity(text.len());
    for letter in text.chars() {
        lower.push(lower_case_letter(letter));
        if letter == '\u{130}' {
            // The one letter whose lower-case form is two: the dot above.
            lower.push('\u{307}');
        }
    }
    lower
}

fn lower_case_letter(letter: char) -> char {
    if letter.is_ascii() {
        return letter.to_ascii_lowercase();
    }
    let code = u32::from(letter);
    let runs = LOWER_CASE.partition_point(|(run, _)| run >> 8 <= code);
    let Some((run, distance)) = LOWER_CASE.iter().take(runs).next_back() else { return letter };
    // Where a letter is followed by its own lower-case form, the next one of the run comes after that.
    let step = if *distance == 1 { 2 } else { 1 };
    let behind = code - (run >> 8);
    let is_of_run = behind.is_multiple_of(step) && behind / step < run & 0xff;
    if is_of_run { char::from_u32(code.wrapping_add_signed(*distance)).unwrap_or(letter) } else { letter }
}

/// Whether a text contains another. The search of the standard library is faster on long texts, and four
/// kilobytes larger.
pub fn contains(text: &str, part: &str) -> bool {
    part.is_empty() || text.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
}

/// The moment that a date-time of RFC 3339 means: seconds and microseconds since 1970.
pub fn instant(text: &str) -> Option<(i64, u32)> {
    let moment = speedate::DateTime::parse_bytes_rfc3339(text.as_bytes()).ok()?;
    Some((moment.timestamp_tz(), moment.time.microsecond))
}

/// A decimal number of any size, in the parts that its order depends on.
#[derive(PartialEq, Eq)]
struct Number<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
}

impl<'a> Number<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if !(whole.chars().chain(fraction.chars()).all(|c| c.is_ascii_digit())) || whole.is_empty() {
            return None;
        }
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        Some(Self { negative: negative && !(whole.is_empty() && fraction.is_empty()), whole, fraction })
    }
}

impl Ord for Number<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = |a: &Self, b: &Self| {
            a.whole
                .len()
                .cmp(&b.whole.len())
                .then_with(|| a.whole.cmp(b.whole))
                .then_with(|| a.fraction.cmp(b.fraction))
        };
        match (self.negative, other.negative) {
            (false, false) => size(self, other),
            (true, true) => size(other, self),
            (negative, _) => {
                if negative {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
        }
    }
}

impl PartialOrd for Number<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_of_any_size_are_ordered_by_what_they_mean() {
        let ascending = ["-100000000000000000000000", "-2.50", "-2.4", "0", "0.09", "0.1", "1", "9.99", "10"];
        for (position, one) in ascending.iter().enumerate() {
            for (other_position, other) in ascending.iter().enumerate() {
                let order = Value::Decimal((*one).into()).order(&Value::Decimal((*other).into()));
                assert_eq!(order, Some(position.cmp(&other_position)), "{one} against {other}");
            }
        }
        assert!(Value::Decimal("1.50".into()).same(&Value::Decimal("01.5".into()), Case::Exact));
        assert!(Value::Decimal("-0".into()).same(&Value::Decimal("0".into()), Case::Exact));
        assert_eq!(Value::Decimal("x".into()).order(&Value::Decimal("1".into())), None);
    }

    #[test]
    fn points_in_time_are_ordered_across_offsets() {
        let earlier = Value::DateTime("2024-05-01T10:00:00+02:00".into());
        let later = Value::DateTime("2024-05-01T09:00:00Z".into());
        assert_eq!(earlier.order(&later), Some(Ordering::Less));
        assert!(earlier.same(&Value::DateTime("2024-05-01T08:00:00Z".into()), Case::Exact));
    }

    #[test]
    fn every_letter_is_folded_as_the_standard_library_folds_it() {
        for letter in '\0'..=char::MAX {
            let folded = Case::Ignored.fold(&letter.to_string());
            assert_eq!(folded, letter.to_lowercase().collect::<String>(), "{letter:?}");
        }
        assert!(Case::Ignored.equal("\u{391}\u{3a3}", "\u{3b1}\u{3c3}"));
    }

    #[test]
    fn whole_numbers_convert_only_where_nothing_is_lost() {
        assert_eq!(Value::Integer(7).converted(ValueType::Long), Some(Value::Long(7)));
        assert_eq!(Value::Long(7).converted(ValueType::Integer), Some(Value::Integer(7)));
        assert_eq!(Value::Long(i64::MAX).converted(ValueType::Integer), None);
        assert_eq!(Value::text("7").converted(ValueType::Integer), None);
    }

    #[test]
    fn a_text_in_quotes_shows_where_it_ends() {
        assert_eq!(Quoted("é \"\\\n").to_string(), "\"é \\\"\\\\\\u{a}\"");
    }

    #[test]
    fn a_secret_does_not_show() {
        let shown = format!("{:?}{:?}", Value::Secret("hunter2".into()), Secret::new("hunter2"));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
