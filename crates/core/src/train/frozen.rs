//! The frozen part of the network: it computes the features of every picture once, and all epochs
//! train on these features.

use super::config::TrainConfig;
use super::example::{AugmentationKey, Example, Target, TrainingSet};
use crate::augment::Augmentation;
use crate::classify::{BurnBackend, engine_serves};
use crate::dataset::Dataset;
use crate::model::ResNet;
use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use signet_recognizer::{
    BOUNDING_BOX_LAYER, Backend, BlockLayers, CpuBackend, Outputs, PRESENCE_LAYER, Result, Weights,
};
use std::collections::BTreeSet;

/// Stops gradients and batch statistics in the first `parts` parts, and in the detector unless it is
/// trained.
pub(super) fn freeze(mut network: ResNet, parts: usize, trains_detector: bool) -> ResNet {
    if !trains_detector {
        network.detector = network.detector.map(Module::freeze);
    }
    if parts == 0 {
        return network;
    }
    network.stem = network.stem.freeze();
    let stages = network.stages.into_iter().enumerate();
    let frozen = |index| index + 1 < parts;
    let stages = stages.map(|(index, stage)| if frozen(index) { stage.freeze() } else { stage });
    network.stages = stages.collect();
    network
}

/// The names of the kernels and biases in the first `parts` parts, and in the detector's layers for which
/// the training set has no targets.
pub(super) fn untrained(
    weights: &Weights,
    parts: usize,
    training: &dyn TrainingSet,
) -> BTreeSet<String> {
    let config = weights.config();
    let stem = (parts > 0).then(|| config.stem_layer().name);
    let stages = config.blocks().into_iter().take(parts.saturating_sub(1));
    let blocks: Vec<BlockLayers> = stages.flatten().collect();
    let layers = blocks.iter().flat_map(BlockLayers::layers);
    let layers = layers.map(|layer| layer.name.clone()).chain(stem);
    let detector = [
        (PRESENCE_LAYER, training.knows_signs()),
        (BOUNDING_BOX_LAYER, training.knows_bounding_boxes()),
    ];
    let detector = detector.into_iter().filter(|(_, is_trained)| !is_trained);
    let layers = layers.chain(detector.map(|(name, _)| name.to_owned()));
    let tensors = layers.flat_map(|layer| ["kernel", "bias"].map(|leaf| format!("{layer}.{leaf}")));
    tensors.collect()
}

/// Whether a tensor is of the head or of the detector.
pub(super) fn is_dense(name: &str) -> bool {
    let layer = name.split('.').next();
    layer.is_some_and(|it| ["fc", PRESENCE_LAYER, BOUNDING_BOX_LAYER].contains(&it))
}

/// Pictures in a step of feature extraction. Constant, so that features never depend on the batch size.
const CHUNK: usize = 8;

/// The features of all pictures, as far as they are computed.
pub(super) struct Frozen {
    /// How many of the network's parts are frozen.
    parts: usize,
    variants: usize,
    /// Pictures of all sets together, each training picture counted once for each variant.
    total: usize,
    /// Channels, height and width behind the frozen parts.
    shape: [usize; 3],
    /// The features of the training pictures, variant by variant for each picture, then of the
    /// validation pictures.
    features: Vec<Vec<f32>>,
    /// The targets of the training pictures' features, in the same order.
    targets: Vec<Target>,
    /// Computes the features; none where burn does, on the trainer's device.
    extractor: Option<Box<dyn Backend>>,
    /// The weights as long as burn is to compute features, so that another extractor can be made of
    /// them.
    weights: Option<Weights>,
}

impl Frozen {
    /// Without any features yet. On the CPU the engine's extractor packs its copy of `weights`.
    pub fn new(
        parts: usize,
        weights: &Weights,
        device: &Device,
        config: &TrainConfig,
        (training, validation): (&dyn TrainingSet, &[Dataset]),
    ) -> Self {
        let variants = match config.augmentation {
            Augmentation::NONE => 1,
            _ => config.variants,
        };
        let validating: usize = validation.iter().map(Dataset::len).sum();
        let engine = engine_serves(device).then(|| CpuBackend::first_parts(weights, parts));
        Self {
            parts,
            variants,
            total: training.len() * variants + validating,
            shape: [0; 3],
            features: Vec::new(),
            targets: Vec::new(),
            weights: engine.is_none().then(|| weights.clone()),
            extractor: engine.map(|engine| Box::new(engine) as Box<dyn Backend>),
        }
    }

    /// See [`Trainer::features_left_to_burn`](super::Trainer::features_left_to_burn).
    pub fn left_to_burn(&self) -> Option<(&Weights, usize)> {
        Some((self.weights.as_ref()?, self.parts))
    }

    /// See [`Trainer::extract_features_with`](super::Trainer::extract_features_with).
    pub fn extract_with(&mut self, extractor: Box<dyn Backend>) {
        if !self.is_complete() {
            self.extractor = Some(extractor);
            self.weights = None;
        }
    }

    /// How many of the network's parts are frozen.
    pub fn parts(&self) -> usize {
        self.parts
    }

    /// The number of features computed, and of features in all.
    pub fn progress(&self) -> (usize, usize) {
        (self.features.len(), self.total)
    }

    /// Whether all features are computed.
    pub fn is_complete(&self) -> bool {
        self.features.len() == self.total
    }

    /// Computes the next few features. `network` is the trainer's, on its device without gradients.
    pub async fn advance(
        &mut self,
        network: ResNet,
        (training, validation): (&dyn TrainingSet, &[Dataset]),
        config: &TrainConfig,
    ) -> Result<()> {
        let from = self.features.len();
        let mut inputs = Vec::with_capacity(CHUNK);
        for at in from..self.total.min(from + CHUNK) {
            if at >= training.len() * self.variants {
                let mut validating = validation.iter().flat_map(Dataset::inputs);
                inputs.extend(validating.nth(at - training.len() * self.variants).cloned());
                continue;
            }
            let (index, variant) = (at / self.variants, at % self.variants);
            let key = (variant > 0).then_some(AugmentationKey {
                augmentation: &config.augmentation,
                seed: config.seed,
                epoch: variant,
            });
            for Example { input, target } in training.examples(&[index], key) {
                inputs.push(input);
                self.targets.push(target);
            }
        }
        let burn = BurnBackend {
            network,
            parts: Some(self.parts),
        };
        let extractor = self.extractor.as_deref().unwrap_or(&burn);
        let Outputs { rows, shape } = extractor.run(&inputs).await?;
        self.features.extend(rows);
        self.shape = shape;
        if self.is_complete() {
            (self.extractor, self.weights) = (None, None);
        }
        Ok(())
    }

    /// The features of training pictures in an epoch, counted from 0, and their targets.
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
        let rows: Vec<&[f32]> = at.map(|at| &self.features[at][..]).collect();
        let [channels, height, width] = self.shape;
        let shape = [rows.len(), channels, height, width];
        Tensor::from_data(TensorData::new(rows.concat(), shape), device)
    }
}
