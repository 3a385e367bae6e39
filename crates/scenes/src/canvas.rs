//! The picture under the brush: float RGB of any size.

use crate::palette::Rgb;
use glam::{Vec2, vec2};
use image::imageops::{FilterType, resize};
use image::{Rgb32FImage, RgbImage};
use signet_recognizer::Picture;

/// Side of the canvas that a training picture is composed on, in pixels. Twice what the network
/// reads, so that thin things are reduced as a camera's picture is.
pub const CANVAS: usize = 128;

/// An RGB picture in the making. Values are display values (sRGB-coded) in 0 to 1; effects may
/// leave that range, and it is cut when the picture is finished.
#[derive(Debug, Clone, PartialEq)]
pub struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<Rgb>,
}

impl Canvas {
    /// A canvas of one colour.
    ///
    /// # Panics
    ///
    /// Panics when a side is zero.
    pub fn new(width: usize, height: usize, colour: impl Into<Rgb>) -> Self {
        assert!(width > 0 && height > 0, "a canvas has pixels");
        Self {
            width,
            height,
            pixels: vec![colour.into(); width * height],
        }
    }

    /// A white square to compose a training picture on.
    pub(crate) fn blank() -> Self {
        Self::new(CANVAS, CANVAS, Rgb::ONE)
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Width and height as what places are a share of.
    pub(crate) fn size(&self) -> Vec2 {
        vec2(self.width as f32, self.height as f32)
    }

    /// The shorter side in pixels: what sizes and shifts are a share of.
    pub(crate) fn short_side(&self) -> f32 {
        self.width.min(self.height) as f32
    }

    /// All pixels, row by row.
    pub fn pixels(&self) -> &[Rgb] {
        &self.pixels
    }

    /// All pixels, row by row.
    pub fn pixels_mut(&mut self) -> &mut [Rgb] {
        &mut self.pixels
    }

    /// Changes every pixel, given its column and row.
    pub fn each(&mut self, mut change: impl FnMut(usize, usize, &mut Rgb)) {
        // By rows, since a division for every pixel costs more than most changes.
        for (y, row) in self.pixels.chunks_exact_mut(self.width).enumerate() {
            for (x, pixel) in row.iter_mut().enumerate() {
                change(x, y, pixel);
            }
        }
    }

    /// Lays `colour` over a pixel with the given opacity in 0 to 1.
    pub(crate) fn blend(&mut self, x: usize, y: usize, colour: Rgb, opacity: f32) {
        let pixel = &mut self.pixels[y * self.width + x];
        *pixel += (colour - *pixel) * opacity;
    }

    /// The same picture in another size: interpolated where it is larger, mean over areas where it
    /// is smaller.
    pub(crate) fn resized(&self, width: usize, height: usize) -> Self {
        let values = self.pixels.iter().flat_map(Rgb::to_array).collect();
        let image = Rgb32FImage::from_raw(self.width as u32, self.height as u32, values);
        let image = image.expect("three values for each pixel");
        let image = resize(&image, width as u32, height as u32, FilterType::Triangle);
        Self {
            width,
            height,
            pixels: image.pixels().map(|pixel| pixel.0.into()).collect(),
        }
    }

    /// The pixels as bytes.
    pub fn to_image(&self) -> RgbImage {
        let values = self.pixels.iter().flat_map(Rgb::to_array);
        let bytes = values.map(|value| (value * 255.0).round().clamp(0.0, 255.0) as u8);
        let (width, height) = (self.width as u32, self.height as u32);
        RgbImage::from_raw(width, height, bytes.collect()).expect("three bytes for each pixel")
    }

    /// The finished picture.
    pub fn to_picture(&self) -> Picture {
        Picture::from_image(self.to_image())
    }
}

impl From<&RgbImage> for Canvas {
    fn from(image: &RgbImage) -> Self {
        let pixels = image.pixels();
        let pixels = pixels.map(|pixel| Rgb::from(pixel.0.map(f32::from)) / 255.0);
        Self {
            width: image.width() as usize,
            height: image.height() as usize,
            pixels: pixels.collect(),
        }
    }
}
