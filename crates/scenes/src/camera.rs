//! What a lens, a sensor and a codec do to the picture.

use crate::blur::blur;
use crate::canvas::Canvas;
use crate::field::{chance, within};
use crate::palette::{Rgb, luma};
use glam::Vec2;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageFormat};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use std::f32::consts::TAU;

/// A camera with its faults. Lengths are shares of the canvas' shorter side, so that a large canvas
/// looks like a small one after it's reduced.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// Blur of a lens out of focus: deviation.
    pub defocus: f32,
    /// Path of the picture over the sensor while it's exposed, in x and y.
    pub motion: Vec2,
    /// Pixels along the shorter side that the sensor has; a canvas with fewer keeps its own.
    pub resolution: f32,
    /// Deviation of the noise's brightness at middle grey. Noise never drowns the picture: it's
    /// less where the picture has little contrast, or few pixels.
    pub noise: f32,
    /// Deviation of the noise's colour at middle grey.
    pub colour_noise: f32,
    /// By how much noise rises in the dark: 1 doubles it in black.
    pub dark_noise: f32,
    /// Halo of the camera's own sharpening: how much of the detail is added again.
    pub sharpening: f32,
    /// Whether colours have half of the resolution.
    pub chroma_halved: bool,
    /// Number of levels of each channel; 0 leaves them as they are.
    pub levels: u16,
    /// JPEG quality from 1 to 100; 0 is none.
    pub jpeg: u8,
}

impl Camera {
    /// A camera without faults.
    pub const NONE: Self = Self {
        defocus: 0.0,
        motion: Vec2::ZERO,
        resolution: f32::INFINITY,
        noise: 0.0,
        colour_noise: 0.0,
        dark_noise: 0.0,
        sharpening: 0.0,
        chroma_halved: false,
        levels: 0,
        jpeg: 0,
    };

    /// Anything between a good camera and a bad webcam.
    pub fn random(rng: &mut ChaCha8Rng) -> Self {
        let mut camera = Self::NONE;
        if chance(rng, 0.45) {
            // Mostly slight.
            let share = within(rng, 0.0, 1.0);
            camera.defocus = 0.002 + 0.014 * share * share;
        }
        if chance(rng, 0.2) {
            let (angle, path) = (within(rng, 0.0, TAU), within(rng, 0.01, 0.06));
            camera.motion = Vec2::from_angle(angle) * path;
        }
        if chance(rng, 0.45) {
            camera.resolution = 32.0 * within(rng, 0.0, 2.0).exp2();
        }
        if chance(rng, 0.7) {
            let share = within(rng, 0.0, 1.0);
            camera.noise = 0.08 * share * share;
            camera.colour_noise = camera.noise * within(rng, 0.1, 0.9);
            camera.dark_noise = within(rng, 0.0, 1.5);
        }
        if chance(rng, 0.35) {
            // Cameras that sharpen much don't have noise to sharpen.
            camera.sharpening = within(rng, 0.2, 1.6) * (1.0 - 12.0 * camera.noise).max(0.1);
        }
        camera.chroma_halved = chance(rng, 0.35);
        if chance(rng, 0.06) {
            camera.levels = within(rng, 10.0, 48.0) as u16;
        }
        if chance(rng, 0.25) {
            camera.jpeg = within(rng, 25.0, 95.0) as u8;
        }
        camera
    }

    /// Takes the canvas' picture.
    pub fn apply(&self, canvas: &mut Canvas, rng: &mut ChaCha8Rng) {
        let short = canvas.short_side();
        smear(canvas, self.motion * short);
        let width = canvas.width();
        blur(canvas.pixels_mut(), width, self.defocus * short);
        if self.resolution < short {
            let scale = self.resolution.max(4.0) / short;
            let shrunk = |side: usize| ((side as f32 * scale).round() as usize).max(1);
            let mut small = canvas.resized(shrunk(canvas.width()), shrunk(canvas.height()));
            // Coarse grain isn't averaged away when the picture is reduced.
            self.sense(&mut small, scale.max(0.4), rng);
            *canvas = small.resized(canvas.width(), canvas.height());
        } else {
            self.sense(canvas, 1.0, rng);
        }
        if self.jpeg > 0 {
            recompress(canvas, self.jpeg);
        }
    }

