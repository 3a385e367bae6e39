//! What the detector says of a picture: whether it shows a sign, and where the hand is.
//!
//! The detector is two dense layers on the network's features. Their outputs stand behind the logits.

use serde::{Deserialize, Serialize};

/// The answer for a picture without a sign.
pub const NO_SIGN: &str = "none";

/// Outputs of the detector behind the logits: the logit of presence, then the bounding box.
pub const DETECTOR_OUTPUTS: usize = 4;

/// The name in weights files of the dense layer from the pooled features to the logit of presence.
pub const PRESENCE_LAYER: &str = "sign";

/// The name in weights files of the dense layer from the 2x2 feature map to the bounding box.
pub const BOUNDING_BOX_LAYER: &str = "region";

/// The square crop in which the classifier reads a hand best, in units of the side of the picture
/// that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BoundingBox {
    /// Centre, from the left.
    pub x: f32,
    /// Centre, from the top.
    pub y: f32,
    /// Length of a side.
    pub side: f32,
}

impl BoundingBox {
    /// The regression targets: offsets of the centre from the picture's, and the binary logarithm
    /// of the side, so that an error of a given share counts alike for small and large hands.
    pub fn to_targets(self) -> [f32; 3] {
        [self.x - 0.5, self.y - 0.5, self.side.log2()]
    }

    /// The inverse of [`to_targets`](Self::to_targets). Values that no trained network gives are
    /// clamped: centres to 1 beyond the picture's, sides to 1/16 to 4.
    pub fn from_targets([x, y, side]: [f32; 3]) -> Self {
        Self {
            x: x.clamp(-1.0, 1.0) + 0.5,
            y: y.clamp(-1.0, 1.0) + 0.5,
            side: side.clamp(-4.0, 2.0).exp2(),
        }
    }
}

/// Names and shapes of the detector's tensors on `features` features.
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
