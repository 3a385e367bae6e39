//! Weights files, and networks made of them that have proved themselves.

use crate::device::DeviceChoice;
use crate::files;
use anyhow::{Context, Result};
use signet_recognizer::{Classifier, Weights};
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
