//! Pictures in memory, and the limit on their size.

use crate::error::{Error, Result};
use image::{RgbImage, RgbaImage};
use std::borrow::Cow;

/// Larger pictures are refused before they are decoded.
pub const MAX_MEGAPIXELS: u32 = 100;

/// Bytes that a decoder may hold: [`MAX_MEGAPIXELS`] in RGBA of 8 bits. 16-bit pictures and progressive
/// JPEGs reach this limit with fewer pixels.
const MAX_DECODED: u64 = MAX_MEGAPIXELS as u64 * 1_000_000 * 4;

/// An upright, opaque RGB picture of any size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture(Pixels);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Pixels {
    Rgb(RgbImage),
    /// Only the crops that are looked at become RGB.
    Frame(RgbaImage),
}

impl Picture {
    /// Takes raw pixels: `width` x `height` of red, green, blue, alpha, row by row.
    /// Transparency is laid over white.
    ///
    /// # Errors
    ///
    /// [`Error::PictureEmpty`], [`Error::PictureTooLarge`], [`Error::PictureSize`].
    pub fn from_rgba(pixels: &[u8], width: u32, height: u32) -> Result<Self> {
        check_pixels(pixels, width, height, 4)?;
        let rgb = opaque(pixels).collect();
        Ok(Self::from_checked(rgb, width, height))
    }

    /// As [`from_rgba`](Self::from_rgba) for a video's frame, of which a crop or two are looked at: nothing
    /// else of it is converted.
    ///
    /// # Errors
    ///
    /// As [`from_rgba`](Self::from_rgba).
    pub fn from_frame(pixels: Vec<u8>, width: u32, height: u32) -> Result<Self> {
        check_pixels(&pixels, width, height, 4)?;
        let frame = RgbaImage::from_raw(width, height, pixels);
        Ok(Self(Pixels::Frame(frame.expect(CHECKED))))
    }

    /// Takes raw pixels: `width` x `height` of red, green, blue, row by row.
    ///
    /// # Errors
    ///
    /// [`Error::PictureEmpty`], [`Error::PictureTooLarge`], [`Error::PictureSize`].
    pub fn from_rgb(pixels: &[u8], width: u32, height: u32) -> Result<Self> {
        check_pixels(pixels, width, height, 3)?;
        Ok(Self::from_checked(pixels.to_vec(), width, height))
    }

    fn from_checked(rgb: Vec<u8>, width: u32, height: u32) -> Self {
        let image = RgbImage::from_raw(width, height, rgb);
        Self::from_image(image.expect(CHECKED))
    }

    /// Wraps an image that is upright and opaque already.
    pub fn from_image(image: RgbImage) -> Self {
        Self(Pixels::Rgb(image))
    }

    /// The picture converted whole, for whoever looks at more of a frame than a crop or two.
    pub fn into_rgb(self) -> Self {
        match self.0 {
            Pixels::Rgb(_) => self,
            Pixels::Frame(_) => Self::from_image(self.image().into_owned()),
        }
    }

    /// The pixels.
    pub fn image(&self) -> Cow<'_, RgbImage> {
        match &self.0 {
            Pixels::Rgb(image) => Cow::Borrowed(image),
            Pixels::Frame(frame) => {
                let [width, height] = [frame.width(), frame.height()];
                Cow::Owned(part(frame, [0, 0], [width, height]))
            }
        }
    }

    /// Pixels with a square of the picture, which lies inside of it, and the place of the square in them.
    pub(crate) fn square(&self, corner: [u32; 2], side: u32) -> (Cow<'_, RgbImage>, [u32; 2]) {
        match &self.0 {
            Pixels::Rgb(image) => (Cow::Borrowed(image), corner),
            Pixels::Frame(frame) => (Cow::Owned(part(frame, corner, [side, side])), [0, 0]),
        }
    }

    /// Width in pixels, after orientation.
    pub fn width(&self) -> u32 {
        match &self.0 {
            Pixels::Rgb(image) => image.width(),
            Pixels::Frame(frame) => frame.width(),
        }
    }

    /// Height in pixels, after orientation.
    pub fn height(&self) -> u32 {
        match &self.0 {
            Pixels::Rgb(image) => image.height(),
            Pixels::Frame(frame) => frame.height(),
        }
    }
}

const CHECKED: &str = "check_pixels has compared the length with the size";

/// A part of a frame, which lies inside of it.
fn part(frame: &RgbaImage, [left, top]: [u32; 2], [width, height]: [u32; 2]) -> RgbImage {
    let byte = |column: u32| column as usize * 4;
    let lines = frame.as_raw().chunks(byte(frame.width()));
    let lines = lines.skip(top as usize).take(height as usize);
    let rgb = lines.flat_map(|line| opaque(&line[byte(left)..byte(left + width)]));
    RgbImage::from_raw(width, height, rgb.collect()).expect("the part lies inside of the frame")
}

/// Red, green, blue of pixels with alpha, over white.
fn opaque(rgba: &[u8]) -> impl Iterator<Item = u8> {
    let pixels = rgba.chunks_exact(4);
    pixels.flat_map(|pixel| [0, 1, 2].map(|c| over_white(pixel[c], pixel[3])))
}

/// Refuses an empty picture, and one for which a decoder would hold more than [`MAX_DECODED`] bytes at
/// `bytes_per_pixel`, or that has more than [`MAX_MEGAPIXELS`].
pub(crate) fn check_size(width: u32, height: u32, bytes_per_pixel: u64) -> Result<()> {
    if width == 0 || height == 0 {
        return Err(Error::PictureEmpty { width, height });
    }
    let fitting = MAX_DECODED / 1_000_000 / bytes_per_pixel.max(1);
    let limit = u32::try_from(fitting).map_or(MAX_MEGAPIXELS, |fit| fit.min(MAX_MEGAPIXELS));
    if u64::from(width) * u64::from(height) > u64::from(limit) * 1_000_000 {
        return Err(Error::PictureTooLarge {
            width,
            height,
            limit,
        });
    }
    Ok(())
}

fn check_pixels(pixels: &[u8], width: u32, height: u32, channels: u64) -> Result<()> {
    check_size(width, height, 1)?;
    let expected = u64::from(width) * u64::from(height) * channels;
    let found = pixels.len() as u64;
    if found != expected {
        return Err(Error::PictureSize {
            width,
            height,
            expected,
            found,
        });
    }
    Ok(())
}

/// value * alpha + 255 * (1 - alpha) of alpha in 0 to 1, rounded.
fn over_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    let sum = value * alpha + 255 * (255 - alpha);
    // The sum is at most 255 * 255, so the rounded quotient fits a byte.
    ((sum + 127) / 255) as u8
}
