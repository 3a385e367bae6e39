//! The mean of several weights files of one training.

use crate::weights;
use anyhow::{Context, Result, bail};
use signet_recognizer::Weights;
use std::path::PathBuf;

/// Reads weights; of several files the mean of every tensor (Izmailov et al. 2018,
/// arXiv:1803.05407). Running statistics are averaged, too: those of neighbouring epochs are close.
pub fn read(paths: &[PathBuf]) -> Result<Weights> {
    let (first, others) = paths.split_first().context("no weights are given")?;
    let sum = weights::read(first)?;
    if others.is_empty() {
        return Ok(sum);
    }
    let (config, labels) = (sum.config().clone(), sum.labels().to_vec());
    let mut sum = sum.into_tensors();
    for path in others {
        let weights = weights::read(path)?;
        let alike = *weights.config() == config && weights.labels() == labels;
        if !alike || !weights.tensors().keys().eq(sum.keys()) {
            bail!(
                "{} and {} are not of one training: network, labels or batch norms differ",
                first.display(),
                path.display()
            );
        }
        for (name, tensor) in weights.tensors() {
            let sums = sum.get_mut(name).into_iter();
            let sums = sums.flat_map(|sum| sum.floats_mut().iter_mut());
            sums.zip(tensor.floats().iter())
                .for_each(|(sum, value)| *sum += value);
        }
    }
    let count = paths.len() as f32;
    for tensor in sum.values_mut() {
        tensor
            .floats_mut()
            .iter_mut()
            .for_each(|value| *value /= count);
    }
    Ok(Weights::new(config, labels, sum)?)
}
