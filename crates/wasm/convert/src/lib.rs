//! Other programs' files for JavaScript: convert, call, convert.
//!
//! The module `signet_cpu_convert` exports all that `signet-wasm` does, and what reads and writes other programs'
//! files.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod archive;
mod error;
mod link;
mod model;
mod onnx;
mod outside;
mod samples;

// Links what the boundary of the recognizer exports.
pub use signet_wasm::Thrown;

pub use link::{HeadLink, LinkAbout, LinkQr, OpenedLink, head_link, open_head_link};
pub use model::{
    ImportedModel, JsBytes, JsKerasFormat, export_keras, import_model, recompute_statistics,
};
pub use onnx::{JsOnnxKind, OnnxOptions, export_onnx};
