//! JPEG: what the segments say before the picture is decoded, and how much of it arrived.

use crate::error::{Error, Result};
use image::DynamicImage;

/// A JPEG has at least one bit for each of its blocks of 8x8 pixels. A file too short for the size that
/// it claims is refused undecoded: decoding it would take as long as a whole one.
const MAX_PIXELS_PER_BYTE: u64 = 8 * 8 * 8;

/// The share of the rows, in percent, below which a picture that is cut short is refused: the center crop
/// then holds more of the decoder's gray than of the photo.
const LEAST_ROWS: u32 = 50;

/// What the decoder gives for pixels that are missing.
const MISSING: [u8; 3] = [128; 3];

/// What stands before the first scan.
#[derive(Debug, Default)]
pub struct Frame {
    /// Whether the picture comes in scans of rising quality.
    pub is_progressive: bool,
    /// Whether every number of the picture comes once, by Huffman codes.
    is_sequential: bool,
    /// Sampling factors of each component, a byte for both directions.
    sampling: Vec<u8>,
    /// Components in the first scan.
    scanned: usize,
}

impl Frame {
    /// Reads the segments as far as they go.
    pub fn of(file: &[u8]) -> Self {
        let mut frame = Self::default();
        let mut at = 2;
        while let Some(&[start, marker, high, low]) = file.get(at..at + 4) {
            // Fill bytes may stand before any marker, and decoders pass over others.
            if start != 0xff || matches!(marker, 0 | 0xff) {
                at += 1;
                continue;
            }
            let content = at + 4;
            match marker {
                // DHT, JPG and DAC share the numbers of frames.
                0xc4 | 0xc8 | 0xcc => {}
                0xc0..=0xcf if frame.sampling.is_empty() => {
                    frame.is_progressive = matches!(marker, 0xc2 | 0xc6 | 0xca | 0xce);
                    frame.is_sequential = matches!(marker, 0xc0 | 0xc1);
                    let count = usize::from(file.get(content + 5).copied().unwrap_or(0));
                    let components = file.get(content + 6..content + 6 + 3 * count);
                    let components = components.unwrap_or_default().chunks_exact(3);
                    frame.sampling = components.map(|component| component[1]).collect();
                }
                0xda => {
                    frame.scanned = usize::from(file.get(content).copied().unwrap_or(0));
                    break;
                }
                _ => {}
            }
            at += 2 + usize::from(u16::from_be_bytes([high, low]));
        }
        frame
    }

    /// Refuses what the decoder reads wrongly or panics at.
    pub fn check(&self) -> Result<()> {
        let components = self.sampling.len();
        if components == 2 {
            return Err(Error::broken(
                "it has two components, and colors have three",
            ));
        }
        let is_subsampled = self.sampling.iter().any(|sampling| *sampling != 0x11);
        if self.is_sequential && self.scanned < components && is_subsampled {
            return Err(Error::unread(
                "a JPEG whose subsampled colors come in separate scans, which is read wrongly here; \
                 save it anew with a picture editor",
            ));
        }
        Ok(())
    }
}

/// Refuses a file that is too short for a picture of that size.
pub fn check_length(file: &[u8], width: u32, height: u32) -> Result<()> {
    let length = file.len();
    if u64::from(width) * u64::from(height) > length as u64 * MAX_PIXELS_PER_BYTE {
        return Err(Error::broken(format!(
            "{length} bytes can't hold {width} x {height} pixels"
        )));
    }
    Ok(())
}

/// Refuses a picture of which too few rows arrived: the file ends without the marker for its end, and the
/// decoder made up the last rows.
pub fn check_rows(file: &[u8], image: &DynamicImage) -> Result<()> {
    let (pixels, channels) = match image {
        DynamicImage::ImageLuma8(gray) => (gray.as_raw(), 1),
        DynamicImage::ImageRgb8(rgb) => (rgb.as_raw(), 3),
        _ => return Ok(()),
    };
    let row = image.width() as usize * channels;
    let is_missing = |row: &&[u8]| {
        row.chunks(channels)
            .all(|pixel| *pixel == MISSING[..channels])
    };
    let missing = pixels.chunks(row.max(1)).rev().take_while(is_missing);
    let missing = missing.count() as u64;
    let percent = 100 - missing * 100 / u64::from(image.height().max(1));
    let percent = u32::try_from(percent).unwrap_or(100);
    if percent < LEAST_ROWS && !has_end(file) {
        return Err(Error::PictureCut { percent });
    }
    Ok(())
}

/// Whether the marker for the end follows the start of a scan. Within a scan no byte 0xff precedes 0xd9.
fn has_end(file: &[u8]) -> bool {
    let mut pairs = file.windows(2);
    pairs.any(|pair| pair == [0xff, 0xda]) && pairs.any(|pair| pair == [0xff, 0xd9])
}
