//! The ResNet-50 for hand signs as burn modules, on any burn device, and its training.
//!
//! 1. [`ResNet::load`] builds the network on a [`Device`] of checked
//!    [`Weights`](signet_recognizer::Weights), as stages of residual [`Block`]s.
//! 2. [`initialize_head`] prepares weights for other labels; [`restore_batch_norm`] prepares folded
//!    weights for a training with batch norm.
//! 3. [`Trainer`] trains the network on a [`TrainingSet`], such as a [`Dataset`], a step at a time. The
//!    loss is the cross-entropy over the labels and the detector's two terms. [`Augmentation`] is a
//!    function of seed, epoch and index.
//! 4. [`Trainer::checkpoint`] stores a training in a file, and [`Trainer::resume`] continues it
//!    exactly.
//! 5. [`classifier`] makes a [`Classifier`](signet_recognizer::Classifier) on any burn device.
//!
//! 6. A [`Comparison`] trains narrow networks of one depth side by side, with and without skip connections,
//!    and measures the gradient in each layer.
//!
//! This crate makes no device, reads no clock and opens no file. Tensors are N C H W.

mod augment;
mod batch;
mod block;
mod classify;
mod comparison;
mod dataset;
mod detector;
mod model;
mod operations;
mod parameters;
mod train;

pub use augment::{Augmentation, Transform};
pub use batch::batch;
pub use block::{Block, ConvBlock, ConvNorm, IdentityBlock, MainPath};
pub use burn::tensor::Device;
pub use classify::classifier;
pub use comparison::{Comparison, ComparisonConfig, DEPTHS, Measured, Step, Variant, WeightLayer};
pub use dataset::{Dataset, Sample};
pub use detector::Detector;
pub use model::{ResNet, Stage};
pub use train::{
    AugmentationKey, EpochRecord, Event, Example, Moments, Schedule, Scope, Score, Target,
    TrainConfig, Trainer, TrainingSet, initialize_head, restore_batch_norm,
};
