//! The recognizer and its training for JavaScript.
//!
//! A module of this crate has all that `signet-wasm` exports, and a [`Trainer`].

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod device;
mod trainer;

pub use signet_wasm::{Classifier, Prediction, View, input_of_file, input_of_pixels};
pub use trainer::Trainer;
