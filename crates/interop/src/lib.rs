//! Other programs' files, brought to the recognizer and taken from it.
//!
//! Whatever is read comes from strangers: every reader has limits, and refuses with a sentence that names what is
//! wrong and what to do. This crate opens no file: it takes bytes and gives bytes.
//!
//! [`model::import`] reads models, whichever program's they are.

pub mod archive;
pub mod data_set;
mod error;
mod hdf5;
mod imported;
pub mod keras;
mod kind;
pub mod link;
pub mod model;
pub mod onnx;
mod pytorch;
pub mod samples;
pub mod statistics;

pub use error::{Error, Result};
pub use imported::{Imported, Note};
pub use kind::{FileKind, kind_of};

// Each test binary has one allocator that counts.
#[cfg(test)]
#[path = "../../../tests/support/fuzz/mod.rs"]
mod fuzz;
