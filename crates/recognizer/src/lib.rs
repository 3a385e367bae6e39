//! Signet's recognizer: a picture in, a hand sign out. No training framework is needed for it.
//!
//! 1. [`Picture`] takes pixels or an encoded file, and [`Picture::to_input`] makes the 64x64
//!    [`InputImage`] that the network reads of its center crop.
//! 2. [`Weights`] are the network's tensors, read from a file, imported ([`weights::tfjs`]) or
//!    initialized from a seed. They are checked as a whole, and [`Weights::fold`] folds batch norm
//!    into the convolutions.
//! 3. [`Classifier`] turns inputs into [`Prediction`]s. A [`Backend`] computes them: `signet-engine`
//!    on the CPU or on a GPU (feature `webgpu`), or another library's network.
//! 4. With a detector in the network, [`Classifier::localize`] finds the hand in a picture, and
//!    [`Classifier::track`] follows it through a video. [`Prediction::answer`] is [`NO_SIGN`] where
//!    the detector sees no sign.
//! 5. [`Evaluation`] measures how good predictions are; [`Calibration`] makes probabilities match
//!    accuracy.
//! 6. [`threads`] compute networks on the CPU together, where a program starts them.
//! 7. [`inspect`] looks inside: activation maps, cuts of blocks, what speaks for an answer.
//!
//! [`ResNetConfig`] describes the network: names and sizes of its layers. This crate makes no
//! device, reads no clock and opens no file. Tensors are N C H W.

mod calibrate;
mod classifier;
mod config;
mod decode;
mod detector;
mod error;
mod graph;
mod inference;
pub mod inspect;
pub mod labels;
mod localize;
mod metrics;
mod picture;
mod preprocess;
mod rounding;
mod summary;
pub mod weights;

pub use calibrate::Calibration;
pub use classifier::{Classifier, Prediction, SELF_CHECK_TOLERANCE, argmax, sigmoid, softmax};
pub use config::{BlockLayers, Border, ConvLayer, EPSILON, KERNEL, ResNetConfig, StageConfig};
pub use decode::is_decoding;
pub use detector::{BOUNDING_BOX_LAYER, BoundingBox, DETECTOR_OUTPUTS, NO_SIGN, PRESENCE_LAYER};
pub use error::{Error, Result};
pub use graph::GraphBuilder;
#[cfg(feature = "webgpu")]
pub use inference::GpuBackend;
pub use inference::{Backend, CPU_BATCH, CpuBackend, Outputs, Running};
pub use localize::{
    Detection, SMALLEST_CROP, TRACK_CLASSIFICATIONS, Track, search_classifications,
};
pub use metrics::{CALIBRATION_BINS, CalibrationBin, Evaluation};
pub use picture::{MAX_MEGAPIXELS, Picture};
pub use preprocess::{Crop, INPUT_SIDE, InputImage, PREPROCESSING};
pub use rounding::RoundedLayer;
pub use signet_engine::{Arithmetic, threads};
#[cfg(feature = "webgpu")]
pub use signet_engine::{Gpu, GpuError};
pub use summary::{LayerSummary, Summary};
pub use weights::{Container, HostTensor, Precision, Tensors, Weights};
