//! Zoom's answers: JSON objects of which the known fields have the shape that Zoom documents.
//!
//! An answer is read once, straight from its bytes into what is known of it. A field of another shape is an
//! error that names it, since leaving it out would be data lost; a field that nobody knows is passed over
//! and costs nothing. Null, an empty text and no field at all are one and the same: nothing.

use std::fmt::Display;

use hifijson::num::{Lex as _, LexWrite as _};
use hifijson::str::{Lex as _, LexAlloc as _};
use hifijson::token::Lex as _;
use hifijson::{Error, Expect, SliceLexer};

/// How deep a value may be that nobody knows.
const DEEPEST: usize = 100;

/// What a field of an answer is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Text,
    /// A text that is never missing: what an object is known by.
    Id,
    Integer,
    Texts,
    Integers,
    Object(Fields),
    Objects(Fields),
}

impl Shape {
    /// The shape of the elements.
    fn element(self) -> Option<Self> {
        match self {
            Self::Texts => Some(Self::Text),
            Self::Integers => Some(Self::Integer),
            Self::Objects(fields) => Some(Self::Object(fields)),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Text | Self::Id => "a text",
            Self::Integer => "a whole number",
            Self::Object(_) => "an object",
            Self::Texts | Self::Integers | Self::Objects(_) => "a list",
        }
    }
}

/// The fields of an object that are known, each with its shape.
pub(crate) type Fields = &'static [(&'static str, Shape)];

/// An object of an answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record(Vec<(&'static str, Datum)>);

/// What a field holds. Never nothing: a field that holds nothing is not there.
#[derive(Clone, Debug)]
pub(crate) enum Datum {
    Text(String),
    Integer(i64),
    Object(Record),
    List(Vec<Datum>),
}

impl Datum {
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn as_record(&self) -> Option<&Record> {
        match self {
            Self::Object(record) => Some(record),
            _ => None,
        }
    }

    /// A text of the object that it is.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.as_record()?.text(field)
    }
}

impl Record {
    /// Reads an answer, of which these fields are known.
    ///
    /// Errors: what is wrong, and where.
    pub(crate) fn read(json: &[u8], fields: Fields) -> Result<Self, String> {
        let mut wrong = String::new();
        let mut lexer = SliceLexer::new(json);
        let datum =
            lexer.exactly_one(SliceLexer::ws_peek, |next, lexer| read(next, lexer, Shape::Object(fields), &mut wrong));
        match datum {
            Ok(_) if !wrong.is_empty() => Err(wrong),
            Ok(Some(Datum::Object(record))) => Ok(record),
            Ok(_) => Err("an object is missing".to_owned()),
            Err(_) => Err(broken(json, lexer.as_slice())),
        }
    }

    /// The value of a field.
    pub(crate) fn value(&self, field: &str) -> Option<&Datum> {
        self.0.iter().find(|(name, _)| *name == field).map(|(_, value)| value)
    }

    /// The text of a field.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.value(field).and_then(Datum::as_text)
    }

    /// The number of a field.
    pub(crate) fn integer(&self, field: &str) -> Option<i64> {
        self.value(field).and_then(Datum::as_integer)
    }

    /// The id: every object of Zoom's has one, but for rows of pending users.
    pub(crate) fn id(&self) -> &str {
        self.text("id").unwrap_or_default()
    }

    /// The id, or the address of who has none.
    pub(crate) fn id_or_email(&self) -> &str {
        self.text("id").or_else(|| self.text("email")).unwrap_or_default()
    }

    /// The name, of what has one.
    pub(crate) fn name(&self) -> &str {
        self.text("name").unwrap_or_default()
    }

    /// The elements of a field.
    pub(crate) fn list(&self, field: &str) -> &[Datum] {
        match self.value(field) {
            Some(Datum::List(elements)) => elements,
            _ => &[],
        }
    }

    /// Takes the objects of a list out of it; none where there is no such list.
    pub(crate) fn take_objects(&mut self, field: &str) -> Option<Vec<Self>> {
        let (_, found) = self.0.iter_mut().find(|(name, _)| *name == field)?;
        let Datum::List(elements) = std::mem::replace(found, Datum::List(Vec::new())) else { return None };
        let object = |element| match element {
            Datum::Object(record) => Some(record),
            _ => None,
        };
        Some(elements.into_iter().filter_map(object).collect())
    }

    /// Writes it down in few bytes, as far as these fields go: [`Record::unpacked`] reads it.
    pub(crate) fn pack(&self, fields: Fields, out: &mut Vec<u8>) {
        for (place, (name, shape)) in (0_u8..).zip(fields) {
            if let Some(datum) = self.value(name) {
                out.push(place);
                datum.pack(*shape, out);
            }
        }
        out.push(END);
    }

    /// Reads what [`Record::pack`] wrote, and moves on behind it.
    pub(crate) fn unpacked(fields: Fields, from: &mut &[u8]) -> Option<Self> {
        let mut record = Vec::new();
        loop {
            match byte(from)? {
                END => return Some(Self(record)),
                place => {
                    let (name, shape) = fields.get(usize::from(place))?;
                    record.push((*name, Datum::unpacked(*shape, from)?));
                }
            }
        }
    }

    /// Takes a field away.
    pub(crate) fn remove(&mut self, field: &str) {
        self.0.retain(|(name, _)| *name != field);
    }

    /// Sets a field.
    pub(crate) fn set(&mut self, field: &'static str, value: Datum) {
        self.remove(field);
        self.0.push((field, value));
    }
}

