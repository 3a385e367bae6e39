//! PNG: chunks that decide what a browser shows, and that the decoder does not apply.

use super::color;
use crate::error::{Error, Result};

/// The size that the header claims.
pub fn size(file: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(*file.get(at..)?.first_chunk()?));
    let header = file.get(12..16)? == b"IHDR";
    header.then_some((number(16)?, number(20)?))
}

/// Refuses a picture whose pixels are not what browsers show.
pub fn check(file: &[u8]) -> Result<()> {
    let header = || chunks(file).take_while(|(name, _)| *name != b"IDAT");
    let find = |name: &[u8]| header().find_map(|(own, content)| (own == name).then_some(content));
    if find(b"acTL").is_some() && find(b"fcTL").is_none() {
        return Err(Error::unread(
            "an animated PNG whose frames hide its default image; save a frame of it as a picture",
        ));
    }
    if let Some(&[primaries, transfer, ..]) = find(b"cICP") {
        return color::check_code_points(primaries, transfer);
    }
    // Beside a profile or an sRGB chunk, browsers heed these or don't.
    let numbers = |name: &[u8]| {
        let numbers = find(name)?.as_chunks().0.iter();
        Some(numbers.map(|bytes| u32::from_be_bytes(*bytes) as f32 / 100_000.0))
    };
    let gamma = numbers(b"gAMA").and_then(|mut numbers| numbers.next());
    // Grays are gray by any primaries.
    let has_colors = file.get(25).is_some_and(|kind| kind & 2 != 0);
    let primaries = numbers(b"cHRM").filter(|_| has_colors);
    let primaries = primaries.and_then(|numbers| numbers.collect::<Vec<_>>().try_into().ok());
    color::check_encoding(gamma, primaries)
}

/// Names and contents of the chunks, as far as they are whole.
fn chunks(file: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    let mut rest = file.get(8..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk()?;
        let (name, after) = after.split_first_chunk()?;
        let length = u32::from_be_bytes(*length) as usize;
        let content = after.get(..length)?;
        rest = after.get(length.checked_add(4)?..)?;
        Some((name, content))
    })
}
