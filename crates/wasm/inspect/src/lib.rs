//! A look inside the recognizer for JavaScript: convert, call, convert.
//!
//! The modules `signet_cpu_inspect` and, with the feature `gpu`, `signet_gpu_inspect` export all that
//! `signet-wasm` does, and an [`Inspector`], whose results are plain objects ([`objects`]).

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod inspector;
mod objects;

pub use inspector::{Inspector, JsCuts};
