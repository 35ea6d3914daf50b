use std::cell::RefCell;
use std::time::Duration;

use super::*;
use crate::runtime::{block_on, sleep};

/// Lists of numbers, in pages of three. Only the row of an even number tells whether it is accepted.
struct Numbers {
    lists: Vec<Vec<u32>>,
    accepts: fn(u32) -> bool,
    calls: RefCell<Vec<String>>,
    drop_row: bool,
    /// Every page but the first begins with the first row of all.
    again: bool,
    repeat: bool,
    /// The calls that fail, by their number, and how.
    failing: RefCell<Vec<(usize, ErrorKind)>>,
}

impl Numbers {
    fn new(lists: &[u32]) -> Self {
        // The rows of the second list count from 100, and so on.
        let lists = (0..).step_by(100).zip(lists).map(|(first, length)| (first..first + *length).collect()).collect();
        let (calls, failing) = (RefCell::default(), RefCell::default());
        Self { lists, accepts: |_| true, calls, drop_row: false, again: false, repeat: false, failing }
    }

    /// Notes a call, which fails if it is to.
    async fn call(&self, call: String) -> Result<()> {
        self.calls.borrow_mut().push(call);
        let number = self.calls.borrow().len();
        sleep(Duration::from_secs(1)).await;
        let failing = self.failing.borrow().iter().find(|(failing, _)| *failing == number).map(|(_, kind)| *kind);
        failing.map_or(Ok(()), |kind| Err(Error::new(kind, "")))
    }

    fn calls_of(&self, word: &str) -> Vec<String> {
        self.calls.borrow().iter().filter(|call| call.starts_with(word)).cloned().collect()
    }
}

impl Source for Rc<Numbers> {
    type Row = u32;

    fn phases(&self) -> usize {
        self.lists.len()
    }

    async fn list(&self, phase: usize, token: Option<&str>) -> Result<List<u32>> {
        self.call(format!("list {phase} {}", token.unwrap_or("-"))).await?;
        let start: usize = token.map_or(0, |token| token.parse().expect("a token"));
        let all = self.lists.get(phase).expect("a phase");
        let mut rows: Vec<u32> = all.iter().skip(start).take(3).copied().collect();
        let next = (start + 3 < all.len()).then(|| (start + 3).to_string());
        let next = if self.repeat { Some("3".into()) } else { next };
        if self.again && start > 0 {
            rows.insert(0, all.first().copied().expect("a row"));
        }
        if self.drop_row {
            rows.pop();
        }
        Ok(List { rows, next, total: Some(all.len()) })
    }

    fn digest(&self, row: &u32) -> u64 {
        u64::from(*row)
    }

    fn verdict(&self, row: &u32) -> Option<bool> {
        row.is_multiple_of(2).then(|| (self.accepts)(*row))
    }

    async fn object(&self, row: u32) -> Result<Option<ConnectorObject>> {
        self.call(format!("read {row}")).await?;
        Ok((self.accepts)(row).then(|| ConnectorObject {
            object_class: "Number".into(),
            uid: crate::attribute::uid(row.to_string()),
            name: row.to_string(),
            attributes: vec![],
        }))
    }
}

const WANTED: Wanted = Wanted { digest: 1, skip: 0, size: 2, concurrency: 4, reach: Reach::Page };

fn walk(source: &Rc<Numbers>, fresh: bool, wanted: Wanted) -> Result<Vec<Vec<String>>> {
    let memory = Memory::default();
    let mut position = Some(Position::default());
    let mut pages = Vec::new();
    let mut skip = wanted.skip;
    while let Some(from) = position {
        let new = Memory::default();
        let wanted = Wanted { skip: std::mem::take(&mut skip), ..wanted };
        let kept = if fresh { &new } else { &memory };
        let walked = block_on(page(Rc::clone(source), kept, from, wanted)).expect("an end")?;
        pages.push(walked.objects.into_iter().map(|object| object.uid.value).collect());
        position = walked.next;
    }
    Ok(pages)
}

#[test]
fn every_object_comes_once_whatever_the_page_size_and_whoever_goes_on() {
    let accepts = |number: u32| !number.is_multiple_of(3);
    let source = Rc::new(Numbers { accepts, ..Numbers::new(&[7, 0, 4]) });
    let expected = ["1", "2", "4", "5", "200", "202", "203"];
    for size in 1..10 {
        for fresh in [true, false] {
            let pages = walk(&source, fresh, Wanted { size, ..WANTED }).expect("walked");
            assert_eq!(pages.concat(), expected, "pages of {size}");
            assert!(pages.iter().rev().skip(1).all(|page| page.len() == size), "pages of {size}: {pages:?}");
        }
    }
}

#[test]
fn a_warm_instance_asks_for_each_page_once() {
    let source = Rc::new(Numbers::new(&[7]));
    walk(&source, false, Wanted { size: 1, ..WANTED }).expect("walked");
    assert_eq!(source.calls_of("list").len(), 3);
}

#[test]
fn an_offset_reads_only_the_rows_that_do_not_tell() {
    let source = Rc::new(Numbers::new(&[7]));
    let pages = walk(&source, true, Wanted { skip: 5, size: 10, ..WANTED }).expect("walked");
    assert_eq!(pages.concat(), ["5", "6"]);
    assert_eq!(source.calls_of("read"), ["read 1", "read 3", "read 5", "read 6"]);
}

