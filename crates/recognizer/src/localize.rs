//! Localization: finding the hand in a picture where it may be anywhere.
//!
//! The network's detector gives for every crop the probability of a sign and the hand's bounding
//! box. [`Classifier::localize`] searches a still picture from coarse to fine: the center crop and
//! those beside it, then the bounding box of the best of them, then smaller crops, a stage only where the
//! one before shows no clear hand. It answers with the mean over the best crop, its
//! bounding box and their mirror images, against a stricter threshold than a crop that nobody had to search for.
//! [`Classifier::track`] takes the bounding box of a video's last frame as the crop of this frame,
//! which costs nothing beyond the classification. Only while there is no sign it classifies a few
//! crops of the search in each frame.

use crate::classifier::{Classifier, Prediction, argmax, sigmoid};
use crate::detector::BoundingBox;
use crate::error::{Error, Result};
use crate::picture::Picture;
use crate::preprocess::{Crop, INPUT_SIDE, InputImage};

/// Side of the small crops of a search, as a share of the picture's shorter side, which is the side of the
/// large ones. One small size is enough: the detector finds hands from a third of a crop's side to
/// all of it.
const SMALL: f32 = 0.55;

/// Crops of one size are at most this share of their side apart.
const STRIDE: f32 = 0.9;

/// A picture that is longer than wide, or wider than long, by at most this share is as good as square: its
/// center crop is its only large one.
const SQUARE: f32 = 0.2;

/// Large crops beside the center one, and small crops, at most: of pictures many times wider than
/// high, or higher than wide, fewer are looked at.
const MOST: usize = 18;

/// How often the best crop so far is refined: after the large ones and after the small ones.
const REFINED: usize = 2;

/// From this score on a crop shows a hand so clearly that the search ends.
const CLEAR: f32 = 5.0;

/// By how much the score of another crop must be above the center crop's. Most people hold the hand into
/// the middle of the picture.
const MARGIN: f32 = 0.5;

/// Classifications beside the best crop's own that its answer is averaged over: its bounding box, since a
/// hand may be framed better, and the mirror images of both, since it may be a left or a right one.
const AVERAGED: usize = 3;

/// By how much a search lowers the log odds of the presence. The best of several crops is taken for a sign more
/// easily than a single one.
const STRICTER: f32 = 0.25;

/// Crops of a search classified in a video frame without a sign, at most. With the frame's own crop
/// such a frame costs three classifications.
const SEARCHED_PER_FRAME: usize = 2;

/// Classifications that a video frame takes at most.
pub const TRACK_CLASSIFICATIONS: usize = 1 + SEARCHED_PER_FRAME;

