//! ONNX files: written, read again, those that PyTorch has written (tests/fixtures/pytorch), and refusals.

#[path = "../../../../tests/support/fuzz/mod.rs"]
mod fuzz;
mod fuzzing;
#[path = "../../../../tests/support/network.rs"]
mod network;
mod pytorch;
mod refusals;
mod round_trip;
#[path = "../../../../tests/support/written.rs"]
mod written;
