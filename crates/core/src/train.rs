//! Training, a step at a time.
//!
//! [`Trainer::step`] does one piece of work, a batch at most, and returns what it did as an
//! [`Event`]. Progress bars, stopping and files are the caller's. Everything random is a function of
//! seed, epoch and sample, so a training resumed from a [checkpoint](Trainer::checkpoint) continues
//! exactly as if it had never stopped.

mod batch_norm;
mod checkpoint;
mod config;
mod event;
mod example;
mod frozen;
mod head;
mod loss;
mod scored;
mod scoring;
mod trainer;

pub use batch_norm::restore_batch_norm;
pub use checkpoint::Moments;
pub use config::{Schedule, Scope, TrainConfig};
pub use event::{EpochRecord, Event, Score};
pub use example::{AugmentationKey, Example, Target, TrainingSet};
pub use head::initialize_head;
pub use trainer::Trainer;
