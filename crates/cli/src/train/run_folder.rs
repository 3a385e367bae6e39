//! The folder that a training leaves behind.

use super::config::RunConfig;
use crate::{files, plot};
use anyhow::{Context, Result};
use signet_core::EpochRecord;
use signet_recognizer::{Container, Precision, Weights};
use std::fmt::Write;
use std::path::PathBuf;

/// The folder, by its path, and its files.
pub struct RunFolder(pub PathBuf);

impl RunFolder {
    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn checkpoint(&self) -> PathBuf {
        self.file("checkpoint.safetensors")
    }

    /// Whether a training has been started here that can be continued.
    pub fn has_checkpoint(&self) -> bool {
        self.checkpoint().exists()
    }

    pub fn read_checkpoint(&self) -> Result<Vec<u8>> {
        files::read(&self.checkpoint())
    }

    pub fn write_checkpoint(&self, checkpoint: &Container<'_>) -> Result<()> {
        files::write(&self.checkpoint(), &checkpoint.to_bytes())
    }

    pub fn read_config(&self) -> Result<RunConfig> {
        let path = self.file("config.json");
        serde_json::from_slice(&files::read(&path)?)
            .with_context(|| format!("{} is not what signet train wrote", path.display()))
    }

    pub fn write_config(&self, config: &RunConfig) -> Result<()> {
        let json = serde_json::to_vec_pretty(config)?;
        files::write(&self.file("config.json"), &json)
    }

    pub fn write_weights(&self, name: &str, weights: &Weights) -> Result<()> {
        files::write(&self.file(name), &weights.to_bytes(Precision::Kept)?)
    }

    /// The learning curves, as numbers and as a picture.
    pub fn write_history(&self, history: &[EpochRecord], validation: &[String]) -> Result<()> {
        let csv = csv(history, validation)?;
        files::write(&self.file("history.csv"), csv.as_bytes())?;
        let svg = plot::learning_curves(history, validation)?;
        files::write(&self.file("curves.svg"), svg.as_bytes())
    }
}

fn csv(history: &[EpochRecord], validation: &[String]) -> Result<String> {
    let mut text = String::from("epoch,training loss,training accuracy");
    for name in validation {
        // Quoted, with quotes doubled: a folder's name may hold anything.
        let name = name.replace('"', "\"\"");
        write!(text, ",\"{name} loss\",\"{name} accuracy\"")?;
    }
    text.push_str(",best\n");
    for record in history {
        write!(text, "{}", record.epoch)?;
        for score in std::iter::once(&record.training).chain(&record.validation) {
            write!(text, ",{},{}", score.loss, score.accuracy)?;
        }
        writeln!(text, ",{}", record.best)?;
    }
    Ok(text)
}
