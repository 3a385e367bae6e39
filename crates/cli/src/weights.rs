//! Weights files, and networks made of them that have proved themselves.

use crate::device::DeviceChoice;
use crate::{files, output};
use anyhow::{Context, Result};
use signet_recognizer::{Classifier, ResNetConfig, Weights};
use std::path::Path;

/// Pictures that go through the network together.
pub const BATCH: usize = 32;

/// A sign that is less probable than this is answered with none. `signet export` shifts what the
/// detector says so that this is the place for the threshold.
pub const THRESHOLD: f32 = 0.5;

/// Reads and checks a weights file.
pub fn read(path: &Path) -> Result<Weights> {
    let bytes = files::read(path)?;
    Weights::from_bytes(&bytes).with_context(|| format!("{} cannot be used", path.display()))
}

/// Reads a weights file and puts its network on a device. If the file has reference logits, the
/// device must reproduce them.
pub fn classifier(path: &Path, device: DeviceChoice) -> Result<Classifier> {
    let weights = read(path)?;
    let classifier = signet_core::classifier(weights, &device.open()?);
    pollster::block_on(classifier.self_check())
        .with_context(|| format!("{} does not work on the device {device}", path.display()))?;
    Ok(classifier)
}

/// The weights to start from: those of a file under the labels of the pictures, or a fresh draw.
pub fn initial(init: Option<&Path>, labels: &[String], seed: u64) -> Result<Weights> {
    let Some(path) = init else {
        let config = ResNetConfig::default().with_classes(labels.len());
        output::line(format!("starting from a random network, seed {seed}"))?;
        return Ok(Weights::initial(config, labels.to_vec(), seed)?);
    };
    let weights = read(path)?;
    let mut notes = String::new();
    if weights.labels() != labels {
        notes += ", with a fresh head for other labels";
    }
    if weights.is_folded() {
        notes += ", with its batch-norm statistics folded in";
    }
    output::line(format!("starting from {}{notes}", path.display()))?;
    // One that was trained for other signs may take these for no sign.
    let weights = if weights.labels() == labels {
        weights
    } else {
        weights.without_detector()
    };
    Ok(weights.with_labels(labels.to_vec())?)
}
