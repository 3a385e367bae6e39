//! Pictures without a sign beside composed ones: they train the detector.

use super::composed::Composed;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use signet_core::{AugmentationKey, Example, Target, TrainingSet};
use signet_recognizer::InputImage;

/// Composed pictures, and behind them pictures without a sign.
pub struct WithNegatives {
    signs: Composed,
    negatives: Vec<InputImage>,
}

impl WithNegatives {
    /// Adds pictures without a sign.
    pub fn new(signs: Composed, negatives: Vec<InputImage>) -> Self {
        Self { signs, negatives }
    }

    /// The indices of those that are in the set of signs.
    fn of_signs(&self, indices: &[usize]) -> Vec<usize> {
        let indices = indices.iter().copied();
        indices.filter(|index| *index < self.signs.len()).collect()
    }
}

impl TrainingSet for WithNegatives {
    fn labels(&self) -> &[String] {
        self.signs.labels()
    }

    fn len(&self) -> usize {
        self.signs.len() + self.negatives.len()
    }

    fn knows_signs(&self) -> bool {
        true
    }

    fn examples(&self, indices: &[usize], key: Option<AugmentationKey<'_>>) -> Vec<Example> {
        let mut signs = self
            .signs
            .examples(&self.of_signs(indices), key)
            .into_iter();
        let examples = indices.iter().filter_map(|&index| {
            let Some(negative) = index.checked_sub(self.signs.len()) else {
                return signs.next();
            };
            let input = &self.negatives[negative];
            let input = match key {
                Some(key) => key.augmentation.apply(input, key.seed, key.epoch, index),
                None => input.clone(),
            };
            let target = Target {
                presence: Some(false),
                ..Target::default()
            };
            Some(Example { input, target })
        });
        examples.collect()
    }

    fn prepare(&self, indices: &[usize], key: AugmentationKey<'_>) {
        self.signs.prepare(&self.of_signs(indices), key);
    }

    /// The order of the signs, and the others at random places in it.
    fn order(&self, seed: u64, epoch: usize) -> Vec<usize> {
        let mut order = self.signs.order(seed, epoch);
        let mut rng = ChaCha8Rng::seed_from_u64(!seed);
        rng.set_stream(epoch as u64);
        for negative in self.signs.len()..self.len() {
            order.insert(rng.random_range(0..=order.len()), negative);
        }
        order
    }
}
