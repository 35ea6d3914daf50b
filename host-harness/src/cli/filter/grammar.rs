//! The language, without any knowledge of attributes and types.

use winnow::ascii::{Caseless, digit1, multispace0};
use winnow::combinator::{alt, cut_err, eof, fail, not, opt, preceded, repeat, separated, terminated};
use winnow::error::{AddContext, ErrMode, ParserError};
use winnow::prelude::*;
use winnow::stream::{LocatingSlice, Location, Offset, Stream};
use winnow::token::{any, none_of, one_of, take_while};

use super::Mistake;

/// How deep brackets and `not` may be nested. Nobody writes ten; reading takes stack for each.
const DEEPEST: usize = 100;

/// A filter as it is written.
#[derive(Debug, PartialEq)]
pub(super) enum Expression {
    And(Vec<Expression>),
    Or(Vec<Expression>),
    Not(Box<Expression>),
    Comparison(Comparison),
}

#[derive(Debug, PartialEq)]
pub(super) struct Comparison {
    pub(super) name: Placed<String>,
    pub(super) operator: Operator,
    pub(super) operand: Placed<Operand>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equals,
    EqualsIgnoreCase,
    StartsWith,
    EndsWith,
    Contains,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Has,
}

#[derive(Debug, PartialEq)]
pub(super) enum Operand {
    Null,
    One(String),
    Several(Vec<Placed<String>>),
}

/// Something, and how many bytes are before it.
#[derive(Debug, PartialEq)]
pub(super) struct Placed<T> {
    pub(super) it: T,
    pub(super) at: usize,
}

type Input<'a> = LocatingSlice<&'a str>;
type Step<T> = ModalResult<T, Mistake>;

/// Reads a filter.
pub(super) fn parse(text: &str) -> Result<Expression, Mistake> {
    let mut input = LocatingSlice::new(text);
    let whole = preceded(multispace0, terminated(|input: &mut _| any_of(input, 0), end));
    { whole }.parse_next(&mut input).map_err(|error| match error {
        ErrMode::Backtrack(mistake) | ErrMode::Cut(mistake) => mistake,
        ErrMode::Incomplete(_) => Mistake { at: text.len(), what: "it is not complete".into() },
    })
}

fn end(input: &mut Input<'_>) -> Step<()> {
    eof.context("`and`, `or` or the end").void().parse_next(input)
}

/// `X or Y`
fn any_of(input: &mut Input<'_>, depth: usize) -> Step<Expression> {
    chain(input, "or", Expression::Or, |input| all_of(input, depth))
}

/// `X and Y`
fn all_of(input: &mut Input<'_>, depth: usize) -> Step<Expression> {
    chain(input, "and", Expression::And, |input| one(input, depth))
}

