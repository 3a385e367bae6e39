//! The finder: whether a picture shows a sign, and where, read off the network's features.

use crate::weights::TensorSource;
use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

/// What is answered when there is no sign.
pub const NO_SIGN: &str = "none";

/// The finder's columns behind the logits.
pub(crate) const COLUMNS: usize = 4;

/// The layers' names in weights files.
pub(crate) const SIGN: &str = "sign";
pub(crate) const REGION: &str = "region";

/// The square of a picture in which a hand is framed as the classifier likes it best, with the
/// picture's side as the unit: `x` and `y` are its centre from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// Centre, from the left.
    pub x: f32,
    /// Centre, from the top.
    pub y: f32,
    /// Length of a side.
    pub side: f32,
}

impl Region {
    /// As the network learns it: offsets from the picture's centre, and the side's binary
    /// logarithm, so that an error of a given share counts alike for small and large hands.
    pub(crate) fn to_columns(self) -> [f32; 3] {
        [self.x - 0.5, self.y - 0.5, self.side.log2()]
    }

    /// The way back. What no network in its senses says is brought into bounds.
    pub(crate) fn from_columns([x, y, side]: [f32; 3]) -> Self {
        Self {
            x: x.clamp(-1.0, 1.0) + 0.5,
            y: y.clamp(-1.0, 1.0) + 0.5,
            side: side.clamp(-4.0, 2.0).exp2(),
        }
    }
}

/// Two dense layers on the features.
#[derive(Module, Debug)]
pub struct Finder {
    /// Pooled features to the logit of there being a sign.
    pub sign: Linear,
    /// The 2x2 map before the pooling to the region's columns.
    pub region: Linear,
}

impl Finder {
    pub(crate) fn load(source: &mut TensorSource, device: &Device) -> Self {
        let mut dense = |name| Linear {
            weight: source.dense_param(name, device),
            bias: Some(source.param(name, "bias", device)),
        };
        Self {
            sign: dense(SIGN),
            region: dense(REGION),
        }
    }

    /// # Shapes
    ///
    /// - `features`: `[batch, features]`
    /// - `map`: `[batch, features, 2, 2]`
    /// - output: `[batch, 4]`: the logit of a sign, then the [`Region`]'s centre as offsets from
    ///   the middle and the binary logarithm of its side
    pub fn forward(&self, features: Tensor<2>, map: Tensor<4>) -> Tensor<2> {
        let sign = self.sign.forward(features);
        let region = self.region.forward(map.flatten::<2>(1, 3));
        Tensor::cat(vec![sign, region], 1)
    }

    /// The layers with their names.
    pub(crate) fn layers(&self) -> [(&'static str, &Linear); 2] {
        [(SIGN, &self.sign), (REGION, &self.region)]
    }

    /// Names and shapes of its tensors.
    pub(crate) fn tensors(features: usize) -> [(String, Vec<usize>); 4] {
        [
            (format!("{SIGN}.kernel"), vec![1, features]),
            (format!("{SIGN}.bias"), vec![1]),
            (format!("{REGION}.kernel"), vec![3, features * 4]),
            (format!("{REGION}.bias"), vec![3]),
        ]
    }
}
