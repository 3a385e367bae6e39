//! Networks as ONNX files, and back.
//!
//! 1. [`Export`] takes weights, in float32 or as int8 with a scale per output channel, and writes the file
//!    in pieces, so that it is never in this memory as a whole unless somebody collects it ([`export`]).
//! 2. Before the file is handed over, [`Export::check`] reads it again: each tensor is the one that was to be
//!    written, to the bit, and the network that was read gives the logits that the file tells for the reference picture.
//! 3. [`import`] reads such a file, and one of another program that has the same network with batch norm folded.
//!    Another network is refused at the first node that doesn't fit.
//!
//! Opset 17 and IR 8. The input `pixels` is `[batch, 3, 64, 64]`, RGB in 0 to 1. The outputs are `probabilities`
//! and `logits`, `[batch, classes]`, and `features`, `[batch, 2048]`; where there is a detector also `sign`,
//! `[batch, 1]`, the presence in 0 to 1, and `bounding_box`, `[batch, 3]`: the center from the left and from the top
//! and the side, in units of the input's side.
//!
//! In an int8 file the kernels that are int8 already stay so, and floats of convolutions are rounded
//! to it, as `signet export --precision int8` does. Fine-tuned kernels with finer steps than int8 are stored as float16:
//! int8 would lose what the fine-tuning has learned, and opset 17 has no wider integers that stand for floats. Dense layers
//! that are floats, and all biases, stay float32.

mod decode;
mod encode;
mod export;
mod file;
mod graph;
mod metadata;
mod network;
mod nodes;
mod proto;

pub use decode::Source;
pub use export::{Export, Kind, export};
pub use network::import;

/// Whether a file may be ONNX: protocol buffers have no mark of their own, but every writer begins with the IR version.
pub fn is_onnx(bytes: &[u8], file_name: &str) -> bool {
    let named = file_name.to_ascii_lowercase().ends_with(".onnx");
    named || matches!(bytes, [0x08, 1..=20, ..] if file::has_graph(bytes))
}
