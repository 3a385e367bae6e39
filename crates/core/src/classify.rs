//! Inference by the network's burn module, on any burn device.

use crate::batch::{batch, read};
use crate::model::ResNet;
use crate::operations::on_flex;
use burn::tensor::Device;
use signet_recognizer::{Arithmetic, Backend, Classifier, InputImage, Outputs, Running, Weights};

/// A classifier on `device`, batch norm folded. On Flex, burn's CPU device, the engine computes it,
/// with the same answers and several times faster.
pub fn classifier(weights: Weights, device: &Device) -> Classifier {
    if engine_serves(device) {
        return Classifier::on_cpu(&weights, Arithmetic::Fastest);
    }
    // On a device that tracks gradients, batch norm would be in training mode.
    let device = device.clone().without_autodiff();
    let network = ResNet::load(weights.clone().fold(), 0.0, &device);
    let parts = None;
    Classifier::new(&weights, BurnBackend { network, parts })
}

/// Whether the engine computes what needs no gradients on `device`: true for burn's CPU device.
pub(crate) fn engine_serves(device: &Device) -> bool {
    on_flex(device)
}

/// A burn network, or its first parts, on the network's device, which tracks no gradients.
#[derive(Debug)]
pub(crate) struct BurnBackend {
    pub network: ResNet,
    /// How many of the network's [parts](signet_recognizer::ResNetConfig::parts) are computed; none for
    /// the whole network.
    pub parts: Option<usize>,
}

impl Backend for BurnBackend {
    fn run<'a>(&'a self, inputs: &'a [InputImage]) -> Running<'a> {
        Box::pin(async {
            let input = batch(inputs, &self.network.device());
            let (shape, rows) = match self.parts {
                None => {
                    let classes = self.network.config().classes;
                    ([classes, 1, 1], self.network.answer_from(0, input))
                }
                Some(parts) => {
                    let map = self.network.forward_until(parts, input);
                    let [_, channels, height, width] = map.dims();
                    ([channels, height, width], map.flatten(1, 3))
                }
            };
            let rows = read(rows).await?;
            let length = rows.shape[1];
            let rows = rows.floats().chunks(length).map(<[f32]>::to_vec).collect();
            Ok(Outputs { rows, shape })
        })
    }
}
