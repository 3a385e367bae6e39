//! Calibration: probabilities that match accuracy, and a presence threshold of one half.
//!
//! Both are folded into the weights, so a reader of the file needs no extra setting. A temperature
//! (Guo et al. 2017, arXiv:1706.04599) divides the logits: the head's kernel and bias are divided by
//! it. The threshold is subtracted from the bias of the presence logit.

use crate::detector::PRESENCE_LAYER;
use crate::weights::Weights;
use serde::Serialize;

/// A temperature and a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Calibration {
    /// Divisor of the logits.
    pub temperature: f32,
    /// The presence logit from which on an input counts as a sign.
    pub sign_logit: f32,
}

impl Calibration {
    /// Fits the temperature to labels and logits in `answers` by the mean cross-entropy, and the
    /// threshold to the presence logits `others` of pictures without a sign: the lowest threshold at
    /// which no more than the share `alarms` of them counts as a sign.
    pub fn fit(answers: &[(usize, Vec<f32>)], others: &[f32], alarms: f32) -> Self {
        Self {
            temperature: temperature(answers),
            sign_logit: threshold(others, alarms),
        }
    }
}

impl Weights {
    /// The same network with a calibration folded in. The reference logits are dropped, since they no
    /// longer apply.
    pub fn calibrate(self, calibration: &Calibration) -> Self {
        self.map_tensors(|name, tensor| {
            if name.starts_with("fc.") {
                let logits = tensor.floats_mut().iter_mut();
                logits.for_each(|value| *value /= calibration.temperature);
            } else if name == format!("{PRESENCE_LAYER}.bias") {
                let biases = tensor.floats_mut().iter_mut();
                biases.for_each(|value| *value -= calibration.sign_logit);
            }
        })
    }
}

/// Minimizes the mean cross-entropy over the temperature, of which it is unimodal, by golden-section
/// search.
fn temperature(answers: &[(usize, Vec<f32>)]) -> f32 {
    if answers.is_empty() {
        return 1.0;
    }
    let loss = |log_temperature: f64| -> f64 {
        let scale = (-log_temperature).exp();
        let losses = answers.iter().map(|(label, logits)| {
            let scaled: Vec<f64> = logits.iter().map(|l| f64::from(*l) * scale).collect();
            let largest = scaled.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = scaled.iter().map(|l| (l - largest).exp()).sum();
            largest + sum.ln() - scaled[*label]
        });
        losses.sum()
    };
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (0.1_f64.ln(), 10.0_f64.ln());
    for _ in 0..60 {
        let step = golden * (high - low);
        if loss(high - step) < loss(low + step) {
            high = low + step;
        } else {
            low = high - step;
        }
    }
    f64::midpoint(low, high).exp() as f32
}

fn threshold(others: &[f32], alarms: f32) -> f32 {
    let mut others = others.to_vec();
    others.sort_by(|a, b| b.total_cmp(a));
    let answered = (alarms * others.len() as f32) as usize;
    match (others.get(answered.wrapping_sub(1)), others.get(answered)) {
        (Some(answered), Some(refused)) => f32::midpoint(*answered, *refused),
        // All are refused, the likeliest only just.
        (None, Some(refused)) => refused.next_up(),
        (_, None) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Logits that are twice as large as they should be.
    fn overconfident() -> Vec<(usize, Vec<f32>)> {
        // Of ten pictures answered with odds of e^4 only nine are right, where e^2 would be about
        // right (0.88).
        (0..50)
            .map(|at| (usize::from(at % 10 == 0), vec![4.0, 0.0]))
            .collect()
    }

    #[test]
    fn overconfidence_is_cooled_to_the_true_odds() {
        let temperature = temperature(&overconfident());
        let odds = (4.0 / temperature).exp();
        assert!((odds - 9.0).abs() < 0.05, "odds {odds}");
    }

    #[test]
    fn no_more_than_the_share_asked_for_are_taken_for_signs() {
        let others: Vec<f32> = (0..100).map(|n| (n * 37 % 100) as f32).collect();
        for (alarms, expected) in [(0.03, 3), (0.02, 2), (0.004, 0)] {
            let threshold = threshold(&others, alarms);
            let taken = others.iter().filter(|other| **other >= threshold).count();
            assert_eq!(taken, expected, "{threshold}");
        }
        assert_eq!(threshold(&[], 0.03), 0.0);
    }
}
