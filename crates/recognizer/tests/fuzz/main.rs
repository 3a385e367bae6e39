//! What the recognizer makes of inputs that nobody in their senses gives it, and properties that
//! hold for all inputs. `scripts/fuzz.sh` goes on for longer than these tests do.

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

use fuzz::Refusal;

/// What is said of an input.
fn refusal(error: signet_recognizer::Error) -> Refusal {
    Refusal {
        code: error.code().into(),
        sentence: error.to_string(),
    }
}
