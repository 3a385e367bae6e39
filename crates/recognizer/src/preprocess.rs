//! From a picture to the network's input: 64x64 RGB in 0 to 1.
//!
//! Training, native programs and the page all use this path, so that a model meets the same pixels
//! everywhere. It works in integers and in float32 additions and products, without transcendental
//! functions, and gives the same bytes natively and in WebAssembly.

use crate::picture::Picture;
use image::imageops::{self, FilterType};
use serde::Serialize;

/// Side of the network's square input, in pixels.
pub const INPUT_SIDE: usize = 64;

/// What is done to a picture before the network reads it, in words: part of every weights file.
pub const PREPROCESSING: &str = "EXIF orientation applied, transparency over white, centre square, \
     64x64 by a triangle filter (anti-aliased), RGB / 255";

impl Picture {
    /// The largest square in the middle of the picture: the crop that is classified unless another
    /// is asked for.
    pub fn center_crop(&self) -> Crop {
        Crop::center(self.width(), self.height())
    }

    /// The center crop, scaled to `side` x `side` by a triangle filter as wide as the reduction, so
    /// that nothing aliases. A crop of that size comes through unchanged.
    pub fn to_input(&self, side: usize) -> InputImage {
        self.input_of(self.center_crop(), side)
    }

    /// As [`to_input`](Self::to_input), of another part of the picture. A crop that reaches
    /// beyond the border is first moved [inside](Crop::within).
    pub fn input_of(&self, crop: Crop, side: usize) -> InputImage {
        let crop = crop.within(self.width(), self.height());
        let (image, [left, top]) = self.square([crop.left, crop.top], crop.side);
        let view = imageops::crop_imm(&*image, left, top, crop.side, crop.side);
        let target = u32::try_from(side).unwrap_or(u32::MAX);
        let scaled = if crop.side == target {
            view.to_image()
        } else {
            imageops::resize(&*view, target, target, FilterType::Triangle)
        };
        InputImage {
            side,
            rgb: scaled.into_raw(),
        }
    }
}

/// A square part of a picture, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Crop {
    /// First column.
    pub left: u32,
    /// First row.
    pub top: u32,
    /// Length of a side.
    pub side: u32,
}

impl Crop {
    /// The largest crop in the middle of a picture of that size.
    pub fn center(width: u32, height: u32) -> Self {
        let side = width.min(height);
        Self {
            left: (width - side) / 2,
            top: (height - side) / 2,
            side,
        }
    }

    /// The crop around a point of a picture of that size, in whole pixels and moved
    /// [inside](Self::within).
    pub fn around([x, y]: [f32; 2], side: f32, width: u32, height: u32) -> Self {
        let side = side.round();
        // A cast of a negative number gives zero, which is the border.
        Self {
            left: (x - side / 2.0).round() as u32,
            top: (y - side / 2.0).round() as u32,
            side: side as u32,
        }
        .within(width, height)
    }

    /// The crop, moved and if need be made smaller until it lies inside of a picture of that size.
    pub fn within(self, width: u32, height: u32) -> Self {
        let side = self.side.clamp(1, width.min(height).max(1));
        Self {
            left: self.left.min(width.saturating_sub(side)),
            top: self.top.min(height.saturating_sub(side)),
            side,
        }
    }
}

/// A network's input: a square RGB picture, 8 bits a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputImage {
    side: usize,
    rgb: Vec<u8>,
}

impl InputImage {
    /// An input from a function of column and row.
    pub fn from_fn(side: usize, pixel: impl Fn(usize, usize) -> [u8; 3]) -> Self {
        let pixels = (0..side * side).flat_map(|at| pixel(at % side, at / side));
        Self {
            side,
            rgb: pixels.collect(),
        }
    }

    /// The input of [`Classifier::self_check`](crate::Classifier::self_check): ramps and a disc, no
    /// hand, and values over the whole range.
    pub fn reference() -> Self {
        Self::from_fn(INPUT_SIDE, |x, y| {
            let (dx, dy) = (x.abs_diff(32), y.abs_diff(32));
            let disc = if dx * dx + dy * dy < 400 { 90 } else { 0 };
            let ramp = |n: usize| u8::try_from(n.min(255)).unwrap_or(u8::MAX);
            [
                ramp(x * 2 + disc),
                ramp(y * 2 + disc),
                ramp((x * y) % 128 + disc),
            ]
        })
    }

    /// The input mirrored: a left hand for a right one.
    pub fn mirrored(&self) -> Self {
        Self::from_fn(self.side, |x, y| self.pixel(self.side - 1 - x, y))
    }

    /// Red, green, blue at a column and row.
    ///
    /// # Panics
    ///
    /// Outside of the picture.
    pub fn pixel(&self, x: usize, y: usize) -> [u8; 3] {
        let at = (y * self.side + x) * 3;
        [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]]
    }

    /// Side in pixels.
    pub fn side(&self) -> usize {
        self.side
    }

    /// Red, green, blue, row by row.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// Red, green, blue, opaque alpha, row by row: what a canvas takes.
    pub fn to_rgba(&self) -> Vec<u8> {
        let pixels = self.rgb.chunks_exact(3);
        pixels.flat_map(|p| [p[0], p[1], p[2], 255]).collect()
    }
}
