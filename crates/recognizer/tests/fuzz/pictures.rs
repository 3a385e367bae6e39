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
    let [(_, upright), (_, rotated), ..] = fixtures::encoded()[..] else {
        panic!("the photos come first");
    };
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
    let target = target(500);
    Target {
        read: whole,
        ..target
    }
    .run(files);
}

#[test]
fn pixels_that_are_too_many_or_missing_are_refused_in_words_and_take_memory_within_a_bound() {
    let (png, jpeg) = (Format::Png, |frame| Format::Jpeg(frame, 3));
    // Bytes in place of pixels; the limit in megapixels that the refusal states, none where pixels are
    // missing; the memory that it may take.
    let bomb = |format, side| (format, [side; 2], 300, Some(100), 1 << 20);
    let sparse = |format, limit| (format, [10_000; 2], 300, limit, 750_000_000);
    let photo = |frame, body, limit| (jpeg(frame), [8000, 7500], body, limit, MEMORY);
    for (format, [width, height], body, limit, memory) in [
        bomb(png(8, 6, 0), 50_000),
        bomb(png(1, 0, 1), 50_000),
        bomb(png(16, 6, 0), 0x7fff_ffff),
        bomb(jpeg(0xc0), 50_000),
        bomb(jpeg(0xc2), 50_000),
        bomb(Format::Gif, 50_000),
        bomb(Format::Bmp(24, 0), 50_000),
        bomb(Format::WebpLossy, 16_383),
        bomb(Format::WebpLossless, 16_383),
        sparse(png(8, 6, 0), None),
        sparse(png(16, 0, 1), None),
        sparse(png(16, 6, 0), Some(50)),
        sparse(Format::Gif, None),
        sparse(Format::Bmp(32, 0), None),
        sparse(Format::WebpLossy, None),
        sparse(Format::WebpLossless, None),
        photo(0xc0, 100_000, None),
        photo(0xc2, 100_000, None),
        photo(0xc2, 120_000, Some(44)),
    ] {
        let file = format.file(width, height, &vec![0; body]);
        let (outcome, most) = memory::most_of(|| Picture::decode(&file));
        let error = outcome.unwrap_err();
        assert!(most < memory, "{format:?} took {most} bytes");
        let (code, words) = match limit {
            Some(limit) => {
                let words = format!("{width} x {height} pixels; at most {limit} megapixels");
                ("picture-too-large", words)
            }
            None => ("picture-broken", String::new()),
        };
        assert_eq!(error.code(), code, "{format:?}: {error}");
        assert!(error.to_string().contains(&words), "{error}");
    }
}
