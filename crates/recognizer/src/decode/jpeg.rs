//! JPEG: what the segments say before the picture is decoded, and how much of it arrived.

use crate::error::{Error, Result};
use image::{DynamicImage, ImageFormat};

/// A JPEG has at least one bit for each of its blocks of 8x8 pixels. A file too short for the size that
/// it claims is refused undecoded: decoding it would take as long as a whole one.
const MAX_PIXELS_PER_BYTE: u64 = 8 * 8 * 8;

/// The share of the rows, in percent, below which a picture that is cut short is refused: the center crop
/// then holds more of what the decoder makes up than of the photo.
const LEAST_ROWS: u32 = 50;

/// The largest difference between values that the decoder repeats.
const REPEATED: u8 = 4;

/// Rows at a border that the decoder smooths.
const SMOOTHED: usize = 2;

/// What the decoder gives for each channel where it has read nothing.
const GRAY: u8 = 128;

/// Bytes of a scan, for each pixel of its width, that are more than a row of its blocks.
const BYTES_OF_ROWS: usize = 16;

/// The marker for the end.
const END: [u8; 2] = [0xff, 0xd9];

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
    /// Where the first scan begins. A thumbnail in the EXIF data has scans of its own before.
    scan: usize,
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
                    frame.scan = at + 2 + usize::from(u16::from_be_bytes([high, low]));
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

    /// Refuses a picture of which too few rows arrived. With more than half of them it is read with what the
    /// decoder makes up, which is gray, or what it read last where something put an end behind the cut.
    pub fn check_rows(&self, file: &[u8], image: &DynamicImage) -> Result<()> {
        let percent = self.rows_there(image) * 100 / image.height().max(1);
        if percent < LEAST_ROWS && self.lacks_data(file, image) {
            return Err(Error::PictureCut { percent });
        }
        Ok(())
    }

    /// The rows above those that repeat a row of blocks, as the decoder makes up what is missing: of what it
    /// read last, or of gray.
    fn rows_there(&self, image: &DynamicImage) -> u32 {
        let channels = usize::from(image.color().channel_count());
        let mut last = image.as_bytes().iter().rev().take(channels);
        if self.is_progressive && last.any(|value| *value != GRAY) {
            // Coarser than it should be, but whole.
            return image.height();
        }
        let factors = self.sampling.iter().map(|sampling| sampling & 15);
        let blocks = 8 * usize::from(factors.max().unwrap_or(1));
        let row = image.width() as usize * channels;
        // The last rows are smoothed into nothing below them.
        let rows = image.as_bytes().chunks(row.max(1)).rev().skip(SMOOTHED);
        let is_near = |(a, b): (&u8, &u8)| a.abs_diff(*b) <= REPEATED;
        let is_repeated = |(row, above): &(&[u8], &[u8])| row.iter().zip(*above).all(is_near);
        let repeated = rows.clone().zip(rows.skip(blocks)).take_while(is_repeated);
        image
            .height()
            .saturating_sub((repeated.count() + SMOOTHED) as u32)
    }

    /// Whether the decoder ran out of data: it makes something else of it where the scan's own are given to
    /// it again and again. A picture that repeats itself in truth takes no more.
    fn lacks_data(&self, file: &[u8], image: &DynamicImage) -> bool {
        let Some((head, scan)) = file.split_at_checked(self.scan) else {
            return true;
        };
        // Within a scan no byte 0xff precedes 0xd9.
        let end = scan.windows(2).position(|pair| pair == END);
        let (scan, rest) = scan.split_at(end.unwrap_or(scan.len()));
        let copies = 2 + image.width() as usize * BYTES_OF_ROWS / scan.len().max(1);
        let longer = [head, &scan.repeat(copies), rest].concat();
        let again = image::load_from_memory_with_format(&longer, ImageFormat::Jpeg);
        scan.is_empty() || again.is_ok_and(|again| again.as_bytes() != image.as_bytes())
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
