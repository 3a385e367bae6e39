//! Signet's recognizer: a picture in, a hand sign out.
//!
//! 1. [`Picture`] takes pixels or an encoded file, and [`Picture::to_input`] makes of it the 64x64
//!    [`InputImage`] that the network reads.
//! 2. [`Weights`] are the network's numbers, read from a file, imported ([`weights::tfjs`]) or
//!    drawn from a seed; checked whole; batch norm folded.
//! 3. [`Classifier`] answers with [`Prediction`]s, by a [`Backend`]: `signet-engine`'s on the CPU or
//!    on a GPU (feature `webgpu`), or a network of another library.
//! 4. With a detector in the network, [`Classifier::localize`] finds the hand in a picture, and
//!    [`Classifier::track`] follows it through a video; [`Prediction::answer`] is [`NO_SIGN`] where
//!    there is none.
//! 5. [`Evaluation`] measures how good the answers are, [`Calibration`] makes probabilities mean
//!    what they say.
//!
//! The network is described by [`ResNetConfig`]: names and sizes of its layers. Nothing here makes
//! a device, reads a clock or opens a file. Tensors are N C H W.

mod calibrate;
mod classifier;
mod config;
mod detector;
mod error;
mod graph;
mod inference;
pub mod labels;
mod localize;
mod metrics;
mod preprocess;
mod summary;
pub mod weights;

pub use calibrate::Calibration;
pub use classifier::{Classifier, Prediction, SELF_CHECK_TOLERANCE, argmax, softmax};
pub use config::{BlockLayers, Border, ConvLayer, EPSILON, KERNEL, ResNetConfig, StageConfig};
pub use detector::{BOUNDING_BOX_LAYER, BoundingBox, DETECTOR_OUTPUTS, NO_SIGN, PRESENCE_LAYER};
pub use error::{Error, Result};
pub use graph::GraphBuilder;
#[cfg(feature = "webgpu")]
pub use inference::GpuBackend;
pub use inference::{Backend, CPU_BATCH, CpuBackend, Outputs, Running};
pub use localize::{Detection, SMALLEST_CROP, Track};
pub use metrics::{CALIBRATION_BINS, CalibrationBin, Evaluation};
pub use preprocess::{Crop, INPUT_SIDE, InputImage, MAX_MEGAPIXELS, PREPROCESSING, Picture};
pub use signet_engine::Arithmetic;
#[cfg(feature = "webgpu")]
pub use signet_engine::{Gpu, GpuError};
pub use summary::{LayerSummary, Summary};
pub use weights::{Container, HostTensor, Precision, Tensors, Weights};
