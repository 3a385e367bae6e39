//! The training loop.

use super::config::{Scope, TrainConfig};
use super::event::{EpochRecord, Event, Score};
use super::example::{AugmentationKey, TrainingSet};
use super::frozen::{Frozen, freeze, is_dense, untrained};
use super::loss::{Loss, loss};
use super::scored::Scored;
use crate::batch::{batch, read};
use crate::dataset::Dataset;
use crate::model::ResNet;
use crate::operations;
use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, FloatDType};
use serde::{Deserialize, Serialize};
use signet_recognizer::{
    Arithmetic, Backend, Classifier, Error, InputImage, Result, Tensors, Weights, argmax,
};
use std::collections::BTreeSet;

/// Why [`Trainer::network`] is there.
const TRAINING: &str = "the network is absent only within an optimizer step";

/// The progress of a training, apart from the network and the optimizer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Progress {
    /// The scores of the initial weights on the validation sets, where they are scored.
    #[serde(default)]
    pub(super) start: Option<Vec<Score>>,
    /// Epochs finished, with their scores.
    pub(super) history: Vec<EpochRecord>,
    /// Batches trained in the current epoch.
    batch: usize,
    /// Sums over the current epoch.
    loss_sum: f64,
    right: usize,
    seen: usize,
}

impl Progress {
    /// Records the current epoch and begins the next.
    pub(super) fn finish_epoch(&mut self, record: EpochRecord) {
        self.history.push(record);
        (self.batch, self.loss_sum, self.right, self.seen) = (0, 0.0, 0, 0);
    }

    /// The training score over the current epoch.
    pub(super) fn score(&self) -> Score {
        let seen = self.seen.max(1) as f64;
        Score {
            loss: self.loss_sum / seen,
            accuracy: self.right as f64 / seen,
        }
    }
}

/// A network in training.
pub struct Trainer {
    pub(super) config: TrainConfig,
    pub(super) labels: Vec<String>,
    /// None only while the optimizer updates it.
    network: Option<ResNet>,
    /// The network after the best epoch so far.
    pub(super) best: Option<ResNet>,
    pub(super) optimizer: ModuleOptimizer,
    pub(super) progress: Progress,
    /// None where the whole network is trained.
    pub(super) frozen: Option<Frozen>,
    /// The names of the kernels and biases that aren't trained.
    pub(super) untrained: BTreeSet<String>,
    /// The kernels among them that came as integers: reading them back from a device would make
    /// floats of them.
    kept: Tensors,
    /// The CRC-32 of the convolutions that the training started from.
    pub(super) start_crc32: u32,
    /// What was said of the validation pictures scored since the epoch's last batch.
    pub(super) scored: Vec<Scored>,
    pub(super) training: Box<dyn TrainingSet>,
    pub(super) validation: Vec<Dataset>,
    pub(super) device: Device,
}

impl Trainer {
    /// Starts from `weights`, whose labels must be those of the datasets (see
    /// [`Weights::with_labels`]).
    ///
    /// A detector in the weights is trained, too, as far as the training set
    /// [has targets](TrainingSet::knows_signs) for it. Otherwise it stays as it came: features that a
    /// fine-tuning moves serve it as before (docs/training.md has the figures).
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for a setting out of range, an empty training set, or labels that
    /// differ.
    pub fn new(
        weights: Weights,
        training: impl Into<Box<dyn TrainingSet>>,
        validation: Vec<Dataset>,
        config: TrainConfig,
        device: &Device,
    ) -> Result<Self> {
        config.validate()?;
        let training = training.into();
        if training.is_empty() {
            return Err(Error::Setting {
                name: "training set",
                reason: "it has no pictures".into(),
            });
        }
        let validating = validation.iter().map(Dataset::labels);
        for labels in std::iter::once(training.labels()).chain(validating) {
            if labels != weights.labels() {
                return Err(Error::Setting {
                    name: "labels",
                    reason: format!(
                        "the pictures have {labels:?}, the weights {:?}",
                        weights.labels()
                    ),
                });
            }
        }
        if config.mixed_precision && !can_mix_precisions(&config, &weights, device) {
            return Err(Error::Setting {
                name: "mixed precision",
                reason: "it needs LibTorch, batch norm that is not folded, and the scope `all`"
                    .into(),
            });
        }
        let device = device.clone().without_autodiff();
        let labels = weights.labels().to_vec();
        let mut frozen_parts = config.scope.frozen_parts(weights.config());
        if weights.config().detector && training.knows_signs() {
            // It reads the map before the pooling.
            frozen_parts = frozen_parts.min(weights.config().parts() - 1);
        }
        let untrained = untrained(&weights, frozen_parts, &*training);
        let kept = weights.tensors().iter();
        let kept = kept.filter(|(name, it)| it.is_quantized() && untrained.contains(*name));
        let kept = kept.map(|(name, it)| (name.clone(), it.clone())).collect();
        let start_crc32 = weights.checksum(|name| !is_dense(name));
        let frozen = (frozen_parts > 0).then(|| {
            let pictures = (&*training, &validation[..]);
            Frozen::new(frozen_parts, &weights, &device, &config, pictures)
        });
        let device = device.autodiff();
        let network = ResNet::load(weights, config.momentum, &device);
        Ok(Self {
            network: Some(freeze(network, frozen_parts, training.knows_signs())),
            best: None,
            optimizer: config.optimizer(),
            progress: Progress::default(),
            frozen,
            untrained,
            kept,
            start_crc32,
            scored: Vec::new(),
            config,
            labels,
            training,
            validation,
            device,
        })
    }

