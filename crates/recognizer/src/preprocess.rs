//! From any picture to what the network reads: 64x64 RGB in 0 to 1.
//!
//! This is the only such path: training, native and web use it, so that a model meets the same
//! pixels everywhere. It works in integers and in float32 additions and products, without
//! transcendental functions, and gives the same bytes natively and in WebAssembly.

use crate::error::{Error, Result};
use image::error::ImageError;
use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};
use serde::Serialize;
use std::io::Cursor;

/// Side of the square that the network reads, in pixels.
pub const INPUT_SIDE: usize = 64;

/// What is done to a picture before the network reads it, in words.
pub const PREPROCESSING: &str = "EXIF orientation applied, transparency over white, centre input, \
     64x64 by a triangle filter (anti-aliased), RGB / 255";

/// Larger pictures are refused before they are decoded.
pub const MAX_MEGAPIXELS: u32 = 100;

/// So are those of which the decoder would hold more bytes than as many pixels of eight bits in four
/// channels: pictures of 16 bits, and progressive JPEGs, may have fewer pixels.
const MAX_DECODED: u64 = MAX_MEGAPIXELS as u64 * 1_000_000 * 4;

/// A JPEG holds a bit at least for each of its blocks of 8x8 pixels. One that is too short for that is
/// no picture, and need not be decoded to find out: it would take as long as a whole one.
const MAX_JPEG_PIXELS_PER_BYTE: u64 = 8 * 8 * 8;

/// An upright, opaque picture of any size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture(RgbImage);

impl Picture {
    /// Takes raw pixels: `width` x `height` of red, green, blue, alpha, row by row.
    /// Transparency is laid over white.
    ///
    /// # Errors
    ///
    /// [`Error::PictureEmpty`], [`Error::PictureTooLarge`], [`Error::PictureSize`].
    pub fn from_rgba(pixels: &[u8], width: u32, height: u32) -> Result<Self> {
        check_pixels(pixels, width, height, 4)?;
        let rgb = pixels
            .chunks_exact(4)
            .flat_map(|pixel| [0, 1, 2].map(|c| over_white(pixel[c], pixel[3])));
        Self::from_bytes(rgb.collect(), width, height)
    }

    /// Takes raw pixels: `width` x `height` of red, green, blue, row by row.
    ///
    /// # Errors
    ///
    /// [`Error::PictureEmpty`], [`Error::PictureTooLarge`], [`Error::PictureSize`].
    pub fn from_rgb(pixels: &[u8], width: u32, height: u32) -> Result<Self> {
        check_pixels(pixels, width, height, 3)?;
        Self::from_bytes(pixels.to_vec(), width, height)
    }

    fn from_bytes(rgb: Vec<u8>, width: u32, height: u32) -> Result<Self> {
        let found = rgb.len() as u64;
        let image = RgbImage::from_raw(width, height, rgb);
        image.map(Self).ok_or(Error::PictureSize {
            width,
            height,
            expected: u64::from(width) * u64::from(height) * 3,
            found,
        })
    }

    /// Decodes a JPEG, PNG, GIF (its first frame), WebP or BMP file. The orientation in its EXIF
    /// data is applied, transparency is laid over white.
    ///
    /// # Errors
    ///
    /// [`Error::PictureFormat`] for other formats, [`Error::PictureTooLarge`] above
    /// [`MAX_MEGAPIXELS`], or fewer where a pixel takes more than four bytes to decode,
    /// [`Error::PictureBroken`] for what doesn't decode.
    pub fn decode(file: &[u8]) -> Result<Self> {
        let reader = ImageReader::new(Cursor::new(file))
            .with_guessed_format()
            .map_err(|error| broken(&error))?;
        let format = reader.format();
        let mut decoder = match reader.into_decoder() {
            Ok(decoder) => decoder,
            Err(ImageError::Unsupported(_)) => return Err(Error::PictureFormat),
            Err(error) => {
                // Of a PNG with rows that are too long the decoder doesn't say how long they are.
                if let (ImageError::Limits(_), Some((width, height))) = (&error, png_size(file)) {
                    check_size(width, height)?;
                }
                return Err(broken(&error));
            }
        };
        let (width, height) = decoder.dimensions();
        check_size(width, height)?;
        let mut bytes = decoder.color_type().bytes_per_pixel().into();
        if format == Some(ImageFormat::Jpeg) {
            let pixels = u64::from(width) * u64::from(height);
            if pixels > file.len() as u64 * MAX_JPEG_PIXELS_PER_BYTE {
                let length = file.len();
                let reason = format!("{length} bytes can't hold {width} x {height} pixels");
                return Err(Error::PictureBroken { reason });
            }
            if is_progressive(file) {
                // It is complete only with the last scan: until then there are two bytes of
                // coefficients for each byte of the picture.
                bytes *= 3;
            }
        }
        check_decoded_size(width, height, bytes)?;
        if vp8_size(file).is_some_and(|inner| inner != (width, height)) {
            // The decoder would find out, but only once it has decoded the frame.
            return Err(broken(&"its frame is not of the size of the picture"));
        }
        if format == Some(ImageFormat::Gif) {
            // A frame of its own buffer lies inside of the picture, whatever size it says it has.
            let mut limits = Limits::no_limits();
            limits.max_alloc = Some(decoder.total_bytes());
            decoder.set_limits(limits).map_err(|error| broken(&error))?;
        }
        // A picture with unreadable EXIF data is still a picture.
        let orientation = decoder
            .orientation()
            .unwrap_or(image::metadata::Orientation::NoTransforms);
        let mut image = DynamicImage::from_decoder(decoder).map_err(|error| broken(&error))?;
        image.apply_orientation(orientation);
        if image.color().has_alpha() {
            let rgba = image.into_rgba8();
            Self::from_rgba(rgba.as_raw(), rgba.width(), rgba.height())
        } else {
            Ok(Self(image.into_rgb8()))
        }
    }

