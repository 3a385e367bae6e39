//! The crops of a search.

use super::detection::SMALLEST_CROP;
use crate::preprocess::Crop;

/// Side of the small crops of a search, as a share of the picture's shorter side, which is the side of the
/// large ones. One small size is enough: the detector finds hands from a third of a crop's side to
/// all of it.
const SMALL: f32 = 0.55;

/// Side of the crops that a search looks at last, as the same share: the best of two sizes and of what part of their
/// grid is looked at (docs/benchmarks.md, "Small hands in dim frames").
const FINER: f32 = 0.5;

/// Crops of one size are at most this share of their side apart.
const STRIDE: f32 = 0.9;

/// A picture that is longer than wide, or wider than long, by at most this share is as good as square: its
/// center crop is its only large one.
const SQUARE: f32 = 0.2;

/// Large crops beside the center one, and small crops, at most: of pictures many times wider than
/// high, or higher than wide, fewer are looked at.
pub(super) const MOST: usize = 18;

/// The crops of a search beside the center crop: large ones along the picture's longer side, small ones all over
/// it, and finer ones everywhere but in its corners, which the small ones show best.
pub(super) fn windows(width: u32, height: u32) -> [Vec<Crop>; 3] {
    let short = width.min(height);
    let large = if width.max(height) as f32 > (1.0 + SQUARE) * short as f32 {
        grid(width, height, short)
    } else {
        Vec::new()
    };
    let center = Crop::center(width, height);
    let large = large.into_iter().filter(|crop| *crop != center).collect();
    let [small, finer] = [SMALL, FINER].map(|share| {
        let side = (short as f32 * share).round() as u32;
        if side < SMALLEST_CROP {
            Vec::new()
        } else {
            grid(width, height, side)
        }
    });
    let is_end = |from: u32, side: u32, length: u32| from == 0 || from + side == length;
    let in_corner =
        |Crop { left, top, side }: Crop| is_end(left, side, width) && is_end(top, side, height);
    let finer = finer.into_iter().filter(|crop| !in_corner(*crop)).collect();
    [large, small, finer].map(spread)
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
