//! What a training shows while it runs: a bar for each epoch on a terminal, plain lines elsewhere.

use crate::output::percent;
use indicatif::{ProgressBar, ProgressStyle};
use signet_core::{EpochRecord, Score};
use std::io::{IsTerminal, Write};

/// Batches between two plain lines.
const PLAIN_STEP: usize = 25;

/// The display of a training.
pub struct Progress {
    bar: Option<ProgressBar>,
    epochs: usize,
    validation: Vec<String>,
}

impl Progress {
    /// `validation` names the validation sets.
    pub fn new(epochs: usize, validation: Vec<String>) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let template = "{prefix} {wide_bar} {pos}/{len}  {msg}  {eta} left";
            let bar = ProgressBar::no_length();
            match ProgressStyle::with_template(template) {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        Self {
            bar,
            epochs,
            validation,
        }
    }

    /// An epoch begins, or goes on behind `batch`.
    pub fn begin_epoch(&self, epoch: usize, batch: usize, batches: usize) {
        if let Some(bar) = &self.bar {
            bar.reset();
            bar.set_prefix(format!("epoch {epoch}/{}", self.epochs));
            bar.set_length(batches as u64);
            bar.set_position(batch as u64);
            bar.reset_eta();
        }
    }

    /// A batch was learned.
    pub fn batch(&self, epoch: usize, batch: usize, batches: usize, score: Score) {
        if let Some(bar) = &self.bar {
            bar.set_message(describe(&score));
            bar.set_position(batch as u64);
        } else if batch == 1 || batch.is_multiple_of(PLAIN_STEP) {
            say(&format!(
                "epoch {epoch}/{}, batch {batch}/{batches}: {}",
                self.epochs,
                describe(&score)
            ));
        }
    }

    /// Pictures were looked at without learning from them.
    pub fn looking(&self, what: &str, done: usize, total: usize) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{what}, {done} of {total}"));
        }
    }

    /// An epoch is over.
    pub fn epoch(&self, record: &EpochRecord) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
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
        match &self.bar {
            Some(bar) => bar.suspend(|| say(text)),
            None => say(text),
        }
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
