//! Pictures without a sign beside a training set: they train the detector.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use signet_core::{AugmentationKey, Example, Target, TrainingSet};
use signet_recognizer::{BoundingBox, InputImage};

/// The whole input. Where a photo that is named after its sign has the hand is not known; with this a search
/// keeps the crops as they are.
const WHOLE: BoundingBox = BoundingBox {
    x: 0.5,
    y: 0.5,
    side: 1.0,
};

/// A training set, and behind it pictures without a sign.
pub struct WithNegatives {
    signs: Box<dyn TrainingSet>,
    negatives: Vec<InputImage>,
    /// Whether the detector has to learn bounding boxes, too.
    is_new: bool,
}

impl WithNegatives {
    /// Adds pictures without a sign. A detector that `is_new` knows no bounding boxes yet.
    pub fn new(signs: Box<dyn TrainingSet>, negatives: Vec<InputImage>, is_new: bool) -> Self {
        Self {
            signs,
            negatives,
            is_new,
        }
    }

    /// The indices of those that are in the set of signs.
    fn of_signs(&self, indices: &[usize]) -> Vec<usize> {
        let indices = indices.iter().copied();
        indices.filter(|index| *index < self.signs.len()).collect()
    }

    fn sign(&self, example: Example) -> Example {
        if self.signs.knows_signs() {
            return example;
        }
        let target = Target {
            presence: Some(true),
            bounding_box: self.is_new.then_some(WHOLE),
            ..example.target
        };
        Example { target, ..example }
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
                return signs.next().map(|example| self.sign(example));
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