/// Operands with a word between them. One operand stands for itself.
fn chain(
    input: &mut Input<'_>,
    word: &'static str,
    joined: fn(Vec<Expression>) -> Expression,
    operand: impl Fn(&mut Input<'_>) -> Step<Expression>,
) -> Step<Expression> {
    let first = operand(input)?;
    let mut further = Vec::new();
    while opt(keyword(word)).parse_next(input)?.is_some() {
        further.push(cut_err(&operand).parse_next(input)?);
    }
    if further.is_empty() {
        return Ok(first);
    }
    further.insert(0, first);
    Ok(joined(further))
}

/// `not X`, `( X )` or a comparison
fn one(input: &mut Input<'_>, depth: usize) -> Step<Expression> {
    if depth == DEEPEST {
        let what = format!("it is nested more than {DEEPEST} times");
        return Err(ErrMode::Cut(Mistake { at: input.current_token_start(), what }));
    }
    if opt(keyword("not")).parse_next(input)?.is_some() {
        let operand = cut_err(|input: &mut _| one(input, depth + 1)).parse_next(input)?;
        return Ok(Expression::Not(Box::new(operand)));
    }
    if opt(token('(')).parse_next(input)?.is_some() {
        let inner = cut_err(|input: &mut _| any_of(input, depth + 1)).parse_next(input)?;
        cut_err(token(')').context("`)`")).parse_next(input)?;
        return Ok(inner);
    }
    comparison.map(Expression::Comparison).parse_next(input)
}

fn comparison(input: &mut Input<'_>) -> Step<Comparison> {
    let name = name.context("an attribute").parse_next(input)?;
    let operator = cut_err(operator.context("an operator (= ~= ^= $= *= < <= > >= has)")).parse_next(input)?;
    let operand = cut_err(operand).parse_next(input)?;
    Ok(Comparison { name, operator, operand })
}

fn name(input: &mut Input<'_>) -> Step<Placed<String>> {
    let reserved = |word: &str| ["and", "or", "not", "has"].iter().any(|it| it.eq_ignore_ascii_case(word));
    placed(take_while(1.., is_of_a_word).verify(move |word: &str| !reserved(word)).map(str::to_owned)).parse_next(input)
}

fn operator(input: &mut Input<'_>) -> Step<Operator> {
    alt((
        token("<=").value(Operator::LessOrEqual),
        token(">=").value(Operator::GreaterOrEqual),
        token("~=").value(Operator::EqualsIgnoreCase),
        token("^=").value(Operator::StartsWith),
        token("$=").value(Operator::EndsWith),
        token("*=").value(Operator::Contains),
        token('=').value(Operator::Equals),
        token('<').value(Operator::Less),
        token('>').value(Operator::Greater),
        keyword("has").value(Operator::Has),
    ))
    .parse_next(input)
}

fn operand(input: &mut Input<'_>) -> Step<Placed<Operand>> {
    let at = input.current_token_start();
    let it = if opt(token('(')).parse_next(input)?.is_some() {
        let values = separated(1.., literal, token(',')).parse_next(input)?;
        token(')').context("`,` or `)`").parse_next(input)?;
        Operand::Several(values)
    } else if opt(keyword("null")).parse_next(input)?.is_some() {
        Operand::Null
    } else {
        Operand::One(literal.parse_next(input)?.it)
    };
    Ok(Placed { it, at })
}

fn literal(input: &mut Input<'_>) -> Step<Placed<String>> {
    let written = placed(alt((quoted, number.map(str::to_owned))));
    let boolean = |word| placed(keyword(word).value(word.to_owned()));
    alt((written, boolean("true"), boolean("false"), fail))
        .context("a value: \"text\", a number, true, false or null")
        .parse_next(input)
}

/// A text in quotes, with JSON's escapes.
fn quoted(input: &mut Input<'_>) -> Step<String> {
    let inside = alt((none_of(['"', '\\']).void(), ('\\', any).void()));
    ('"', repeat::<_, (), (), _, _>(0.., inside), '"')
        .take()
        .verify_map(|text: &str| serde_json::from_str(text).ok())
        .parse_next(input)
}

fn number<'a>(input: &mut Input<'a>) -> Step<&'a str> {
    let exponent = (one_of(['e', 'E']), opt(one_of(['+', '-'])), digit1);
    (opt('-'), digit1, opt(('.', digit1)), opt(exponent), not(one_of(is_of_a_word))).take().parse_next(input)
}

fn is_of_a_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | ':')
}

/// A word of the language, in any letter case.
fn keyword<'a>(word: &'static str) -> impl Parser<Input<'a>, (), ErrMode<Mistake>> {
    token((Caseless(word), not(one_of(is_of_a_word)))).void()
}

/// Something and the blanks after it.
fn token<'a, O>(parser: impl Parser<Input<'a>, O, ErrMode<Mistake>>) -> impl Parser<Input<'a>, O, ErrMode<Mistake>> {
    terminated(parser, multispace0)
}

/// The same, with its place.
fn placed<'a, O>(
    parser: impl Parser<Input<'a>, O, ErrMode<Mistake>>,
) -> impl Parser<Input<'a>, Placed<O>, ErrMode<Mistake>> {
    token(parser.with_span()).map(|(it, span)| Placed { it, at: span.start })
}

impl<'a> ParserError<Input<'a>> for Mistake {
    type Inner = Self;

    fn from_input(input: &Input<'a>) -> Self {
        Self { at: input.current_token_start(), what: "this cannot be understood".into() }
    }

    fn into_inner(self) -> Result<Self, Self> {
        Ok(self)
    }
}

/// What was expected, at the place where it would have begun.
impl<'a> AddContext<Input<'a>, &'static str> for Mistake {
    fn add_context(self, input: &Input<'a>, start: &<Input<'a> as Stream>::Checkpoint, expected: &'static str) -> Self {
        let read = input.checkpoint().offset_from(start);
        Self { at: input.current_token_start().saturating_sub(read), what: format!("here should be {expected}") }
    }
}
