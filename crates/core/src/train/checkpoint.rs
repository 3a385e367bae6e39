//! Checkpoints: weights, optimizer and progress of a training in one file, so that they belong to the
//! same step.

use super::config::TrainConfig;
use super::example::TrainingSet;
use super::frozen::is_dense;
use super::trainer::{Progress, Trainer};
use crate::dataset::Dataset;
use crate::model::ResNet;
use burn::optim::OptimizerRecord;
use burn::tensor::{Bytes, Device};
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};
use signet_recognizer::weights::{Container, Content, Stored};
use signet_recognizer::{Error, Precision, Result, Weights};
use std::collections::HashMap;

const HEADER: &str = "signet-training";
const OPTIMIZER: &str = "optimizer";
const WEIGHTS: &str = "weights";
const BEST: &str = "best";

#[derive(Serialize, Deserialize)]
struct Header {
    config: TrainConfig,
    progress: Progress,
    /// Number of training pictures, to notice changed data.
    images: usize,
    /// CRC-32 of the optimizer's state, checked first since burn panics on a damaged one. The weights
    /// have a checksum of their own.
    #[serde(default)]
    optimizer_crc32: Option<u32>,
    /// Whether the weights lack what is as in the best weights.
    #[serde(default)]
    beside_best: bool,
    /// The CRC-32 of the convolutions that the training started from, some of which the best weights lack.
    #[serde(default)]
    start_crc32: Option<u32>,
}

/// Whether a checkpoint has the optimizer's moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moments {
    /// A resumed training equals, bit for bit, the uninterrupted one.
    Kept,
    /// A small file with the [best weights](Trainer::best_weights) in it, from which the current ones
    /// differ [little](Weights::into_container_near). It lacks what is as in the weights that the training
    /// started from: what isn't trained, and everything but the dense layers where no epoch was better
    /// than the start. A resumed training starts with moments of zero, and with [refined](Weights::refined)
    /// weights. Required on a browser's GPU, since burn reads an optimizer's state synchronously.
    Dropped,
}

