//! Picture files that decoders and browsers read differently: read as browsers show them, or refused in
//! words.

mod colors;

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use signet_recognizer::Picture;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../../tests/fixtures/pictures/", $name)).as_slice()
    };
}

const UPRIGHT: &[u8] = fixture!("upright.jpg");
const PLANES: &[u8] = fixture!("planes.jpg");
const PNG: &[u8] = fixture!("transparent.png");

/// A file with other bytes in place of its only ones of a kind.
fn replaced(file: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = file.windows(from.len()).position(|bytes| bytes == from);
    let at = at.expect("they are there");
    [&file[..at], to, &file[at + from.len()..]].concat()
}

/// A PNG with a chunk behind its header.
fn with_chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let named = [name, content].concat();
    let length = (content.len() as u32).to_be_bytes();
    let checksum = crc32fast::hash(&named).to_be_bytes();
    [&PNG[..33], &length, &named, &checksum, &PNG[33..]].concat()
}

/// The code of a file's refusal, or none.
fn refusal(file: &[u8]) -> Option<&'static str> {
    Picture::decode(file).err().map(|error| error.code())
}

#[test]
fn a_jpeg_whose_subsampled_planes_come_in_separate_scans_is_refused() {
    // The header of a frame names the sampling factors of its first component.
    let sampled = |factors: u8| replaced(PLANES, &[3, 1, 0x22, 0], &[3, 1, factors, 0]);
    for factors in [0x22, 0x21, 0x12, 0x41, 0x31, 0x13, 0x24] {
        let error = Picture::decode(&sampled(factors)).unwrap_err();
        assert_eq!(error.code(), "picture-format", "{factors:x}");
        assert!(error.to_string().contains("separate scans"), "{error}");
    }
    // Without subsampling, and with all planes in a scan, the decoder is right.
    assert_ne!(refusal(&sampled(0x11)), Some("picture-format"));
    assert_eq!(refusal(UPRIGHT), None);
}

#[test]
fn a_jpeg_that_is_cut_short_is_read_from_half_of_its_rows_on() {
    let drawn = |image: &RgbImage, quality| {
        let mut file = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut file, quality);
        image.write_with_encoder(encoder).unwrap();
        file
    };
    // Uneven in every row of blocks.
    let photo =
        |x: u32, y: u32| [x * y, x * 7 + y * y / 9, x * x / 5 + y * 3].map(|v| (v % 200) as u8);
    let photo = RgbImage::from_fn(160, 320, |x, y| Rgb(photo(x, y)));
    for quality in [40, 90] {
        let whole = drawn(&photo, quality);
        // A thumbnail in the EXIF data has a scan and an end of its own.
        let thumbnail = b"\xff\xe1\0\x0c\xff\xda\0\x02\0\0\xff\xd9\0\0";
        let exif = [&whole[..2], thumbnail, &whole[2..]].concat();
        let scan = whole
            .windows(2)
            .position(|pair| pair == [0xff, 0xda])
            .unwrap()
            + 14;
        for percent in (0..100).step_by(3) {
            let length = scan + (whole.len() - scan) * percent / 100;
            let ended = [&whole[..length], &[0xff, 0xd9]].concat();
            for file in [&whole[..length], &exif[..length + thumbnail.len()], &ended] {
                // About the half it is either.
                let expected = (percent < 40).then_some("picture-cut");
                if !(40..60).contains(&percent) {
                    assert_eq!(refusal(file), expected, "{percent} % at {quality}");
                }
            }
        }
        // Only the marker for the end is missing.
        assert_eq!(refusal(&whole[..whole.len() - 2]), None);
        let said = Picture::decode(&whole[..scan + (whole.len() - scan) / 4]);
        let said = said
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default();
        assert!(said.contains("% of it arrived"), "{said}");
        // What repeats itself in truth, as gray as the decoder's filling, or of stripes as high as a block.
        let plain = |x, y| {
            if y < 60 + x / 4 {
                [200, 90, 40]
            } else {
                [128; 3]
            }
        };
        let stripes = |_, y| [(y % 8 * 30) as u8; 3];
        let images: [fn(u32, u32) -> [u8; 3]; 2] = [plain, stripes];
        for image in images {
            let image = RgbImage::from_fn(160, 320, |x, y| Rgb(image(x, y)));
            assert_eq!(refusal(&drawn(&image, quality)), None);
        }
    }
}

