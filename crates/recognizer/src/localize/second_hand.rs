//! A second hand beside the one that is answered: of two, the larger is answered, and the answer says so.
//!
//! In a still picture the crops beside the hand are all that a search costs more. In a video one of them is
//! looked at every few frames, and later the second hand itself.

use super::detection::{Detection, LOST, SMALLEST_CROP, STRICTER, presence, refine, surest};
use crate::classifier::Classifier;
use crate::error::Result;
use crate::picture::Picture;
use crate::preprocess::Crop;

/// Crops beside a hand, at most: one to its left and one to its right, where people hold the other hand.
pub(super) const BESIDE: usize = 2;

/// Presence from which there is a second hand, in the crop around it. With [`SHARED`] and [`LARGER`] chosen
/// on strangers' photos (docs/benchmarks.md, "Two hands").
const SURE: f32 = 0.7;

/// Two crops are of the same hand if they share this much of the smaller one.
const SHARED: f32 = 0.5;

/// How much larger another hand's crop is than the first one's, for the answer to go over to it.
const LARGER: f32 = 1.2;

/// What is left of the picture on a side of a hand is looked at from this share of the hand's side on.
const LEAST: f32 = 0.35;

/// In a video every so many frames a crop is looked at for a second hand.
const LOOKED_EVERY: usize = 5;

/// A second hand is told once it was seen in so many looks more than not, and until it was missed as often.
const TOLD: u8 = 2;

impl Classifier {
    /// What was found in a still picture, or the other hand where that is the larger one.
    pub(super) async fn with_second_hand(
        &self,
        picture: &Picture,
        found: Detection,
    ) -> Result<Detection> {
        let hand = found.crop;
        let seen = self.classify_crops(picture, &beside(picture, hand)).await?;
        let others = seen
            .into_iter()
            .filter(|seen| is_other(picture, seen, hand, LOST));
        let Some(other) = surest(others) else {
            return Ok(found);
        };
        let other = self.answer(picture, &other, STRICTER).await?;
        if presence(&other) < SURE || is_same(other.crop, hand) {
            return Ok(found);
        }
        let [answered, second] = if is_larger(other.crop, hand) {
            [other, found]
        } else {
            [found, other]
        };
        Ok(Detection {
            second_hand: Some(second.crop),
            ..answered
        })
    }
}

/// What a video knows of a second hand.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct SecondHand {
    crop: Option<Crop>,
    /// Looks that have seen it, less those that have missed it: 0 to [`TOLD`].
    sightings: u8,
    is_told: bool,
    /// Frames since the last look.
    frames: usize,
    /// Index of the next crop beside the first hand.
    turn: usize,
}

impl SecondHand {
    /// The crop around it, where it is told.
    pub(super) fn told(&self) -> Option<Crop> {
        self.crop.filter(|_| self.is_told)
    }

    /// Where to look for it in this frame, if at all.
    pub(super) fn next(&mut self, picture: &Picture, hand: Crop) -> Option<Crop> {
        self.frames += 1;
        if self.frames < LOOKED_EVERY {
            return None;
        }
        self.frames = 0;
        let beside = beside(picture, hand);
        self.turn += 1;
        let next = beside.get(self.turn % beside.len().max(1)).copied();
        self.crop.or(next)
    }

    /// Takes in what a look has shown.
    pub(super) fn note(&mut self, picture: &Picture, seen: &Detection, hand: Crop) {
        let least = if self.crop.is_some() { SURE } else { LOST };
        if is_other(picture, seen, hand, least) {
            self.crop = Some(refine(picture, seen));
            self.sightings = TOLD.min(self.sightings + 1);
        } else {
            self.sightings = self.sightings.saturating_sub(1);
        }
        self.is_told = match self.sightings {
            0 => false,
            TOLD => true,
            _ => self.is_told,
        };
        if self.sightings == 0 {
            self.crop = None;
        }
    }

    /// The answer goes over to it where it has become the larger one: its crop, in place of `hand`, which is the second then.
    pub(super) fn take_over(&mut self, hand: Crop) -> Crop {
        let larger = self.told().filter(|second| is_larger(*second, hand));
        larger.map_or(hand, |second| {
            self.crop = Some(hand);
            second
        })
    }
}

/// The crops in which another hand may be: the square to the left of a hand and the one to its right, as large as the
/// picture has room for.
fn beside(picture: &Picture, hand: Crop) -> Vec<Crop> {
    let (width, height) = (picture.width(), picture.height());
    let right = hand.left + hand.side;
    let strips = [(hand.left, false), (width.saturating_sub(right), true)];
    let wide = |strip: u32| strip as f32 >= LEAST * hand.side as f32 && strip >= SMALLEST_CROP;
    let strips = strips.into_iter().filter(|(strip, _)| wide(*strip));
    let crops = strips.map(|(strip, is_right)| {
        let side = strip.min(height) as f32;
        let x = if is_right {
            right as f32 + side / 2.0
        } else {
            hand.left as f32 - side / 2.0
        };
        let y = hand.top as f32 + hand.side as f32 / 2.0;
        Crop::around([x, y], side, width, height)
    });
    crops.collect()
}

/// Whether a crop shows another hand than the first one, at least with this presence.
fn is_other(picture: &Picture, seen: &Detection, hand: Crop, least: f32) -> bool {
    presence(seen) >= least && !is_same(refine(picture, seen), hand)
}

fn is_same(a: Crop, b: Crop) -> bool {
    let overlap = |a_from: u32, b_from: u32| {
        let to = (a_from + a.side).min(b_from + b.side);
        to.saturating_sub(a_from.max(b_from)) as f32
    };
    let smaller = a.side.min(b.side) as f32;
    overlap(a.left, b.left) * overlap(a.top, b.top) >= SHARED * smaller * smaller
}

fn is_larger(a: Crop, b: Crop) -> bool {
    a.side as f32 > LARGER * b.side as f32
}
