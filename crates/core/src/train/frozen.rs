//! The part of the network that doesn't learn: it looks at every picture once, and what it saw is
//! kept for all epochs.

use super::example::{Draw, Example, Target, TrainingSet};
use crate::augment::Augmentation;
use crate::dataset::Dataset;
#[cfg(feature = "webgpu-engine")]
use crate::engine::CardEngine;
use crate::engine::{self, Engine};
use crate::error::Result;
use crate::model::{self, ResNet};
use crate::preprocess;
use crate::weights::Weights;
use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};

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
    looker: Option<Looker>,
}

/// What makes the features.
enum Looker {
    /// The engine, on the processor.
    Engine(Box<Engine>),
    /// The engine, on a graphics card.
    #[cfg(feature = "webgpu-engine")]
    Card(Box<CardEngine>),
    /// burn, on its device: as long as no card takes the weights over.
    Burn {
        #[cfg(feature = "webgpu-engine")]
        weights: Weights,
    },
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
        let looker = if engine::serves(device) {
            Looker::Engine(Box::new(Engine::until(weights, parts)))
        } else {
            Looker::Burn {
                #[cfg(feature = "webgpu-engine")]
                weights: weights.clone(),
            }
        };
        Self {
            parts,
            variants,
            total: training.len() * variants + validating,
            shape: [0; 3],
            features: Vec::new(),
            targets: Vec::new(),
            looker: Some(looker),
        }
    }

    /// See [`Trainer::look_with`](super::Trainer::look_with).
    #[cfg(feature = "webgpu-engine")]
    pub async fn look_with(&mut self, card: &signet_engine::Card) -> Result<()> {
        if let Some(Looker::Burn { weights }) = &self.looker {
            let engine = CardEngine::until(weights, self.parts, card);
            engine.tune().await?;
            self.looker = Some(Looker::Card(Box::new(engine)));
        }
        Ok(())
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
        let mut squares = Vec::with_capacity(CHUNK);
        for at in from..self.total.min(from + CHUNK) {
            if at >= training.len() * self.variants {
                let mut validating = validation.iter().flat_map(Dataset::samples);
                let sample = validating.nth(at - training.len() * self.variants);
                squares.extend(sample.map(|sample| sample.square.clone()));
                continue;
            }
            let (index, variant) = (at / self.variants, at % self.variants);
            let draw = (variant > 0).then_some(Draw {
                augmentation,
                seed,
                epoch: variant,
            });
            for Example { square, target } in training.examples(&[index], draw) {
                squares.push(square);
                self.targets.push(target);
            }
        }
        let (features, shape) = match &self.looker {
            Some(Looker::Engine(engine)) => engine.run(&squares),
            #[cfg(feature = "webgpu-engine")]
            Some(Looker::Card(engine)) => engine.run(&squares).await?,
            Some(Looker::Burn { .. }) | None => {
                let device = network.head.weight.val().device();
                let input = preprocess::batch(&squares, &device);
                let output = model::read(network.forward_until(self.parts, input)).await?;
                let shape = [output.shape[1], output.shape[2], output.shape[3]];
                let output = output.floats();
                let rows = output.chunks(shape.iter().product());
                (rows.map(<[f32]>::to_vec).collect(), shape)
            }
        };
        self.features.extend(features);
        self.shape = shape;
        if self.is_complete() {
            self.looker = None;
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
