//! The detector's outputs: whether an input shows a sign, and where the hand is.
//!
//! The detector is two dense layers on the network's features. Its outputs follow the logits.

use serde::{Deserialize, Serialize};

/// The answer for a picture without a sign.
pub const NO_SIGN: &str = "none";

/// How many outputs of the detector follow the logits: the presence logit, then the three
/// [targets](BoundingBox::to_targets) of the bounding box.
pub const DETECTOR_OUTPUTS: usize = 4;

/// The name in weights files of the dense layer from the pooled features to the presence logit.
pub const PRESENCE_LAYER: &str = "sign";

/// The name in weights files of the dense layer from the 2x2 feature map to the bounding box.
pub const BOUNDING_BOX_LAYER: &str = "region";

/// The square in which the classifier reads the hand best, in units of the input's side.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BoundingBox {
    /// Center, from the left.
    pub x: f32,
    /// Center, from the top.
    pub y: f32,
    /// Length of a side.
    pub side: f32,
}

impl BoundingBox {
    /// The regression targets: offsets of the center from the input's center, and the binary logarithm
    /// of the side, so that the same relative error counts alike for small and large hands.
    pub fn to_targets(self) -> [f32; 3] {
        [self.x - 0.5, self.y - 0.5, self.side.log2()]
    }

    /// The inverse of [`to_targets`](Self::to_targets). Values that no trained network gives are
    /// clamped: offsets to -1 to 1, sides to 1/16 to 4.
    pub fn from_targets([x, y, side]: [f32; 3]) -> Self {
        Self {
            x: x.clamp(-1.0, 1.0) + 0.5,
            y: y.clamp(-1.0, 1.0) + 0.5,
            side: side.clamp(-4.0, 2.0).exp2(),
        }
    }
}

/// Whether a tensor is one of the detector's.
pub(crate) fn is_of_detector(name: &str) -> bool {
    let layer = name.split('.').next();
    layer == Some(PRESENCE_LAYER) || layer == Some(BOUNDING_BOX_LAYER)
}

/// Names and shapes of the detector's tensors in a network of `features` features.
pub(crate) fn tensors(features: usize) -> [(String, Vec<usize>); 4] {
    [
        (format!("{PRESENCE_LAYER}.kernel"), vec![1, features]),
        (format!("{PRESENCE_LAYER}.bias"), vec![1]),
        (
            format!("{BOUNDING_BOX_LAYER}.kernel"),
            vec![3, features * 4],
        ),
        (format!("{BOUNDING_BOX_LAYER}.bias"), vec![3]),
    ]
}
