//! Folding batch norm into the convolution before it.

use super::{HostTensor, NORM_LEAVES, Tensors, Weights};
use crate::config::{EPSILON, ResNetConfig};
use crate::error::{Error, Result};

/// The s of a channel. In float64, so that folding costs one rounding and no more.
fn scale(gamma: f32, variance: f32) -> f64 {
    f64::from(gamma) / (f64::from(variance) + EPSILON).sqrt()
}

/// (bias - mean) s + beta.
fn shifted(bias: f32, mean: f32, scale: f64, beta: f32) -> f32 {
    ((f64::from(bias) - f64::from(mean)) * scale + f64::from(beta)) as f32
}

/// Refuses finite numbers which folding makes others of: a variance below zero, or huge ones. The
/// tensors are all there, with their shapes.
pub(super) fn check(config: &ResNetConfig, tensors: &Tensors) -> Result<()> {
    for layer in config.conv_layers() {
        let [gamma, beta, mean, variance] =
            NORM_LEAVES.map(|leaf| tensors[&format!("{}.{leaf}", layer.norm)].floats());
        let kernel = &tensors[&format!("{}.kernel", layer.name)].floats();
        let bias = &tensors[&format!("{}.bias", layer.name)].floats();
        let rows = kernel.chunks(kernel.len() / layer.output);
        for (index, row) in rows.enumerate() {
            let scale = scale(gamma[index], variance[index]);
            let largest = row.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
            let folded = (f64::from(largest) * scale) as f32;
            let bias = shifted(bias[index], mean[index], scale, beta[index]);
            if !folded.is_finite() || !bias.is_finite() {
                let name = format!("{}.running_variance", layer.norm);
                return Err(Error::WeightsValues { name, index });
            }
        }
    }
    Ok(())
}

impl Weights {
    /// The same function without batch norms: with s = gamma / sqrt(variance + epsilon), each
    /// output channel's kernel is scaled by s and its bias becomes (bias - mean) s + beta.
    /// Weights that are folded already come back as they are.
    pub fn fold(mut self) -> Self {
        if self.is_folded() {
            return self;
        }
        for layer in self.config.conv_layers() {
            let [gamma, beta, mean, variance] = NORM_LEAVES.map(|leaf| {
                let tensor = self.tensors.remove(&format!("{}.{leaf}", layer.norm));
                tensor.map_or_else(Vec::new, HostTensor::into_floats)
            });
            let channels = gamma.iter().zip(&variance);
            let scales: Vec<f64> = channels.map(|(&g, &v)| scale(g, v)).collect();
            if let Some(kernel) = self.tensors.get_mut(&format!("{}.kernel", layer.name)) {
                let per_channel = kernel.count() / layer.output;
                for (row, scale) in kernel.floats_mut().chunks_mut(per_channel).zip(&scales) {
                    row.iter_mut()
                        .for_each(|weight| *weight = (f64::from(*weight) * scale) as f32);
                }
            }
            if let Some(bias) = self.tensors.get_mut(&format!("{}.bias", layer.name)) {
                for (channel, value) in bias.floats_mut().iter_mut().enumerate() {
                    *value = shifted(*value, mean[channel], scales[channel], beta[channel]);
                }
            }
        }
        self
    }
}