/// Where a packed object ends.
const END: u8 = u8::MAX;

impl Datum {
    fn pack(&self, shape: Shape, out: &mut Vec<u8>) {
        match (self, shape) {
            (Self::Text(text), _) => {
                pack_number(text.len() as u64, out);
                out.extend_from_slice(text.as_bytes());
            }
            (Self::Integer(number), _) => pack_number(number.cast_unsigned(), out),
            (Self::Object(record), Shape::Object(fields)) => record.pack(fields, out),
            (Self::List(elements), shape) => {
                pack_number(elements.len() as u64, out);
                elements.iter().for_each(|element| element.pack(shape.element().unwrap_or(shape), out));
            }
            // Nothing of another shape is ever read.
            (Self::Object(_), _) => out.push(END),
        }
    }

    fn unpacked(shape: Shape, from: &mut &[u8]) -> Option<Self> {
        Some(match shape {
            Shape::Text | Shape::Id => {
                let length = usize::try_from(unpacked_number(from)?).ok()?;
                Self::Text(std::str::from_utf8(from.split_off(..length)?).ok()?.to_owned())
            }
            Shape::Integer => Self::Integer(unpacked_number(from)?.cast_signed()),
            Shape::Object(fields) => Self::Object(Record::unpacked(fields, from)?),
            Shape::Texts | Shape::Integers | Shape::Objects(_) => {
                let element = shape.element()?;
                Self::List((0..unpacked_number(from)?).map(|_| Self::unpacked(element, from)).collect::<Option<_>>()?)
            }
        })
    }
}

fn byte(from: &mut &[u8]) -> Option<u8> {
    from.split_off_first().copied()
}

/// A number in groups of seven bits, low ones first, as LEB128 has it.
fn pack_number(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn unpacked_number(from: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let group = byte(from)?;
        number |= u64::from(group & 0x7f) << shift;
        if group < 0x80 {
            return Some(number);
        }
    }
    None
}

/// What to say of a text of which this rest is no JSON. Not what the library says: the words that it has for
/// every sort of slip are two kilobytes.
fn broken(json: &[u8], rest: &[u8]) -> String {
    let what = if rest.is_empty() { "the JSON ends too early" } else { "it is not JSON" };
    let upto = json.get(..=json.len() - rest.len()).unwrap_or(json);
    let mut lines = upto.split(|byte| *byte == b'\n');
    let column = lines.next_back().map_or(0, <[u8]>::len);
    format!("{what}, at line {} column {column}", lines.count() + 1)
}

/// Reads one value of a shape; none for null and the empty text, and for what has another shape. What is wrong
/// first is noted, from the inside to the outside, and reading goes on behind it.
fn read(next: u8, lexer: &mut SliceLexer, shape: Shape, wrong: &mut String) -> Result<Option<Datum>, Error> {
    match (next, shape) {
        (b'"', _) => {
            let text = lexer.discarded().str_string()?;
            match shape {
                _ if text.is_empty() => return Ok(None),
                Shape::Text | Shape::Id => return Ok(Some(Datum::Text(text.into_owned()))),
                _ => {}
            }
        }
        (b'-' | b'0'..=b'9', Shape::Integer) => {
            let (number, _) = lexer.num_string().validated()?;
            if let Ok(number) = number.parse() {
                return Ok(Some(Datum::Integer(number)));
            }
        }
        (b'[', Shape::Texts | Shape::Integers | Shape::Objects(_)) => {
            let shape = shape.element().unwrap_or(shape);
            let mut elements = Vec::new();
            lexer.discarded().seq(b']', SliceLexer::ws_peek, |next, lexer| {
                let was_right = wrong.is_empty();
                let element = read(next, lexer, shape, wrong)?;
                if element.is_none() {
                    is_not(shape, wrong);
                }
                if was_right {
                    at(&format_args!("[{}]", elements.len()), wrong);
                }
                elements.extend(element);
                Ok::<_, Error>(())
            })?;
            return Ok(Some(Datum::List(elements)));
        }
        (b'{', Shape::Object(fields)) => return read_object(lexer, fields, wrong).map(Some),
        _ => {
            pass_over(next, lexer, DEEPEST)?;
            if next == b'n' {
                return Ok(None);
            }
        }
    }
    is_not(shape, wrong);
    Ok(None)
}