impl Trainer {
    /// The file of the [best weights](Self::best_weights): what isn't trained as it came, and what is
    /// trained [refined](Weights::refined).
    ///
    /// # Errors
    ///
    /// As [`best_weights`](Self::best_weights).
    pub async fn best_file(&self) -> Result<Option<Container<'static>>> {
        let best = self.best_weights_as(|best| self.refined(best)).await?;
        let file = best.map(|best| best.into_container(Precision::Kept));
        file.transpose()
    }

    fn refined(&self, weights: Weights) -> Weights {
        weights.refined(|name| !self.untrained.contains(name))
    }

    /// Everything that [`resume`](Self::resume) needs, as one file, except for the
    /// [best weights](Self::best_weights).
    ///
    /// # Errors
    ///
    /// [`Error::Device`] when the device fails; [`Error::WeightsValues`] when the weights are not
    /// finite.
    pub async fn checkpoint(&self, moments: Moments) -> Result<Container<'static>> {
        let weights = self.weights().await?;
        let best = match &self.best {
            Some(best) if moments == Moments::Dropped => {
                Some(self.refined(self.weights_of(best).await?))
            }
            _ => None,
        };
        let beside_best = best.is_some();
        let is_known = |name: &str| self.is_at_best() || self.untrained.contains(name);
        let weights = match (moments, &best) {
            (Moments::Kept, _) => weights.into_container(Precision::Kept)?,
            (Moments::Dropped, None) => self.refined(weights).into_container(Precision::Kept)?,
            (Moments::Dropped, Some(best)) => weights.into_container_near(best, is_known)?,
        };
        let best_is_start = !self.progress.history.iter().any(|record| record.best);
        // Those dense layers that a training starts with are not in a file.
        let in_start =
            |name: &str| !is_dense(name) && (best_is_start || self.untrained.contains(name));
        let best = best
            .map(|best| best.into_container_without(in_start))
            .transpose()?;
        let optimizer = match moments {
            Moments::Kept => {
                let record = self.optimizer.to_record().into_bytes();
                record.map_err(unreadable)?.to_vec()
            }
            Moments::Dropped => Vec::new(),
        };
        let header = Header {
            config: self.config.clone(),
            progress: self.progress.clone(),
            images: self.training.len(),
            optimizer_crc32: Some(crc32fast::hash(&optimizer)),
            beside_best,
            start_crc32: Some(self.start_crc32),
        };
        let header = serde_json::to_string(&header).map_err(unreadable)?;
        let part = |byte_len, content| Stored {
            dtype: Dtype::U8,
            shape: vec![byte_len],
            content,
        };
        let mut parts = vec![
            (OPTIMIZER, part(optimizer.len(), Content::Bytes(optimizer))),
            (WEIGHTS, part(weights.byte_len(), Content::File(weights))),
        ];
        parts.extend(best.map(|best| (BEST, part(best.byte_len(), Content::File(best)))));
        let parts = parts.into_iter();
        let parts = parts.map(|(name, part)| (name.to_owned(), part));
        Container::new(
            parts.collect(),
            HashMap::from([(HEADER.to_owned(), header)]),
        )
    }

    /// Continues from a [`checkpoint`](Self::checkpoint) with its settings and the same pictures in the
    /// same order. `others` are, for a checkpoint that keeps the moments, the
    /// [best weights](Self::best_weights) at the checkpoint; without them there are none until an epoch is
    /// better. For a small checkpoint they are the weights that the training started from, folded.
    ///
    /// # Errors
    ///
    /// [`Error::WeightsFormat`] when `bytes` are no checkpoint, what [`Weights::from_bytes`] and
    /// [`new`](Self::new) refuse, and [`Error::Setting`] when the number of pictures or the start differs.
    pub fn resume(
        bytes: &[u8],
        others: Option<Weights>,
        training: impl Into<Box<dyn TrainingSet>>,
        validation: Vec<Dataset>,
        device: &Device,
    ) -> Result<Self> {
        let training = training.into();
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(unreadable)?;
        let header = metadata.metadata().as_ref().and_then(|all| all.get(HEADER));
        let header = header.ok_or_else(|| unreadable("it is no training checkpoint"))?;
        let header: Header = serde_json::from_str(header).map_err(unreadable)?;
        if header.images != training.len() {
            return Err(Error::Setting {
                name: "training set",
                reason: format!(
                    "the checkpoint was made with {} pictures, and there are {}",
                    header.images,
                    training.len()
                ),
            });
        }
        let file = SafeTensors::deserialize(bytes).map_err(unreadable)?;
        let part = |name| file.tensor(name).map_err(unreadable);
        let best = match (file.tensor(BEST), others) {
            (Ok(best), Some(start)) => {
                if header.start_crc32 != Some(start.checksum(|name| !is_dense(name))) {
                    return Err(Error::Setting {
                        name: "start",
                        reason: "the checkpoint is of a training that started from other weights"
                            .into(),
                    });
                }
                Some(Weights::from_bytes_beside(best.data(), &start)?)
            }
            (Ok(best), None) => Some(Weights::from_bytes(best.data())?),
            // Of no use to a small checkpoint that is whole.
            (Err(_), best) => {
                best.filter(|_| !part(OPTIMIZER).is_ok_and(|it| it.data().is_empty()))
            }
        };
        let weights = part(WEIGHTS)?;
        let weights = match &best {
            Some(best) if header.beside_best => Weights::from_bytes_beside(weights.data(), best)?,
            _ => Weights::from_bytes(weights.data())?,
        };
        let moments = part(OPTIMIZER)?.data();
        if !moments.is_empty() && header.optimizer_crc32 != Some(crc32fast::hash(moments)) {
            return Err(unreadable("the optimizer's state is not as it was written"));
        }

        let mut trainer = Self::new(weights, training, validation, header.config, device)?;
        if !moments.is_empty() {
            let record = OptimizerRecord::from_bytes(Bytes::from_bytes_vec(moments.to_vec()));
            let record = record.map_err(unreadable)?;
            trainer.optimizer = trainer.config.optimizer().load_record(record);
        }
        let device = trainer.device.clone().without_autodiff();
        trainer.best = best.map(|best| ResNet::load(best, 0.0, &device));
        trainer.progress = header.progress;
        trainer.start_crc32 = header.start_crc32.unwrap_or(trainer.start_crc32);
        Ok(trainer)
    }
}

fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::WeightsFormat {
        reason: error.to_string(),
    }
}
