//! Fuzz tests of everything that the recognizer reads, and properties that hold for all inputs.
//! `scripts/fuzz.sh` runs them for longer.

#[path = "../../../../tests/support/fuzz/mod.rs"]
mod fuzz;
mod headers;
mod labels;
mod pictures;
mod preprocessing;
mod tfjs;
#[path = "../../../../tests/support/tiny.rs"]
mod tiny;
mod weights;
