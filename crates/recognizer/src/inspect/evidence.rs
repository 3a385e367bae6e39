//! The class activation map of Zhou and others (2016, "Learning Deep Features for Discriminative
//! Localization", arXiv:1512.04150), which is exact in this network.
//!
//! The average pooling takes the whole 2x2 map f of the last stage, so that a target's logit is its bias
//! plus the sum over the four places of <w, f> / 4: four quadrants, whose evidence has either sign.
//!
//! Shift-and-stitch makes the map finer: the input is moved by parts of the map's stride of 32 pixels, and
//! the maps become one (Long, Shelhamer and Darrell 2015, arXiv:1411.4038, section 3.2). A place sees far more
//! than a cell, the middle of it best: its evidence is shared by the cells around the middle of what it sees, which is
//! not the middle of its quadrant. The strides' preference for the left is in every map; where signs mean the same in
//! a mirror, each moved input is read mirrored, too, its map mirrored back, and both are averaged.

use super::cut::Cut;
use super::heat_map::HeatMap;
use super::inspector::{Inspector, Target};
use crate::error::{Error, Result};
use crate::labels::same_in_a_mirror;
use crate::preprocess::{INPUT_SIDE, InputImage};

/// How far cells and bias may be from the network's own logit, its last layer computed in float32.
pub const TOLERANCE: f32 = 1e-4;

/// How far the logit of the answer may be, which int8 weights give in integers: as a share of the logit,
/// or of 1 where it is smaller.
const ROUNDING: f64 = 1e-3;

/// Side of the map of the last stage.
const MAP: usize = 2;

/// The pixel in the middle of what the first of two places sees, across and down; that of the second is 32
/// further. By kernels, strides and paddings the receptive fields' centers are 2 and 34, and not 16 and 48: each
/// stride begins at the first position. The input's border cuts off the left and the upper part of the first
/// field, so its middle lies further in. It, [`SPREAD`] and [`MOVES`] were chosen on pictures of which no figure is
/// reported: docs/benchmarks.md.
const MIDDLE: [isize; 2] = [10, 6];

/// How far a place sees around its middle: the standard deviation, in pixels, of the Gaussian by which its evidence
/// is shared by the cells.
const SPREAD: f64 = 20.0;

/// By how many pixels an input is moved to the left and up, by 2 shifts and by 3: so that the places' middles lie all
/// over the picture, and a little beyond, 16 pixels apart.
const MOVES: [[&[isize]; 2]; 2] = [[&[-8, 8], &[4, 20]], [&[-16, 0, 16], &[-4, 12, 28]]];

/// What speaks for a target, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Cells in a row, and in a column: 2, 4 or 8.
    pub side: usize,
    /// What each cell adds to the logit, row by row.
    pub cells: Vec<f32>,
    /// What is added without looking.
    pub bias: f32,
    /// The mean of the network's logits for the inputs that were read; without shifts the logit itself, its last
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
    /// Whether finer maps are means over mirrored inputs, too: where signs of all labels mean the same in a mirror.
    pub fn mirrors(&self) -> bool {
        same_in_a_mirror(self.labels())
    }

    /// The evidence for a target, from `shifts` x `shifts` inputs, moved in steps of 16 pixels with their border
    /// repeated, and from their mirror images where the network [`mirrors`](Self::mirrors). One alone is neither moved
    /// nor mirrored: its cells are the quadrants that the answer's own logit is made of. 2 shifts give 4 x 4 cells, 3
    /// give 8 x 8.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] where `shifts` is not 1, 2 or 3, for a target or a block that isn't there;
    /// [`Error::Device`] where cells and bias differ from the network's logit by more than
    /// [`TOLERANCE`].
    pub async fn evidence(
        &self,
        input: &InputImage,
        cuts: &[Cut],
        target: Target,
        shifts: usize,
    ) -> Result<Evidence> {
        if !(1..=3).contains(&shifts) {
            return Err(Error::Setting {
                name: "shifts",
                reason: format!("{shifts} is not 1, 2 or 3"),
            });
        }
        let row = self.row_of(target)?;
        let (weights, bias) = self.head[row].clone();
        let reads = Read::all(shifts, self.mirrors());
        let inputs: Vec<_> = reads.iter().map(|read| read.input(input)).collect();
        let found = self.logits_and_maps(&inputs, cuts, target).await?;
        let side = 1 << shifts;
        let share = 1.0 / reads.len() as f64;
        let mut sums = vec![0.0; side * side];
        let mut mean = 0.0;
        for ((logits, map), read) in found.into_iter().zip(reads) {
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
            for (place, part) in parts.into_iter().enumerate() {
                let [across, down] = read.shares(place, side);
                for (cell, sum) in sums.iter_mut().enumerate() {
                    *sum += part * share * across[cell % side] * down[cell / side];
                }
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

/// How an input is read.
struct Read {
    /// By how many pixels it is moved to the left and up; none where it is read as it is, alone.
    by: Option<[isize; 2]>,
    mirrored: bool,
}

impl Read {
    /// All reads of an input.
    fn all(shifts: usize, mirrors: bool) -> Vec<Self> {
        if shifts == 1 {
            let (by, mirrored) = (None, false);
            return vec![Self { by, mirrored }];
        }
        let [left, up] = MOVES[shifts - 2];
        let moves = up
            .iter()
            .flat_map(|&up| left.iter().map(move |&left| [left, up]));
        let sides = if mirrors {
            &[false, true][..]
        } else {
            &[false]
        };
        moves
            .flat_map(|by| sides.iter().map(move |&mirrored| (Some(by), mirrored)))
            .map(|(by, mirrored)| Self { by, mirrored })
            .collect()
    }

    fn input(&self, input: &InputImage) -> InputImage {
        moved(input, self.by.unwrap_or_default(), self.mirrored)
    }

    /// How much of a place's evidence the cells' columns and rows have: 1 in all. A quadrant keeps its own.
    fn shares(&self, place: usize, side: usize) -> [Vec<f64>; 2] {
        let at = [place % MAP, place / MAP];
        let Some(by) = self.by else {
            return at.map(|own| (0..side).map(|n| f64::from(u8::from(n == own))).collect());
        };
        let cell = (INPUT_SIDE / side) as f64;
        [0, 1].map(|axis| {
            let middle = MIDDLE[axis] + (at[axis] * INPUT_SIDE / MAP) as isize + by[axis];
            let mirrored = self.mirrored && axis == 0;
            let last = INPUT_SIDE as isize - 1;
            let middle = if mirrored { last - middle } else { middle } as f64;
            let weights = (0..side).map(|n| {
                // The middle lies between pixels.
                let distance = (n as f64 + 0.5) * cell - 0.5 - middle;
                (-(distance / SPREAD).powi(2) / 2.0).exp()
            });
            let weights: Vec<f64> = weights.collect();
            let all: f64 = weights.iter().sum();
            weights.into_iter().map(|weight| weight / all).collect()
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
