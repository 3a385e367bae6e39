//! A square of a photo, turned and mirrored, on a canvas.

use crate::canvas::{CANVAS, Canvas};
use crate::field::{chance, within};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use signet_recognizer::Picture;

/// Samples along a side of a canvas' pixel, at most.
const MOST_SAMPLES: usize = 4;

/// A square of a photo.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Its centre, in pixels of the photo.
    pub centre: [f32; 2],
    /// Its side, in pixels of the photo.
    pub side: f32,
    /// By which the hand is turned, clockwise, in radians.
    pub rotation: f32,
    /// Whether left and right are changed.
    pub mirror: bool,
}

impl View {
    /// The square of that centre and side, moved and if need be made smaller until it lies inside
    /// of the photo: [`Crop::within`](signet_recognizer::Crop::within) in fractions of pixels.
    pub fn within(picture: &Picture, [x, y]: [f32; 2], side: f32) -> Self {
        let [width, height] = [picture.width() as f32, picture.height() as f32];
        let side = side.min(width.min(height));
        let inside = |at: f32, length: f32| at.max(side / 2.0).min(length - side / 2.0);
        Self {
            centre: [inside(x, width), inside(y, height)],
            side,
            rotation: 0.0,
            mirror: false,
        }
    }

    /// The middle of the photo; `share` of its shorter side.
    pub fn centred(picture: &Picture, share: f32) -> Self {
        let [width, height] = [picture.width() as f32, picture.height() as f32];
        Self::within(
            picture,
            [width / 2.0, height / 2.0],
            share * width.min(height),
        )
    }

    /// Any square of the photo whose side is between two shares of the photo's shorter side.
    pub fn anywhere(picture: &Picture, [least, most]: [f32; 2], rng: &mut ChaCha8Rng) -> Self {
        let [width, height] = [picture.width() as f32, picture.height() as f32];
        let side = within(rng, least, most) * width.min(height);
        let mut place = |length: f32| side / 2.0 + within(rng, 0.0, length - side);
        let centre = [place(width), place(height)];
        Self::within(picture, centre, side)
    }

    /// The same turned, mostly a little, and mirrored half of the time.
    pub fn shaken(self, rng: &mut ChaCha8Rng) -> Self {
        // Fingers that point sideways are as many as those that point up.
        let most: f32 = match rng.random_range(0..10) {
            0..2 => 100.0,
            2..6 => 20.0,
            _ => 5.0,
        };
        Self {
            rotation: within(rng, -most, most).to_radians(),
            mirror: chance(rng, 0.5),
            ..self
        }
    }

    /// Where a point of the photo lies in the square, as shares of its side.
    pub fn place_of(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let (sin, cos) = self.rotation.sin_cos();
        let (x, y) = (x - self.centre[0], y - self.centre[1]);
        let (x, y) = (cos * x - sin * y, sin * x + cos * y);
        let x = if self.mirror { -x } else { x };
        [x / self.side + 0.5, y / self.side + 0.5]
    }

    /// The square on a canvas. Beyond the photo's border lies the border's colour.
    pub fn render(&self, picture: &Picture) -> Canvas {
        let step = self.side / CANVAS as f32;
        let samples = (step.ceil() as usize).clamp(1, MOST_SAMPLES);
        let (sin, cos) = self.rotation.sin_cos();
        let flip = if self.mirror { -1.0 } else { 1.0 };
        let half = CANVAS as f32 / 2.0;
        let mut canvas = Canvas::new(CANVAS, CANVAS, [0.0; 3]);
        let weight = 1.0 / (samples * samples) as f32 / 255.0;
        canvas.each(|x, y, pixel| {
            let mut sum = [0.0_f32; 3];
            for at in 0..samples * samples {
                let part = |n: usize| (n as f32 + 0.5) / samples as f32;
                let dx = flip * (x as f32 + part(at % samples) - half) * step;
                let dy = (y as f32 + part(at / samples) - half) * step;
                let from_x = self.centre[0] + cos * dx + sin * dy;
                let from_y = self.centre[1] + cos * dy - sin * dx;
                let sample = bilinear(picture, from_x - 0.5, from_y - 0.5);
                for (sum, value) in sum.iter_mut().zip(sample) {
                    *sum += value;
                }
            }
            *pixel = sum.map(|value| value * weight).into();
        });
        canvas
    }
}

/// The colour between pixels, 0 to 255.
fn bilinear(picture: &Picture, x: f32, y: f32) -> [f32; 3] {
    let image = picture.image();
    let (last_x, last_y) = (image.width() - 1, image.height() - 1);
    let (x, y) = (x.clamp(0.0, last_x as f32), y.clamp(0.0, last_y as f32));
    let (left, top) = (x as u32, y as u32);
    let (right, bottom) = ((left + 1).min(last_x), (top + 1).min(last_y));
    let (fx, fy) = (x - left as f32, y - top as f32);
    let at = |x, y| image.get_pixel(x, y).0.map(f32::from);
    let (a, b) = (at(left, top), at(right, top));
    let (c, d) = (at(left, bottom), at(right, bottom));
    [0, 1, 2].map(|i| {
        let upper = a[i] + (b[i] - a[i]) * fx;
        let lower = c[i] + (d[i] - c[i]) * fx;
        upper + (lower - upper) * fy
    })
}
