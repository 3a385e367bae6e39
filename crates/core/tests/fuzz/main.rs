//! What training makes of inputs that nobody in their senses gives it. `scripts/fuzz.sh` goes on for
//! longer than these tests do.

mod checkpoints;
#[path = "../../../../tests/support/fuzz/mod.rs"]
mod fuzz;
mod settings;
#[path = "../../../../tests/support/tiny.rs"]
mod tiny;

use fuzz::Refusal;

/// What is said of an input.
fn refusal(error: signet_recognizer::Error) -> Refusal {
    Refusal {
        code: error.code().into(),
        sentence: error.to_string(),
    }
}
