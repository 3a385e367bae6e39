//! What a training learns from: pictures with what is known of each.

use crate::augment::Augmentation;
use crate::dataset::Dataset;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use signet_recognizer::{BoundingBox, InputImage};

/// What is known of a training picture. What is not known is not learned from it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Target {
    /// Index of its label.
    pub label: Option<usize>,
    /// Whether it shows a sign. Learned by networks with a detector.
    pub presence: Option<bool>,
    /// Where the hand is. Learned by networks with a detector.
    pub bounding_box: Option<BoundingBox>,
}

/// A training picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// What the network sees.
    pub input: InputImage,
    /// What it should say.
    pub target: Target,
}

/// Selects the random augmentation of a training picture.
#[derive(Debug, Clone, Copy)]
pub struct AugmentationKey<'a> {
    /// How far.
    pub augmentation: &'a Augmentation,
    /// The training's seed.
    pub seed: u64,
    /// The epoch, counted from 0.
    pub epoch: usize,
}

/// A source of training pictures. Everything that it gives is a function of the arguments, so that
/// a resumed training meets the very pictures of an uninterrupted one.
pub trait TrainingSet: Send {
    /// The labels that targets point at.
    fn labels(&self) -> &[String];

    /// Pictures in an epoch.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether targets say if there is a sign, and where. Photos with a label alone don't.
    fn knows_signs(&self) -> bool {
        false
    }

    /// The pictures of the given indices, changed by `draw`; as they are without one.
    fn examples(&self, indices: &[usize], key: Option<AugmentationKey<'_>>) -> Vec<Example>;

    /// Says which pictures are asked for next, so that they can be made while a batch is learned.
    fn prepare(&self, _indices: &[usize], _draw: AugmentationKey<'_>) {}

    /// The order of the pictures in an epoch: the same seed and epoch give the same one.
    fn order(&self, seed: u64, epoch: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(epoch as u64);
        order.shuffle(&mut rng);
        order
    }
}

impl TrainingSet for Box<dyn TrainingSet> {
    fn labels(&self) -> &[String] {
        (**self).labels()
    }

    fn len(&self) -> usize {
        (**self).len()
    }

    fn knows_signs(&self) -> bool {
        (**self).knows_signs()
    }

    fn examples(&self, indices: &[usize], key: Option<AugmentationKey<'_>>) -> Vec<Example> {
        (**self).examples(indices, key)
    }

    fn prepare(&self, indices: &[usize], key: AugmentationKey<'_>) {
        (**self).prepare(indices, key);
    }

    fn order(&self, seed: u64, epoch: usize) -> Vec<usize> {
        (**self).order(seed, epoch)
    }
}

impl TrainingSet for Dataset {
    fn labels(&self) -> &[String] {
        self.labels()
    }

    fn len(&self) -> usize {
        self.samples().len()
    }

    fn examples(&self, indices: &[usize], key: Option<AugmentationKey<'_>>) -> Vec<Example> {
        let examples = indices.iter().map(|&index| {
            let sample = &self.samples()[index];
            let input = match key {
                None => sample.input.clone(),
                Some(key) => {
                    let AugmentationKey {
                        augmentation,
                        seed,
                        epoch,
                    } = key;
                    augmentation.apply(&sample.input, seed, epoch, index)
                }
            };
            let target = Target {
                label: Some(sample.label),
                ..Target::default()
            };
            Example { input, target }
        });
        examples.collect()
    }
}
