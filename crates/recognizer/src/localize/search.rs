//! Searching a still picture for the hand, from coarse to fine.

use super::detection::{
    AVERAGED, Detection, LOST, STRICTER, log_odds, no_answer, presence, refine,
};
use super::second_hand::BESIDE;
use super::windows::windows;
use crate::classifier::Classifier;
use crate::detector::BoundingBox;
use crate::error::Result;
use crate::picture::Picture;
use crate::preprocess::Crop;

/// How often the best crop so far is refined: after the large ones, after the small ones and after the finer ones.
const REFINED: usize = 3;

/// From this score on a crop shows a hand so clearly that the search ends.
const CLEAR: f32 = 5.0;

/// Only while no crop has this score a search looks at the finer ones: at small hands in dim frames, most of all
/// (docs/benchmarks.md, "Small hands in dim frames").
const FAINT: f32 = 2.0;

/// In place of [`STRICTER`] where a search has looked at the finer crops, too.
const STRICTER_IF_FAINT: f32 = 0.5;

/// By how much the score of another crop must be above the center crop's. Most people hold the hand into
/// the middle of the picture.
const MARGIN: f32 = 0.5;

/// Classifications that [`Classifier::localize`] takes at most for a picture of this size, in pixels.
pub fn search_classifications(width: u32, height: u32) -> usize {
    let [large, small, finer] = windows(width, height).map(|crops| crops.len());
    // The second hand's answer is averaged as the first one's.
    1 + large + small + finer + REFINED + AVERAGED + BESIDE + AVERAGED
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
        let (seen, stricter) = self.look(picture).await?;
        let center = seen.first().ok_or_else(no_answer)?;
        let least = score(center) + MARGIN;
        let best = seen.iter().max_by(|a, b| score(a).total_cmp(&score(b)));
        let best = best.filter(|found| score(found) > least).unwrap_or(center);
        let found = self.answer(picture, best, stricter).await?;
        if presence(&found) < LOST {
            return Ok(found);
        }
        self.with_second_hand(picture, found).await
    }

    /// Classifies all crops of a search: the center crop first, then large ones, small ones, finer ones, and
    /// refined ones of each. Of these [`localize`](Self::localize) keeps the best.
    ///
    /// # Errors
    ///
    /// As [`classify`](Self::classify).
    pub async fn search(&self, picture: &Picture) -> Result<Vec<Detection>> {
        Ok(self.look(picture).await?.0)
    }

    /// The crops of a search, and by how much the log odds of the presence are to be lowered.
    async fn look(&self, picture: &Picture) -> Result<(Vec<Detection>, f32)> {
        let [mut next, small, finer] = windows(picture.width(), picture.height());
        next.insert(0, picture.center_crop());
        let mut seen: Vec<Detection> = Vec::new();
        let mut refined: Vec<Crop> = Vec::new();
        let mut stricter = STRICTER;
        let stages = [
            (small, CLEAR, STRICTER),
            (finer, FAINT, STRICTER_IF_FAINT),
            (Vec::new(), CLEAR, STRICTER_IF_FAINT),
        ];
        for (then, unless, stricter_then) in stages {
            seen.extend(self.classify_crops(picture, &next).await?);
            if has_score(&seen, CLEAR) {
                break;
            }
            let open = seen.iter().filter(|f| !refined.contains(&f.crop));
            if let Some(best) = open.max_by(|a, b| score(a).total_cmp(&score(b))) {
                refined.push(best.crop);
                let aim = refine(picture, best);
                seen.extend(self.classify_crops(picture, &[aim]).await?);
            }
            if has_score(&seen, unless) || then.is_empty() {
                break;
            }
            (next, stricter) = (then, stricter_then);
        }
        Ok((seen, stricter))
    }
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

fn has_score(seen: &[Detection], least: f32) -> bool {
    seen.iter().any(|found| score(found) >= least)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::localize::windows::MOST;

    #[test]
    fn a_search_is_bounded_and_its_crops_lie_all_over_the_picture() {
        // Width, height; large crops beside the center one, small crops, finer ones, classifications at most.
        let cases = [
            (640, 480, 2, 6, 5, 25),
            (480, 640, 2, 6, 5, 25),
            (480, 270, 2, 8, 8, 30),
            (336, 336, 0, 4, 5, 21),
            (300, 280, 0, 6, 5, 23),
            (64, 64, 0, 4, 5, 21),
            (40, 40, 0, 0, 0, 12),
            (1, 1, 0, 0, 0, 12),
            (6000, 100, MOST, MOST, MOST, 66),
            (100, 6000, MOST, MOST, MOST, 66),
        ];
        for (width, height, large, small, finer, classifications) in cases {
            let found = windows(width, height);
            let size = format!("{width}x{height}");
            let counts = found.each_ref().map(Vec::len);
            assert_eq!(counts, [large, small, finer], "{size}");
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
