//! One number per pixel: masks, their distances and smooth noise, which the effects are made of.

use crate::blur::blur;
use crate::noise;
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
            values: noise::fractal((width, height), [cell; 2], 1, 1.0, rng),
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
    pub fn between(&self, x: f32, y: f32) -> f32 {
        let x = x.clamp(0.0, (self.width - 1) as f32);
        let y = y.clamp(0.0, (self.height - 1) as f32);
        let (left, top) = (x as usize, y as usize);
        let right = (left + 1).min(self.width - 1);
        let bottom = (top + 1).min(self.height - 1);
        let (fx, fy) = (x - left as f32, y - top as f32);
        let upper = self.at(left, top) + (self.at(right, top) - self.at(left, top)) * fx;
        let lower = self.at(left, bottom) + (self.at(right, bottom) - self.at(left, bottom)) * fx;
        upper + (lower - upper) * fy
    }

    /// Blurs by about `radius` pixels (the deviation of a Gaussian), beyond the border the
    /// border's value.
    pub fn blur(&mut self, radius: f32) {
        let width = self.width;
        blur(self.values.as_chunks_mut::<1>().0, width, radius);
    }

    /// Distance in pixels from the edge at which a mask passes one half: negative inside of it.
    /// Where there's no edge at all, everything is far from it.
    pub fn signed_distance(&self) -> Self {
        let outside = self.distance_to(|value| value >= 0.5);
        let inside = self.distance_to(|value| value < 0.5);
        let mut distance = outside;
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
        // The squared distance is separable: first along the columns, by counting, then each row
        // takes the lowest of the parabolas that stand on its pixels.
        let far = ((self.width + self.height) * 4) as f32;
        let (width, height) = (self.width, self.height);
        let mut squares = vec![far; width * height];
        for (at, value) in self.values.iter().enumerate() {
            let above = if at < width { far } else { squares[at - width] };
            squares[at] = if wanted(*value) {
                0.0
            } else {
                (above + 1.0).min(far)
            };
        }
        for at in (0..width * (height - 1)).rev() {
            squares[at] = squares[at].min(squares[at + width] + 1.0);
        }
        squares.iter_mut().for_each(|value| *value *= *value);
        let mut envelope = Vec::with_capacity(width);
        let mut line = vec![0.0; width];
        for row in squares.chunks_mut(width) {
            line.copy_from_slice(row);
            lower_envelope(&line, &mut envelope, row);
        }
        squares.iter_mut().for_each(|value| *value = value.sqrt());
        Self {
            width,
            height,
            values: squares,
        }
    }
}

/// For each place the lowest of the parabolas `heights[q] + (x - q)²`.
fn lower_envelope(heights: &[f32], envelope: &mut Vec<(usize, f32)>, lowest: &mut [f32]) {
    // The envelope is a list of parabolas, each with the place from which it is the lowest.
    envelope.clear();
    for (q, height) in heights.iter().enumerate() {
        let mut from = f32::NEG_INFINITY;
        while let Some(&(p, start)) = envelope.last() {
            let (a, b) = (p as f32, q as f32);
            from = ((height + b * b) - (heights[p] + a * a)) / (2.0 * (b - a));
            if from > start {
                break;
            }
            envelope.pop();
            from = f32::NEG_INFINITY;
        }
        envelope.push((q, from));
    }
    let mut at = 0;
    for (x, value) in lowest.iter_mut().enumerate() {
        while envelope.get(at + 1).is_some_and(|next| next.1 <= x as f32) {
            at += 1;
        }
        if let Some(&(q, _)) = envelope.get(at) {
            let away = x as f32 - q as f32;
            *value = heights[q] + away * away;
        }
    }
}

/// From 0 at `low` to 1 at `high` without a corner; `low` may be above `high`.
pub(crate) fn smoothstep(low: f32, high: f32, value: f32) -> f32 {
    let share = ((value - low) / (high - low)).clamp(0.0, 1.0);
    share * share * (3.0 - 2.0 * share)
}

/// The value a `share` of the way from `a` to `b`.
pub(crate) fn mix(a: f32, b: f32, share: f32) -> f32 {
    a + (b - a) * share
}

/// Perceived brightness of a display colour.
pub(crate) fn luma(colour: [f32; 3]) -> f32 {
    colour[0] * 0.299 + colour[1] * 0.587 + colour[2] * 0.114
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
    mix(low, high, rng.random::<f32>())
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
