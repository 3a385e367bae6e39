//! A photo with its answers in each view.

use signet_recognizer::{Crop, Prediction};

/// Where in a photo the network looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum View {
    /// At the center square.
    Center,
    /// Where localization finds the hand.
    Localized,
    /// Where the hand is known to be.
    Box,
}

/// All of them, in the order of the table.
pub const VIEWS: [View; 3] = [View::Center, View::Localized, View::Box];

impl View {
    /// Its word in tables and file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Center => "center",
            Self::Localized => "localized",
            Self::Box => "box",
        }
    }
}

/// A photo and its answers.
pub struct Case {
    pub source: usize,
    /// The index of the label; none where there is no sign.
    pub truth: Option<usize>,
    /// The answers in the order of [`VIEWS`].
    pub predictions: [Prediction; 3],
    /// The crops that these are of.
    pub crops: [Crop; 3],
    /// Whether the hand has a box.
    pub boxed: bool,
    /// Whether the center crop frames the hand already.
    pub framed: bool,
}
