//! The recognizer for JavaScript: convert, call, convert.
//!
//! 1. A picture comes as the browser has it: an `ImageData`, or an encoded file as a `Blob` or its
//!    bytes ([`picture`]).
//! 2. A [`Classifier`] holds a network on this module's [`device`] and answers with plain objects
//!    ([`prediction`]).
//! 3. Errors cross as JavaScript `Error`s with a `code` ([`error`]).
//!
//! `signet_cpu` is this crate, `signet_cpu_relaxed` with the feature `relaxed`, `signet_cpu_threads` with
//! `threads` besides, `signet_gpu` with the feature `gpu`. The modules that train are of the crate `signet-wasm-learn`, and export all of this,
//! too. Docs of what is exported are written for the JavaScript reader, who finds them in the
//! TypeScript declarations.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod classifier;
mod device;
mod error;
mod file;
mod picture;
mod prediction;
#[cfg(feature = "threads")]
pub mod threads;

pub use classifier::Classifier;
#[cfg(feature = "gpu")]
pub use device::gpu;
pub use device::inspector;
pub use error::Thrown;
pub use file::{JsFile, bytes_of};
pub use picture::{Input, JsPicture, decode, input_of, split_inputs};
pub use prediction::{Crop, CropRequest, InputAnswer, InputAnswers, Prediction};

use wasm_bindgen::prelude::wasm_bindgen;

/// Sends the text of a panic to the console before the module dies of it. A decoder's panic ends a picture
/// alone, with which it is told.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| {
        if !picture::note_panic(panic) {
            console_error_panic_hook::hook(panic);
        }
    }));
}
