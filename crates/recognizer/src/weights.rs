//! The network's weights in host memory: named, checked, independent of any device.
//!
//! A [`Weights`] is complete by construction: every tensor that its network needs is there, has
//! its shape and is finite, and there is no other tensor. A file that fails a check leaves nothing
//! half-loaded.
//!
//! Kernels are `[output, input, height, width]`, the dense kernel `[classes, features]`.

mod checked;
mod container;
mod difference;
mod file;
mod fine;
mod fold;
mod head;
mod initial;
pub(crate) mod int4;
pub mod keras;
mod stored;
mod tensor;
pub mod tfjs;

pub use checked::Weights;
pub use container::{Container, Content, Stored};
pub use file::{sha256, verify_sha256};
pub use initial::initial_tensors;
pub use stored::Precision;
pub use tensor::{HostTensor, Tensors};