#[test]
fn a_position_comes_back_from_its_text() {
    let token = |token: &str| Position { phase: 1, index: 20, seen: 300, again: 2, token: Some(token.into()) };
    for position in [Position::default(), token("abc"), token("a.b%/+ =\u{e9}")] {
        assert_eq!(position.to_string().parse(), Ok(position));
    }
    for broken in ["", "1.2", "1.2.3.0", "a.2.3.0.", "1.-2.3.0.t"] {
        assert_eq!(broken.parse::<Position>(), Err(()), "{broken}");
    }
}

#[test]
fn a_row_that_is_repeated_comes_once_and_counts_once() {
    for size in 1..10 {
        let source = Rc::new(Numbers { again: true, ..Numbers::new(&[7, 4]) });
        let pages = walk(&source, false, Wanted { size, ..WANTED }).expect("walked");
        assert_eq!(pages.concat(), ["0", "1", "2", "3", "4", "5", "6", "100", "101", "102", "103"], "pages of {size}");
        let source = Rc::new(Numbers { again: true, drop_row: true, ..Numbers::new(&[7]) });
        walk(&source, false, Wanted { size, ..WANTED }).expect_err("a row is missing, and another one hides it");
    }
}

#[test]
fn a_list_that_ends_early_or_never_is_an_error() {
    let source = Rc::new(Numbers { drop_row: true, ..Numbers::new(&[7]) });
    assert_eq!(walk(&source, false, WANTED).expect_err("short").kind, ErrorKind::ConnectionBroken);
    let source = Rc::new(Numbers { repeat: true, ..Numbers::new(&[7]) });
    assert_eq!(walk(&source, false, WANTED).expect_err("endless").kind, ErrorKind::ConnectionBroken);
}

/// One page of a search.
fn one(source: &Rc<Numbers>, memory: &Memory<Rc<Numbers>>, from: Position, wanted: Wanted) -> Result<Walked> {
    block_on(page(Rc::clone(source), memory, from, wanted)).expect("an end")
}

fn uids(walked: &Walked) -> Vec<&str> {
    walked.objects.iter().map(|object| object.uid.value.as_str()).collect()
}

#[test]
fn what_comes_next_is_asked_for_before_a_page_is_given_where_all_is_walked() {
    let reads = |reach| {
        let source = Rc::new(Numbers::new(&[5]));
        let memory = Memory::default();
        let next = one(&source, &memory, Position::default(), Wanted { reach, ..WANTED }).expect("a page").next;
        let first = source.calls.borrow().len();
        one(&source, &memory, next.expect("more"), WANTED).expect("a page");
        (first, source.calls.take())
    };
    let (first, calls) = reads(Reach::Page);
    assert_eq!(calls[..first], ["list 0 -", "read 0", "read 1"], "perhaps nobody asks for more");
    let (first, calls) = reads(Reach::All);
    assert_eq!(calls[..first], ["list 0 -", "read 0", "read 1", "read 2", "list 0 3"]);
    assert_eq!(calls[first..], ["read 3", "read 4"], "what was asked for is not asked for again");
}

#[test]
fn a_row_that_is_in_two_lists_comes_once() {
    let source = Rc::new(Numbers { lists: vec![vec![1, 2], vec![2, 3]], ..Numbers::new(&[]) });
    assert_eq!(walk(&source, false, WANTED).expect("walked").concat(), ["1", "2", "3"]);
}

#[test]
fn many_rows_are_completed_at_a_time_and_come_in_their_order() {
    let source = Rc::new(Numbers::new(&[30]));
    let start = crate::runtime::now();
    let wanted = Wanted { size: 30, concurrency: 30, reach: Reach::All, ..WANTED };
    let pages = walk(&source, false, wanted).expect("walked");
    assert_eq!(pages.concat(), (0..30).map(|number: u32| number.to_string()).collect::<Vec<_>>());
    let took = crate::runtime::now().since(start);
    assert_eq!(took, Duration::from_secs(11), "ten pages one after the other, and the last reads");
}

#[test]
fn a_call_that_failed_loses_nothing_and_asks_only_for_what_failed() {
    let source = Rc::new(Numbers::new(&[5]));
    source.failing.replace(vec![(3, ErrorKind::Io), (4, ErrorKind::Io)]);
    let memory = Memory::default();
    let wanted = Wanted { size: 1, ..WANTED };
    let next = one(&source, &memory, Position::default(), wanted).expect("a page").next.expect("more");
    // Read 1 fails, and so does read 2, which was asked for ahead.
    one(&source, &memory, next.clone(), wanted).expect_err("failed");
    let wanted = Wanted { size: 4, ..WANTED };
    assert_eq!(uids(&one(&source, &memory, next, wanted).expect("a page")), ["1", "2", "3", "4"]);
    let expected = ["read 0", "read 1", "read 2", "read 1", "read 3", "read 4", "read 2"];
    let mut reads = source.calls_of("read");
    reads.sort();
    assert_eq!(reads, {
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        expected
    });
}

#[test]
fn a_list_whose_token_expired_is_begun_again_where_it_is_known_what_was_delivered() {
    for fresh in [false, true] {
        let source = Rc::new(Numbers::new(&[7]));
        source.failing.replace(vec![(5, ErrorKind::PreconditionFailed)]);
        let pages = walk(&source, fresh, Wanted { size: 3, ..WANTED });
        match fresh {
            false => assert_eq!(pages.expect("walked").concat(), ["0", "1", "2", "3", "4", "5", "6"]),
            true => assert_eq!(pages.expect_err("expired").kind, ErrorKind::PreconditionFailed),
        }
    }
    let position = Position { again: 1, ..Position::default() };
    let refused = one(&Rc::new(Numbers::new(&[7])), &Memory::default(), position, WANTED).expect_err("refused");
    assert_eq!(refused.kind, ErrorKind::PreconditionFailed);
}
