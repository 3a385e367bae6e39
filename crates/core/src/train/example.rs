//! Training pictures with their targets.

use crate::augment::Augmentation;
use crate::dataset::Dataset;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use signet_recognizer::{BoundingBox, InputImage};

/// The targets of a training picture. A target that is not known has no term in the loss.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Target {
    /// Index of the label.
    pub label: Option<usize>,
    /// Whether the picture shows a sign. For networks with a detector.
    pub presence: Option<bool>,
    /// Where the hand is. For networks with a detector.
    pub bounding_box: Option<BoundingBox>,
}

/// A training picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The network's input.
    pub input: InputImage,
    /// The targets of its outputs.
    pub target: Target,
}

/// Selects the random augmentation of a training picture.
#[derive(Debug, Clone, Copy)]
pub struct AugmentationKey<'a> {
    /// The ranges of changes.
    pub augmentation: &'a Augmentation,
    /// The training's seed.
    pub seed: u64,
    /// The epoch, counted from 0.
    pub epoch: usize,
}

/// A source of training pictures. What its methods return is a function of their arguments, so that a
/// resumed training gets the same pictures as an uninterrupted one.
pub trait TrainingSet: Send {
    /// The labels that [`Target::label`] indexes.
    fn labels(&self) -> &[String];

    /// Number of pictures in an epoch.
    fn len(&self) -> usize;

    /// Whether there are no pictures.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether targets have presence, which trains a detector. Photos with a label alone don't.
    fn knows_signs(&self) -> bool {
        false
    }

    /// Whether targets have bounding boxes, too.
    fn knows_bounding_boxes(&self) -> bool {
        self.knows_signs()
    }

    /// The pictures of the given indices, augmented by `key`; unchanged without one.
    fn examples(&self, indices: &[usize], key: Option<AugmentationKey<'_>>) -> Vec<Example>;

    /// Announces the pictures of the next batch, so that they can be made while this one is trained.
    fn prepare(&self, _indices: &[usize], _key: AugmentationKey<'_>) {}

    /// The order of the pictures in an epoch.
    fn order(&self, seed: u64, epoch: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(epoch as u64);
        order.shuffle(&mut rng);
        order
    }
}

impl<T: TrainingSet + 'static> From<T> for Box<dyn TrainingSet> {
    fn from(set: T) -> Self {
        Box::new(set)
    }
}

impl TrainingSet for Dataset {
    fn labels(&self) -> &[String] {
        self.labels()
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn knows_signs(&self) -> bool {
        !self.negatives().is_empty()
    }

    /// Where the hand is, is not known of a photo that is named after its sign.
    fn knows_bounding_boxes(&self) -> bool {
        false
    }

    fn examples(&self, indices: &[usize], key: Option<AugmentationKey<'_>>) -> Vec<Example> {
        let examples = indices.iter().map(|&index| {
            let sample = self.samples().get(index);
            let picture = match sample {
                Some(sample) => &sample.input,
                None => &self.negatives()[index - self.samples().len()],
            };
            let input = match key {
                Some(AugmentationKey {
                    augmentation,
                    seed,
                    epoch,
                }) => augmentation.apply(picture, seed, epoch, index),
                None => picture.clone(),
            };
            let target = Target {
                label: sample.map(|sample| sample.label),
                presence: self.knows_signs().then_some(sample.is_some()),
                bounding_box: None,
            };
            Example { input, target }
        });
        examples.collect()
    }
}