    /// What happens pixel by pixel, in the sensor's resolution; `scale` is a factor of the noise.
    fn sense(&self, canvas: &mut Canvas, scale: f32, rng: &mut ChaCha8Rng) {
        if self.noise > 0.0 || self.colour_noise > 0.0 {
            let limit = scale * (0.6 * contrast(canvas) / self.noise.max(1e-6)).min(1.0);
            canvas.each(|_, _, pixel| {
                let bright = luma(*pixel).clamp(0.0, 1.0);
                let strength = 1.0 + self.dark_noise * (1.0 - 2.0 * bright);
                let strength = strength.max(0.3) * limit;
                let mut gaussian = || rng.sample::<f32, _>(StandardNormal);
                let grey = gaussian() * self.noise;
                *pixel =
                    pixel.map(|value| value + strength * (grey + gaussian() * self.colour_noise));
            });
        }
        if self.chroma_halved {
            halve_chroma(canvas);
        }
        if self.sharpening > 0.0 {
            let mut soft = canvas.clone();
            blur(soft.pixels_mut(), canvas.width(), 0.9);
            for (pixel, soft) in canvas.pixels_mut().iter_mut().zip(soft.pixels()) {
                *pixel += (*pixel - *soft) * self.sharpening;
            }
        }
        if self.levels > 1 {
            let steps = f32::from(self.levels - 1);
            canvas.each(|_, _, pixel| *pixel = (*pixel * steps).round() / steps);
        }
    }
}

/// Deviation of a picture's brightness.
fn contrast(canvas: &Canvas) -> f32 {
    let count = canvas.pixels().len() as f32;
    let lights = canvas.pixels().iter().map(|pixel| luma(*pixel));
    let mean = lights.clone().sum::<f32>() / count;
    let squares = lights.map(|light| (light - mean) * (light - mean));
    (squares.sum::<f32>() / count).sqrt()
}

/// Averages along a path of so many pixels.
fn smear(canvas: &mut Canvas, path: Vec2) {
    let length = path.abs().max_element();
    let taps = (length.ceil() as usize + 1).min(33);
    if length < 0.5 {
        return;
    }
    let (width, height) = (canvas.width() as i32, canvas.height() as i32);
    let source = canvas.pixels().to_vec();
    let offset = |tap: usize| {
        (path * (tap as f32 / (taps - 1) as f32 - 0.5))
            .round()
            .as_ivec2()
    };
    let offsets: Vec<_> = (0..taps).map(offset).collect();
    canvas.each(|x, y, pixel| {
        let taken = offsets.iter().map(|offset| {
            let x = (x as i32 + offset.x).clamp(0, width - 1);
            let y = (y as i32 + offset.y).clamp(0, height - 1);
            source[(y * width + x) as usize]
        });
        *pixel = taken.sum::<Rgb>() / taps as f32;
    });
}

/// Gives each two by two pixels one colour and leaves their brightness.
fn halve_chroma(canvas: &mut Canvas) {
    let (width, height) = (canvas.width(), canvas.height());
    let small = canvas.resized(width.div_ceil(2), height.div_ceil(2));
    let coarse = small.resized(width, height);
    for (pixel, coarse) in canvas.pixels_mut().iter_mut().zip(coarse.pixels()) {
        *pixel = *coarse + (luma(*pixel) - luma(*coarse));
    }
}

/// Through a JPEG file and back.
fn recompress(canvas: &mut Canvas, quality: u8) {
    let image = canvas.to_image();
    let (width, height) = image.dimensions();
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut file, quality);
    let encoded = encoder.encode(image.as_raw(), width, height, ExtendedColorType::Rgb8);
    // Writing to memory doesn't fail; were a canvas too large for the format, it'd stay as it is.
    let decoded =
        encoded.and_then(|()| image::load_from_memory_with_format(&file, ImageFormat::Jpeg));
    if let Ok(decoded) = decoded {
        *canvas = Canvas::from(&decoded.into_rgb8());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    fn scene(width: usize, height: usize) -> Canvas {
        let mut canvas = Canvas::new(width, height, [0.2, 0.4, 0.6]);
        canvas.each(|x, y, pixel| pixel[0] = ((x * 3 + y * 5) % 7) as f32 / 7.0);
        canvas
    }

    #[test]
    fn no_fault_changes_nothing() {
        let mut canvas = scene(17, 12);
        Camera::NONE.apply(&mut canvas, &mut ChaCha8Rng::seed_from_u64(1));
        assert_eq!(canvas, scene(17, 12));
    }

    #[test]
    fn blurs_keep_the_mean() {
        let mut canvas = Canvas::new(41, 41, [0.0; 3]);
        canvas.pixels_mut()[20 * 41 + 20] = Rgb::ONE;
        blur(canvas.pixels_mut(), 41, 2.0);
        smear(&mut canvas, Vec2::new(5.0, 3.0));
        let sum: f32 = canvas.pixels().iter().map(|pixel| pixel.y).sum();
        assert!((sum - 1.0).abs() < 1e-3);
    }
}
