//! What is asked about a picture, and the answer.

use crate::error::Thrown;
use crate::picture::image_data;
use serde::{Deserialize, Serialize};
use signet_recognizer::{Detection, Picture};
use tsify::{Ts, Tsify};
use web_sys::ImageData;

/// A square part of a picture, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Tsify)]
pub struct Crop {
    /// First column.
    pub left: u32,
    /// First row.
    pub top: u32,
    /// Length of a side.
    pub side: u32,
}

impl From<signet_recognizer::Crop> for Crop {
    fn from(crop: signet_recognizer::Crop) -> Self {
        let signet_recognizer::Crop { left, top, side } = crop;
        Self { left, top, side }
    }
}

impl TryFrom<Crop> for signet_recognizer::Crop {
    type Error = Thrown;

    fn try_from(Crop { left, top, side }: Crop) -> Result<Self, Thrown> {
        if side == 0 {
            return Err(Thrown::setting("crop", "its side is 0"));
        }
        Ok(Self { left, top, side })
    }
}

/// Where in a picture the network looks. A network without a detector looks at the center, whatever it
/// is asked.
#[derive(Debug, Clone, Copy, PartialEq, Tsify)]
#[serde(tag = "at", rename_all = "lowercase")]
pub enum CropRequest {
    /// The largest square in the middle.
    Center,
    /// A crop that somebody has chosen, moved into the picture where it reaches beyond the border.
    /// Tracking goes on from it.
    Box {
        /// That crop.
        #[serde(rename = "box")]
        crop: Crop,
    },
    /// Wherever the hand is: some ten times the work.
    Anywhere,
    /// Where the hand was in the last frame of a video, and in a few places more while there is none:
    /// the same work while the hand is in sight, three times as much otherwise.
    Track {
        /// Whether a new video starts with this frame.
        fresh: bool,
        /// Which of several videos that take turns it is.
        #[tsify(optional)]
        video: Option<u32>,
    },
}

/// The fields of all kinds of [`CropRequest`]. Serde's own reader of a tagged enum adds 12 kB to
/// the module.
#[derive(Deserialize)]
struct Fields {
    at: String,
    #[serde(rename = "box")]
    crop: Option<Crop>,
    fresh: Option<bool>,
    video: Option<u32>,
}

impl CropRequest {
    /// # Errors
    ///
    /// `setting` where the object is none of the kinds.
    pub fn read(request: &Ts<Self>) -> Result<Self, Thrown> {
        let fields = serde_wasm_bindgen::from_value(request.js_value());
        let fields: Fields = fields.map_err(|error| Thrown::setting("crop", error))?;
        let Fields { video, .. } = fields;
        match (fields.at.as_str(), fields.crop, fields.fresh) {
            ("center", ..) => Ok(Self::Center),
            ("box", Some(crop), _) => Ok(Self::Box { crop }),
            ("anywhere", ..) => Ok(Self::Anywhere),
            ("track", _, Some(fresh)) => Ok(Self::Track { fresh, video }),
            (at, ..) => Err(Thrown::setting(
                "crop",
                format!("`{at}` is no whole request"),
            )),
        }
    }
}

/// An answer for one picture.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Prediction {
    /// The most probable label.
    pub label: String,
    /// Its probability if there is a sign, 0 to 1.
    pub probability: f32,
    /// The probability of every label, in the order of the classifier's `labels`.
    pub probabilities: Vec<f32>,
    /// The probability that there is a sign at all; only from a network with a detector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presence: Option<f32>,
    /// The part of the picture that the answer is about; only from a network with a detector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crop: Option<Crop>,
    /// Around a second, smaller hand, which the answer is not for; only where the hand was looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_hand: Option<Crop>,
    /// What the network read: 64 x 64 pixels.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "ImageData")]
    pub input: ImageData,
    /// Width of the picture as it was given, upright, in pixels.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// Milliseconds that the answer took, with reading the picture.
    pub latency_ms: f64,
}

impl Prediction {
    /// What was found in `picture`, in `latency_ms`.
    pub fn new(found: Detection, picture: &Picture, latency_ms: f64) -> Result<Self, Thrown> {
        let signet_recognizer::Prediction {
            label,
            probability,
            probabilities,
            presence,
            ..
        } = found.prediction;
        Ok(Self {
            label,
            probability,
            probabilities,
            presence,
            crop: presence.map(|_| found.crop.into()),
            second_hand: found.second_hand.map(Crop::from),
            input: image_data(&found.input)?,
            width: picture.width(),
            height: picture.height(),
            latency_ms,
        })
    }
}

/// The answer for an input.
#[derive(Serialize, Tsify)]
pub struct InputAnswer {
    /// The probability of every label if there is a sign, in the order of the classifier's `labels`.
    pub probabilities: Vec<f32>,
    /// As a [`Prediction`]'s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presence: Option<f32>,
}

/// The answers for several inputs.
#[derive(Serialize, Tsify)]
pub struct InputAnswers(pub Vec<InputAnswer>);
