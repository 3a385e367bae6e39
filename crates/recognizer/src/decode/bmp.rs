//! BMP: transparency and a color profile as browsers read them.

use super::color;
use crate::error::{Error, Result};
use image::RgbaImage;

/// The length of the first header with an alpha mask of its own, BITMAPV4HEADER.
const V4: u32 = 108;

/// The length of the first header with a color profile, BITMAPV5HEADER, and what says that one is in the file.
const V5: u32 = 124;
const EMBEDDED: &[u8] = b"DEBM";

/// Refuses what browsers read in different ways: an alpha mask beside plain RGB, which some heed, and a gamma of
/// the file's own that is far from sRGB's, which some apply.
pub fn check(file: &[u8]) -> Result<()> {
    let long = |at: usize| Some(u32::from_le_bytes(*file.get(at..)?.first_chunk()?));
    if long(14).is_none_or(|header| header < V4) {
        return Ok(());
    }
    let has_bits = matches!(file.get(28..30), Some([16 | 32, 0]));
    if has_bits && long(30) == Some(0) && long(66) != Some(0) {
        return Err(Error::unread(
            "a BMP with an alpha mask that browsers read in different ways; save it as PNG",
        ));
    }
    let is_calibrated = long(70) == Some(0);
    let gamma = long(110).filter(|fixed| is_calibrated && *fixed > 0);
    color::check_encoding(gamma.map(|fixed| 65_536.0 / fixed as f32), None)
}

/// The color profile in the file.
pub fn profile(file: &[u8]) -> Option<&[u8]> {
    let long = |at: usize| Some(u32::from_le_bytes(*file.get(at..)?.first_chunk()?));
    let has_profile = long(14)? >= V5 && file.get(70..74)? == EMBEDDED;
    // It stands behind the file's own header of 14 bytes.
    let profile = file.get(14..)?.get(long(126)? as usize..)?;
    profile.get(..long(130)? as usize).filter(|_| has_profile)
}

/// Makes a picture opaque that is transparent everywhere: many programs leave these bytes zero.
pub fn fill_empty_alpha(image: &mut RgbaImage) {
    if image.pixels().all(|pixel| pixel[3] == 0) {
        image.pixels_mut().for_each(|pixel| pixel[3] = 255);
    }
}
