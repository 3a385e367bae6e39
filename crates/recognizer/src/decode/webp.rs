//! WebP: what the container says of its frame's size and of its own.

/// The size of a lossy picture's frame, which should be the size of its canvas.
pub fn frame_size(file: &[u8]) -> Option<(u32, u32)> {
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

/// The share of the file, in percent, that arrived of one that is cut short.
pub fn cut_percent(file: &[u8]) -> Option<u32> {
    let length = u64::from(u32::from_le_bytes(*file.get(4..)?.first_chunk()?)) + 8;
    let is_webp = file.starts_with(b"RIFF") && file.get(8..12)? == b"WEBP";
    let percent = u32::try_from(file.len() as u64 * 100 / length).ok()?;
    (is_webp && percent < 100).then_some(percent)
}
