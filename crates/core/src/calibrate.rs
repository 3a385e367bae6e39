//! Probabilities that mean what they say, and a threshold that refuses as often as it should.
//!
//! Both are folded into the weights: a temperature divides the logits (Guo et al. 2017,
//! arXiv:1706.04599), which is the head's kernel and bias divided by it, and the finder's bias moves
//! so that a probability of one half is where to refuse. Whoever reads the file needs to know
//! nothing of it.

use crate::finder;
use crate::weights::Weights;
use serde::Serialize;

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Calibration {
    /// By which the logits are divided.
    pub temperature: f32,
    /// The logit of a sign at which it is as good to answer as to refuse.
    pub sign_logit: f32,
}

impl Calibration {
    /// No change.
    pub const NONE: Self = Self {
        temperature: 1.0,
        sign_logit: 0.0,
    };

    /// Fits the temperature to the logits of pictures and their labels, by the mean cross-entropy,
    /// and the threshold to the sign logits of pictures with and without a sign: where
    /// the share of refused signs over `refusals` and the share of answered others over `alarms`
    /// are smallest together.
    pub fn fit(
        answers: &[(usize, Vec<f32>)],
        signs: &[f32],
        others: &[f32],
        refusals: f32,
        alarms: f32,
    ) -> Self {
        Self {
            temperature: temperature(answers),
            sign_logit: sign_logit(signs, others, refusals, alarms),
        }
    }
}

impl Weights {
    /// The same network with a calibration folded in. Its reference logits go, since they are no
    /// longer its answers.
    pub fn calibrate(self, calibration: &Calibration) -> Self {
        self.map_tensors(|name, tensor| {
            if name.starts_with("fc.") {
                let logits = tensor.floats_mut().iter_mut();
                logits.for_each(|value| *value /= calibration.temperature);
            } else if name == format!("{}.bias", finder::SIGN) {
                let biases = tensor.floats_mut().iter_mut();
                biases.for_each(|value| *value -= calibration.sign_logit);
            }
        })
    }
}

/// The minimum of the mean cross-entropy over the temperature, by golden sections: it has one.
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

fn sign_logit(signs: &[f32], others: &[f32], refusals: f32, alarms: f32) -> f32 {
    let share = |values: &[f32], is: &dyn Fn(f32) -> bool| {
        values.iter().filter(|value| is(**value)).count() as f32 / values.len().max(1) as f32
    };
    let cost = |threshold: f32| {
        share(signs, &|sign| sign < threshold) / refusals
            + share(others, &|other| other >= threshold) / alarms
    };
    let mut best = (f32::INFINITY, 0.0_f32);
    // Halves of hundredths over the whole range where a probability is neither 0 nor 1 in print.
    for step in -1600..=1600 {
        let threshold = step as f32 / 200.0;
        let candidate = (cost(threshold), threshold);
        // Of a whole range that costs the same the middle would be best; the place nearest to what
        // the network itself takes for even odds is nearly that.
        if candidate.0 < best.0 || (candidate.0 == best.0 && threshold.abs() < best.1.abs()) {
            best = candidate;
        }
    }
    best.1
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
    fn the_threshold_separates_what_can_be_separated() {
        let threshold = sign_logit(&[2.0, 3.0, 5.0], &[-4.0, 0.5, 1.0], 0.02, 0.03);
        assert!(threshold > 1.0 && threshold <= 2.0, "{threshold}");
    }
}