/// Classifications that [`Classifier::localize`] takes at most for a picture of this size, in pixels.
pub fn search_classifications(width: u32, height: u32) -> usize {
    let [large, small] = windows(width, height).map(|crops| crops.len());
    1 + large + small + REFINED + AVERAGED
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
    /// Index of the next crop of the search while there is no hand.
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
        let crop = refine(picture, best);
        let input = picture.input_of(crop, INPUT_SIDE);
        let views = [input.clone(), input.mirrored(), best.input.mirrored()];
        let mut answers = self.classify(&views).await?;
        answers.push(best.prediction.clone());
        let mut prediction = self.average(answers)?;
        let stricter = |presence| sigmoid(log_odds(presence) - STRICTER);
        prediction.presence = prediction.presence.map(stricter);
        Ok(Detection {
            crop,
            input,
            prediction,
        })
    }

    /// Classifies all crops of a search: the center crop first, then large ones, small ones, and
    /// refined ones of either. Of these [`localize`](Self::localize) keeps the best.
    ///
    /// # Errors
    ///
    /// As [`classify`](Self::classify).
    pub async fn search(&self, picture: &Picture) -> Result<Vec<Detection>> {
        let [mut next, small] = windows(picture.width(), picture.height());
        next.insert(0, picture.center_crop());
        let mut seen: Vec<Detection> = Vec::new();
        let mut refined: Vec<Crop> = Vec::new();
        for then in [small, Vec::new()] {
            seen.extend(self.classify_crops(picture, &next).await?);
            if is_clear(&seen) {
                break;
            }
            let open = seen.iter().filter(|f| !refined.contains(&f.crop));
            if let Some(best) = open.max_by(|a, b| score(a).total_cmp(&score(b))) {
                refined.push(best.crop);
                let aim = refine(picture, best);
                seen.extend(self.classify_crops(picture, &[aim]).await?);
            }
            if is_clear(&seen) {
                break;
            }
            next = then;
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
        let windows = windows(picture.width(), picture.height()).concat();
        let next = (0..SEARCHED_PER_FRAME.min(windows.len()))
            .map(|step| windows[(track.turn + step) % windows.len()])
            .collect::<Vec<_>>();
        track.turn = (track.turn + SEARCHED_PER_FRAME) % windows.len().max(1);
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

/// Whether one of these shows a hand so clearly that no other is looked for.
fn is_clear(seen: &[Detection]) -> bool {
    seen.iter().any(|found| score(found) >= CLEAR)
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

/// The crops of a search beside the center crop: large ones along the picture's longer side, and small ones.
fn windows(width: u32, height: u32) -> [Vec<Crop>; 2] {
    let short = width.min(height);
    let large = if width.max(height) as f32 > (1.0 + SQUARE) * short as f32 {
        grid(width, height, short)
    } else {
        Vec::new()
    };
    let center = Crop::center(width, height);
    let large = large.into_iter().filter(|crop| *crop != center).collect();
    let side = (short as f32 * SMALL).round() as u32;
    let small = if side < SMALLEST_CROP {
        Vec::new()
    } else {
        grid(width, height, side)
    };
    [large, small].map(spread)
}

/// Crops of one size all over a picture, row by row.
fn grid(width: u32, height: u32, side: u32) -> Vec<Crop> {
    let starts = |length: u32| {
        let room = length - side;
        let steps = (room as f32 / (side as f32 * STRIDE)).ceil() as u32;
        (0..=steps).map(move |step| (room * step).checked_div(steps).unwrap_or(0))
    };
    let rows = starts(height);
    rows.flat_map(|top| starts(width).map(move |left| Crop { left, top, side }))
        .collect()
}

/// At most [`MOST`] crops, from the whole picture.
fn spread(crops: Vec<Crop>) -> Vec<Crop> {
    let kept = crops.len().min(MOST);
    (0..kept).map(|at| crops[at * crops.len() / kept]).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_bounded_and_its_crops_lie_all_over_the_picture() {
        // Width, height; large crops beside the center one, small crops, classifications at most.
        let cases = [
            (640, 480, 2, 6, 14),
            (480, 640, 2, 6, 14),
            (480, 270, 2, 8, 16),
            (336, 336, 0, 4, 10),
            (300, 280, 0, 6, 12),
            (64, 64, 0, 4, 10),
            (40, 40, 0, 0, 6),
            (1, 1, 0, 0, 6),
            (6000, 100, MOST, MOST, 42),
            (100, 6000, MOST, MOST, 42),
        ];
        for (width, height, large, small, classifications) in cases {
            let found = windows(width, height);
            let size = format!("{width}x{height}");
            assert_eq!(found.each_ref().map(Vec::len), [large, small], "{size}");
            assert_eq!(search_classifications(width, height), classifications);
            for crop in found.concat() {
                assert_eq!(crop, crop.within(width, height), "{size}");
                assert_ne!(crop, Crop::center(width, height), "{size}");
            }
            let ends = |crops: &[Crop]| {
                let right = crops.iter().map(|crop| crop.left + crop.side).max();
                let bottom = crops.iter().map(|crop| crop.top + crop.side).max();
                (right, bottom)
            };
            if small > 0 && small < MOST {
                assert_eq!(ends(&found[1]), (Some(width), Some(height)), "{size}");
            }
        }
    }
}