fn read_object(lexer: &mut SliceLexer, fields: Fields, wrong: &mut String) -> Result<Datum, Error> {
    let mut record = Record(Vec::with_capacity(fields.len()));
    lexer.discarded().seq(b'}', SliceLexer::ws_peek, |next, lexer| {
        lexer.expect(|_| Some(next), b'"').ok_or(Expect::String)?;
        let name = lexer.str_string()?;
        let next = behind_colon(lexer)?;
        let Some((name, shape)) = fields.iter().find(|(field, _)| *field == name) else {
            return pass_over(next, lexer, DEEPEST);
        };
        let was_right = wrong.is_empty();
        let value = read(next, lexer, *shape, wrong)?;
        if was_right {
            at(&format_args!(".{name}"), wrong);
        }
        record.0.extend(value.map(|value| (*name, value)));
        Ok(())
    })?;
    record.0.shrink_to_fit();
    for (name, shape) in fields {
        if matches!(shape, Shape::Id) && record.text(name).is_none() && wrong.is_empty() {
            *wrong = format!(".{name} is missing");
        }
    }
    Ok(Datum::Object(record))
}

/// Reads on to the value of a field.
fn behind_colon(lexer: &mut SliceLexer) -> Result<u8, Error> {
    lexer.expect(SliceLexer::ws_peek, b':').ok_or(Expect::Colon)?;
    Ok(lexer.ws_peek().ok_or(Expect::Value)?)
}

/// Passes over a value, which may be so deep.
fn pass_over(next: u8, lexer: &mut SliceLexer, deep: usize) -> Result<(), Error> {
    let deep = deep.checked_sub(1).ok_or(Error::Depth)?;
    match next {
        b'[' => lexer.discarded().seq(b']', SliceLexer::ws_peek, |next, lexer| pass_over(next, lexer, deep)),
        b'{' => lexer.discarded().seq(b'}', SliceLexer::ws_peek, |next, lexer| {
            lexer.expect(|_| Some(next), b'"').ok_or(Expect::String)?;
            lexer.str_ignore()?;
            let next = behind_colon(lexer)?;
            pass_over(next, lexer, deep)
        }),
        b'"' => Ok(lexer.discarded().str_ignore()?),
        b'-' | b'0'..=b'9' => Ok(lexer.num_ignore().validate().map(drop)?),
        b'a'..=b'z' => Ok(lexer.null_or_bool().map(drop).ok_or(Expect::Value)?),
        _ => Err(Expect::Value.into()),
    }
}

/// Notes that something has not this shape, if nothing was wrong before.
fn is_not(shape: Shape, wrong: &mut String) {
    if wrong.is_empty() {
        *wrong = format!(" is not {}", shape.word());
    }
}

