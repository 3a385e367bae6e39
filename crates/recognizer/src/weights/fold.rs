//! Folding batch norm into the convolution before it: with s = gamma / sqrt(variance + epsilon), each
//! output channel's kernel is scaled by s, and its bias becomes (bias - mean) s + beta.

use super::tensor::Tensors;
use crate::config::{ConvLayer, EPSILON, ResNetConfig};
use crate::error::{Error, Result};

/// The leaves of a batch norm, in weights files.
pub(super) const NORM_LEAVES: [&str; 4] = ["gamma", "beta", "running_mean", "running_variance"];

/// For each output channel s, in float64 so that folding rounds each weight once, and the folded bias.
fn channels(layer: &ConvLayer, tensors: &Tensors) -> Vec<(f64, f32)> {
    let [gamma, beta, mean, variance] =
        NORM_LEAVES.map(|leaf| tensors[&format!("{}.{leaf}", layer.norm)].floats());
    let bias = tensors[&format!("{}.bias", layer.name)].floats();
    let channels = (0..layer.output).map(|at| {
        let scale = f64::from(gamma[at]) / (f64::from(variance[at]) + EPSILON).sqrt();
        let centered = f64::from(bias[at]) - f64::from(mean[at]);
        (scale, (centered * scale + f64::from(beta[at])) as f32)
    });
    channels.collect()
}

fn times(weight: f32, scale: f64) -> f32 {
    (f64::from(weight) * scale) as f32
}

/// Refuses finite tensors from which folding computes values that are not finite: a variance below
/// zero, or huge values. The tensors are complete and have their shapes.
pub(super) fn check(config: &ResNetConfig, tensors: &Tensors) -> Result<()> {
    for layer in config.conv_layers() {
        let kernel = &tensors[&format!("{}.kernel", layer.name)].floats();
        let rows = kernel.chunks(kernel.len() / layer.output);
        for (index, (row, (scale, bias))) in rows.zip(channels(&layer, tensors)).enumerate() {
            let largest = row.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
            if !times(largest, scale).is_finite() || !bias.is_finite() {
                let name = format!("{}.running_variance", layer.norm);
                return Err(Error::WeightsValues { name, index });
            }
        }
    }
    Ok(())
}

/// Folds checked tensors.
pub(super) fn fold(config: &ResNetConfig, tensors: &mut Tensors) {
    for layer in config.conv_layers() {
        let channels = channels(&layer, tensors);
        for leaf in NORM_LEAVES {
            tensors.remove(&format!("{}.{leaf}", layer.norm));
        }
        if let Some(kernel) = tensors.get_mut(&format!("{}.kernel", layer.name)) {
            let per_channel = kernel.count() / layer.output;
            let rows = kernel.floats_mut().chunks_mut(per_channel);
            for (row, (scale, _)) in rows.zip(&channels) {
                row.iter_mut().for_each(|w| *w = times(*w, *scale));
            }
        }
        if let Some(bias) = tensors.get_mut(&format!("{}.bias", layer.name)) {
            *bias.floats_mut() = channels.into_iter().map(|(_, bias)| bias).collect();
        }
    }
}
