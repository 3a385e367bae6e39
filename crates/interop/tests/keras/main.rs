//! Keras' files: those that Keras has written (tests/fixtures/keras), those that are written for it, refusals, damage.

mod fixtures;
#[path = "../../../../tests/support/fuzz/mod.rs"]
mod fuzz;
mod fuzzing;
mod refusals;
mod round_trip;
mod statistics;
#[path = "../../../../tests/support/written.rs"]
mod written;
