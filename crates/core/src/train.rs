//! Training, a step at a time.
//!
//! [`Trainer::step`] does one batch, and validation when an epoch ends, and says what happened as
//! an [`Event`]; who calls it decides about progress bars, stopping and files. Everything random
//! is a function of the seed, the epoch and the sample, so a training resumed from a
//! [checkpoint](Trainer::checkpoint) goes on exactly as if it had never stopped.

mod checkpoint;
mod config;

pub use config::{Schedule, Scope, TrainConfig};

use crate::classifier::{argmax, softmax};
use crate::dataset::{Dataset, Sample};
use crate::error::{Error, Result};
use crate::metrics::Evaluation;
use crate::model::{self, ResNet};
use crate::preprocess;
use crate::weights::Weights;
use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Int, Tensor, TensorData};
use serde::{Deserialize, Serialize};

/// Loss and accuracy on a set of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Score {
    /// Mean cross-entropy in nats.
    pub loss: f64,
    /// Share of right answers.
    pub accuracy: f64,
}

/// What an epoch came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// Counted from 1.
    pub epoch: usize,
    /// On the training pictures as they were seen, changed at random, while the network learned.
    pub training: Score,
    /// On each validation set after the epoch, in the order given.
    pub validation: Vec<Score>,
    /// Whether no earlier epoch was better: by mean validation accuracy, then by loss.
    pub best: bool,
}

impl EpochRecord {
    /// (accuracy, -loss), to be compared: validation's mean where there is any.
    fn rank(&self) -> (f64, f64) {
        if self.validation.is_empty() {
            return (self.training.accuracy, -self.training.loss);
        }
        let mean = |value: fn(&Score) -> f64| {
            self.validation.iter().map(value).sum::<f64>() / self.validation.len() as f64
        };
        (mean(|score| score.accuracy), -mean(|score| score.loss))
    }
}

/// What a step did.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A batch was learned.
    Batch {
        /// The epoch, from 1.
        epoch: usize,
        /// The batch in it, from 1.
        batch: usize,
        /// Batches in an epoch.
        batches: usize,
        /// Over the epoch so far.
        training: Score,
    },
    /// The last batch of an epoch was learned and the validation sets were scored.
    Epoch(EpochRecord),
    /// There is nothing left to do.
    Done,
}

/// Where a training stands, apart from the network and the optimiser.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Progress {
    /// Epochs finished, with their scores.
    history: Vec<EpochRecord>,
    /// Batches learned in the epoch under way.
    batch: usize,
    /// Sums over the epoch under way.
    loss_sum: f64,
    right: usize,
    seen: usize,
}

impl Progress {
    fn score(&self) -> Score {
        let seen = self.seen.max(1) as f64;
        Score {
            loss: self.loss_sum / seen,
            accuracy: self.right as f64 / seen,
        }
    }
}

/// A network on its way.
pub struct Trainer {
    config: TrainConfig,
    labels: Vec<String>,
    /// Taken out only while the optimiser replaces it.
    network: Option<ResNet>,
    optimizer: ModuleOptimizer,
    progress: Progress,
    training: Dataset,
    validation: Vec<Dataset>,
    device: Device,
}

impl Trainer {
    /// Starts from `weights`, which must answer with the labels of the datasets (see
    /// [`Weights::with_labels`]).
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for a setting out of range, an empty training set, or labels that
    /// differ.
    pub fn new(
        weights: Weights,
        training: Dataset,
        validation: Vec<Dataset>,
        config: TrainConfig,
        device: &Device,
    ) -> Result<Self> {
        config.validate()?;
        if training.is_empty() {
            return Err(Error::Setting {
                name: "training set",
                reason: "it has no pictures".into(),
            });
        }
        for dataset in std::iter::once(&training).chain(&validation) {
            if dataset.labels() != weights.labels() {
                return Err(Error::Setting {
                    name: "labels",
                    reason: format!(
                        "the pictures have {:?}, the weights {:?}",
                        dataset.labels(),
                        weights.labels()
                    ),
                });
            }
        }
        let device = device.clone().autodiff();
        let labels = weights.labels().to_vec();
        let network = ResNet::load(weights, config.momentum, &device);
        Ok(Self {
            network: Some(freeze(network, config.scope)),
            optimizer: config.optimizer(),
            progress: Progress::default(),
            config,
            labels,
            training,
            validation,
            device,
        })
    }

    /// The settings.
    pub fn config(&self) -> &TrainConfig {
        &self.config
    }

    /// The epochs finished so far.
    pub fn history(&self) -> &[EpochRecord] {
        &self.progress.history
    }

    /// Batches in an epoch.
    pub fn batches(&self) -> usize {
        self.training.len().div_ceil(self.config.batch_size)
    }

    /// Batches learned in the epoch under way.
    pub fn batch(&self) -> usize {
        self.progress.batch
    }

    /// The weights as they are now.
    ///
    /// # Errors
    ///
    /// As [`ResNet::to_weights`].
    pub async fn weights(&self) -> Result<Weights> {
        self.network().to_weights(&self.labels).await
    }

    fn network(&self) -> &ResNet {
        self.network
            .as_ref()
            .expect("the network is away only within a step")
    }

