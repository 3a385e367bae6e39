//! What a training shows while it runs: a bar for each epoch on a terminal, plain lines elsewhere.

use crate::output::percent;
use indicatif::{ProgressBar, ProgressStyle};
use signet_core::{EpochRecord, Score};
use std::io::Write;

/// Batches between two plain lines.
const PLAIN_STEP: usize = 25;

/// The display of a training.
pub struct Progress {
    /// Hidden where there is no terminal.
    bar: ProgressBar,
    epochs: usize,
    validation: Vec<String>,
}

impl Progress {
    /// `validation` names the validation sets.
    pub fn new(epochs: usize, validation: Vec<String>) -> Self {
        let bar = ProgressBar::no_length();
        let template = "{prefix} {wide_bar} {pos}/{len}  {msg}  {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self {
            bar,
            epochs,
            validation,
        }
    }

    /// An epoch begins, or goes on behind `batch`.
    pub fn begin_epoch(&self, epoch: usize, batch: usize, batches: usize) {
        let bar = &self.bar;
        bar.reset();
        bar.set_prefix(format!("epoch {epoch}/{}", self.epochs));
        bar.set_length(batches as u64);
        bar.set_position(batch as u64);
        bar.reset_eta();
    }

    /// A batch was learned.
    pub fn batch(&self, epoch: usize, batch: usize, batches: usize, score: Score) {
        self.bar.set_message(describe(&score));
        self.bar.set_position(batch as u64);
        if self.bar.is_hidden() && (batch == 1 || batch.is_multiple_of(PLAIN_STEP)) {
            say(&format!(
                "epoch {epoch}/{}, batch {batch}/{batches}: {}",
                self.epochs,
                describe(&score)
            ));
        }
    }

    /// Pictures were looked at without learning from them.
    pub fn looking(&self, what: &str, done: usize, total: usize) {
        self.bar.set_message(format!("{what}, {done} of {total}"));
    }

    /// An epoch is over.
    pub fn epoch(&self, record: &EpochRecord) {
        self.bar.finish_and_clear();
        let mut text = format!(
            "epoch {}/{}: training {}",
            record.epoch,
            self.epochs,
            describe(&record.training)
        );
        for (name, score) in self.validation.iter().zip(&record.validation) {
            text += &format!("; {name} {}", describe(score));
        }
        if record.best {
            text += " (best so far)";
        }
        say(&text);
    }

    /// Prints a line that the bar leaves standing.
    pub fn note(&self, text: &str) {
        self.bar.suspend(|| say(text));
    }
}

fn describe(score: &Score) -> String {
    format!(
        "loss {:.4}, accuracy {}",
        score.loss,
        percent(score.accuracy)
    )
}

/// A training doesn't end because nobody reads its lines any more.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}