    /// The weights and the number of frozen parts, where features are still to be computed and burn
    /// would compute them on the trainer's device.
    pub fn features_left_to_burn(&self) -> Option<(&Weights, usize)> {
        self.frozen.as_ref()?.left_to_burn()
    }

    /// Replaces the feature extractor of the frozen parts. To be called before the first
    /// [`step`](Self::step), so that all features come from one extractor.
    pub fn extract_features_with(&mut self, extractor: impl Backend + 'static) {
        if let Some(frozen) = &mut self.frozen {
            frozen.extract_with(Box::new(extractor));
        }
    }

    /// The hyperparameters.
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

    /// Batches trained in the current epoch.
    pub fn batch(&self) -> usize {
        self.progress.batch
    }

    /// The current weights. Kernels that aren't trained are the initial weights' own.
    ///
    /// # Errors
    ///
    /// As [`ResNet::to_weights`].
    pub async fn weights(&self) -> Result<Weights> {
        self.weights_of(self.network()).await
    }

    pub(super) async fn weights_of(&self, network: &ResNet) -> Result<Weights> {
        network.to_weights_with(&self.labels, &self.kept).await
    }

    /// Whether the current weights are the best.
    pub(super) fn is_at_best(&self) -> bool {
        let last = self.progress.history.last();
        let best_so_far = last.map_or(self.best.is_some(), |record| record.best);
        self.progress.batch == 0 && best_so_far
    }

    /// The weights of the best epoch so far, with [reference logits](Weights::with_reference_logits);
    /// none before an epoch has ended, unless the initial weights were scored.
    ///
    /// # Errors
    ///
    /// As [`ResNet::to_weights`], and [`Error::Device`].
    pub async fn best_weights(&self) -> Result<Option<Weights>> {
        self.best_weights_as(|weights| weights).await
    }

    /// The best weights as they are `stored`. The reference logits are those of what is stored: whoever
    /// loads it compares a device with them, and rounding is not the device's fault.
    pub(super) async fn best_weights_as(
        &self,
        stored: impl FnOnce(Weights) -> Weights,
    ) -> Result<Option<Weights>> {
        let Some(best) = &self.best else {
            return Ok(None);
        };
        let weights = stored(self.weights_of(best).await?);
        // Not computed by the training device: a device that computes wrongly would pass its own
        // self-check.
        let judge = Classifier::on_cpu(&weights, Arithmetic::Float32);
        let logits = judge.logits(&[InputImage::reference()]).await?.concat();
        Ok(Some(weights.with_reference_logits(logits)?))
    }

    pub(super) fn network(&self) -> &ResNet {
        self.network.as_ref().expect(TRAINING)
    }