    /// Learns one batch; after the last of an epoch, scores the validation sets.
    ///
    /// # Errors
    ///
    /// [`Error::NotFinite`] when the loss diverged: the weights are then those before the batch.
    /// [`Error::Device`] when the device failed.
    pub async fn step(&mut self) -> Result<Event> {
        let epoch = self.progress.history.len();
        if epoch >= self.config.epochs {
            return Ok(Event::Done);
        }
        let batches = self.batches();
        let batch = self.progress.batch;
        self.learn(epoch, batch).await?;
        self.progress.batch += 1;
        if self.progress.batch < batches {
            return Ok(Event::Batch {
                epoch: epoch + 1,
                batch: batch + 1,
                batches,
                training: self.progress.score(),
            });
        }
        let record = self.finish_epoch(epoch + 1).await?;
        Ok(Event::Epoch(record))
    }

    async fn learn(&mut self, epoch: usize, batch: usize) -> Result<()> {
        let (config, seed) = (&self.config, self.config.seed);
        let order = self.training.order(seed, epoch);
        let first = batch * config.batch_size;
        let chosen = &order[first..order.len().min(first + config.batch_size)];
        let samples = self.training.samples();
        let squares: Vec<_> = chosen
            .iter()
            .map(|&index| {
                config
                    .augmentation
                    .apply(&samples[index].square, seed, epoch, index)
            })
            .collect();
        let labels: Vec<usize> = chosen.iter().map(|&index| samples[index].label).collect();

        let input = preprocess::batch(&squares, &self.device);
        let smoothing = (config.label_smoothing > 0.0).then_some(config.label_smoothing);
        let logits = self.network().forward(input);
        let loss = CrossEntropyLossConfig::new()
            .with_smoothing(smoothing)
            .init(&self.device)
            .forward(logits.clone(), targets(&labels, &self.device));
        let gradients = loss.backward();

        let value = model::read(loss.detach()).await?.data[0];
        if !value.is_finite() {
            return Err(Error::NotFinite {
                epoch: epoch + 1,
                batch: batch + 1,
            });
        }
        let rate = config.learning_rate_at(
            epoch * self.batches() + batch,
            config.epochs * self.batches(),
        );
        if let Some(network) = self.network.take() {
            let gradients = GradientsParams::from_grads(gradients, &network);
            self.network = Some(self.optimizer.step(rate, network, gradients));
        }
        let rows = model::read(logits.detach()).await?.data;
        let rows = rows.chunks(self.labels.len()).zip(&labels);
        self.progress.right += rows.filter(|(row, label)| argmax(row) == **label).count();
        self.progress.seen += labels.len();
        self.progress.loss_sum += f64::from(value) * labels.len() as f64;
        Ok(())
    }

    async fn finish_epoch(&mut self, epoch: usize) -> Result<EpochRecord> {
        let network = self.network().valid();
        let mut validation = Vec::new();
        for dataset in &self.validation {
            validation.push(score(&network, dataset, self.config.batch_size).await?);
        }
        let mut record = EpochRecord {
            epoch,
            training: self.progress.score(),
            validation,
            best: false,
        };
        let earlier = self.progress.history.iter();
        record.best = earlier
            .into_iter()
            .all(|other| record.rank() >= other.rank());
        self.progress.history.push(record.clone());
        self.progress = Progress {
            history: std::mem::take(&mut self.progress.history),
            ..Progress::default()
        };
        Ok(record)
    }
}

/// Stops gradients and batch statistics in what `scope` leaves out.
fn freeze(mut network: ResNet, scope: Scope) -> ResNet {
    let learning = match scope {
        Scope::All => return network,
        Scope::Stage => 1,
        Scope::Head => 0,
    };
    network.stem = network.stem.freeze();
    let frozen = network.stages.len() - learning;
    let stages = network.stages.into_iter().enumerate();
    network.stages = stages
        .map(|(index, stage)| {
            if index < frozen {
                stage.freeze()
            } else {
                stage
            }
        })
        .collect();
    network
}

fn targets(labels: &[usize], device: &Device) -> Tensor<1, Int> {
    let labels: Vec<i64> = labels.iter().map(|&label| label as i64).collect();
    let count = labels.len();
    Tensor::from_data(TensorData::new(labels, [count]), device)
}

async fn score(network: &ResNet, dataset: &Dataset, batch_size: usize) -> Result<Score> {
    let device = network.head.weight.val().device();
    let mut probabilities = Vec::with_capacity(dataset.len());
    for samples in dataset.samples().chunks(batch_size) {
        let squares: Vec<_> = samples.iter().map(|s: &Sample| s.square.clone()).collect();
        let logits = network.forward(preprocess::batch(&squares, &device));
        let logits = model::read(logits).await?.data;
        probabilities.extend(logits.chunks(dataset.labels().len()).map(softmax));
    }
    let truths = dataset.samples().iter().map(|sample| sample.label);
    let answers = truths.zip(probabilities.iter().map(Vec::as_slice));
    let loss: f64 = answers
        .clone()
        .map(|(truth, row)| -f64::from(row[truth].max(f32::MIN_POSITIVE)).ln())
        .sum();
    Ok(Score {
        loss: loss / dataset.len().max(1) as f64,
        accuracy: Evaluation::new(dataset.labels(), answers).accuracy,
    })
}
