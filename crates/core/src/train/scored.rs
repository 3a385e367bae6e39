//! What a network says of validation pictures, and the score of a set of them.

use super::event::Score;
use crate::dataset::Dataset;
use signet_recognizer::{argmax, sigmoid, softmax};

/// From this presence on a sign is seen: `signet export` shifts what a detector says so that this is the
/// place for the threshold.
const SEEN: f32 = 0.5;

/// What the network says of a validation picture.
pub(super) struct Scored {
    /// Of the classes, if there is a sign.
    probabilities: Vec<f32>,
    /// None without a detector.
    presence: Option<f32>,
}

impl Scored {
    /// From a row of the network's outputs.
    pub(super) fn of(row: &[f32], classes: usize) -> Self {
        Self {
            probabilities: softmax(&row[..classes]),
            presence: row.get(classes).map(|&logit| sigmoid(logit)),
        }
    }
}

/// The score of a dataset from what is said of its pictures. With pictures that show no sign in it, an
/// answer is right where the presence is, too, and its probability is the product of both.
pub(super) fn score<'a>(dataset: &Dataset, rows: impl Iterator<Item = &'a Scored>) -> Score {
    let detects = !dataset.negatives().is_empty();
    let samples = dataset.samples().iter().map(|sample| Some(sample.label));
    let truths = samples.chain(dataset.negatives().iter().map(|_| None));
    let (mut loss, mut right) = (0.0, 0);
    for (truth, row) in truths.zip(rows) {
        // A network without a detector always names a class.
        let presence = row.presence.filter(|_| detects).unwrap_or(1.0);
        let (probability, is_right) = match truth {
            Some(label) => {
                let named = argmax(&row.probabilities) == label;
                (
                    row.probabilities[label] * presence,
                    named && presence >= SEEN,
                )
            }
            None => (1.0 - presence, presence < SEEN),
        };
        loss -= f64::from(probability.max(f32::MIN_POSITIVE)).ln();
        right += usize::from(is_right);
    }
    let count = dataset.len().max(1) as f64;
    Score {
        loss: loss / count,
        accuracy: f64::from(right as u32) / count,
    }
}
