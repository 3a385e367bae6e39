//! What core makes of inputs that nobody in their senses gives it, and properties that hold for all
//! inputs. `scripts/fuzz.sh` goes on for longer than these tests do.

mod checkpoints;
#[path = "../../../../tests/support/fuzz/mod.rs"]
mod fuzz;
mod headers;
mod labels;
mod pictures;
mod preprocessing;
mod settings;
mod tfjs;
mod tiny;
mod weights;

use fuzz::Refusal;

/// What core says of an input.
fn refusal(error: signet_core::Error) -> Refusal {
    Refusal {
        code: error.code().into(),
        sentence: error.to_string(),
    }
}
