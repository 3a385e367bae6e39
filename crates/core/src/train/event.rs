//! What a training tells of itself.

use serde::{Deserialize, Serialize};

/// Loss and accuracy on a set of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Score {
    /// Mean cross-entropy in nats.
    pub loss: f64,
    /// Share of right answers.
    pub accuracy: f64,
}

/// What an epoch came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// Counted from 1.
    pub epoch: usize,
    /// On the training pictures as they were seen, changed at random, while the network learned.
    pub training: Score,
    /// On each validation set after the epoch, in the order given.
    pub validation: Vec<Score>,
    /// Whether no earlier epoch was better, nor the start where that was scored: by mean
    /// validation accuracy, then by loss.
    pub best: bool,
}

impl EpochRecord {
    /// See [`rank`]: by validation where there is any.
    pub(super) fn rank(&self) -> (f64, f64) {
        if self.validation.is_empty() {
            return rank(&[self.training]);
        }
        rank(&self.validation)
    }
}

/// (mean accuracy, -mean loss), to be compared: the larger is the better.
pub(super) fn rank(scores: &[Score]) -> (f64, f64) {
    let mean =
        |value: fn(&Score) -> f64| scores.iter().map(value).sum::<f64>() / scores.len() as f64;
    (mean(|score| score.accuracy), -mean(|score| score.loss))
}

/// What a step did.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Event {
    /// The frozen part looked at some pictures, which it does once for each.
    Features {
        /// Pictures it has looked at.
        done: usize,
        /// Pictures in all, with the variants that augmentation makes of them.
        total: usize,
    },
    /// The starting weights were scored on the validation sets.
    Start {
        /// In the order given.
        validation: Vec<Score>,
    },
    /// A batch was learned.
    Batch {
        /// The epoch, from 1.
        epoch: usize,
        /// The batch in it, from 1.
        batch: usize,
        /// Batches in an epoch.
        batches: usize,
        /// Over the epoch so far.
        training: Score,
    },
    /// Some validation pictures were scored; the epoch ends when all of them have been.
    Validation {
        /// The epoch, from 1; 0 for the start.
        epoch: usize,
        /// Pictures scored.
        done: usize,
        /// Pictures in all validation sets.
        total: usize,
    },
    /// The epoch ended.
    Epoch(EpochRecord),
    /// There is nothing left to do.
    Done,
}
