//! The part of the network that doesn't learn: it looks at every picture once, and what it saw is
//! kept for all epochs.

use super::example::{AugmentationKey, Example, Target, TrainingSet};
use crate::augment::Augmentation;
use crate::batch::{batch, read};
use crate::classify::serves;
use crate::dataset::Dataset;
use crate::model::ResNet;
use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use signet_recognizer::{Backend, CpuBackend, Outputs, Result, Weights};

/// Stops gradients and batch statistics in the first `parts` parts.
pub(super) fn freeze(mut network: ResNet, parts: usize) -> ResNet {
    if parts == 0 {
        return network;
    }
    network.stem = network.stem.freeze();
    let stages = network.stages.into_iter().enumerate();
    network.stages = stages
        .map(|(index, stage)| {
            if index + 1 < parts {
                stage.freeze()
            } else {
                stage
            }
        })
        .collect();
    network
}

/// How many forms of a training picture are kept when augmentation is on: the picture itself and
/// changes of it. Epochs take them in turn.
const VARIANTS: usize = 4;

/// Pictures that the frozen part looks at in one step. Constant, so that features never depend on
/// the batch size.
const CHUNK: usize = 8;

/// Features of all pictures, in the making and made.
pub(super) struct Frozen {
    /// How many of the network's parts are frozen.
    parts: usize,
    variants: usize,
    /// Pictures of all sets together, each training picture counted once for each variant.
    total: usize,
    /// Channels, height and width behind the frozen parts.
    shape: [usize; 3],
    /// Those of the training pictures, variant by variant for each, then the validation pictures'.
    features: Vec<Vec<f32>>,
    /// What is known of the training pictures, in the same order.
    targets: Vec<Target>,
    /// None when all are made.
    extractor: Option<FeatureExtractor>,
}

/// What computes the features.
enum FeatureExtractor {
    /// The engine.
    Engine(Box<dyn Backend>),
    /// burn, on its device, as long as no other extractor takes the weights over.
    Burn(Box<Weights>),
}

impl Frozen {
    /// Nothing made yet; on a processor the engine will make it of `weights`.
    pub fn new(
        parts: usize,
        weights: &Weights,
        device: &Device,
        augmentation: &Augmentation,
        (training, validation): (&dyn TrainingSet, &[Dataset]),
    ) -> Self {
        let variants = match *augmentation {
            Augmentation::NONE => 1,
            _ => VARIANTS,
        };
        let validating: usize = validation.iter().map(Dataset::len).sum();
        let extractor = if serves(device) {
            FeatureExtractor::Engine(Box::new(CpuBackend::first_parts(weights, parts)))
        } else {
            FeatureExtractor::Burn(Box::new(weights.clone()))
        };
        Self {
            parts,
            variants,
            total: training.len() * variants + validating,
            shape: [0; 3],
            features: Vec::new(),
            targets: Vec::new(),
            extractor: Some(extractor),
        }
    }

    /// See [`Trainer::features_left_to_burn`](super::Trainer::features_left_to_burn).
    pub fn left_to_burn(&self) -> Option<(&Weights, usize)> {
        match &self.extractor {
            Some(FeatureExtractor::Burn(weights)) => Some((weights, self.parts)),
            Some(FeatureExtractor::Engine(_)) | None => None,
        }
    }

    /// See [`Trainer::extract_features_with`](super::Trainer::extract_features_with).
    pub fn extract_with(&mut self, extractor: Box<dyn Backend>) {
        if self.extractor.is_some() {
            self.extractor = Some(FeatureExtractor::Engine(extractor));
        }
    }

    /// The frozen parts.
    pub fn parts(&self) -> usize {
        self.parts
    }

    /// Features made, and features in all.
    pub fn progress(&self) -> (usize, usize) {
        (self.features.len(), self.total)
    }

    /// Whether all features are there.
    pub fn is_complete(&self) -> bool {
        self.features.len() == self.total
    }

    /// Makes the next few features with `network`, which is on a device without gradients.
    pub async fn advance(
        &mut self,
        network: &ResNet,
        training: &dyn TrainingSet,
        validation: &[Dataset],
        augmentation: &Augmentation,
        seed: u64,
    ) -> Result<()> {
        let from = self.features.len();
        let mut inputs = Vec::with_capacity(CHUNK);
        for at in from..self.total.min(from + CHUNK) {
            if at >= training.len() * self.variants {
                let mut validating = validation.iter().flat_map(Dataset::samples);
                let sample = validating.nth(at - training.len() * self.variants);
                inputs.extend(sample.map(|sample| sample.input.clone()));
                continue;
            }
            let (index, variant) = (at / self.variants, at % self.variants);
            let key = (variant > 0).then_some(AugmentationKey {
                augmentation,
                seed,
                epoch: variant,
            });
            for Example { input, target } in training.examples(&[index], key) {
                inputs.push(input);
                self.targets.push(target);
            }
        }
        let Outputs { rows, shape } = match &self.extractor {
            Some(FeatureExtractor::Engine(engine)) => engine.run(&inputs).await?,
            Some(FeatureExtractor::Burn(_)) | None => {
                let device = network.head.weight.val().device();
                let map = network.forward_until(self.parts, batch(&inputs, &device));
                let map = read(map).await?;
                let shape = [map.shape[1], map.shape[2], map.shape[3]];
                let rows = map.floats();
                let rows = rows.chunks(shape.iter().product()).map(<[f32]>::to_vec);
                Outputs {
                    rows: rows.collect(),
                    shape,
                }
            }
        };
        self.features.extend(rows);
        self.shape = shape;
        if self.is_complete() {
            self.extractor = None;
        }
        Ok(())
    }

    /// The features of training pictures in an epoch, counted from 0, and what is known of them.
    pub fn training(
        &self,
        indices: &[usize],
        epoch: usize,
        device: &Device,
    ) -> (Tensor<4>, Vec<Target>) {
        let variant = epoch % self.variants;
        let at = indices.iter().map(|index| index * self.variants + variant);
        let targets = at.clone().map(|at| self.targets[at]).collect();
        (self.tensor(at, device), targets)
    }

    /// The features of validation pictures, counted through all sets; `training` is the number of
    /// training pictures.
    pub fn validation(
        &self,
        training: usize,
        range: std::ops::Range<usize>,
        device: &Device,
    ) -> Tensor<4> {
        let first = training * self.variants;
        self.tensor(range.map(|at| first + at), device)
    }

    fn tensor(&self, at: impl Iterator<Item = usize>, device: &Device) -> Tensor<4> {
        let mut data = Vec::new();
        let mut count = 0;
        for index in at {
            data.extend_from_slice(&self.features[index]);
            count += 1;
        }
        let [channels, height, width] = self.shape;
        Tensor::from_data(
            TensorData::new(data, [count, channels, height, width]),
            device,
        )
    }
}
