//! What a lens, a sensor and a codec do to the picture.

use crate::blur::blur;
use crate::canvas::Canvas;
use crate::field::{chance, luma, mix, within};
use glam::Vec3;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageFormat, Rgb32FImage, imageops};
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
    pub motion: [f32; 2],
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
        motion: [0.0; 2],
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
            camera.motion = [angle.cos() * path, angle.sin() * path];
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
        let short = canvas.short_side() as f32;
        smear(canvas, self.motion.map(|path| path * short));
        let width = canvas.width();
        blur(canvas.pixels_mut(), width, self.defocus * short);
        if self.resolution < short {
            let scale = self.resolution.max(4.0) / short;
            let shrunk = |side: usize| ((side as f32 * scale).round() as usize).max(1);
            let mut small = reduce(canvas, shrunk(canvas.width()), shrunk(canvas.height()));
            // Coarse grain isn't averaged away when the picture is reduced.
            self.sense(&mut small, scale.max(0.4), rng);
            enlarge(&small, canvas);
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
                for value in pixel.iter_mut() {
                    *value += strength * (grey + gaussian() * self.colour_noise);
                }
            });
        }
        if self.chroma_halved {
            halve_chroma(canvas);
        }
        if self.sharpening > 0.0 {
            let mut soft = canvas.clone();
            blur(soft.pixels_mut(), canvas.width(), 0.9);
            for (pixel, soft) in canvas.pixels_mut().iter_mut().zip(soft.pixels()) {
                for (value, soft) in pixel.iter_mut().zip(soft) {
                    *value += (*value - soft) * self.sharpening;
                }
            }
        }
        if self.levels > 1 {
            let steps = f32::from(self.levels - 1);
            canvas.each(|_, _, pixel| *pixel = pixel.map(|v| (v * steps).round() / steps));
        }
    }
}

/// Deviation of a picture's brightness.
fn contrast(canvas: &Canvas) -> f32 {
    let count = canvas.pixels().len() as f32;
    let (mut sum, mut squares) = (0.0, 0.0);
    for pixel in canvas.pixels() {
        let bright = luma(*pixel);
        sum += bright;
        squares += bright * bright;
    }
    let mean = sum / count;
    (squares / count - mean * mean).max(0.0).sqrt()
}

/// Averages along a path of so many pixels.
fn smear(canvas: &mut Canvas, [across, down]: [f32; 2]) {
    let length = across.abs().max(down.abs());
    let taps = (length.ceil() as usize + 1).min(33);
    if length < 0.5 {
        return;
    }
    let (width, height) = (canvas.width() as isize, canvas.height() as isize);
    let source = canvas.pixels().to_vec();
    let offsets: Vec<(isize, isize)> = (0..taps)
        .map(|tap| {
            let share = tap as f32 / (taps - 1).max(1) as f32 - 0.5;
            let (x, y) = (across * share, down * share);
            (x.round() as isize, y.round() as isize)
        })
        .collect();
    let weight = 1.0 / taps as f32;
    canvas.each(|x, y, pixel| {
        let mut sum = Vec3::ZERO;
        for (right, below) in &offsets {
            let x = (x as isize + right).clamp(0, width - 1);
            let y = (y as isize + below).clamp(0, height - 1);
            sum += Vec3::from(source[(y * width + x) as usize]);
        }
        *pixel = (sum * weight).into();
    });
}

/// A smaller canvas whose pixels are means over areas.
fn reduce(canvas: &Canvas, width: usize, height: usize) -> Canvas {
    let values = canvas.pixels().as_flattened().to_vec();
    let (from_width, from_height) = (canvas.width() as u32, canvas.height() as u32);
    let mut small = Canvas::new(width, height, [0.0; 3]);
    // A canvas has as many values as its sides say.
    if let Some(image) = Rgb32FImage::from_raw(from_width, from_height, values) {
        let reduced = imageops::thumbnail(&image, width as u32, height as u32);
        let pixels = small.pixels_mut().iter_mut().zip(reduced.pixels());
        pixels.for_each(|(pixel, mean)| *pixel = mean.0);
    }
    small
}

/// Fills a canvas with a smaller one, interpolating.
fn enlarge(small: &Canvas, canvas: &mut Canvas) {
    let place = |at: usize, from: usize, to: usize| {
        let place = ((at as f32 + 0.5) * from as f32 / to as f32 - 0.5).max(0.0);
        let first = (place as usize).min(from - 1);
        (first, (first + 1).min(from - 1), place.fract())
    };
    let (width, height) = (canvas.width(), canvas.height());
    let columns: Vec<_> = (0..width).map(|x| place(x, small.width(), width)).collect();
    canvas.each(|x, y, pixel| {
        let (left, right, fx) = columns[x];
        let (top, bottom, fy) = place(y, small.height(), height);
        let at = |x: usize, y: usize| small.pixels()[y * small.width() + x];
        let (a, b, c, d) = (
            at(left, top),
            at(right, top),
            at(left, bottom),
            at(right, bottom),
        );
        *pixel = [0, 1, 2].map(|i| mix(mix(a[i], b[i], fx), mix(c[i], d[i], fx), fy));
    });
}

/// Gives each two by two pixels one colour and leaves their brightness.
fn halve_chroma(canvas: &mut Canvas) {
    let small = reduce(
        canvas,
        canvas.width().div_ceil(2),
        canvas.height().div_ceil(2),
    );
    let mut coarse = canvas.clone();
    enlarge(&small, &mut coarse);
    for (pixel, coarse) in canvas.pixels_mut().iter_mut().zip(coarse.pixels()) {
        let lift = luma(*pixel) - luma(*coarse);
        *pixel = coarse.map(|value| value + lift);
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
        canvas.pixels_mut()[20 * 41 + 20] = [1.0; 3];
        blur(canvas.pixels_mut(), 41, 2.0);
        smear(&mut canvas, [5.0, 3.0]);
        let sum: f32 = canvas.pixels().iter().map(|pixel| pixel[1]).sum();
        assert!((sum - 1.0).abs() < 1e-3);
    }
}
