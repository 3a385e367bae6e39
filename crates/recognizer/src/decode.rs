//! Picture files to pictures, within limits of memory that are checked on the headers.

use crate::error::{Error, Result};
use crate::picture::{Picture, check_size};
use image::error::ImageError;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// A JPEG has at least one bit for each of its blocks of 8x8 pixels. A file too short for the size that
/// it claims is refused undecoded: decoding it would take as long as a whole one.
const MAX_JPEG_PIXELS_PER_BYTE: u64 = 8 * 8 * 8;

impl Picture {
    /// Decodes a JPEG, PNG, GIF (its first frame), WebP or BMP file. The orientation in its EXIF
    /// data is applied, transparency is laid over white.
    ///
    /// # Errors
    ///
    /// [`Error::PictureFormat`] for other formats, [`Error::PictureTooLarge`] above
    /// [`MAX_MEGAPIXELS`](crate::MAX_MEGAPIXELS), or fewer where a pixel takes more than four bytes to
    /// decode, [`Error::PictureBroken`] for what doesn't decode.
    pub fn decode(file: &[u8]) -> Result<Self> {
        let reader = ImageReader::new(Cursor::new(file))
            .with_guessed_format()
            .map_err(broken)?;
        let format = reader.format();
        let mut decoder = reader
            .into_decoder()
            .map_err(|error| refusal(file, &error))?;
        let (width, height) = decoder.dimensions();
        check_size(width, height, 1)?;
        let mut bytes_per_pixel = decoder.color_type().bytes_per_pixel().into();
        if format == Some(ImageFormat::Jpeg) {
            let pixels = u64::from(width) * u64::from(height);
            if pixels > file.len() as u64 * MAX_JPEG_PIXELS_PER_BYTE {
                let length = file.len();
                return Err(broken(format!(
                    "{length} bytes can't hold {width} x {height} pixels"
                )));
            }
            if is_progressive(file) {
                // A progressive picture is complete only with its last scan: until then the decoder holds
                // two bytes of coefficients for each byte of the picture.
                bytes_per_pixel *= 3;
            }
        }
        check_size(width, height, bytes_per_pixel)?;
        if vp8_size(file).is_some_and(|inner| inner != (width, height)) {
            // The decoder would notice the difference only after decoding the frame.
            return Err(broken("its frame is not of the size of the picture"));
        }
        if format == Some(ImageFormat::Gif) {
            // The decoder allocates a frame's own buffer by the size that the frame claims, though a
            // frame lies inside of the picture.
            let mut limits = Limits::no_limits();
            limits.max_alloc = Some(decoder.total_bytes());
            decoder.set_limits(limits).map_err(broken)?;
        }
        // A picture with unreadable EXIF data is still a picture.
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let mut image = DynamicImage::from_decoder(decoder).map_err(broken)?;
        image.apply_orientation(orientation);
        if image.color().has_alpha() {
            let rgba = image.into_rgba8();
            Self::from_rgba(rgba.as_raw(), rgba.width(), rgba.height())
        } else {
            Ok(Self::from_image(image.into_rgb8()))
        }
    }
}

/// The error for a file whose header the decoder refuses.
fn refusal(file: &[u8], error: &ImageError) -> Error {
    match (error, png_size(file)) {
        (ImageError::Unsupported(_), _) => Error::PictureFormat,
        // The decoder doesn't say how large a PNG is whose rows exceed its limit.
        (ImageError::Limits(_), Some((width, height))) => {
            let checked = check_size(width, height, 1);
            checked.err().unwrap_or_else(|| broken(error))
        }
        _ => broken(error),
    }
}

/// The size that a PNG's header claims.
fn png_size(file: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(*file.get(at..)?.first_chunk()?));
    let header = file.get(12..16)? == b"IHDR";
    header.then_some((number(16)?, number(20)?))
}

/// The size of a lossy WebP's frame, which should be the size of its canvas.
fn vp8_size(file: &[u8]) -> Option<(u32, u32)> {
    if file.get(..4)? != b"RIFF" || file.get(8..12)? != b"WEBP" {
        return None;
    }
    let mut at = 12;
    loop {
        let length = u32::from_le_bytes(*file.get(at + 4..)?.first_chunk()?);
        let content = at + 8;
        if file.get(at..at + 4)? == b"VP8 " {
            // The size follows the frame tag and the start code of three bytes each (RFC 6386, 9.1).
            let number = |at: usize| Some(u16::from_le_bytes(*file.get(at..)?.first_chunk()?));
            let side = |at| Some(u32::from(number(at)? & 0x3fff));
            return Some((side(content + 6)?, side(content + 8)?));
        }
        at = content.checked_add(length as usize + length as usize % 2)?;
    }
}

/// Whether the first frame among a JPEG's segments is a progressive one.
fn is_progressive(file: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xff, marker, high, low]) = file.get(at..at + 4) {
        match marker {
            0xc2 | 0xc6 | 0xca | 0xce => return true,
            // A frame of another kind, or a scan without a frame.
            0xc0 | 0xc1 | 0xc3 | 0xda => return false,
            // Fill bytes may stand before any marker.
            0xff => at += 1,
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])),
        }
    }
    false
}

fn broken(error: impl std::fmt::Display) -> Error {
    Error::PictureBroken {
        reason: error.to_string(),
    }
}
