//! Fuzz tests of a training's checkpoints and settings. `scripts/fuzz.sh` runs them for longer.

mod checkpoints;
#[path = "../../../../tests/support/fuzz/mod.rs"]
mod fuzz;
mod settings;
#[path = "../../../../tests/support/tiny.rs"]
mod tiny;
