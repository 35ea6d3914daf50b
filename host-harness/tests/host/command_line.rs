//! Words, exit codes and output of `harness`.
