//! What a training tells of itself.

use serde::Serialize;
use signet_core::Event;
use tsify::Tsify;

/// How good the network is on a set of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Tsify)]
pub struct Score {
    /// Mean cross-entropy in nats.
    pub loss: f64,
    /// Share of right answers.
    pub accuracy: f64,
}

/// What an epoch came to.
#[derive(Debug, Clone, PartialEq, Serialize, Tsify)]
pub struct EpochRecord {
    /// Counted from 1.
    pub epoch: usize,
    /// On the training pictures as they were seen, changed at random, while the network was trained.
    pub training: Score,
    /// One for the validation set; none where there are no validation pictures.
    pub validation: Vec<Score>,
    /// Whether no earlier epoch was better, nor the start.
    pub best: bool,
}

/// The finished epochs.
#[derive(Serialize, Tsify)]
pub struct History(pub Vec<EpochRecord>);

/// What a step did.
#[derive(Debug, Clone, PartialEq, Serialize, Tsify)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum TrainEvent {
    /// The frozen part computed the features of some pictures, which it does once for each.
    Features {
        /// Pictures that have theirs.
        done: usize,
        /// Pictures in all, with the variants that augmentation makes of them.
        total: usize,
    },
    /// How good the weights are that the training starts from; not told without validation pictures.
    Start {
        /// One for the validation set.
        validation: Vec<Score>,
    },
    /// The network was trained on a batch.
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
    /// Some validation pictures were scored.
    Validation {
        /// The epoch, from 1; 0 for the start.
        epoch: usize,
        /// Pictures scored.
        done: usize,
        /// Validation pictures in all.
        total: usize,
    },
    /// An epoch ended.
    Epoch(EpochRecord),
    /// There is nothing left to do.
    Done,
}

impl From<signet_core::Score> for Score {
    fn from(signet_core::Score { loss, accuracy }: signet_core::Score) -> Self {
        Self { loss, accuracy }
    }
}

fn scores(scores: Vec<signet_core::Score>) -> Vec<Score> {
    scores.into_iter().map(Score::from).collect()
}

impl From<signet_core::EpochRecord> for EpochRecord {
    fn from(record: signet_core::EpochRecord) -> Self {
        Self {
            epoch: record.epoch,
            training: record.training.into(),
            validation: scores(record.validation),
            best: record.best,
        }
    }
}

impl From<Event> for TrainEvent {
    fn from(event: Event) -> Self {
        match event {
            Event::Features { done, total } => Self::Features { done, total },
            Event::Start { validation } => Self::Start {
                validation: scores(validation),
            },
            Event::Batch {
                epoch,
                batch,
                batches,
                training,
            } => Self::Batch {
                epoch,
                batch,
                batches,
                training: training.into(),
            },
            Event::Validation { epoch, done, total } => Self::Validation { epoch, done, total },
            Event::Epoch(record) => Self::Epoch(record.into()),
            Event::Done => Self::Done,
        }
    }
}
