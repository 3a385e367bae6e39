//! Augmentation: random changes of a training picture that keep its label true.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use signet_recognizer::{BoundingBox, InputImage};

/// Ranges of random changes. Zero, or `false`, leaves that property alone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Augmentation {
    /// Mirror every second picture: a left hand for a right one.
    pub flip: bool,
    /// Largest rotation either way, in degrees.
    pub rotation: f32,
    /// Largest zoom either way: 0.2 scales by 1 / 1.2 to 1.2.
    pub zoom: f32,
    /// Largest shift either way, as a share of the side.
    pub shift: f32,
    /// Largest change of brightness either way, as a share of the full range.
    pub brightness: f32,
    /// Largest change of contrast either way, as a share.
    pub contrast: f32,
    /// Largest gain or loss of each color channel on its own, as a share.
    pub tint: f32,
}

impl Augmentation {
    /// No change at all.
    pub const NONE: Self = Self {
        flip: false,
        rotation: 0.0,
        zoom: 0.0,
        shift: 0.0,
        brightness: 0.0,
        contrast: 0.0,
        tint: 0.0,
    };

    /// For hands before a plain background.
    pub const LIGHT: Self = Self {
        flip: true,
        rotation: 20.0,
        zoom: 0.25,
        shift: 0.1,
        brightness: 0.2,
        contrast: 0.3,
        tint: 0.1,
    };

    /// For composed scenes, whose difficulty it keeps.
    pub const SLIGHT: Self = Self {
        flip: true,
        rotation: 10.0,
        zoom: 0.12,
        shift: 0.05,
        brightness: 0.12,
        contrast: 0.25,
        tint: 0.08,
    };

    /// For a person's few pictures, of which several forms are learned from. Changes of light and color brought
    /// nothing there (`docs/benchmarks.md`).
    pub const FORMS: Self = Self {
        flip: true,
        rotation: 12.0,
        zoom: 0.12,
        shift: 0.06,
        brightness: 0.0,
        contrast: 0.0,
        tint: 0.0,
    };

    /// Applies the [`transform`](Self::transform) of `seed`, `epoch` and `index` to an input. Being a
    /// function of the three, it gives a resumed training the same inputs as an uninterrupted one.
    pub fn apply(&self, input: &InputImage, seed: u64, epoch: usize, index: usize) -> InputImage {
        if *self == Self::NONE {
            return input.clone();
        }
        self.transform(seed, epoch, index).apply(input)
    }

    /// The random transform of `seed`, `epoch` and `index`.
    pub fn transform(&self, seed: u64, epoch: usize, index: usize) -> Transform {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(((epoch as u64) << 32) | index as u64);
        let mut within = |most: f32| (rng.random::<f32>() * 2.0 - 1.0) * most;
        Transform {
            angle: within(self.rotation).to_radians(),
            scale: (1.0 + self.zoom).powf(within(1.0)),
            shift: [within(self.shift), within(self.shift)],
            brightness: within(self.brightness) * 255.0,
            contrast: 1.0 + within(self.contrast),
            gains: [0; 3].map(|_| 1.0 + within(self.tint)),
            mirror: if self.flip && within(1.0) < 0.0 {
                -1.0
            } else {
                1.0
            },
        }
    }
}

/// A transform of an input: mirrored, then rotated, then scaled, then shifted; brightness, contrast
/// and color changed.
#[derive(Debug, Clone, Copy)]
pub struct Transform {
    /// Counterclockwise, in radians.
    angle: f32,
    scale: f32,
    /// To the right and down, as shares of the side.
    shift: [f32; 2],
    brightness: f32,
    contrast: f32,
    gains: [f32; 3],
    /// -1 in a mirror, 1 otherwise.
    mirror: f32,
}

impl Transform {
    /// The input, transformed.
    pub fn apply(&self, input: &InputImage) -> InputImage {
        // The inverse transform says for each pixel of the result where in the source it comes from.
        let side = input.side() as f32;
        let center = (side - 1.0) / 2.0;
        let (sin, cos) = self.angle.sin_cos();
        let [shift_x, shift_y] = self.shift;
        InputImage::from_fn(input.side(), |x, y| {
            let dx = (x as f32 - center - shift_x * side) / self.scale;
            let dy = (y as f32 - center - shift_y * side) / self.scale;
            let from_x = self.mirror * (cos * dx + sin * dy) + center;
            let from_y = cos * dy - sin * dx + center;
            let pixel = bilinear(input, from_x, from_y);
            [0, 1, 2].map(|c| {
                let value =
                    (pixel[c] * self.gains[c] - 128.0) * self.contrast + 128.0 + self.brightness;
                value.round().clamp(0.0, 255.0) as u8
            })
        })
    }

    /// The bounding box after the transform.
    pub fn bounding_box(&self, from: BoundingBox) -> BoundingBox {
        let (sin, cos) = self.angle.sin_cos();
        let (x, y) = (self.mirror * (from.x - 0.5), from.y - 0.5);
        let [shift_x, shift_y] = self.shift;
        BoundingBox {
            x: (cos * x - sin * y) * self.scale + shift_x + 0.5,
            y: (sin * x + cos * y) * self.scale + shift_y + 0.5,
            side: from.side * self.scale,
        }
    }
}

/// The bilinear interpolation of a color; beyond the border, the border's color.
fn bilinear(input: &InputImage, x: f32, y: f32) -> [f32; 3] {
    let side = input.side();
    let last = (side - 1) as f32;
    let (x, y) = (x.clamp(0.0, last), y.clamp(0.0, last));
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(side - 1), (top + 1).min(side - 1));
    let (fx, fy) = (x - left as f32, y - top as f32);
    let at = |x: usize, y: usize, c: usize| f32::from(input.rgb()[(y * side + x) * 3 + c]);
    [0, 1, 2].map(|c| {
        let upper = at(left, top, c) * (1.0 - fx) + at(right, top, c) * fx;
        let lower = at(left, bottom, c) * (1.0 - fx) + at(right, bottom, c) * fx;
        upper * (1.0 - fy) + lower * fy
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bounding_box_goes_where_the_hand_goes() {
        let all = Augmentation {
            rotation: 40.0,
            zoom: 0.3,
            shift: 0.1,
            ..Augmentation::NONE
        };
        let flipping = Augmentation { flip: true, ..all };
        let dot = BoundingBox {
            x: 40.5 / 64.0,
            y: 26.5 / 64.0,
            side: 0.5,
        };
        let input = InputImage::from_fn(64, |x, y| {
            let (dx, dy) = (x.abs_diff(40), y.abs_diff(26));
            [if dx * dx + dy * dy <= 4 { 255 } else { 0 }; 3]
        });
        for index in 0..20 {
            let change = flipping.transform(3, 0, index);
            let found = change.apply(&input);
            let (mut weight, mut sum) = (0.0, [0.0; 2]);
            for (at, pixel) in found.rgb().chunks_exact(3).enumerate() {
                let value = f32::from(pixel[0]);
                weight += value;
                sum[0] += value * ((at % 64) as f32 + 0.5);
                sum[1] += value * ((at / 64) as f32 + 0.5);
            }
            let expected = change.bounding_box(dot);
            let [x, y] = sum.map(|s| s / weight / 64.0);
            assert!(
                (x - expected.x).abs() < 0.01 && (y - expected.y).abs() < 0.01,
                "{index}: at {x}, {y} and not {expected:?}"
            );
            let scale = (weight / 255.0 / 13.0).sqrt();
            assert!(
                (expected.side / dot.side - scale).abs() < 0.1,
                "{index}: {scale}"
            );
        }
    }
}