/// Says of what is wrong where it is.
fn at(place: &dyn Display, wrong: &mut String) {
    if !wrong.is_empty() {
        *wrong = format!("{place}{wrong}");
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::{Value, json};

    use super::*;

    const INNER: Fields = &[("id", Shape::Id), ("n", Shape::Integer)];
    const FIELDS: Fields = &[
        ("a", Shape::Text),
        ("n", Shape::Integer),
        ("l", Shape::Texts),
        ("i", Shape::Integers),
        ("o", Shape::Object(INNER)),
        ("os", Shape::Objects(INNER)),
    ];

    /// Reads a value as an answer.
    pub(crate) fn read(value: &Value, fields: Fields) -> Result<Record, String> {
        Record::read(value.to_string().as_bytes(), fields)
    }

    #[test]
    fn nothing_comes_in_three_forms() {
        let record = read(&json!({"a": "", "n": null, "unheard_of": {"x": [1.5, {}]}}), FIELDS).expect("a record");
        assert!(record.text("a").is_none() && record.value("n").is_none() && record.list("l").is_empty());
    }

    #[test]
    fn what_is_known_is_read() {
        let answer =
            json!({"a": "\u{e9}\n", "n": -1, "l": ["x"], "i": [1, 2], "o": {"id": "1"}, "os": [{"id": "2", "n": 3}]});
        let mut record = read(&answer, FIELDS).expect("a record");
        assert_eq!((record.text("a"), record.integer("n")), (Some("\u{e9}\n"), Some(-1)));
        assert_eq!(record.list("l").first().and_then(Datum::as_text), Some("x"));
        assert_eq!(record.value("o").and_then(|object| object.text("id")), Some("1"));
        let objects = record.take_objects("os").expect("objects");
        assert_eq!(objects.first().map(|object| (object.id(), object.integer("n"))), Some(("2", Some(3))));
    }

    #[test]
    fn what_is_written_down_in_few_bytes_comes_back() {
        let answer = json!({"a": "\u{e9}", "i": [1, 1_099_511_627_776_i64], "l": ["x", "y"], "n": -1, "o": {"id": "1"}, "os": [{"id": "2", "n": 300}, {"id": "3"}]});
        let record = read(&answer, FIELDS).expect("a record");
        let mut packed = Vec::new();
        record.pack(FIELDS, &mut packed);
        let length = packed.len();
        record.pack(INNER, &mut packed);
        let mut from = packed.as_slice();
        let mut unpacked = Record::unpacked(FIELDS, &mut from).expect("a record");
        // The test's JSON has its fields in the order of their names.
        unpacked.0.sort_by_key(|(name, _)| *name);
        assert_eq!(format!("{unpacked:?}"), format!("{record:?}"));
        assert_eq!(Record::unpacked(INNER, &mut from).and_then(|record| record.integer("n")), Some(-1));
        assert!(from.is_empty() && Record::unpacked(FIELDS, &mut from).is_none());
        for cut in 0..length {
            assert!(Record::unpacked(FIELDS, &mut &packed[..cut]).is_none(), "cut off after {cut}");
        }
    }

    #[test]
    fn a_field_of_another_shape_is_named_with_its_place() {
        for (wrong, place) in [
            (json!({"a": 1}), ".a is not a text"),
            (json!({"a": true}), ".a is not a text"),
            (json!({"n": "1"}), ".n is not a whole number"),
            (json!({"n": 1.5}), ".n is not a whole number"),
            (json!({"n": 18_446_744_073_709_551_615_u64}), ".n is not a whole number"),
            (json!({"l": ["x", 1]}), ".l[1] is not a text"),
            (json!({"l": [null]}), ".l[0] is not a text"),
            (json!({"l": {}}), ".l is not a list"),
            (json!({"os": [{"id": "1"}, {"id": "2", "n": []}]}), ".os[1].n is not a whole number"),
            (json!({"os": [{"id": ""}]}), ".os[0].id is missing"),
            (json!({"o": {}}), ".o.id is missing"),
            (json!([]), " is not an object"),
        ] {
            assert_eq!(read(&wrong, FIELDS).expect_err("refused"), place, "{wrong}");
        }
    }

    #[test]
    fn what_is_no_json_says_where_it_ends_to_be() {
        for (broken, what) in [
            ("", "the JSON ends too early, at line 1 column 0"),
            ("{\"a\":\"b\",", "the JSON ends too early, at line 1 column 9"),
            ("<html>", "it is not JSON, at line 1 column 1"),
            ("{} {}", "it is not JSON, at line 1 column 4"),
        ] {
            assert_eq!(Record::read(broken.as_bytes(), FIELDS).expect_err("refused"), what, "{broken}");
        }
    }

    #[test]
    fn what_nobody_knows_is_passed_over_if_it_is_json_and_not_too_deep() {
        let unknown = |value: &str| Record::read(format!("{{\"x\":{value},\"n\":1}}").as_bytes(), FIELDS);
        let nested = |deep: usize| format!("{}{}", "[".repeat(deep), "]".repeat(deep));
        for passed in ["[true, {\"a\": [-1.5e3, null]}, \"\\u00e9\"]", "\"\\ud83d\\ude00\"", &nested(DEEPEST)] {
            assert_eq!(unknown(passed).expect(passed).integer("n"), Some(1));
        }
        for refused in
            ["[1,]", "{1:2}", "{\"a\"}", "01", "1.", "nul", "\"\n\"", "\"\\x\"", &nested(DEEPEST + 1), &nested(1 << 20)]
        {
            assert!(unknown(refused).expect_err(refused).starts_with("it is not JSON, at line"), "{refused}");
        }
    }
}
