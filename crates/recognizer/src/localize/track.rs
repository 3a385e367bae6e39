//! Following the hand through a video.

use super::detection::{Detection, LOST, presence, refine, surest};
use super::second_hand::SecondHand;
use super::windows::windows;
use crate::classifier::Classifier;
use crate::error::Result;
use crate::picture::Picture;
use crate::preprocess::Crop;

/// Crops of a search classified in a video frame without a sign, at most. With the frame's own crop
/// such a frame costs three classifications.
const SEARCHED_PER_FRAME: usize = 2;

/// Classifications that a video frame takes at most.
pub const TRACK_CLASSIFICATIONS: usize = 1 + SEARCHED_PER_FRAME;

/// The state of [`Classifier::track`] between the frames of a video.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Track {
    /// Where the hand was in the last frame.
    pub crop: Option<Crop>,
    /// Index of the next crop of the search while there is no hand.
    turn: usize,
    /// Another hand beside it.
    second_hand: SecondHand,
}

impl Track {
    /// Starts from a crop, such as one that a person has drawn.
    pub fn at(crop: Crop) -> Self {
        Self {
            crop: Some(crop),
            ..Self::default()
        }
    }
}

impl Classifier {
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
            let hand = between(here.crop, refine(picture, &here));
            let Track { second_hand, .. } = track;
            if let Some(crop) = second_hand.next(picture, hand) {
                let seen = self.classify_crop(picture, crop).await?;
                second_hand.note(picture, &seen, hand);
            }
            let told = second_hand.told();
            track.crop = Some(second_hand.take_over(hand));
            return Ok(Detection {
                second_hand: told,
                ..here
            });
        }
        let other = std::mem::take(&mut track.second_hand).told();
        if other.is_some() {
            // The hand has gone, and the other one is the only one now.
            track.crop = other;
            return Ok(here);
        }
        let [large, small, _] = windows(picture.width(), picture.height());
        let windows = [large, small].concat();
        let next = (0..SEARCHED_PER_FRAME.min(windows.len()))
            .map(|step| windows[(track.turn + step) % windows.len()])
            .collect::<Vec<_>>();
        track.turn = (track.turn + SEARCHED_PER_FRAME) % windows.len().max(1);
        let seen = self.classify_crops(picture, &next).await?;
        let found = surest(seen).filter(|found| presence(found) >= LOST);
        track.crop = found.map(|found| refine(picture, &found));
        Ok(here)
    }
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
