//! Validation during a training: scores of epochs, and the best weights.

use super::event::{self, EpochRecord, Event, Score, is_as_good};
use super::scored::{Scored, score};
use super::trainer::Trainer;
use crate::batch::{batch, read};
use crate::dataset::Dataset;
use burn::module::Module;
use signet_recognizer::Result;

impl Trainer {
    /// Scores the next few validation pictures of an epoch, counted from 1, or of the initial weights.
    /// None when all pictures are scored.
    pub(super) async fn score(&mut self, epoch: usize) -> Result<Option<Event>> {
        let network = self.network().valid();
        let device = network.device();
        let from = self.scored.len();
        let inputs = self.validation.iter().flat_map(Dataset::inputs);
        let inputs = inputs.skip(from).take(self.config.batch_size);
        let inputs: Vec<_> = inputs.cloned().collect();
        let answers = match &self.frozen {
            Some(frozen) => {
                let range = from..from + inputs.len();
                let features = frozen.validation(self.training.len(), range, &device);
                network.answer_from(frozen.parts(), features)
            }
            None => network.answer_from(0, batch(&inputs, &device)),
        };
        let answers = read(answers).await?;
        let floats = answers.floats();
        if floats.iter().any(|value| !value.is_finite()) {
            return Err(self.not_finite(epoch.saturating_sub(1), self.batches() - 1));
        }
        let classes = self.labels.len();
        let rows = floats.chunks(answers.shape[1]);
        self.scored.extend(rows.map(|row| Scored::of(row, classes)));
        let total = self.validation.iter().map(Dataset::len).sum();
        let done = self.scored.len();
        Ok((done < total).then_some(Event::Validation { epoch, done, total }))
    }

    /// Ends an epoch, counted from 1, and keeps its weights if they are the best.
    pub(super) fn finish_epoch(&mut self, epoch: usize) -> EpochRecord {
        let mut record = EpochRecord {
            epoch,
            training: self.progress.score(),
            validation: self.take_scores(),
            best: false,
        };
        let start = self.progress.start.iter().map(|scores| event::rank(scores));
        let earlier = self.progress.history.iter().map(EpochRecord::rank);
        let latest_of_equals = self.config.latest_of_equals;
        record.best = start
            .chain(earlier)
            .all(|rank| is_as_good(record.rank(), rank, latest_of_equals));
        if record.best {
            self.best = Some(self.network().valid());
        }
        self.progress.finish_epoch(record.clone());
        record
    }

    /// The score of each validation set, of which all pictures are scored.
    pub(super) fn take_scores(&mut self) -> Vec<Score> {
        let scored = std::mem::take(&mut self.scored);
        let mut rows = scored.iter();
        let sets = self.validation.iter();
        sets.map(|set| score(set, rows.by_ref().take(set.len())))
            .collect()
    }
}
