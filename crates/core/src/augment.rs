//! Random changes to a training picture that leave its label true.

use crate::preprocess::Square;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// How far a picture may be changed. Zero, or `false`, leaves that property alone.
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
    /// Largest gain or loss of each colour channel on its own, as a share.
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

    /// Changes that a hand before a plain background survives.
    pub const LIGHT: Self = Self {
        flip: true,
        rotation: 20.0,
        zoom: 0.25,
        shift: 0.1,
        brightness: 0.2,
        contrast: 0.3,
        tint: 0.1,
    };

    /// Changes a picture by the draw that belongs to `seed`, `epoch` and `index`, so that a
    /// resumed training meets the very pictures of an uninterrupted one.
    pub fn apply(&self, square: &Square, seed: u64, epoch: usize, index: usize) -> Square {
        if *self == Self::NONE {
            return square.clone();
        }
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(((epoch as u64) << 32) | index as u64);
        let mut within = |most: f32| (rng.random::<f32>() * 2.0 - 1.0) * most;
        let angle = within(self.rotation).to_radians();
        let scale = (1.0 + self.zoom).powf(within(1.0));
        let (shift_x, shift_y) = (within(self.shift), within(self.shift));
        let brightness = within(self.brightness) * 255.0;
        let contrast = 1.0 + within(self.contrast);
        let gains = [0; 3].map(|_| 1.0 + within(self.tint));
        let mirror = if self.flip && within(1.0) < 0.0 {
            -1.0
        } else {
            1.0
        };

        // Each pixel of the result asks where in the source it comes from.
        let side = square.side() as f32;
        let centre = (side - 1.0) / 2.0;
        let (sin, cos) = angle.sin_cos();
        Square::from_fn(square.side(), |x, y| {
            let dx = (x as f32 - centre - shift_x * side) / scale;
            let dy = (y as f32 - centre - shift_y * side) / scale;
            let from_x = mirror * (cos * dx + sin * dy) + centre;
            let from_y = cos * dy - sin * dx + centre;
            let pixel = bilinear(square, from_x, from_y);
            [0, 1, 2].map(|c| {
                let value = (pixel[c] * gains[c] - 128.0) * contrast + 128.0 + brightness;
                value.round().clamp(0.0, 255.0) as u8
            })
        })
    }
}

/// The colour between pixels; beyond the border, the border's.
fn bilinear(square: &Square, x: f32, y: f32) -> [f32; 3] {
    let side = square.side();
    let last = (side - 1) as f32;
    let (x, y) = (x.clamp(0.0, last), y.clamp(0.0, last));
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(side - 1), (top + 1).min(side - 1));
    let (fx, fy) = (x - left as f32, y - top as f32);
    let at = |x: usize, y: usize, c: usize| f32::from(square.rgb()[(y * side + x) * 3 + c]);
    [0, 1, 2].map(|c| {
        let upper = at(left, top, c) * (1.0 - fx) + at(right, top, c) * fx;
        let lower = at(left, bottom, c) * (1.0 - fx) + at(right, bottom, c) * fx;
        upper * (1.0 - fy) + lower * fy
    })
}
