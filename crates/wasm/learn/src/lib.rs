//! The recognizer and its training for JavaScript.
//!
//! A module of this crate exports all that `signet-wasm` does, and a [`Trainer`]: settings and
//! pictures come as plain objects ([`settings`]), what a step did goes as one ([`events`]), weights and
//! checkpoints as `Blob`s ([`blob`]).
//!
//! The module for the CPU has a [`Comparison`] of narrow networks, too.
//!
//! `signet_cpu_learn` is this crate with the feature `cpu`, `signet_gpu_learn` with the feature `gpu`.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod blob;
#[cfg(not(feature = "gpu"))]
mod comparison;
mod device;
mod events;
mod settings;
mod trainer;

#[cfg(not(feature = "gpu"))]
pub use comparison::{Comparison, ComparisonSettings};
pub use settings::{TrainPictures, TrainSettings};
pub use trainer::Trainer;
