//! The answer for one input, with its logits.

use crate::classifier::{argmax, softmax};
use serde::Serialize;

/// The answer for one input.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The most probable label.
    pub label: String,
    /// The probability of each label, if there is a sign.
    pub probabilities: Vec<f32>,
    /// The logit of each label.
    pub logits: Vec<f32>,
    /// The probability that there is a sign at all; none where the network has no detector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presence: Option<f32>,
    /// The best logit less the second; 0 where there is one class.
    pub margin: f32,
}

impl Answer {
    /// Of logits, which the presence's logit follows where the network has a detector.
    pub(super) fn new(mut row: Vec<f32>, labels: &[String]) -> Self {
        let presence = row.get(labels.len());
        let presence = presence.map(|logit| 1.0 / (1.0 + (-logit).exp()));
        row.truncate(labels.len());
        let best = argmax(&row);
        Self {
            label: labels[best].clone(),
            probabilities: softmax(&row),
            presence,
            margin: margin(&row, best),
            logits: row,
        }
    }
}

/// The logit at `index` less the best other; 0 where there is none.
pub(super) fn margin(logits: &[f32], index: usize) -> f32 {
    let others = logits.iter().enumerate().filter(|(at, _)| *at != index);
    let best = others.map(|(_, logit)| *logit).reduce(f32::max);
    best.map_or(0.0, |best| logits[index] - best)
}
