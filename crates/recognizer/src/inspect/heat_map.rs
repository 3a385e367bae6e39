//! Maps of an input's cells, those that no network was asked for, and how maps are compared.

use super::blur::{CELL, CELLS};
use crate::preprocess::{INPUT_SIDE, InputImage};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How far from an object a map may point in the pointing game, in pixels: its 15 pixels in pictures of
/// 300 to 500, in one of 64.
pub const POINTING_MARGIN: f32 = 2.5;

/// A number for each of the input's cells: the higher, the more it speaks for a target.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatMap {
    /// [`CELLS`] x [`CELLS`], row by row.
    pub cells: Vec<f32>,
}

impl HeatMap {
    /// A map from a function of column and row.
    pub fn from_fn(cell: impl Fn(usize, usize) -> f32) -> Self {
        let cells = (0..CELLS * CELLS).map(|at| cell(at % CELLS, at / CELLS));
        Self {
            cells: cells.collect(),
        }
    }

    /// A smaller map of `side` x `side`, each of whose values fills a square of cells.
    pub(super) fn enlarged(cells: &[f32], side: usize) -> Self {
        let scale = CELLS / side;
        Self::from_fn(|x, y| cells[y / scale * side + x / scale])
    }

    /// The nearer to the middle the higher: a map of no network.
    pub fn center() -> Self {
        let middle = (CELLS - 1) as f32 / 2.0;
        Self::from_fn(|x, y| -(x as f32 - middle).hypot(y as f32 - middle))
    }

    /// The mean contrast of each cell's pixels with those to the right and below: a map of no network.
    pub fn edges(input: &InputImage) -> Self {
        let last = input.side() - 1;
        let light = |x: usize, y: usize| {
            let pixel = input.pixel(x.min(last), y.min(last));
            pixel.map(f32::from).iter().sum::<f32>()
        };
        let contrast = |x, y| (light(x + 1, y) - light(x, y)).hypot(light(x, y + 1) - light(x, y));
        Self::from_fn(|column, row| {
            let pixels =
                (0..CELL * CELL).map(|at| [column * CELL + at % CELL, row * CELL + at / CELL]);
            pixels.map(|[x, y]| contrast(x, y)).sum()
        })
    }

    /// Noise from a seed: a map of no network.
    pub fn random(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let cells = (0..CELLS * CELLS).map(|_| rng.random());
        Self {
            cells: cells.collect(),
        }
    }

    /// The cells, the highest first; equal ones in their order.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.cells.len()).collect();
        order.sort_by(|&a, &b| self.cells[b].total_cmp(&self.cells[a]));
        order
    }

    /// The pointing game: whether the middle of the highest cell lies in the object or within `margin` pixels
    /// of it; `covers(x, y)` tells the share of each pixel of the input that is the object's. Zhang and others,
    /// "Top-down Neural Attention by Excitation Backprop" (2016), arXiv:1608.00507.
    pub fn points_into(&self, margin: f32, covers: impl Fn(usize, usize) -> f32) -> bool {
        let cell = self.order()[0];
        // The middle lies between four pixels.
        let [x, y] = [cell % CELLS, cell / CELLS].map(|at| (at * CELL) as f32 + 3.5);
        let pixels = (0..INPUT_SIDE * INPUT_SIDE).map(|at| [at % INPUT_SIDE, at / INPUT_SIDE]);
        let mut near =
            pixels.filter(|[column, row]| (*column as f32 - x).hypot(*row as f32 - y) <= margin);
        near.any(|[x, y]| covers(x, y) > 0.5)
    }

    /// Spearman's rank correlation of two maps, as Adebayo and others compare maps in "Sanity Checks for
    /// Saliency Maps" (2018), arXiv:1810.03292. 0 where one of the maps is flat.
    pub fn correlation(&self, other: &Self) -> f64 {
        let [a, b] = [self, other].map(|map| ranks(&map.cells));
        let mean = (a.len() - 1) as f64 / 2.0;
        let sum = |of: &dyn Fn(usize) -> f64| (0..a.len()).map(of).sum::<f64>();
        let product = sum(&|at| (a[at] - mean) * (b[at] - mean));
        let squares = [&a, &b].map(|ranks| sum(&|at| (ranks[at] - mean).powi(2)));
        let scale = (squares[0] * squares[1]).sqrt();
        if scale == 0.0 { 0.0 } else { product / scale }
    }
}

/// Each value's rank from 0; equal values have the mean of their ranks.
fn ranks(values: &[f32]) -> Vec<f64> {
    let below = |value: f32, strictly: bool| {
        let less = |other: &&f32| **other < value || (!strictly && **other == value);
        values.iter().filter(less).count() as f64
    };
    let rank = |&value: &f32| (below(value, true) + below(value, false) - 1.0) / 2.0;
    values.iter().map(rank).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_correlate_whatever_the_values() {
        let map = |value: &dyn Fn(f32) -> f32| HeatMap::from_fn(|x, y| value((y * 8 + x) as f32));
        let rising = map(&|n| n);
        for (other, expected) in [
            (map(&|n| n.exp2()), 1.0),
            (map(&|n| -n.powi(3)), -1.0),
            (map(&|_| 7.0), 0.0),
            // Halves: sqrt(3) / 2 for many values, sqrt(1 - 1/4 / (1 - 1/n^2)) for n.
            (map(&|n| if n < 32.0 { 0.0 } else { 1.0 }), 0.866_13),
        ] {
            assert!(
                (rising.correlation(&other) - expected).abs() < 1e-4,
                "{expected}"
            );
        }
    }

    #[test]
    fn the_pointing_game_looks_at_the_middle_of_the_highest_cell() {
        let map = HeatMap::from_fn(|x, y| f32::from(u8::from([x, y] == [2, 5])));
        assert_eq!(map.order()[..3], [42, 0, 1]);
        for (left, hit) in [(20, true), (21, true), (22, false), (0, true)] {
            let object = |x: usize, y: usize| f32::from(u8::from(x >= left && y >= 43));
            assert_eq!(map.points_into(POINTING_MARGIN, object), hit, "{left}");
        }
    }

    #[test]
    fn contrast_is_where_the_edge_is() {
        let input = InputImage::from_fn(64, |x, _| [if x < 29 { 20 } else { 200 }; 3]);
        let edges = HeatMap::edges(&input);
        let found = edges.order()[..8].iter().all(|cell| cell % 8 == 3);
        assert!(found, "{:?}", edges.order());
        assert_eq!(HeatMap::center().order()[..4], [27, 28, 35, 36]);
        assert_ne!(HeatMap::random(1), HeatMap::random(2));
    }
}
