//! Hyperparameters of a training, and the project's recipes.

use crate::augment::Augmentation;
use crate::operations;
use burn::optim::ModuleOptimizer;
use serde::{Deserialize, Serialize};
use signet_recognizer::{Error, ResNetConfig, Result};

/// Which part of the network is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The head.
    Head,
    /// Stage 5 and the head.
    Stage,
    /// Everything.
    All,
}

impl Scope {
    /// How many of a network's [`parts`](ResNetConfig::parts) are frozen.
    pub fn frozen_parts(self, network: &ResNetConfig) -> usize {
        match self {
            Self::Head => network.parts(),
            // The last stage and the average pooling behind it.
            Self::Stage => network.parts() - 2,
            Self::All => 0,
        }
    }
}

/// How the learning rate changes over the training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Schedule {
    /// It doesn't.
    Constant,
    /// From its full value to zero along half a cosine.
    Cosine,
}

/// Hyperparameters of a training. The default is the recipe of the shipped model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainConfig {
    /// Passes over the training pictures.
    pub epochs: usize,
    /// Pictures in a step.
    pub batch_size: usize,
    /// Adam's learning rate at the start.
    pub learning_rate: f64,
    /// The head's learning rate, as a multiple of the other layers': more than 1 for an untrained
    /// head on trained features.
    #[serde(default = "one")]
    pub head_factor: f64,
    /// The detector's learning rate, as a multiple of the other layers'.
    #[serde(default = "one")]
    pub detector_factor: f64,
    /// How the learning rate changes.
    pub schedule: Schedule,
    /// Share of all steps over which the learning rate first rises from zero: the large gradients of an
    /// untrained head would spoil trained features.
    #[serde(default)]
    pub warm_up: f64,
    /// Adam's epsilon. A gradient far below it changes its weight in proportion, as gradient descent
    /// does, and not by the full learning rate: pictures that are classified well already hardly
    /// change the weights.
    #[serde(default = "keras_epsilon")]
    pub epsilon: f32,
    /// Whether the epsilon is added before the second moment's bias is corrected, as Keras does, and not
    /// after, as Adam's algorithm 1 does: the first steps' epsilon is up to 30 times as large then. On
    /// Flex and LibTorch; burn's own Adam, which other devices have, only knows the latter.
    #[serde(default)]
    pub epsilon_before_correction: bool,
    /// Weight of a batch's statistics in the running ones (Keras' momentum is 1 less this).
    pub momentum: f64,
    /// Whether activations are bfloat16, which LibTorch computes faster on some devices. Weights, their
    /// gradients, statistics and the loss stay float32.
    #[serde(default)]
    pub mixed_precision: bool,
    /// Which part of the network is trained.
    pub scope: Scope,
    /// Random changes to the training pictures.
    pub augmentation: Augmentation,
    /// Where parts are frozen and there is augmentation: forms of each training picture whose features are
    /// computed before the first epoch, the picture itself and augmented copies. Epochs use them in turn.
    #[serde(default = "four")]
    pub variants: usize,
    /// Share of the probability that is spread over all classes; 0 trains on plain labels.
    pub label_smoothing: f32,
    /// Whether the initial weights are scored on the validation sets, too, and are the best weights
    /// until an epoch is at least as good.
    #[serde(default)]
    pub score_start: bool,
    /// Whether of epochs with the same validation accuracy the latest is the best, whatever their loss: on
    /// a person's ten validation pictures the loss chooses epochs in which little has been learned yet.
    #[serde(default)]
    pub latest_of_equals: bool,
    /// The seed of everything random.
    pub seed: u64,
}

/// The factor of settings that were stored before there was one.
fn one() -> f64 {
    1.0
}

/// The variants of settings that were stored before there was a choice.
fn four() -> usize {
    4
}

/// The epsilon of settings that were stored before there was one.
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
            detector_factor: 1.0,
            epsilon: keras_epsilon(),
            epsilon_before_correction: false,
            schedule: Schedule::Cosine,
            warm_up: 0.0,
            momentum: 0.1,
            mixed_precision: false,
            scope: Scope::All,
            augmentation: Augmentation::LIGHT,
            variants: four(),
            label_smoothing: 0.05,
            score_start: false,
            latest_of_equals: false,
            seed: 0,
        }
    }
}

impl TrainConfig {
    /// The recipe of the course that the SIGNS data belong to: Adam 0.001, 10 epochs, batches of 32,
    /// no augmentation. Its batch-norm momentum of 0.99 lets the running statistics lag far behind on
    /// so few steps. For comparison, not for use.
    pub fn reference() -> Self {
        Self {
            epochs: 10,
            learning_rate: 0.001,
            schedule: Schedule::Constant,
            momentum: 0.01,
            epsilon_before_correction: true,
            augmentation: Augmentation::NONE,
            label_smoothing: 0.0,
            ..Self::default()
        }
    }

    /// Fine-tuning a trained network on a few pictures: no augmentation and no label smoothing, the
    /// initial weights scored, a higher learning rate for the head than for convolutions, and an
    /// epsilon by which pictures that are classified well hardly change the weights.
    pub fn fine_tuning(scope: Scope) -> Self {
        Self {
            scope,
            head_factor: match scope {
                Scope::Head => 1.0,
                Scope::Stage | Scope::All => 20.0,
            },
            // So that a few epochs of a low rate teach it as much as the head's many.
            detector_factor: match scope {
                Scope::Head => 1.0,
                Scope::Stage => 100.0,
                Scope::All => 500.0,
            },
            epsilon: 1e-2,
            augmentation: Augmentation::NONE,
            variants: 6,
            label_smoothing: 0.0,
            score_start: true,
            latest_of_equals: scope == Scope::Head,
            ..Self::default()
        }
    }

    /// Checks the range of every value.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] naming the first value out of range.
    pub fn validate(&self) -> Result<()> {
        let positive = |value: f64| value.is_finite() && value > 0.0;
        let (share, smoothing) = (0.0..1.0, self.label_smoothing);
        let (count, number, below_1) = ("at least 1", "a positive number", "from 0 to below 1");
        let checks = [
            ("epochs", self.epochs >= 1, count),
            ("batch size", self.batch_size >= 1, count),
            ("variants", self.variants >= 1, count),
            ("learning rate", positive(self.learning_rate), number),
            ("head factor", positive(self.head_factor), number),
            ("detector factor", positive(self.detector_factor), number),
            ("epsilon", positive(self.epsilon.into()), number),
            ("warm-up", share.contains(&self.warm_up), below_1),
            (
                "momentum",
                (0.0..=1.0).contains(&self.momentum),
                "from 0 to 1",
            ),
            ("label smoothing", (0.0..1.0).contains(&smoothing), below_1),
        ];
        match checks.iter().find(|(_, good, _)| !good) {
            None => Ok(()),
            Some((name, _, range)) => Err(Error::Setting {
                name,
                reason: format!("must be {range}"),
            }),
        }
    }

    /// Adam with Keras' betas and this configuration's epsilon.
    pub(super) fn optimizer(&self) -> ModuleOptimizer {
        operations::adam(self.epsilon, self.epsilon_before_correction)
    }

    /// The learning rate of a step, counted from 0, in a training of `steps` steps.
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
