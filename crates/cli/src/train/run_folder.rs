//! The folder that a training leaves behind.

use super::data::{SCORED, Scenes};
use crate::device::DeviceChoice;
use crate::{files, plot};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use signet_core::weights::sha256;
use signet_core::{Container, Dataset, EpochRecord, Precision, TrainConfig, Weights};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Everything that a training was started with: config.json.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunConfig {
    pub training: TrainConfig,
    pub labels: Vec<String>,
    pub data: Vec<PathBuf>,
    pub val: Vec<PathBuf>,
    pub init: Option<PathBuf>,
    pub device: DeviceChoice,
    /// How pictures are composed; none when they are learned from as they are.
    #[serde(default)]
    pub scenes: Option<Scenes>,
    pub pictures: Fingerprint,
}

impl RunConfig {
    /// Short names of the validation folders, such as `signs/val`.
    pub fn validation_names(&self) -> Vec<String> {
        let short: Vec<_> = self.val.iter().map(|path| last_two(path)).collect();
        let is_unique = |name| short.iter().filter(|other| *other == name).count() == 1;
        let names = self.val.iter().zip(&short).map(|(path, name)| {
            if is_unique(name) {
                name.clone()
            } else {
                path.display().to_string()
            }
        });
        // The suites are made of the validation folders' hands.
        let suites = self.scenes.iter().filter(|_| !self.val.is_empty());
        let suites = suites.flat_map(|_| SCORED);
        names.chain(suites.map(|suite| suite.to_string())).collect()
    }
}

/// By which a resumed training knows its pictures again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    training: usize,
    validation: Vec<usize>,
    sha256: String,
}

/// The counts of the pictures, and a hash over every pixel and label that the network meets.
pub fn fingerprint(training: &Dataset, validation: &[Dataset]) -> Fingerprint {
    let sets = std::iter::once(training).chain(validation);
    let mut bytes = Vec::new();
    for sample in sets.flat_map(Dataset::samples) {
        bytes.extend_from_slice(sample.square.rgb());
        bytes.extend_from_slice(&sample.label.to_le_bytes());
    }
    Fingerprint {
        training: training.len(),
        validation: validation.iter().map(Dataset::len).collect(),
        sha256: sha256(&bytes),
    }
}

fn last_two(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts[parts.len().saturating_sub(2)..].join("/")
}

/// The folder's files.
pub struct RunFolder(PathBuf);

impl RunFolder {
    pub fn new(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

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

    pub fn write_best(&self, weights: &Weights) -> Result<()> {
        let bytes = weights.to_bytes(Precision::F32)?;
        files::write(&self.file("best.safetensors"), &bytes)
    }

    pub fn write_last(&self, weights: &Weights) -> Result<()> {
        let bytes = weights.to_bytes(Precision::F32)?;
        files::write(&self.file("last.safetensors"), &bytes)
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