    /// Takes pixels that another program has made.
    pub fn from_image(image: RgbImage) -> Self {
        Self(image)
    }

    /// The pixels.
    pub fn image(&self) -> &RgbImage {
        &self.0
    }

    /// Width in pixels, after orientation.
    pub fn width(&self) -> u32 {
        self.0.width()
    }

    /// Height in pixels, after orientation.
    pub fn height(&self) -> u32 {
        self.0.height()
    }

    /// The largest square in the middle: what is looked at unless somebody says where to look.
    pub fn center_crop(&self) -> Crop {
        let (width, height) = self.0.dimensions();
        let side = width.min(height);
        Crop {
            left: (width - side) / 2,
            top: (height - side) / 2,
            side,
        }
    }

    /// The centre square, scaled to `side` x `side` by a triangle filter as wide as the
    /// reduction, so that nothing aliases. A square of that size comes through unchanged.
    pub fn to_input(&self, side: usize) -> InputImage {
        self.input_of(self.center_crop(), side)
    }

    /// As [`to_input`](Self::to_input), of another part of the picture. A crop that reaches
    /// beyond the border is moved, and if need be made smaller, until it lies inside.
    pub fn input_of(&self, crop: Crop, side: usize) -> InputImage {
        let Crop {
            left,
            top,
            side: crop_side,
        } = crop.within(self.width(), self.height());
        let view = imageops::crop_imm(&self.0, left, top, crop_side, crop_side);
        let target = u32::try_from(side).unwrap_or(u32::MAX);
        let scaled = if crop_side == target {
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
    /// The nearest crop that lies inside of a picture of that size.
    pub fn within(self, width: u32, height: u32) -> Self {
        let side = self.side.clamp(1, width.min(height).max(1));
        Self {
            left: self.left.min(width.saturating_sub(side)),
            top: self.top.min(height.saturating_sub(side)),
            side,
        }
    }
}

/// A square RGB picture of the size that a network reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputImage {
    side: usize,
    rgb: Vec<u8>,
}

impl InputImage {
    /// A square from its pixels in rows, each given by its column and row.
    pub fn from_fn(side: usize, pixel: impl Fn(usize, usize) -> [u8; 3]) -> Self {
        let pixels = (0..side * side).flat_map(|at| pixel(at % side, at / side));
        Self {
            side,
            rgb: pixels.collect(),
        }
    }

    /// The picture by which a device proves itself: ramps and a disc, nothing that the network
    /// knows, everything that it computes with.
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

    /// The same picture in a mirror: a left hand for a right one.
    pub fn mirrored(&self) -> Self {
        Self::from_fn(self.side, |x, y| {
            let at = (y * self.side + self.side - 1 - x) * 3;
            [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]]
        })
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

fn check_size(width: u32, height: u32) -> Result<()> {
    check_decoded_size(width, height, 1)
}

/// `bytes` are what the decoder holds of a pixel.
fn check_decoded_size(width: u32, height: u32, bytes: u64) -> Result<()> {
    if width == 0 || height == 0 {
        return Err(Error::PictureEmpty { width, height });
    }
    let fitting = u32::try_from(MAX_DECODED / 1_000_000 / bytes.max(1)).unwrap_or(u32::MAX);
    let limit = fitting.min(MAX_MEGAPIXELS);
    if u64::from(width) * u64::from(height) > u64::from(limit) * 1_000_000 {
        return Err(Error::PictureTooLarge {
            width,
            height,
            limit,
        });
    }
    Ok(())
}

/// The size that a PNG's header claims.
fn png_size(file: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(*file.get(at..)?.first_chunk()?));
    let header = file.get(12..16)? == b"IHDR";
    header.then_some((number(16)?, number(20)?))
}

/// The size of a lossy WebP's frame, which its canvas says as well.
fn vp8_size(file: &[u8]) -> Option<(u32, u32)> {
    if file.get(..4)? != b"RIFF" || file.get(8..12)? != b"WEBP" {
        return None;
    }
    let mut at = 12;
    loop {
        let length = u32::from_le_bytes(*file.get(at + 4..)?.first_chunk()?);
        let content = at + 8;
        if file.get(at..at + 4)? == b"VP8 " {
            // Behind three bytes about the frame and three that are always the same.
            let number = |at: usize| Some(u16::from_le_bytes(*file.get(at..)?.first_chunk()?));
            let side = |at| Some(u32::from(number(at)? & 0x3fff));
            return Some((side(content + 6)?, side(content + 8)?));
        }
        at = content.checked_add(length as usize + length as usize % 2)?;
    }
}

/// Whether the frame that a JPEG's segments lead to is a progressive one.
fn is_progressive(file: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xff, marker, high, low]) = file.get(at..at + 4) {
        match marker {
            0xc2 | 0xc6 | 0xca | 0xce => return true,
            // Another frame, or a scan without one.
            0xc0 | 0xc1 | 0xc3 | 0xda => return false,
            // Fill bytes may stand before any marker.
            0xff => at += 1,
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])),
        }
    }
    false
}

fn check_pixels(pixels: &[u8], width: u32, height: u32, channels: u64) -> Result<()> {
    check_size(width, height)?;
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

/// value * alpha + 255 * (1 - alpha), rounded.
fn over_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    let sum = value * alpha + 255 * (255 - alpha);
    // At most 255 * 255, so the rounded quotient fits.
    ((sum + 127) / 255) as u8
}

fn broken(error: &impl std::fmt::Display) -> Error {
    Error::PictureBroken {
        reason: error.to_string(),
    }
}
