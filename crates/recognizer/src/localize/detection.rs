//! The network's answer for a crop, and where it says that the hand is.

use crate::classifier::{Classifier, Prediction, argmax, sigmoid};
use crate::detector::BoundingBox;
use crate::error::{Error, Result};
use crate::picture::Picture;
use crate::preprocess::{Crop, INPUT_SIDE, InputImage};

/// Classifications beside the best crop's own that its answer is averaged over: its bounding box, since a
/// hand may be framed better, and the mirror images of both, since it may be a left or a right one.
pub(super) const AVERAGED: usize = 3;

/// By how much a search lowers the log odds of the presence. The best of several crops is taken for a sign more
/// easily than a single one.
pub(super) const STRICTER: f32 = 0.25;

/// Side of the smallest crop that is classified, in pixels.
pub const SMALLEST_CROP: u32 = 24;

/// A hand whose presence is below this is lost.
pub(super) const LOST: f32 = 0.5;

/// A prediction for a crop of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Detection {
    /// The crop around the hand.
    pub crop: Crop,
    /// The crop as the network's input.
    pub input: InputImage,
    /// The network's answer for it.
    pub prediction: Prediction,
    /// The crop around a second, smaller hand, which the answer is not for.
    pub second_hand: Option<Crop>,
}

impl Classifier {
    /// Classifies one crop.
    ///
    /// # Errors
    ///
    /// As [`classify`](Self::classify).
    pub async fn classify_crop(&self, picture: &Picture, crop: Crop) -> Result<Detection> {
        let seen = self.classify_crops(picture, &[crop]).await?;
        seen.into_iter().next().ok_or_else(no_answer)
    }

    /// The answer for the hand in a crop: the mean over that crop, the bounding box that was detected in it,
    /// and the mirror images of both, with the log odds of its presence lowered by `stricter`.
    pub(super) async fn answer(
        &self,
        picture: &Picture,
        seen: &Detection,
        stricter: f32,
    ) -> Result<Detection> {
        let crop = refine(picture, seen);
        let input = picture.input_of(crop, INPUT_SIDE);
        let inputs = [input.clone(), input.mirrored(), seen.input.mirrored()];
        let mut answers = self.classify(&inputs).await?;
        answers.push(seen.prediction.clone());
        let mut prediction = self.average(answers)?;
        let lowered = |presence| sigmoid(log_odds(presence) - stricter);
        prediction.presence = prediction.presence.map(lowered);
        Ok(Detection {
            crop,
            input,
            prediction,
            second_hand: None,
        })
    }

    /// One prediction for several inputs of the same hand: the mean of their probabilities.
    fn average(&self, predictions: Vec<Prediction>) -> Result<Prediction> {
        let count = predictions.len() as f32;
        let sum = predictions.into_iter().reduce(|mut sum, other| {
            for (sum, p) in sum.probabilities.iter_mut().zip(&other.probabilities) {
                *sum += p;
            }
            sum.presence = sum.presence.zip(other.presence).map(|(sum, p)| sum + p);
            sum
        });
        let mut mean = sum.ok_or_else(no_answer)?;
        mean.probabilities.iter_mut().for_each(|p| *p /= count);
        mean.presence = mean.presence.map(|sum| sum / count);
        let best = argmax(&mean.probabilities);
        mean.probability = mean.probabilities[best];
        mean.label.clone_from(&self.labels()[best]);
        Ok(mean)
    }

    pub(super) async fn classify_crops(
        &self,
        picture: &Picture,
        crops: &[Crop],
    ) -> Result<Vec<Detection>> {
        let inside = |crop: &Crop| crop.within(picture.width(), picture.height());
        let crops: Vec<_> = crops.iter().map(inside).collect();
        let inputs = crops.iter().map(|&crop| picture.input_of(crop, INPUT_SIDE));
        let inputs: Vec<_> = inputs.collect();
        let predictions = self.classify(&inputs).await?;
        let seen = crops.into_iter().zip(inputs).zip(predictions);
        let seen = seen.map(|((crop, input), prediction)| Detection {
            crop,
            input,
            prediction,
            second_hand: None,
        });
        Ok(seen.collect())
    }
}

/// The detection with the largest presence.
pub(super) fn surest(seen: impl IntoIterator<Item = Detection>) -> Option<Detection> {
    seen.into_iter()
        .max_by(|a, b| presence(a).total_cmp(&presence(b)))
}

pub(super) fn presence(found: &Detection) -> f32 {
    found.prediction.presence.unwrap_or(1.0)
}

/// The log odds of a probability, within what float32 can tell from 0 and 1.
pub(super) fn log_odds(probability: f32) -> f32 {
    let p = probability.clamp(1e-5, 1.0 - 1e-5);
    (p / (1.0 - p)).ln()
}

pub(super) fn no_answer() -> Error {
    Error::Device {
        reason: "it gave no answer".into(),
    }
}

/// The bounding box that was detected in a crop, as a crop of the picture.
pub(super) fn refine(picture: &Picture, found: &Detection) -> Crop {
    let Some(BoundingBox { x, y, side }) = found.prediction.bounding_box else {
        return found.crop;
    };
    let unit = found.crop.side as f32;
    let center = [
        found.crop.left as f32 + x * unit,
        found.crop.top as f32 + y * unit,
    ];
    around(picture, center, side * unit)
}

fn around(picture: &Picture, center: [f32; 2], side: f32) -> Crop {
    let (width, height) = (picture.width(), picture.height());
    let short = width.min(height) as f32;
    let side = side.clamp((SMALLEST_CROP as f32).min(short), short);
    Crop::around(center, side, width, height)
}
