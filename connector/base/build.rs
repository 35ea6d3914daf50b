//! Writes the table that letters are folded with: what the standard library knows of lower case, as runs
//! of letters that are as far away from their lower-case forms. An eighth of the size of its own table.

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let directory = env::var_os("OUT_DIR").map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    fs::write(directory.join("lower_case.rs"), format!("&{:?}", runs()))
}

/// The runs, as `value::LOWER_CASE` describes them.
fn runs() -> Vec<(u32, i32)> {
    let mut runs: Vec<(u32, i32)> = Vec::new();
    for letter in '\0'..=char::MAX {
        let code = u32::from(letter);
        let distance = letter.to_lowercase().map(u32::from).map(|lower| lower.wrapping_sub(code).cast_signed()).next();
        let Some(distance) = distance.filter(|distance| *distance != 0) else { continue };
        match runs.last_mut() {
            Some((run, far)) if *far == distance && (*run >> 8) + (*run & 0xff) * step(distance) == code => *run += 1,
            _ => runs.push((code << 8 | 1, distance)),
        }
    }
    runs
}

/// Where a letter is followed by its own lower-case form, the next one of the run comes after that.
fn step(distance: i32) -> u32 {
    if distance == 1 { 2 } else { 1 }
}
