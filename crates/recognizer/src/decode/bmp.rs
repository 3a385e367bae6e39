//! BMP: transparency and a color profile as browsers read them.

use image::RgbaImage;

/// The length of the first header with an alpha mask of its own, BITMAPV4HEADER.
const V4: u32 = 108;

/// The length of the first header with a color profile, BITMAPV5HEADER, and what says that one is in the file.
const V5: u32 = 124;
const EMBEDDED: &[u8] = b"DEBM";

/// Masks of red, green and blue in pixels of 16 and of 32 bits that have none of their own.
const MASKS_16: [u32; 3] = [0x7c00, 0x03e0, 0x001f];
const MASKS_32: [u32; 3] = [0xff_0000, 0xff00, 0xff];

/// The file with its pixels declared as bit fields, where its header has an alpha mask but declares plain
/// RGB: browsers heed the mask, and the decoder would only do so for bit fields. None for other files.
pub fn with_alpha_mask(file: &[u8]) -> Option<Vec<u8>> {
    let long = |at: usize| Some(u32::from_le_bytes(*file.get(at..)?.first_chunk()?));
    let is_plain = file.starts_with(b"BM") && long(14)? >= V4 && long(30)? == 0;
    let masks = match file.get(28..30)? {
        [16, 0] => MASKS_16,
        [32, 0] => MASKS_32,
        _ => return None,
    };
    if !is_plain || long(66)? == 0 {
        return None;
    }
    let mut patched = file.to_vec();
    patched[30] = 3;
    for (at, mask) in (54..).step_by(4).zip(masks) {
        patched[at..at + 4].copy_from_slice(&mask.to_le_bytes());
    }
    Some(patched)
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
