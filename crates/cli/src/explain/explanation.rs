//! What is found out about a label.

use signet_recognizer::inspect::Evidence;

/// The word for the presence of a sign.
pub const PRESENCE: &str = "sign";

/// What speaks for a label.
pub struct Explanation {
    /// The label, or [`PRESENCE`].
    pub label: String,
    /// From one input: quadrants.
    pub coarse: Evidence,
    /// From shifted inputs, with their mirror images where signs mean the same in a mirror.
    pub fine: Evidence,
    /// For each window how much lower the logit is without it.
    pub occlusion: Vec<f32>,
}