#[test]
fn a_webp_that_is_cut_short_is_told_so() {
    for whole in [fixture!("lossy.webp"), fixture!("lossless.webp")] {
        for percent in [60, 90] {
            let said = Picture::decode(&whole[..whole.len() * percent / 100]).unwrap_err();
            let expected = format!("only {} % of it arrived", percent - 1);
            let rounded = format!("only {percent} % of it arrived");
            let said = said.to_string();
            assert!(
                said.contains(&expected) || said.contains(&rounded),
                "{said}"
            );
        }
        assert_eq!(refusal(whole), None);
    }
}

#[test]
fn an_orientation_counts_in_every_format() {
    let exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let webp = fixture!("lossless.webp");
    let chunk = |name: &[u8; 4], content: &[u8]| {
        let padding = vec![0; content.len() % 2];
        [
            name,
            &(content.len() as u32).to_le_bytes()[..],
            content,
            &padding,
        ]
        .concat()
    };
    let chunks = [
        b"WEBP".to_vec(),
        chunk(b"VP8X", &[0x08, 0, 0, 0, 89, 0, 0, 59, 0, 0]),
        webp[12..].to_vec(),
        chunk(b"EXIF", exif),
    ];
    let webp = chunk(b"RIFF", &chunks.concat());
    for (file, size) in [
        (fixture!("rotated.jpg").to_vec(), (90, 60)),
        (with_chunk(b"eXIf", exif), (60, 90)),
        (webp, (60, 90)),
    ] {
        let picture = Picture::decode(&file).unwrap();
        assert_eq!((picture.width(), picture.height()), size);
    }
}

#[test]
fn a_hidden_default_image_is_no_picture() {
    let animated = with_chunk(b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]);
    assert_eq!(refusal(&animated), Some("picture-format"));
}

#[test]
fn the_transparency_of_a_bmp_is_what_browsers_take_for_it() {
    const MASKS: [u32; 4] = [0xff_0000, 0xff00, 0xff, 0xff00_0000];
    // A pixel of blue, green, red, alpha; the header's length, compression and alpha mask.
    let bmp = |pixel: [u8; 4], header: u32, compression: u32, alpha: u32| {
        let mut file = vec![0; 14 + header as usize];
        let mut put =
            |at: usize, value: u32| file[at..at + 4].copy_from_slice(&value.to_le_bytes());
        put(10, 14 + header);
        put(14, header);
        put(18, 1);
        put(22, 1);
        put(26, 1 | 32 << 16);
        put(30, compression);
        if header > 40 {
            (54..)
                .step_by(4)
                .zip(MASKS)
                .for_each(|(at, mask)| put(at, mask));
            put(66, alpha);
        }
        file[..2].copy_from_slice(b"BM");
        file.extend(pixel);
        let picture = Picture::decode(&file).map_err(|error| error.code());
        picture.map(|picture| picture.image().as_raw().clone())
    };
    let (half, clear) = ([10, 20, 30, 128], [10, 20, 30, 0]);
    for (pixel, header, compression, alpha, shown) in [
        // Without a mask there is no transparency, whatever the fourth byte is.
        (half, 40, 0, 0, [30, 20, 10]),
        (half, 108, 0, 0, [30, 20, 10]),
        (half, 108, 3, 0, [30, 20, 10]),
        // A mask counts under bit fields.
        (half, 108, 3, MASKS[3], [142, 137, 132]),
        (half, 124, 3, MASKS[3], [142, 137, 132]),
        // All of it transparent is none of it.
        (clear, 108, 3, MASKS[3], [30, 20, 10]),
    ] {
        let found = bmp(pixel, header, compression, alpha);
        let name = format!("header {header}, compression {compression}, mask {alpha:x}");
        assert_eq!(found, Ok(shown.to_vec()), "{name}");
    }
    // Under plain RGB some browsers heed it.
    assert_eq!(bmp(half, 108, 0, MASKS[3]), Err("picture-format"));
}

/// 155 bytes of which no browser makes a picture, and at which the decoder panics.
#[test]
fn a_jpeg_of_two_components_is_damaged() {
    let part = |marker: u8, content: &[u8]| {
        let length = (content.len() as u16 + 2).to_be_bytes();
        [&[0xff, marker], &length[..], content].concat()
    };
    let table = |class: u8| [&[class, 1][..], &[0; 16]].concat();
    let file = [
        vec![0xff, 0xd8],
        part(0xee, b"Adobe\0\x64\0\0\0\0\x02"),
        part(0xdb, &[&[0][..], &[1; 64]].concat()),
        part(0xc2, &[8, 0, 64, 0, 64, 2, 1, 0x11, 0, 2, 0x11, 0]),
        part(0xc4, &table(0)),
        part(0xda, &[2, 1, 0, 2, 0, 0, 0, 0]),
        vec![0; 16],
        vec![0xff, 0xd9],
    ];
    assert_eq!(refusal(&file.concat()), Some("picture-broken"));
}
