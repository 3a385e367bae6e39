//! Localization: finding the hand in a picture where it may be anywhere.
//!
//! The network's detector gives for every crop the probability of a sign and the hand's bounding
//! box. [`Classifier::localize`] searches a still picture with the center crop and a grid of crops at
//! several sizes, refines the best of them, and keeps the crop that is answered best of all.
//! [`Classifier::track`] takes the bounding box of a video's last frame as the crop of this frame,
//! which costs nothing beyond the classification. Only while there is no sign it classifies a few
//! crops of the grid in each frame.

use crate::classifier::{Classifier, Prediction, argmax};
use crate::detector::BoundingBox;
use crate::error::{Error, Result};
use crate::picture::Picture;
use crate::preprocess::{Crop, INPUT_SIDE, InputImage};

/// Sizes of the crops of a search, as shares of the picture's shorter side. Two are enough: the
/// detector finds hands from a third of a crop's side to all of it.
const SCALES: [f32; 2] = [1.0, 0.6];

/// Crops of one size in the grid are at most this share of their side apart.
const STRIDE: f32 = 0.6;

/// How many crops are refined at a time, and how often.
const CANDIDATES: usize = 3;
const ROUNDS: usize = 2;

/// Crops classified in a search, at most, test-time augmentation apart: of pictures many times wider than
/// high, or higher than wide, fewer crops of the grid are left.
const SEARCHED: usize = 42;

/// By how much the score of another crop must be above the center crop's. Most people hold the hand into
/// the middle of the picture.
const MARGIN: f32 = 0.5;

/// Scales of test-time augmentation: the prediction is the mean over the found crop at these scales
/// and their mirror images, since a hand may be framed a little wider or tighter, and be a left or a
/// right one.
const AUGMENTATION_SCALES: [f32; 3] = [0.9, 1.0, 1.15];

/// Crops of the grid classified in a video frame without a sign, at most. With the frame's own crop
/// such a frame costs three classifications.
const SEARCHED_PER_FRAME: usize = 2;

/// Classifications that a video frame takes at most.
pub const TRACK_CLASSIFICATIONS: usize = 1 + SEARCHED_PER_FRAME;

/// Classifications that [`Classifier::localize`] takes for a picture of this size, in pixels.
pub fn search_classifications(width: u32, height: u32) -> usize {
    searched(width, height).len() + ROUNDS * CANDIDATES + 2 * AUGMENTATION_SCALES.len()
}

/// A hand whose presence is below this is lost.
const LOST: f32 = 0.5;

/// Side of the smallest crop that is classified, in pixels.
pub const SMALLEST_CROP: u32 = 24;

/// A prediction for a crop of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Detection {
    /// The crop around the hand.
    pub crop: Crop,
    /// The crop as the network's input.
    pub input: InputImage,
    /// The network's answer for it.
    pub prediction: Prediction,
}

/// The state of [`Classifier::track`] between the frames of a video.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Track {
    /// Where the hand was in the last frame.
    pub crop: Option<Crop>,
    /// Index in the grid of the next crop to search while there is no hand.
    turn: usize,
}

impl Track {
    /// Starts from a crop, such as one that a person has drawn.
    pub fn at(crop: Crop) -> Self {
        Self {
            crop: Some(crop),
            turn: 0,
        }
    }
}

impl Classifier {
    /// Searches a still picture for the hand and classifies it. A network without a detector
    /// classifies the center crop.
    ///
    /// # Errors
    ///
    /// As [`classify`](Self::classify).
    pub async fn localize(&self, picture: &Picture) -> Result<Detection> {
        if !self.has_detector() {
            return self.classify_crop(picture, picture.center_crop()).await;
        }
        let seen = self.search(picture).await?;
        let center = seen.first().ok_or_else(no_answer)?;
        let least = score(center) + MARGIN;
        let best = seen.iter().max_by(|a, b| score(a).total_cmp(&score(b)));
        let best = best.filter(|found| score(found) > least).unwrap_or(center);
        let Detection { crop, input, .. } = best.clone();
        let crops = AUGMENTATION_SCALES.map(|scale| scaled(picture, crop, scale));
        let upright = crops.map(|crop| picture.input_of(crop, INPUT_SIDE));
        let mirrored = upright.iter().map(InputImage::mirrored);
        let inputs: Vec<_> = upright.iter().cloned().chain(mirrored).collect();
        let prediction = self.average(self.classify(&inputs).await?)?;
        Ok(Detection {
            crop,
            input,
            prediction,
        })
    }

    /// Classifies all crops of a search: the center crop first, then the grid, then refined ones. Of
    /// these [`localize`](Self::localize) keeps the best.
    ///
    /// # Errors
    ///
    /// As [`classify`](Self::classify).
    pub async fn search(&self, picture: &Picture) -> Result<Vec<Detection>> {
        let first = searched(picture.width(), picture.height());
        let mut seen = self.classify_crops(picture, &first).await?;
        // Crops that are no better than the one that they were refined from lose against it.
        let mut refined: Vec<Crop> = Vec::new();
        for _ in 0..ROUNDS {
            let mut open: Vec<_> = seen.iter().filter(|f| !refined.contains(&f.crop)).collect();
            open.sort_by(|a, b| score(b).total_cmp(&score(a)));
            open.truncate(CANDIDATES);
            refined.extend(open.iter().map(|found| found.crop));
            let next: Vec<_> = open.iter().map(|found| refine(picture, found)).collect();
            seen.extend(self.classify_crops(picture, &next).await?);
        }
        Ok(seen)
    }

