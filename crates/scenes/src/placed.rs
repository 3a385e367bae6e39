//! Pictures of procedural hands whose place is known: what explanations are tested on, and the page's
//! check set.

use crate::canvas::{CANVAS, Canvas};
use crate::layer::Layer;
use crate::place::Placement;
use crate::procedural::composable;
use crate::suite::{SEED, room, upright};
use crate::texture::Texture;
use glam::{Vec2, vec2};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use signet_hands::Subject;
use signet_recognizer::{INPUT_SIDE, InputImage};

/// Added to the suites' seed; suites are fewer.
const OFF_CENTER: u64 = 200;
const FRAMED: u64 = 201;

/// Side of a hand's frame that lies off the center, as a share of the picture's.
const SIDE: [f32; 2] = [0.6, 0.7];

/// A hand in a room, as the network reads it.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The picture.
    pub input: InputImage,
    /// The index of its label: how many fingers are up.
    pub label: usize,
    /// For each pixel, row by row, which share of it the hand covers.
    mask: Vec<f32>,
}

impl Placed {
    /// The picture of that number, with the hand at a border or in a corner: labels in turn.
    pub fn off_center(number: usize) -> Self {
        let mut rng = rng(OFF_CENTER, number);
        let mut placement = upright(&mut rng);
        let unit = CANVAS as f32;
        placement.side = unit * rng.random_range(SIDE[0]..SIDE[1]);
        // The frame touches a border with one of its sides and lies anywhere along it.
        let room = 1.0 - placement.side / unit;
        let (far, along) = (
            f32::from(u8::from(rng.random_bool(0.5))),
            rng.random::<f32>(),
        );
        let at = if rng.random_bool(0.5) {
            vec2(far, along)
        } else {
            vec2(along, far)
        };
        placement.centre = Vec2::splat(placement.side / 2.0) + at * room * unit;
        Self::paint(number, &placement, &mut rng)
    }

    /// The picture of that number, with the hand as people hold it up who want to be read: labels in turn.
    pub fn framed(number: usize) -> Self {
        let mut rng = rng(FRAMED, number);
        let placement = upright(&mut rng);
        Self::paint(number, &placement, &mut rng)
    }

    fn paint(number: usize, placement: &Placement, rng: &mut ChaCha8Rng) -> Self {
        let fingers = (number % 6) as u8;
        let hand = signet_hands::Hand::random(Subject::Sign(fingers), rng.random());
        let layer = composable(&hand).layer;
        let mut canvas = Canvas::blank();
        room(rng).paint(&mut canvas, &layer, placement, rng);
        Self {
            input: canvas.to_picture().to_input(INPUT_SIDE),
            label: usize::from(fingers),
            mask: mask(&canvas, &layer, placement),
        }
    }

    /// The share of a pixel of the input that the hand covers, 0 to 1. The forearm beyond the hand's frame
    /// doesn't count.
    pub fn covers(&self, x: usize, y: usize) -> f32 {
        self.mask[y * INPUT_SIDE + x]
    }
}

fn rng(kind: u64, number: usize) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED + kind);
    rng.set_stream(number as u64);
    rng
}

/// The layer's opacity, averaged over each pixel of the input.
fn mask(canvas: &Canvas, layer: &Layer, placement: &Placement) -> Vec<f32> {
    const SCALE: usize = CANVAS / INPUT_SIDE;
    let texture = Texture::shape(layer, placement.side);
    let mut mask = vec![0.0; INPUT_SIDE * INPUT_SIDE];
    for (at, point) in placement.points(canvas).into_iter().enumerate() {
        let [x, y] = [at % CANVAS, at / CANVAS].map(|n| n / SCALE);
        let opacity = point.map_or(0.0, |point| texture.sample(point).w);
        mask[y * INPUT_SIDE + x] += opacity / (SCALE * SCALE) as f32;
    }
    mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_is_where_the_hand_is_and_that_is_off_the_center() {
        let (mut centers, mut distance) = (0, 0.0);
        for number in 0..24 {
            let placed = Placed::off_center(number);
            assert_eq!(placed, Placed::off_center(number));
            assert_eq!(placed.label, number % 6);
            let pixels = (0..64 * 64).map(|at| [at % 64, at / 64]);
            let covered: Vec<_> = pixels
                .filter(|[x, y]| placed.covers(*x, *y) > 0.5)
                .collect();
            let count = covered.len() as f32;
            assert!((150.0..1500.0).contains(&count), "{number}: {count}");
            let mean = |axis: usize| covered.iter().map(|at| at[axis] as f32).sum::<f32>() / count;
            distance += (mean(0) - 32.0).hypot(mean(1) - 32.0) / 24.0;
            centers += usize::from(placed.covers(32, 32) > 0.5);
        }
        assert!(distance > 8.0, "{distance}");
        assert!(centers < 16, "{centers} of 24 hands lie at the center");
        assert_ne!(Placed::framed(3), Placed::framed(9));
    }
}