    /// Does the next piece of work: computes the features of some pictures, trains a batch, or scores
    /// some validation pictures. A step takes about a second on a slow device, so that callers can
    /// stop a training in time.
    ///
    /// # Errors
    ///
    /// [`Error::NotFinite`] when the training diverged; the best weights so far are kept.
    /// [`Error::Device`] when the device fails.
    pub async fn step(&mut self) -> Result<Event> {
        if let Some(frozen) = &mut self.frozen
            && !frozen.is_complete()
        {
            let network = self.network.as_ref().expect(TRAINING).valid();
            let pictures = (&*self.training, &self.validation[..]);
            frozen.advance(network, pictures, &self.config).await?;
            let (done, total) = frozen.progress();
            return Ok(Event::Features { done, total });
        }
        let epoch = self.progress.history.len();
        if epoch >= self.config.epochs {
            return Ok(Event::Done);
        }
        let total: usize = self.validation.iter().map(Dataset::len).sum();
        if self.config.score_start && self.progress.start.is_none() && total > 0 {
            if let Some(unfinished) = self.score(0).await? {
                return Ok(unfinished);
            }
            let validation = self.take_scores();
            self.progress.start = Some(validation.clone());
            self.best = Some(self.network().valid());
            return Ok(Event::Start { validation });
        }
        let batches = self.batches();
        let index = self.progress.batch;
        if index < batches {
            self.train_batch(epoch, index).await?;
            self.progress.batch += 1;
            return Ok(Event::Batch {
                epoch: epoch + 1,
                batch: index + 1,
                batches,
                training: self.progress.score(),
            });
        }
        if total > 0
            && let Some(unfinished) = self.score(epoch + 1).await?
        {
            return Ok(unfinished);
        }
        Ok(Event::Epoch(self.finish_epoch(epoch + 1)))
    }

    /// Trains a batch of an epoch, both counted from 0.
    async fn train_batch(&mut self, epoch: usize, index: usize) -> Result<()> {
        let order = self.training.order(self.config.seed, epoch);
        let mut batches = order.chunks(self.config.batch_size).skip(index);
        let chosen = batches.next().unwrap_or_default();
        let network = self.network();
        let (outputs, targets) = match &self.frozen {
            Some(frozen) => {
                let (features, targets) = frozen.training(chosen, epoch, &self.device);
                (network.answer_from(frozen.parts(), features), targets)
            }
            None => {
                let key = AugmentationKey {
                    augmentation: &self.config.augmentation,
                    seed: self.config.seed,
                    epoch,
                };
                if let Some(next) = batches.next() {
                    self.training.prepare(next, key);
                }
                let examples = self.training.examples(chosen, Some(key)).into_iter();
                let (inputs, targets): (Vec<_>, Vec<_>) =
                    examples.map(|e| (e.input, e.target)).unzip();
                let input = batch(&inputs, &self.device);
                let input = if self.config.mixed_precision {
                    input.cast(FloatDType::BF16)
                } else {
                    input
                };
                (network.answer_from(0, input), targets)
            }
        };
        let classes = self.labels.len();
        let smoothing = self.config.label_smoothing;
        let Loss { total, labels } = loss(outputs.clone(), classes, &targets, smoothing);
        let mut gradients = total.backward();

        let labelled = targets.iter().filter(|t| t.label.is_some()).count();
        let value = read(labels.unwrap_or(total).detach()).await?.floats()[0];
        if !value.is_finite() {
            return Err(self.not_finite(epoch, index));
        }
        let rate = self.config.learning_rate_at(
            epoch * self.batches() + index,
            self.config.epochs.saturating_mul(self.batches()),
        );
        if let Some(network) = self.network.take() {
            let head = GradientsParams::from_module(&mut gradients, &network.head);
            let detector = network.detector.as_ref();
            let detector = detector.map(|it| GradientsParams::from_module(&mut gradients, it));
            let rest = GradientsParams::from_grads(gradients, &network);
            let head_rate = rate * self.config.head_factor;
            let mut network = self.optimizer.step(head_rate, network, head);
            if let Some(detector) = detector {
                let rate = rate * self.config.detector_factor;
                network = self.optimizer.step(rate, network, detector);
            }
            self.network = Some(self.optimizer.step(rate, network, rest));
        }
        let outputs = read(outputs.detach()).await?;
        let floats = outputs.floats();
        let rows = floats.chunks(outputs.shape[1]).zip(&targets);
        let right = rows.filter(|(row, target)| Some(argmax(&row[..classes])) == target.label);
        self.progress.right += right.count();
        self.progress.seen += labelled;
        self.progress.loss_sum += f64::from(value) * labelled as f64;
        Ok(())
    }

    /// The error for an epoch and a batch, both counted from 0.
    pub(super) fn not_finite(&self, epoch: usize, batch: usize) -> Error {
        Error::NotFinite {
            epoch: epoch + 1,
            batch: batch + 1,
        }
    }
}

/// Whether there are operations in mixed precision for all that is trained.
fn can_mix_precisions(config: &TrainConfig, weights: &Weights, device: &Device) -> bool {
    operations::on_libtorch(device) && !weights.is_folded() && config.scope == Scope::All
}