    /// Classifies the next frame of a video, and keeps in `track` where the hand is.
    ///
    /// # Errors
    ///
    /// As [`classify`](Self::classify).
    pub async fn track(&self, picture: &Picture, track: &mut Track) -> Result<Detection> {
        let crop = track.crop.unwrap_or_else(|| picture.center_crop());
        let here = self.classify_crop(picture, crop).await?;
        if !self.has_detector() {
            return Ok(here);
        }
        if presence(&here) >= LOST {
            let aim = refine(picture, &here);
            track.crop = Some(between(here.crop, aim));
            return Ok(here);
        }
        let grid = grid(picture.width(), picture.height());
        let next = (0..SEARCHED_PER_FRAME.min(grid.len()))
            .map(|step| grid[(track.turn + step) % grid.len()])
            .collect::<Vec<_>>();
        track.turn = (track.turn + SEARCHED_PER_FRAME) % grid.len().max(1);
        let seen = self.classify_crops(picture, &next).await?;
        let found = surest(seen).filter(|found| presence(found) >= LOST);
        track.crop = found.map(|found| refine(picture, &found));
        Ok(here)
    }

    /// Classifies one crop.
    ///
    /// # Errors
    ///
    /// As [`classify`](Self::classify).
    pub async fn classify_crop(&self, picture: &Picture, crop: Crop) -> Result<Detection> {
        let seen = self.classify_crops(picture, &[crop]).await?;
        seen.into_iter().next().ok_or_else(no_answer)
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

    async fn classify_crops(&self, picture: &Picture, crops: &[Crop]) -> Result<Vec<Detection>> {
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
        });
        Ok(seen.collect())
    }
}

fn presence(found: &Detection) -> f32 {
    found.prediction.presence.unwrap_or(1.0)
}

/// How well a crop frames a hand. The weights, and [`MARGIN`], are the best of a coarse grid on real
/// photos of people that no training saw, where near ones differ by less than chance; a logistic
/// regression on the same photos chose no better crops.
fn score(found: &Detection) -> f32 {
    let prediction = &found.prediction;
    let sure = log_odds(prediction.probability);
    let off = prediction
        .bounding_box
        .map_or(0.0, |BoundingBox { x, y, side }| {
            (x - 0.5).hypot(y - 0.5) + side.log2().abs()
        });
    0.6 * log_odds(presence(found)) + 0.4 * sure - 0.5 * off
}

/// The log odds of a probability, within what float32 can tell from 0 and 1.
fn log_odds(probability: f32) -> f32 {
    let p = probability.clamp(1e-5, 1.0 - 1e-5);
    (p / (1.0 - p)).ln()
}

/// The detection with the largest presence.
fn surest(seen: Vec<Detection>) -> Option<Detection> {
    seen.into_iter()
        .max_by(|a, b| presence(a).total_cmp(&presence(b)))
}

fn no_answer() -> Error {
    Error::Device {
        reason: "it gave no answer".into(),
    }
}

/// The crops that a search begins with: the center crop, then the grid.
fn searched(width: u32, height: u32) -> Vec<Crop> {
    let center = Crop::center(width, height);
    let others = grid(width, height).into_iter();
    let others = others.filter(|crop| *crop != center);
    let mut crops: Vec<_> = std::iter::once(center).chain(others).collect();
    let most = SEARCHED - ROUNDS * CANDIDATES;
    if crops.len() > most {
        // Spread over the whole picture.
        crops = (0..most).map(|at| crops[at * crops.len() / most]).collect();
    }
    crops
}

/// The crops with which a picture is searched, the largest first.
fn grid(width: u32, height: u32) -> Vec<Crop> {
    let short = width.min(height);
    let mut crops = Vec::new();
    for scale in SCALES {
        let side = (short as f32 * scale).round().max(1.0) as u32;
        if side < SMALLEST_CROP && !crops.is_empty() {
            break;
        }
        let starts = |length: u32| {
            let room = length - side;
            let steps = (room as f32 / (side as f32 * STRIDE)).ceil() as u32;
            (0..=steps).map(move |step| (room * step).checked_div(steps).unwrap_or(0))
        };
        for top in starts(height) {
            crops.extend(starts(width).map(|left| Crop { left, top, side }));
        }
    }
    crops
}

/// The bounding box that was detected in a crop, as a crop of the picture.
fn refine(picture: &Picture, found: &Detection) -> Crop {
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

fn scaled(picture: &Picture, crop: Crop, scale: f32) -> Crop {
    let half = crop.side as f32 / 2.0;
    let center = [crop.left as f32 + half, crop.top as f32 + half];
    around(picture, center, crop.side as f32 * scale)
}

fn around(picture: &Picture, center: [f32; 2], side: f32) -> Crop {
    let (width, height) = (picture.width(), picture.height());
    let short = width.min(height) as f32;
    let side = side.clamp((SMALLEST_CROP as f32).min(short), short);
    Crop::around(center, side, width, height)
}

/// The mean of two crops: following a bounding box half of the way keeps the crop steady from frame
/// to frame.
fn between(from: Crop, to: Crop) -> Crop {
    Crop {
        left: from.left.midpoint(to.left),
        top: from.top.midpoint(to.top),
        side: from.side.midpoint(to.side),
    }
}
