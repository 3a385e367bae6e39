//! The ResNet-50 for hand signs as burn modules, on any burn device, and its training.
//!
//! 1. [`ResNet::load`] builds the network of checked [`Weights`](signet_recognizer::Weights) on a
//!    [`Device`], from identity blocks and convolutional blocks.
//! 2. [`Trainer`] trains it on a [`TrainingSet`], a step at a time: cross-entropy over the labels,
//!    and the detector's two terms. A [`Dataset`] is a training set; augmentation is a function of
//!    seed, epoch and index.
//! 3. [`Trainer::checkpoint`] and [`Trainer::resume`] go on exactly where a training stopped.
//! 4. [`initialize_head`] prepares weights for other labels, [`restore_batch_norm`] folded weights
//!    for a training with batch norm.
//! 5. [`classifier`] answers on any burn device.
//!
//! No device is made here, no clock is read and no file is opened. Tensors are N C H W.

mod augment;
mod batch;
mod block;
mod classify;
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
pub use dataset::{Dataset, Sample};
pub use detector::Detector;
pub use model::{ResNet, Stage};
pub use train::{
    AugmentationKey, EpochRecord, Event, Example, Moments, Schedule, Scope, Score, Target,
    TrainConfig, Trainer, TrainingSet, initialize_head, restore_batch_norm,
};
