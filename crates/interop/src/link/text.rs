//! The bytes of a link as text: base64url for links that are copied, decimal digits for QR codes.
//!
//! A QR code stores three digits in 10 bits, but each character of base64url in a byte: as digits a quarter more fits
//! into it. The first byte is the version, 1, whose base64url begins with the letter A: which of the two it is, the
//! first character tells.

use crate::error::{Error, Result};

/// Longer texts are no links: with thirty classes it is some 90,000 characters, or 160,000 digits.
pub const LONGEST_TEXT: usize = 200_000;

/// RFC 4648, table 2: "URL and filename safe".
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// So many bytes are written as [`DIGITS`] of their number of digits: 10^17 is just above 256^7.
const GROUP: usize = 7;

/// How many digits so many bytes take.
const DIGITS: [usize; GROUP + 1] = [0, 3, 5, 8, 10, 13, 15, 17];

/// The bytes in base64url without padding.
pub fn to_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().enumerate();
        let bits = bits.fold(0_u32, |bits, (at, byte)| {
            bits | u32::from(*byte) << (16 - 8 * at)
        });
        for at in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(bits >> (18 - 6 * at)) as usize & 63]));
        }
    }
    text
}

/// The bytes in decimal digits.
pub fn to_digits(bytes: &[u8]) -> String {
    let groups = bytes.chunks(GROUP).map(|group| {
        let number = group
            .iter()
            .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        format!("{number:0width$}", width = DIGITS[group.len()])
    });
    groups.collect()
}

/// The bytes of either text. Chat programs break long lines: white space is passed over.
///
/// # Errors
///
/// [`Error::LinkFormat`] for a text that is neither, or too long.
pub fn from_text(text: &str) -> Result<Vec<u8>> {
    if text.len() > LONGEST_TEXT {
        let reason = format!(
            "it has {} characters, and {LONGEST_TEXT} are the most",
            text.len()
        );
        return Err(Error::LinkFormat { reason });
    }
    let characters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    if characters.first().is_some_and(char::is_ascii_digit) {
        from_digits(&characters)
    } else {
        from_base64(&characters)
    }
}

fn from_base64(characters: &[char]) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(characters.len() * 3 / 4);
    for chunk in characters.chunks(4) {
        let mut bits = 0_u32;
        for (at, character) in chunk.iter().enumerate() {
            let value = ALPHABET.iter().position(|c| char::from(*c) == *character);
            let value = value.ok_or_else(|| stranger(*character))?;
            bits |= (value as u32) << (18 - 6 * at);
        }
        // One character alone, which nothing writes, stands for less than a byte.
        let [_, data @ ..] = bits.to_be_bytes();
        bytes.extend(&data[..chunk.len() - 1]);
    }
    Ok(bytes)
}

fn from_digits(characters: &[char]) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(characters.len() * GROUP / DIGITS[GROUP] + GROUP);
    for group in characters.chunks(DIGITS[GROUP]) {
        let count = DIGITS.iter().position(|digits| *digits == group.len());
        let count = count.ok_or_else(|| Error::LinkFormat {
            reason: format!(
                "its {} digits are no whole number of bytes",
                characters.len()
            ),
        })?;
        let mut number = 0_u64;
        for digit in group {
            let value = digit.to_digit(10).ok_or_else(|| stranger(*digit))?;
            number = number * 10 + u64::from(value);
        }
        if number >> (8 * count) != 0 {
            let reason = "some of its digits are too large for their bytes".into();
            return Err(Error::LinkFormat { reason });
        }
        bytes.extend(&number.to_be_bytes()[8 - count..]);
    }
    Ok(bytes)
}

fn stranger(character: char) -> Error {
    Error::LinkFormat {
        reason: format!("the character {character:?} is not in such a link"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_from_both_texts_whatever_their_number() {
        for length in 0..40 {
            // The first byte is the version, by which a text is told from digits.
            let bytes: Vec<u8> = (0..length)
                .map(|n| (n as u8).wrapping_mul(151) | 1)
                .collect();
            let bytes = [&[1][..], &bytes].concat();
            assert_eq!(from_text(&to_text(&bytes)).unwrap(), bytes);
            assert_eq!(from_text(&to_digits(&bytes)).unwrap(), bytes);
            let full = [&[1][..], &vec![255; length]].concat();
            assert_eq!(from_text(&to_digits(&full)).unwrap(), full);
        }
        assert_eq!(to_text(&[1, 251, 255, 191]), "Afv_vw");
        assert_eq!(to_digits(&[1, 2]), "00258");
        assert_eq!(from_text("Afv_\n v\tw").unwrap(), [1, 251, 255, 191]);
    }

    #[test]
    fn what_is_neither_text_is_refused_by_what_is_wrong_with_it() {
        for (text, said) in [
            ("AQ=", "'='"),
            ("A+", "'+'"),
            ("Aé", "'é'"),
            ("00", "2 digits"),
            ("12x", "'x'"),
            ("999", "too large"),
            ("99999999999999999", "too large"),
        ] {
            let refused = from_text(text).unwrap_err();
            assert_eq!(refused.code(), "link-format", "{text}");
            assert!(refused.to_string().contains(said), "{text}: {refused}");
        }
        let refused = from_text(&"A".repeat(LONGEST_TEXT + 1)).unwrap_err();
        assert!(refused.to_string().contains("200001"), "{refused}");
    }
}
