//! The detector as a burn module: whether an input shows a sign, and where the hand is.

use crate::parameters::ParameterSource;
use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};
use signet_recognizer::{BOUNDING_BOX_LAYER, PRESENCE_LAYER};

/// Two dense layers on the network's features.
#[derive(Module, Debug)]
pub struct Detector {
    /// Pooled features to the presence logit.
    pub presence: Linear,
    /// The 2x2 map before the pooling to the targets of the bounding box.
    pub bounding_box: Linear,
}

impl Detector {
    pub(crate) fn load(source: &mut ParameterSource, device: &Device) -> Self {
        let mut dense = |name| Linear {
            weight: source.dense_param(name, device),
            bias: Some(source.param(name, "bias", device)),
        };
        Self {
            presence: dense(PRESENCE_LAYER),
            bounding_box: dense(BOUNDING_BOX_LAYER),
        }
    }

    /// # Shapes
    ///
    /// - `features`: `[batch, features]`
    /// - `map`: `[batch, features, 2, 2]`
    /// - output: `[batch, 4]`: the presence logit, then the
    ///   [targets](signet_recognizer::BoundingBox::to_targets) of the bounding box
    pub fn forward(&self, features: Tensor<2>, map: Tensor<4>) -> Tensor<2> {
        let presence = self.presence.forward(features);
        let bounding_box = self.bounding_box.forward(map.flatten::<2>(1, 3));
        Tensor::cat(vec![presence, bounding_box], 1)
    }

    /// The layers with their names in weights files.
    pub(crate) fn layers(&self) -> [(&'static str, &Linear); 2] {
        [
            (PRESENCE_LAYER, &self.presence),
            (BOUNDING_BOX_LAYER, &self.bounding_box),
        ]
    }
}
