//! Classification by the network's burn module, on any burn device.

use crate::batch::{batch, read};
use crate::model::ResNet;
use crate::operations::on_flex;
use burn::tensor::Device;
use signet_recognizer::{Arithmetic, Backend, Classifier, InputImage, Outputs, Running, Weights};

/// A classifier on `device`, batch norm folded. Flex, burn's CPU device, is served by the engine,
/// which answers the same and several times faster.
pub fn classifier(weights: Weights, device: &Device) -> Classifier {
    if serves(device) {
        return Classifier::on_cpu(&weights, Arithmetic::Fastest);
    }
    // A device that tracks gradients would put batch norm into training mode.
    let device = device.clone().without_autodiff();
    let network = ResNet::load(weights.clone().fold(), 0.0, &device);
    Classifier::new(&weights, BurnBackend { network, device })
}

/// Whether the engine computes what needs no gradients on `device`: burn's CPU device, as long as
/// no other library was asked for.
pub(crate) fn serves(device: &Device) -> bool {
    on_flex(device)
}

#[derive(Debug)]
struct BurnBackend {
    network: ResNet,
    device: Device,
}

impl Backend for BurnBackend {
    fn run<'a>(&'a self, inputs: &'a [InputImage]) -> Running<'a> {
        Box::pin(async {
            let answers = self.network.answer_from(0, batch(inputs, &self.device));
            let answers = read(answers).await?;
            let rows = answers.floats();
            let rows = rows.chunks(answers.shape[1]).map(<[f32]>::to_vec);
            Ok(Outputs {
                rows: rows.collect(),
                shape: [self.network.config().classes, 1, 1],
            })
        })
    }
}
