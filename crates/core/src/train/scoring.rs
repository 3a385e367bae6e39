//! Validation during a training: scores of epochs, and the best weights.

use super::event::{self, EpochRecord, Event, Score};
use super::trainer::Trainer;
use crate::batch::{batch, read};
use crate::dataset::Dataset;
use burn::module::Module;
use signet_recognizer::{Evaluation, Result, softmax};

impl Trainer {
    /// Scores the next few validation pictures of an epoch, counted from 1, or of the initial weights.
    /// None when all pictures are scored.
    pub(super) async fn score(&mut self, epoch: usize) -> Result<Option<Event>> {
        let network = self.network().valid();
        let device = network.device();
        let from = self.scored.len();
        let samples = self.validation.iter().flat_map(Dataset::samples);
        let samples = samples.skip(from).take(self.config.batch_size);
        let inputs: Vec<_> = samples.map(|sample| sample.input.clone()).collect();
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
        let rows = floats.chunks(answers.shape[1]);
        self.scored
            .extend(rows.map(|row| softmax(&row[..self.labels.len()])));
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
        record.best = start.chain(earlier).all(|rank| record.rank() >= rank);
        if record.best {
            self.best = Some(self.network().valid());
        }
        self.progress.finish_epoch(record.clone());
        record
    }

    /// The score of each validation set, of which all pictures are scored.
    pub(super) fn take_scores(&mut self) -> Vec<Score> {
        let scored = std::mem::take(&mut self.scored);
        let mut rows = scored.iter().map(Vec::as_slice);
        let sets = self.validation.iter();
        sets.map(|set| score(set, rows.by_ref().take(set.len())))
            .collect()
    }
}

/// The score of a dataset from the probabilities of its samples, a row for each.
fn score<'a>(dataset: &Dataset, rows: impl Iterator<Item = &'a [f32]>) -> Score {
    let truths = dataset.samples().iter().map(|sample| sample.label);
    let answers: Vec<(usize, &[f32])> = truths.zip(rows).collect();
    let losses = answers
        .iter()
        .map(|(truth, row)| -f64::from(row[*truth].max(f32::MIN_POSITIVE)).ln());
    Score {
        loss: losses.sum::<f64>() / answers.len().max(1) as f64,
        accuracy: Evaluation::new(dataset.labels(), answers).accuracy,
    }
}
