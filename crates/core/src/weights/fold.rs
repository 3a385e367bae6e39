//! Folding batch norm into the convolution before it.

use super::{NORM_LEAVES, Weights};
use crate::config::EPSILON;

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
                tensor.map_or_else(Vec::new, |tensor| tensor.data)
            });
            // In float64, so that folding costs one rounding and no more.
            let scales: Vec<f64> = gamma
                .iter()
                .zip(&variance)
                .map(|(&gamma, &variance)| {
                    f64::from(gamma) / (f64::from(variance) + EPSILON).sqrt()
                })
                .collect();
            if let Some(kernel) = self.tensors.get_mut(&format!("{}.kernel", layer.name)) {
                let per_channel = kernel.data.len() / layer.output;
                for (row, scale) in kernel.data.chunks_mut(per_channel).zip(&scales) {
                    row.iter_mut()
                        .for_each(|weight| *weight = (f64::from(*weight) * scale) as f32);
                }
            }
            if let Some(bias) = self.tensors.get_mut(&format!("{}.bias", layer.name)) {
                for (channel, value) in bias.data.iter_mut().enumerate() {
                    let centred = f64::from(*value) - f64::from(mean[channel]);
                    *value = (centred * scales[channel] + f64::from(beta[channel])) as f32;
                }
            }
        }
        self
    }
}
