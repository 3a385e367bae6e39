//! The outcome for one picture.

use serde::Serialize;
use signet_recognizer::{Crop, Prediction};

/// The outcome for one file.
#[derive(Serialize)]
pub struct Answer {
    pub file: String,
    #[serde(flatten)]
    pub outcome: Outcome,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Outcome {
    Prediction {
        #[serde(flatten)]
        prediction: Prediction,
        /// The most probable label, also where the answer is none.
        class: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        presence: Option<f32>,
        #[serde(rename = "window", skip_serializing_if = "Option::is_none")]
        crop: Option<Crop>,
        /// Around a second, smaller hand, where there is a sign.
        #[serde(skip_serializing_if = "Option::is_none")]
        second_hand: Option<Crop>,
    },
    Unreadable {
        error: String,
        code: &'static str,
    },
}
