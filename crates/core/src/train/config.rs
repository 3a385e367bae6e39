//! The hyperparameters of a training, and the recipes that come with the project.

use crate::augment::Augmentation;
use crate::operations;
use burn::optim::ModuleOptimizer;
use serde::{Deserialize, Serialize};
use signet_recognizer::{Error, ResNetConfig, Result};

/// How much of the network learns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The dense layer.
    Head,
    /// Stage 5 and the dense layer.
    Stage,
    /// Everything.
    All,
}

impl Scope {
    /// How many of a network's [`parts`](ResNetConfig::parts) stay as they are.
    pub fn frozen_parts(self, network: &ResNetConfig) -> usize {
        match self {
            Self::Head => network.parts(),
            // The last stage and the average pooling behind it.
            Self::Stage => network.parts() - 2,
            Self::All => 0,
        }
    }
}

/// How the learning rate moves over the whole training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Schedule {
    /// Not at all.
    Constant,
    /// From its full value to zero along half a cosine.
    Cosine,
}

/// The hyperparameters of a training. The default is the recipe of the shipped model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainConfig {
    /// Passes over the training pictures.
    pub epochs: usize,
    /// Pictures in a step.
    pub batch_size: usize,
    /// Adam's learning rate at the start.
    pub learning_rate: f64,
    /// The head's learning rate, as a multiple of the others': a head that has much to learn on
    /// features that are good already wants more than 1.
    #[serde(default = "one")]
    pub head_factor: f64,
    /// What becomes of the learning rate.
    pub schedule: Schedule,
    /// Share of all steps over which the rate first rises from zero: a fresh head's large gradients
    /// would spoil good features.
    #[serde(default)]
    pub warm_up: f64,
    /// Adam's epsilon. A gradient far below it moves its weight in proportion, as plain gradient
    /// descent would, and not by the full rate: pictures that are understood already leave the
    /// weights alone.
    #[serde(default = "keras_epsilon")]
    pub epsilon: f32,
    /// Weight of a batch's statistics in the running ones (Keras' momentum is 1 less this).
    pub momentum: f64,
    /// Whether the batches' numbers are bfloat16, where LibTorch is faster with it. Weights, their
    /// gradients, statistics and the loss stay float32.
    #[serde(default)]
    pub mixed_precision: bool,
    /// How much of the network learns.
    pub scope: Scope,
    /// Random changes to the training pictures.
    pub augmentation: Augmentation,
    /// Share of the probability that is spread over all classes; 0 trains on plain labels.
    pub label_smoothing: f32,
    /// Whether the starting weights are scored on the validation sets as well, and stay the best
    /// ones until an epoch is at least as good.
    #[serde(default)]
    pub score_start: bool,
    /// Where all randomness comes from.
    pub seed: u64,
}

/// For settings that were written before there was a factor.
fn one() -> f64 {
    1.0
}

/// For settings that were written before it was one.
fn keras_epsilon() -> f32 {
    1e-7
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            epochs: 12,
            batch_size: 32,
            learning_rate: 0.0005,
            head_factor: 1.0,
            epsilon: keras_epsilon(),
            schedule: Schedule::Cosine,
            warm_up: 0.0,
            momentum: 0.1,
            mixed_precision: false,
            scope: Scope::All,
            augmentation: Augmentation::LIGHT,
            label_smoothing: 0.05,
            score_start: false,
            seed: 0,
        }
    }
}

impl TrainConfig {
    /// The recipe as taught with the SIGNS data: Adam 0.001, 10 epochs of 32, plain pictures.
    /// Its batch-norm momentum of 0.99 lets the running statistics lag far behind on so few
    /// steps; it is here for comparison, not for use.
    pub fn reference() -> Self {
        Self {
            epochs: 10,
            learning_rate: 0.001,
            schedule: Schedule::Constant,
            momentum: 0.01,
            augmentation: Augmentation::NONE,
            label_smoothing: 0.0,
            ..Self::default()
        }
    }

    /// Teaching a trained network a few pictures: plain labels and pictures, the start scored,
    /// beside convolutions, which know hands already, a head that learns faster, and an epsilon by
    /// which only what the network does not know yet moves it far.
    pub fn fine_tuning(scope: Scope) -> Self {
        Self {
            scope,
            head_factor: match scope {
                Scope::Head => 1.0,
                Scope::Stage | Scope::All => 20.0,
            },
            epsilon: 1e-2,
            augmentation: Augmentation::NONE,
            label_smoothing: 0.0,
            score_start: true,
            ..Self::default()
        }
    }

    /// # Errors
    ///
    /// [`Error::Setting`] naming the first value out of range.
    pub fn validate(&self) -> Result<()> {
        let checks = [
            ("epochs", self.epochs >= 1, "at least 1"),
            ("batch size", self.batch_size >= 1, "at least 1"),
            (
                "learning rate",
                self.learning_rate.is_finite() && self.learning_rate > 0.0,
                "a positive number",
            ),
            (
                "head factor",
                self.head_factor.is_finite() && self.head_factor > 0.0,
                "a positive number",
            ),
            (
                "epsilon",
                self.epsilon.is_finite() && self.epsilon > 0.0,
                "a positive number",
            ),
            (
                "warm-up",
                (0.0..1.0).contains(&self.warm_up),
                "from 0 to below 1",
            ),
            (
                "momentum",
                (0.0..=1.0).contains(&self.momentum),
                "from 0 to 1",
            ),
            (
                "label smoothing",
                (0.0..1.0).contains(&self.label_smoothing),
                "from 0 to below 1",
            ),
        ];
        match checks.iter().find(|(_, good, _)| !good) {
            None => Ok(()),
            Some((name, _, range)) => Err(Error::Setting {
                name,
                reason: format!("must be {range}"),
            }),
        }
    }

    /// Adam with Keras' constants, but for the epsilon.
    pub(super) fn optimizer(&self) -> ModuleOptimizer {
        operations::adam(self.epsilon)
    }

    pub(super) fn learning_rate_at(&self, step: usize, steps: usize) -> f64 {
        let full = match self.schedule {
            Schedule::Constant => self.learning_rate,
            Schedule::Cosine => {
                let progress = step as f64 / steps as f64;
                self.learning_rate * 0.5 * (1.0 + (std::f64::consts::PI * progress).cos())
            }
        };
        let warm = self.warm_up * steps as f64;
        if warm > 0.0 {
            full * ((step + 1) as f64 / warm).min(1.0)
        } else {
            full
        }
    }
}
