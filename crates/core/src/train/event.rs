//! What the steps of a training report.

use serde::{Deserialize, Serialize};

/// Loss and accuracy on some pictures.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Score {
    /// Mean cross-entropy in nats.
    pub loss: f64,
    /// Share of pictures whose most probable label is the true one.
    pub accuracy: f64,
}

/// The scores of an epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// Counted from 1.
    pub epoch: usize,
    /// On the augmented training pictures, averaged over the epoch while the network changed.
    pub training: Score,
    /// On each validation set after the epoch, in the order given.
    pub validation: Vec<Score>,
    /// Whether no earlier epoch was better by mean validation accuracy, then loss, and the initial
    /// weights, where they were scored, were not better either; by accuracy alone where the training
    /// [asks for that](super::TrainConfig::latest_of_equals).
    pub best: bool,
}

impl EpochRecord {
    /// The [`rank`] of the validation scores, or of the training score where there are none.
    pub(super) fn rank(&self) -> (f64, f64) {
        if self.validation.is_empty() {
            return rank(&[self.training]);
        }
        rank(&self.validation)
    }
}

/// (mean accuracy, -mean loss): the larger tuple is the better one.
pub(super) fn rank(scores: &[Score]) -> (f64, f64) {
    let mean =
        |value: fn(&Score) -> f64| scores.iter().map(value).sum::<f64>() / scores.len() as f64;
    (mean(|score| score.accuracy), -mean(|score| score.loss))
}

/// Whether a later epoch of one [`rank`] replaces one of another as the best.
pub(super) fn is_as_good(later: (f64, f64), earlier: (f64, f64), latest_of_equals: bool) -> bool {
    if latest_of_equals {
        later.0 >= earlier.0
    } else {
        later >= earlier
    }
}

/// What a step did.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Event {
    /// The frozen part computed the features of some pictures, which it does once for each.
    Features {
        /// Pictures with features.
        done: usize,
        /// Pictures in all, augmented variants included.
        total: usize,
    },
    /// The initial weights were scored on the validation sets.
    Start {
        /// The score on each set, in the order given.
        validation: Vec<Score>,
    },
    /// A batch was trained.
    Batch {
        /// The epoch, from 1.
        epoch: usize,
        /// The batch in the epoch, from 1.
        batch: usize,
        /// Batches in an epoch.
        batches: usize,
        /// The training score over the epoch so far.
        training: Score,
    },
    /// Some validation pictures were scored; the epoch ends when all of them have been.
    Validation {
        /// The epoch, from 1; 0 for the initial weights.
        epoch: usize,
        /// Pictures scored.
        done: usize,
        /// Pictures in all validation sets.
        total: usize,
    },
    /// The epoch ended.
    Epoch(EpochRecord),
    /// The training is complete.
    Done,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_epochs_that_are_equally_right_the_loss_decides_unless_the_latest_is_asked_for() {
        let (worse, better) = ((0.9, -0.5), (0.9, -0.4));
        let right = (0.95, -0.9);
        for (later, earlier, by_loss, latest) in [
            (better, worse, true, true),
            (worse, better, false, true),
            (worse, worse, true, true),
            (right, better, true, true),
            (better, right, false, false),
        ] {
            assert_eq!(is_as_good(later, earlier, false), by_loss);
            assert_eq!(is_as_good(later, earlier, true), latest);
        }
    }
}
