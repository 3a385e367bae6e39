//! Folding batch norm into the convolution before it.

use super::checked::Weights;
use super::norm::{NORM_LEAVES, scale, shifted};
use super::tensor::HostTensor;

impl Weights {
    /// The same function without batch norms: with s = gamma / sqrt(variance + epsilon), each output
    /// channel's kernel is scaled by s, and its bias becomes (bias - mean) s + beta. Folded weights are
    /// returned unchanged.
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
