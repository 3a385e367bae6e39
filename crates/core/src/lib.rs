//! Signet's core: a ResNet-50 that recognises the hand signs for 0 to 5, on any burn device.
//!
//! 1. [`Picture`] takes pixels or an encoded file, and [`Picture::to_square`] makes of it the
//!    64x64 picture that the network reads.
//! 2. [`Weights`] are the network's numbers: drawn from a seed, imported
//!    ([`weights::tfjs`]), or read from a file, checked whole, folded.
//! 3. [`Classifier`] puts weights on a device and answers with [`Prediction`]s. With a [`Finder`] it
//!    says when there is no sign, and finds the hand in a picture or follows it through a video.
//! 4. `Trainer` (feature `train`) makes better weights of a `TrainingSet`, a step at a time; a
//!    [`Dataset`] is one, and so is the `compose::Composer` (feature `compose`), which composes every
//!    picture anew.
//! 5. [`Evaluation`] says how good the answers are, [`Calibration`] makes probabilities mean what
//!    they say.
//!
//! The network itself is a [`ResNetConfig`] (names and sizes) and a [`ResNet`] (a burn module).
//! Core makes no device, reads no clock and opens no file: it is given devices and bytes.
//! Tensors are N C H W throughout.

mod augment;
mod block;
mod calibrate;
mod classifier;
#[cfg(feature = "compose")]
pub mod compose;
mod config;
mod dataset;
mod engine;
mod error;
mod finder;
pub mod labels;
mod localise;
mod metrics;
mod model;
mod operations;
mod preprocess;
mod summary;
#[cfg(feature = "train")]
mod train;
pub mod weights;

pub use augment::Augmentation;
pub use block::{Block, ConvBlock, ConvNorm, IdentityBlock, MainPath};
pub use burn::tensor::Device;
pub use calibrate::Calibration;
pub use classifier::{Classifier, Prediction, SELF_CHECK_TOLERANCE, argmax, softmax};
pub use config::{BlockLayers, Border, ConvLayer, EPSILON, KERNEL, ResNetConfig, StageConfig};
pub use dataset::{Dataset, Sample};
pub use error::{Error, Result};
pub use finder::{Finder, NO_SIGN, Region};
pub use localise::{Found, Track};
pub use metrics::{CALIBRATION_BINS, CalibrationBin, Evaluation};
pub use model::{ResNet, Stage};
pub use preprocess::{MAX_MEGAPIXELS, PREPROCESSING, Picture, SIDE, Square, Window, batch};
pub use signet_engine::Arithmetic;
#[cfg(feature = "webgpu-engine")]
pub use signet_engine::{Card, CardError};
pub use summary::{LayerSummary, Summary};
#[cfg(feature = "train")]
pub use train::{
    Draw, EpochRecord, Event, Example, Moments, Schedule, Scope, Score, Target, TrainConfig,
    Trainer, TrainingSet, relabel, unfold,
};
pub use weights::{Container, HostTensor, Precision, Tensors, Weights};
