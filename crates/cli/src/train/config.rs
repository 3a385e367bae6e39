//! What a training was started with, as config.json in its folder holds it.

use crate::device::DeviceChoice;
use crate::folder::{Purpose, Source};
use crate::photos::Part;
use serde::{Deserialize, Serialize};
use signet_core::{Dataset, TrainConfig};
use signet_recognizer::InputImage;
use signet_recognizer::weights::sha256;
use signet_scenes::{Mix, Suite};
use std::path::{Path, PathBuf};

/// The suites that a training with composed pictures is scored on after each epoch, beside the
/// validation folders that their hands come from.
pub const SCORED: [Suite; 4] = [
    Suite::Clutter,
    Suite::Small,
    Suite::DrawnOutline,
    Suite::OtherFingers,
];

/// How training pictures are composed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scenes {
    /// Composed pictures in an epoch.
    pub pictures: usize,
    /// How often which kind.
    pub mix: Mix,
    /// How often each is learned from.
    #[serde(default = "once")]
    pub views: usize,
    /// Indices of real photos with boxes, crops of which are learned from, too.
    #[serde(default)]
    pub photos: Vec<PathBuf>,
    /// Whose photos these are: a last training takes those of the people that were held out, too.
    #[serde(default)]
    pub photos_of: Part,
    /// The share of these crops.
    #[serde(default = "half")]
    pub photos_share: f64,
}

fn half() -> f64 {
    0.5
}

fn once() -> usize {
    1
}

impl Default for Scenes {
    fn default() -> Self {
        Self {
            pictures: 8192,
            mix: Mix::default(),
            views: once(),
            photos: Vec::new(),
            photos_of: Part::default(),
            photos_share: half(),
        }
    }
}

/// Everything that a training was started with: config.json.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunConfig {
    pub training: TrainConfig,
    pub labels: Vec<String>,
    pub data: Vec<PathBuf>,
    pub val: Vec<PathBuf>,
    /// Labels of pictures without a sign, beside `none`.
    #[serde(default)]
    pub without_sign: Vec<String>,
    pub init: Option<PathBuf>,
    pub device: DeviceChoice,
    /// How pictures are composed; none when they are learned from as they are.
    #[serde(default)]
    pub scenes: Option<Scenes>,
    /// Whether the weights after every epoch are kept.
    #[serde(default)]
    pub keep_epochs: bool,
    /// Sources of real photos that are held out: a validation set each.
    #[serde(default)]
    pub held_out: Vec<String>,
    pub pictures: Fingerprint,
}

impl RunConfig {
    /// Folders and files of the training, and how they are read.
    pub fn source<'a>(&'a self, paths: &'a [PathBuf], purpose: Purpose) -> Source<'a> {
        Source {
            paths,
            without_sign: &self.without_sign,
            purpose,
        }
    }

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
        let names = names.chain(suites.map(|suite| suite.to_string()));
        let held_out = self.held_out.iter().map(|source| format!("real {source}"));
        names.chain(held_out).collect()
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
pub fn fingerprint(
    training: &Dataset,
    negatives: &[InputImage],
    validation: &[Dataset],
) -> Fingerprint {
    let sets = std::iter::once(training).chain(validation);
    let mut bytes = Vec::new();
    for sample in sets.flat_map(Dataset::samples) {
        bytes.extend_from_slice(sample.input.rgb());
        bytes.extend_from_slice(&sample.label.to_le_bytes());
    }
    bytes.extend(negatives.iter().flat_map(InputImage::rgb));
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
