//! The arithmetic of folding a batch norm, channel by channel.

use super::tensor::Tensors;
use crate::config::{EPSILON, ResNetConfig};
use crate::error::{Error, Result};

/// The leaves of a batch norm, in weights files.
pub(super) const NORM_LEAVES: [&str; 4] = ["gamma", "beta", "running_mean", "running_variance"];

/// The scale s of a channel. In float64, so that folding rounds each weight once.
pub(super) fn scale(gamma: f32, variance: f32) -> f64 {
    f64::from(gamma) / (f64::from(variance) + EPSILON).sqrt()
}

/// A channel's folded bias: (bias - mean) s + beta.
pub(super) fn shifted(bias: f32, mean: f32, scale: f64, beta: f32) -> f32 {
    ((f64::from(bias) - f64::from(mean)) * scale + f64::from(beta)) as f32
}

/// Refuses finite tensors from which folding computes values that are not finite: a variance below
/// zero, or huge values. The tensors are complete and have their shapes.
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
