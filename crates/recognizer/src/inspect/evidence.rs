//! The class activation map of Zhou and others (2016, "Learning Deep Features for Discriminative
//! Localization", arXiv:1512.04150), which is exact in this network.
//!
//! The average pooling takes the whole 2x2 map f of the last stage, so that a target's logit is its bias
//! plus the sum over the four places of <w, f> / 4: four quadrants, whose evidence has either sign.
//!
//! Shift-and-stitch makes the map finer: the input is moved by parts of the map's stride of 32 pixels, and
//! the maps are interleaved (Long, Shelhamer and Darrell 2015, arXiv:1411.4038, section 3.2). A cell is drawn
//! around the middle of what its place sees, which is not the middle of the place's quadrant. The strides'
//! preference for the left is in every map; each moved input is read mirrored, too, its map mirrored back, and
//! both are averaged: a hand means the same in a mirror.

use super::cut::Cut;
use super::heat_map::HeatMap;
use super::inspector::{Inspector, Target};
use crate::error::{Error, Result};
use crate::preprocess::{INPUT_SIDE, InputImage};

/// How far cells and bias may be from the network's own logit, its last layer computed in float32.
pub const TOLERANCE: f32 = 1e-4;

/// How far the logit of the answer may be, which int8 weights give in integers: as a share of the logit,
/// or of 1 where it is smaller.
const ROUNDING: f64 = 1e-3;

/// Side of the map of the last stage.
const MAP: usize = 2;

/// The middle of what the first of two places sees, across and down, in pixels; that of the second is 32
/// further. By kernels, strides and paddings the receptive fields' centers are 2 and 34, and not 16 and 48: each
/// stride begins at the first position. The input's border cuts off the left and the upper part of the first
/// field, so its middle lies further in, and with mirrored inputs further still. Chosen on pictures of which no
/// figure is reported: docs/benchmarks.md.
const MIDDLE: [isize; 2] = [12, 8];

/// What speaks for a target, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Cells in a row, and in a column: 2, 4 or 8.
    pub side: usize,
    /// What each cell adds to the logit, row by row.
    pub cells: Vec<f32>,
    /// What is added without looking.
    pub bias: f32,
    /// The mean of the network's logits for the shifted and mirrored inputs; without shifts the logit itself, its last
    /// layer computed in float32. The cells and the bias add up to it.
    pub logit: f32,
}

impl Evidence {
    /// The cells as a map of [`CELLS`](super::CELLS) x [`CELLS`](super::CELLS).
    pub fn heat_map(&self) -> HeatMap {
        HeatMap::enlarged(&self.cells, self.side)
    }
}

impl Inspector {
    /// The evidence for a target, from `shifts` x `shifts` inputs, moved in steps of 32 / `shifts` pixels
    /// with their border repeated, each as it is and mirrored: of 4 by -8 to 16 to the left and by -4 to 20 up.
    /// One alone is neither moved nor mirrored: its cells are the quadrants that the answer's own logit is made
    /// of.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] where `shifts` is not 1, 2 or 4, for a target or a block that isn't there;
    /// [`Error::Device`] where cells and bias differ from the network's logit by more than
    /// [`TOLERANCE`].
    pub async fn evidence(
        &self,
        input: &InputImage,
        cuts: &[Cut],
        target: Target,
        shifts: usize,
    ) -> Result<Evidence> {
        if ![1, 2, 4].contains(&shifts) {
            return Err(Error::Setting {
                name: "shifts",
                reason: format!("{shifts} is not 1, 2 or 4"),
            });
        }
        let row = self.row_of(target)?;
        let (weights, bias) = self.head[row].clone();
        let moves = (0..shifts * shifts).map(|at| [at % shifts, at / shifts]);
        let step = INPUT_SIDE / MAP / shifts;
        let finer = shifts > 1;
        let sides = if finer { &[false, true][..] } else { &[false] };
        let reads: Vec<([usize; 2], bool)> = moves
            .flat_map(|to| sides.iter().map(move |&mirrored| (to, mirrored)))
            .collect();
        let inputs = reads.iter().map(|&([right, down], mirrored)| {
            let by = |to: usize, middle: isize| {
                let first = if finer { step as isize / 2 - middle } else { 0 };
                (to * step) as isize + first
            };
            moved(input, [by(right, MIDDLE[0]), by(down, MIDDLE[1])], mirrored)
        });
        let inputs: Vec<_> = inputs.collect();
        let found = self.logits_and_maps(&inputs, cuts, target).await?;
        let side = MAP * shifts;
        let share = 1.0 / reads.len() as f64;
        let mut sums = vec![0.0; side * side];
        let mut mean = 0.0;
        for ((logits, map), ([right, down], mirrored)) in found.into_iter().zip(reads) {
            let parts = quadrants(&map, &weights);
            let sum = parts.iter().sum::<f64>() + f64::from(bias);
            let [logit, rounded] = logits.map(f64::from);
            let rounding = ROUNDING * rounded.abs().max(1.0);
            if (sum - logit).abs() > f64::from(TOLERANCE) || (rounded - logit).abs() > rounding {
                return Err(Error::Device {
                    reason: format!("the evidence adds up to {sum} where the logit is {logit}"),
                });
            }
            mean += logit * share;
            for (at, part) in parts.into_iter().enumerate() {
                let [x, y] =
                    [(at % MAP, right), (at / MAP, down)].map(|(cell, by)| cell * shifts + by);
                let x = if mirrored { side - 1 - x } else { x };
                sums[y * side + x] += part * share;
            }
        }
        let cells = sums.into_iter().map(|sum| sum as f32).collect();
        Ok(Evidence {
            side,
            cells,
            bias,
            logit: mean as f32,
        })
    }
}

/// <w, f> / 4 of each place of a map.
fn quadrants(map: &[f32], weights: &[f32]) -> [f64; MAP * MAP] {
    let mut sums = [0.0; MAP * MAP];
    let (channels, _) = map.as_chunks::<{ MAP * MAP }>();
    for (channel, weight) in channels.iter().zip(weights) {
        for (sum, value) in sums.iter_mut().zip(channel) {
            *sum += f64::from(*value) * f64::from(*weight) / (MAP * MAP) as f64;
        }
    }
    sums
}

/// The input, mirrored or not, moved to the left and up, with its border repeated.
fn moved(input: &InputImage, by: [isize; 2], mirrored: bool) -> InputImage {
    let side = input.side();
    InputImage::from_fn(side, |x, y| {
        let [x, y] = [x, y].map(|at| at as isize);
        let from = [x + by[0], y + by[1]].map(|at| at.clamp(0, side as isize - 1) as usize);
        let column = if mirrored {
            side - 1 - from[0]
        } else {
            from[0]
        };
        input.pixel(column, from[1])
    })
}
