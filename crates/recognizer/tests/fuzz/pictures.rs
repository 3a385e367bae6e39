//! Encoded pictures.

use crate::fuzz::{Bytes, MEMORY, Outcome, Target, memory};
use crate::headers::{self, Format};
use image::ImageReader;
use proptest::prelude::*;
use signet_recognizer::{INPUT_SIDE, MAX_MEGAPIXELS, Picture};
use std::io::Cursor;

#[path = "../../../../tests/support/pictures.rs"]
mod fixtures;

/// A decoder holds a picture a few times over: in the format's layout and in ours.
const BYTES_PER_PIXEL: usize = 16;

fn read(file: &[u8]) -> Outcome {
    let picture = Picture::decode(file)?;
    let pixels = u64::from(picture.width()) * u64::from(picture.height());
    assert!(pixels > 0 && pixels <= u64::from(MAX_MEGAPIXELS) * 1_000_000);
    assert_eq!(
        picture.to_input(INPUT_SIDE).rgb().len(),
        INPUT_SIDE * INPUT_SIDE * 3
    );
    Ok(())
}

/// The memory allowed for the pixels that a picture's header states, unless they are too many.
fn budget(file: &[u8]) -> usize {
    let reader = ImageReader::new(Cursor::new(file)).with_guessed_format();
    let size = reader.ok().and_then(|reader| reader.into_dimensions().ok());
    let pixels = size.map_or(0, |(width, height)| u64::from(width) * u64::from(height));
    if pixels > u64::from(MAX_MEGAPIXELS) * 1_000_000 {
        return MEMORY;
    }
    MEMORY + pixels as usize * BYTES_PER_PIXEL
}

fn target(cases: u32) -> Target {
    Target {
        name: "pictures",
        cases,
        read,
        memory: budget,
    }
}

#[test]
fn pictures_with_changes_are_decoded_or_refused() {
    let seeds = fixtures::encoded()
        .into_iter()
        .map(|(_, file)| file.to_vec());
    target(2000).fuzz(seeds.collect(), headers::mend);
}

#[test]
fn pictures_of_any_declared_size_are_decoded_or_refused() {
    let parts = (
        headers::formats(),
        headers::side(),
        headers::side(),
        headers::body(),
    );
    let files = parts.prop_map(|(format, width, height, body)| {
        Bytes(format.file(width.max(1), height.max(1), &body))
    });
    target(1000).run(files);
}

#[test]
fn a_photo_with_any_exif_data_is_decoded() {
    let seeds = fixtures::encoded();
    let [upright, rotated] = ["upright.jpg", "rotated.jpg"].map(|name| {
        let (_, file) = seeds.iter().find(|(other, _)| *other == name).unwrap();
        file.to_vec()
    });
    // The rotated photo's EXIF segment follows the two bytes with which every JPEG starts.
    let at = rotated
        .windows(4)
        .position(|bytes| bytes == b"Exif")
        .unwrap();
    let length = usize::from(u16::from_be_bytes([rotated[at - 2], rotated[at - 1]]));
    let exif = Bytes(rotated[at..at - 2 + length].to_vec());
    let files = crate::fuzz::mutate::files(vec![exif], |_| {}).prop_map(move |Bytes(mut exif)| {
        exif.truncate(0xfffd);
        let length = (exif.len() as u16 + 2).to_be_bytes();
        let part = [&[0xff, 0xe1], &length[..], &exif].concat();
        Bytes([&upright[..2], &part, &upright[2..]].concat())
    });
    let whole = |file: &[u8]| {
        let picture = Picture::decode(file).expect("the photo is whole");
        let sides = [picture.width(), picture.height()];
        assert!(sides == [90, 60] || sides == [60, 90], "{sides:?}");
        Ok(())
    };
    let target = Target {
        name: "pictures",
        cases: 500,
        read: whole,
        memory: budget,
    };
    target.run(files);
}

#[test]
fn a_bomb_of_any_format_is_refused_in_words_before_it_takes_memory() {
    let formats = [
        (Format::Png(8, 6, 0), 50_000),
        (Format::Png(1, 0, 1), 50_000),
        (Format::Png(16, 6, 0), 0x7fff_ffff),
        (Format::Jpeg(0xc0, 3), 50_000),
        (Format::Jpeg(0xc2, 3), 50_000),
        (Format::Gif, 50_000),
        (Format::Bmp(24, 0), 50_000),
        (Format::WebpLossy, 16_383),
        (Format::WebpLossless, 16_383),
    ];
    for (format, side) in formats {
        let file = format.file(side, side, &[0; 300]);
        let (outcome, most) = memory::most_of(|| Picture::decode(&file));
        let error = outcome.unwrap_err();
        assert_eq!(error.code(), "picture-too-large", "{format:?}: {error}");
        let words = format!("{side} x {side} pixels; at most 100 megapixels");
        assert!(error.to_string().contains(&words), "{error}");
        assert!(most < 1 << 20, "{format:?} took {most} bytes");
    }
}

/// A hundred million pixels, nearly all of them missing.
#[test]
fn as_many_pixels_as_are_read_take_memory_within_a_bound() {
    for (format, limit) in [
        (Format::Png(8, 6, 0), None),
        (Format::Png(16, 0, 1), None),
        (Format::Png(16, 6, 0), Some(50)),
        (Format::Gif, None),
        (Format::Bmp(32, 0), None),
        (Format::WebpLossy, None),
        (Format::WebpLossless, None),
    ] {
        let file = format.file(10_000, 10_000, &[0; 300]);
        let (outcome, most) = memory::most_of(|| Picture::decode(&file));
        let error = outcome.unwrap_err();
        assert!(most < 750_000_000, "{format:?} took {most} bytes");
        let Some(limit) = limit else {
            assert_eq!(error.code(), "picture-broken", "{format:?}: {error}");
            continue;
        };
        assert_eq!(error.code(), "picture-too-large", "{format:?}: {error}");
        let words = format!("at most {limit} megapixels");
        assert!(error.to_string().contains(&words), "{error}");
    }
}

#[test]
fn a_jpeg_is_not_decoded_where_it_is_too_short_or_needs_too_much_memory() {
    let code = |frame, body| {
        let file = Format::Jpeg(frame, 3).file(8000, 7500, &vec![0; body]);
        let (outcome, most) = memory::most_of(|| Picture::decode(&file));
        let error = outcome.unwrap_err();
        assert!(most < MEMORY, "it took {most} bytes");
        error.code()
    };
    assert_eq!(code(0xc0, 100_000), "picture-broken");
    assert_eq!(code(0xc2, 100_000), "picture-broken");
    assert_eq!(code(0xc2, 120_000), "picture-too-large");
}
