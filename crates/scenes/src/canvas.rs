//! The picture under the brush: float RGB of any size.

use image::RgbImage;
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
    pixels: Vec<[f32; 3]>,
}

impl Canvas {
    /// A canvas of one colour.
    ///
    /// # Panics
    ///
    /// Panics when a side is zero.
    pub fn new(width: usize, height: usize, colour: [f32; 3]) -> Self {
        assert!(width > 0 && height > 0, "a canvas has pixels");
        Self {
            width,
            height,
            pixels: vec![colour; width * height],
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

    /// The shorter side in pixels: what sizes and shifts are a share of.
    pub fn short_side(&self) -> usize {
        self.width.min(self.height)
    }

    /// All pixels, row by row.
    pub fn pixels(&self) -> &[[f32; 3]] {
        &self.pixels
    }

    /// All pixels, row by row.
    pub fn pixels_mut(&mut self) -> &mut [[f32; 3]] {
        &mut self.pixels
    }

    /// Changes every pixel, given its column and row.
    pub fn each(&mut self, mut change: impl FnMut(usize, usize, &mut [f32; 3])) {
        // By rows, since a division for every pixel costs more than most changes.
        for (y, row) in self.pixels.chunks_exact_mut(self.width).enumerate() {
            for (x, pixel) in row.iter_mut().enumerate() {
                change(x, y, pixel);
            }
        }
    }

    /// Lays `colour` over a pixel with the given opacity in 0 to 1.
    pub fn blend(&mut self, x: usize, y: usize, colour: [f32; 3], opacity: f32) {
        let pixel = &mut self.pixels[y * self.width + x];
        for (under, over) in pixel.iter_mut().zip(colour) {
            *under += (over - *under) * opacity;
        }
    }

    /// The pixels as bytes.
    pub fn to_image(&self) -> RgbImage {
        let bytes = self.pixels.iter().flatten();
        let bytes = bytes.map(|value| (value * 255.0).round().clamp(0.0, 255.0) as u8);
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
        let (width, height) = (image.width() as usize, image.height() as usize);
        let pixels = image.pixels();
        let pixels = pixels.map(|pixel| pixel.0.map(|value| f32::from(value) / 255.0));
        Self {
            width,
            height,
            pixels: pixels.collect(),
        }
    }
}
