//! One number per pixel: masks, their distances and smooth noise, which the effects are made of.

use crate::blur::blur;
use crate::noise;
use glam::{FloatExt, Vec2, vec2};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// One number per pixel of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

impl Field {
    /// Computes every value from its column and row. Sides of zero become one.
    pub fn from_fn(width: usize, height: usize, mut f: impl FnMut(usize, usize) -> f32) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            values.extend((0..width).map(|x| f(x, y)));
        }
        Self {
            width,
            height,
            values,
        }
    }

    /// Smooth noise between -1 and 1 whose bumps are `cell` pixels apart.
    pub fn noise(width: usize, height: usize, cell: f32, rng: &mut ChaCha8Rng) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        Self {
            width,
            height,
            values: noise::fractal((width, height), Vec2::splat(cell), 1, 1.0, rng),
        }
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// All values, row by row.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The value of a pixel.
    pub fn at(&self, x: usize, y: usize) -> f32 {
        self.values[y * self.width + x]
    }

    /// The value between pixels, in pixels from the first one's centre; beyond the border, the
    /// border's.
    pub fn between(&self, place: Vec2) -> f32 {
        let last = [self.width - 1, self.height - 1];
        let place = place.clamp(Vec2::ZERO, vec2(last[0] as f32, last[1] as f32));
        let (left, top) = (place.x as usize, place.y as usize);
        let (right, bottom) = ((left + 1).min(last[0]), (top + 1).min(last[1]));
        let part = place - place.floor();
        let upper = self.at(left, top).lerp(self.at(right, top), part.x);
        let lower = self.at(left, bottom).lerp(self.at(right, bottom), part.x);
        upper.lerp(lower, part.y)
    }

    /// Blurs by about `radius` pixels (the deviation of a Gaussian), beyond the border the
    /// border's value.
    pub fn blur(&mut self, radius: f32) {
        blur(&mut self.values, self.width, radius);
    }

    /// Distance in pixels from the edge at which a mask passes one half: negative inside of it.
    /// Where there's no edge at all, everything is far from it.
    pub fn signed_distance(&self) -> Self {
        let inside = self.distance_to(|value| value < 0.5);
        let mut distance = self.distance_to(|value| value >= 0.5);
        for (value, inside) in distance.values.iter_mut().zip(&inside.values) {
            // The edge runs half way between an inner and an outer pixel.
            *value = if *value > 0.0 {
                *value - 0.5
            } else {
                0.5 - inside
            };
        }
        distance
    }

    /// Euclidean distance in pixels from the nearest pixel that is `wanted`.
    pub fn distance_to(&self, wanted: impl Fn(f32) -> bool) -> Self {
        // The squared distance is separable: first along the columns, by counting, then each pixel
        // of a row takes the least of what all others of it say.
        let far = ((self.width + self.height) * 4) as f32;
        let (width, height) = (self.width, self.height);
        let mut steps = vec![far; width * height];
        for (at, value) in self.values.iter().enumerate() {
            let above = if at < width { far } else { steps[at - width] };
            steps[at] = if wanted(*value) {
                0.0
            } else {
                (above + 1.0).min(far)
            };
        }
        for at in (0..width * (height - 1)).rev() {
            steps[at] = steps[at].min(steps[at + width] + 1.0);
        }
        for row in steps.chunks_mut(width) {
            let down: Vec<f32> = row.iter().map(|steps| steps * steps).collect();
            row.fill(f32::MAX);
            for (at, square) in down.iter().enumerate() {
                for (x, least) in row.iter_mut().enumerate() {
                    let across = at as f32 - x as f32;
                    *least = least.min(square + across * across);
                }
            }
            row.iter_mut().for_each(|least| *least = least.sqrt());
        }
        Self {
            values: steps,
            ..*self
        }
    }
}

/// From 0 at `low` to 1 at `high` without a corner; `low` may be above `high`.
pub(crate) fn smoothstep(low: f32, high: f32, value: f32) -> f32 {
    let share = ((value - low) / (high - low)).clamp(0.0, 1.0);
    share * share * (3.0 - 2.0 * share)
}

/// Whether something of the given probability happens.
pub(crate) fn chance(rng: &mut ChaCha8Rng, probability: f32) -> bool {
    rng.random::<f32>() < probability
}

/// With the given probability a number between two bounds, else zero.
pub(crate) fn sometimes(rng: &mut ChaCha8Rng, probability: f32, low: f32, high: f32) -> f32 {
    if chance(rng, probability) {
        within(rng, low, high)
    } else {
        0.0
    }
}

/// A number between two bounds, which may be equal.
pub(crate) fn within(rng: &mut ChaCha8Rng, low: f32, high: f32) -> f32 {
    low.lerp(high, rng.random())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn distances_are_euclidean() {
        let dot = Field::from_fn(9, 7, |x, y| f32::from((x, y) == (2, 3)));
        let distance = dot.distance_to(|value| value > 0.5);
        for y in 0..7 {
            for x in 0..9 {
                let exact = (x as f32 - 2.0).hypot(y as f32 - 3.0);
                assert!((distance.at(x, y) - exact).abs() < 1e-4);
            }
        }
    }

    #[test]
    fn inside_is_negative_and_the_edge_lies_between_pixels() {
        let half = Field::from_fn(8, 3, |x, _| f32::from(x < 4));
        let distance = half.signed_distance();
        assert_eq!(distance.at(3, 1), -0.5);
        assert_eq!(distance.at(4, 1), 0.5);
        assert_eq!(distance.at(0, 1), -3.5);
        let empty = Field::from_fn(8, 3, |_, _| 0.0).signed_distance();
        assert!(empty.values().iter().all(|value| *value > 20.0));
    }

    #[test]
    fn a_blur_keeps_the_mean_and_noise_its_range() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut dot = Field::from_fn(31, 31, |x, y| f32::from((x, y) == (15, 15)));
        dot.blur(2.5);
        assert!((dot.values().iter().sum::<f32>() - 1.0).abs() < 1e-3);
        assert!(dot.at(15, 15) < 0.1);
        let noise = Field::noise(33, 7, 5.0, &mut rng);
        assert!(noise.values().iter().all(|value| value.abs() <= 1.0));
        assert_eq!((noise.width(), noise.height()), (33, 7));
    }
}
