//! Checkpoints: weights, optimizer and progress of a training in one file, so that they belong to the
//! same step.

use super::config::TrainConfig;
use super::example::TrainingSet;
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
}

/// Whether a checkpoint has the optimizer's moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moments {
    /// A resumed training equals, bit for bit, the uninterrupted one.
    Kept,
    /// A small file beside that of the [best weights](Trainer::best_weights), from which it lacks what
    /// is the same: what isn't trained, and everything where nothing was trained since. Without best
    /// weights it is whole. A resumed training starts with moments of zero, and with
    /// [refined](Weights::refined) weights. Required on a browser's GPU, since burn reads an
    /// optimizer's state synchronously.
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
        let beside_best = moments == Moments::Dropped && self.best.is_some();
        let weights = self.weights().await?;
        let weights = match moments {
            Moments::Kept => weights.into_container(Precision::Kept)?,
            Moments::Dropped => {
                let is_known = |name: &str| self.is_at_best() || self.untrained.contains(name);
                let weights = self.refined(weights);
                weights.into_container_beside(Precision::Kept, |n| beside_best && is_known(n))?
            }
        };
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
        };
        let header = serde_json::to_string(&header).map_err(unreadable)?;
        let part = |byte_len, content| Stored {
            dtype: Dtype::U8,
            shape: vec![byte_len],
            content,
        };
        let parts = [
            (OPTIMIZER, part(optimizer.len(), Content::Bytes(optimizer))),
            (WEIGHTS, part(weights.byte_len(), Content::File(weights))),
        ];
        let parts = parts.map(|(name, part)| (name.to_owned(), part));
        Container::new(parts.into(), HashMap::from([(HEADER.to_owned(), header)]))
    }

    /// Continues from a [`checkpoint`](Self::checkpoint) with its settings and the same pictures in the
    /// same order. `best` are the [best weights](Self::best_weights) at the checkpoint; without them
    /// there are none until an epoch is better, and a small checkpoint beside them is refused.
    ///
    /// # Errors
    ///
    /// [`Error::WeightsFormat`] when `bytes` are no checkpoint, what [`Weights::from_bytes`] and
    /// [`new`](Self::new) refuse, and [`Error::Setting`] when the number of pictures differs.
    pub fn resume(
        bytes: &[u8],
        best: Option<Weights>,
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
        Ok(trainer)
    }
}

fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::WeightsFormat {
        reason: error.to_string(),
    }
}
