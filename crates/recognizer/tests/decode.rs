//! Picture files that decoders and browsers read differently: read as browsers show them, or refused in
//! words.

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use miniz_oxide::deflate::compress_to_vec_zlib;
use signet_recognizer::Picture;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/fixtures/pictures/", $name)).as_slice()
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

/// A profile of a display with three primaries in XYZ and a curve for all, or of grays with that curve.
fn profile(primaries: [[f32; 3]; 3], curve: &[u8]) -> Vec<u8> {
    tagged(primaries, curve, b"RGB ", [b"rTRC", b"gTRC", b"bTRC"])
}

fn gray(curve: &[u8]) -> Vec<u8> {
    tagged(SRGB, curve, b"GRAY", [b"kTRC"; 3])
}

fn tagged(
    primaries: [[f32; 3]; 3],
    curve: &[u8],
    space: &[u8; 4],
    curves: [&'static [u8; 4]; 3],
) -> Vec<u8> {
    let fixed = |value: &f32| ((value * 65_536.0) as i32).to_be_bytes();
    let xyz = |primary: &[f32; 3]| {
        [
            b"XYZ \0\0\0\0".to_vec(),
            primary.iter().flat_map(fixed).collect(),
        ]
        .concat()
    };
    let mut tags: Vec<(&[u8; 4], Vec<u8>)> = Vec::new();
    for (name, primary) in [b"rXYZ", b"gXYZ", b"bXYZ"].into_iter().zip(&primaries) {
        tags.push((name, xyz(primary)));
    }
    tags.extend(curves.map(|name| (name, curve.to_vec())));
    let mut file = vec![0; 128];
    for (at, value) in [
        (8, b"\x02\x10\0\0"),
        (12, b"mntr"),
        (16, space),
        (20, b"XYZ "),
        (36, b"acsp"),
    ] {
        file[at..at + 4].copy_from_slice(value);
    }
    file.extend((tags.len() as u32).to_be_bytes());
    let mut at = file.len() + 12 * tags.len();
    for (name, content) in &tags {
        file.extend_from_slice(*name);
        file.extend(
            [at as u32, content.len() as u32]
                .map(u32::to_be_bytes)
                .concat(),
        );
        at += content.len();
    }
    file.extend(tags.into_iter().flat_map(|(_, content)| content));
    let length = (file.len() as u32).to_be_bytes();
    file[..4].copy_from_slice(&length);
    file
}

/// A curve that is a power.
fn power(exponent: f32) -> Vec<u8> {
    let value = ((exponent * 256.0) as u16).to_be_bytes();
    [b"curv\0\0\0\0\0\0\0\x01".as_slice(), &value].concat()
}

/// A curve that is a table.
fn table(exponent: f32) -> Vec<u8> {
    let entries = (0..=64).map(|n| (65_535.0 * (n as f32 / 64.0).powf(exponent)) as u16);
    [
        b"curv\0\0\0\0\0\0\0\x41".to_vec(),
        entries.flat_map(u16::to_be_bytes).collect(),
    ]
    .concat()
}

/// sRGB's own curve, as a function of five parameters.
fn parametric() -> Vec<u8> {
    let parameters = [2.4_f32, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045];
    let fixed = parameters
        .iter()
        .flat_map(|value| ((value * 65_536.0) as i32).to_be_bytes());
    [b"para\0\0\0\0\0\x03\0\0".to_vec(), fixed.collect()].concat()
}

const SRGB: [[f32; 3]; 3] = [
    [0.43607, 0.22249, 0.01392],
    [0.38515, 0.71687, 0.09708],
    [0.14307, 0.06061, 0.71410],
];
const P3: [[f32; 3]; 3] = [
    [0.51512, 0.24119, -0.00105],
    [0.29198, 0.69224, 0.04189],
    [0.15710, 0.06657, 0.78407],
];
const PROPHOTO: [[f32; 3]; 3] = [
    [0.79767, 0.28804, 0.0],
    [0.13519, 0.71187, 0.00009],
    [0.03135, 0.00009, 0.82490],
];

/// The code of a file's refusal, or none.
fn refusal(file: &[u8]) -> Option<&'static str> {
    Picture::decode(file).err().map(|error| error.code())
}

#[test]
fn colors_far_from_srgb_are_refused_and_the_others_read() {
    let swapped = [SRGB[1], SRGB[2], SRGB[0]];
    for (name, file, is_far) in [
        ("sRGB", profile(SRGB, &parametric()), false),
        ("sRGB by a power", profile(SRGB, &power(2.2)), false),
        ("Display P3", profile(P3, &power(2.2)), false),
        ("old Macs", profile(SRGB, &table(1.8)), false),
        ("linear", profile(SRGB, &power(1.0)), true),
        (
            "linear by no curve",
            profile(SRGB, b"curv\0\0\0\0\0\0\0\0"),
            true,
        ),
        ("linear by a table", profile(SRGB, &table(1.0)), true),
        ("ProPhoto", profile(PROPHOTO, &power(1.8)), true),
        ("swapped channels", profile(swapped, &power(2.2)), true),
        ("grays", gray(&power(2.2)), false),
        ("linear grays", gray(&power(1.0)), true),
        (
            "tables alone",
            tagged(SRGB, &parametric(), b"RGB ", [b"A2B9"; 3]),
            true,
        ),
        ("damaged", profile(SRGB, &power(1.0))[..100].to_vec(), false),
    ] {
        let expected = is_far.then_some("picture-format");
        let segment = [b"ICC_PROFILE\0\x01\x01", file.as_slice()].concat();
        let length = (segment.len() as u16 + 2).to_be_bytes();
        let jpeg = [
            &UPRIGHT[..2],
            &[0xff, 0xe2],
            &length,
            &segment,
            &UPRIGHT[2..],
        ]
        .concat();
        assert_eq!(refusal(&jpeg), expected, "{name}, JPEG");
        let packed = [b"icc\0\0".to_vec(), compress_to_vec_zlib(&file, 6)].concat();
        assert_eq!(
            refusal(&with_chunk(b"iCCP", &packed)),
            expected,
            "{name}, PNG"
        );
    }
    let gamma = |gamma: u32| with_chunk(b"gAMA", &gamma.to_be_bytes());
    // White, red, green and blue as x and y.
    let primaries = |values: [f32; 8]| {
        let numbers = values.map(|value| ((value * 100_000.0) as u32).to_be_bytes());
        with_chunk(b"cHRM", &numbers.concat())
    };
    let bt_709 = [0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06];
    let p3 = [0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06];
    let swapped = [0.3127, 0.329, 0.3, 0.6, 0.15, 0.06, 0.64, 0.33];
    for (file, is_far) in [
        (gamma(45_455), false),
        (gamma(55_556), false),
        (gamma(0), false),
        (gamma(100_000), true),
        (gamma(20_000), true),
        (primaries(bt_709), false),
        (primaries(p3), false),
        (primaries([0.0; 8]), false),
        (primaries(swapped), true),
        (with_chunk(b"cICP", &[12, 13, 0, 1]), false),
        (with_chunk(b"cICP", &[9, 16, 0, 1]), true),
        (with_chunk(b"cICP", &[1, 8, 0, 1]), true),
    ] {
        let name = file[33..60].escape_ascii();
        assert_eq!(refusal(&file), is_far.then_some("picture-format"), "{name}");
    }
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

#[test]
fn the_profile_and_the_gamma_of_a_bmp_count() {
    for (profile, expected) in [(power(1.0), Some("picture-format")), (power(2.2), None)] {
        let profile = self::profile(SRGB, &profile);
        let mut file = vec![0; 14 + 124 + 4];
        let mut put = |at: usize, value: usize| {
            file[at..at + 4].copy_from_slice(&(value as u32).to_le_bytes())
        };
        for (at, value) in [
            (10, 138),
            (14, 124),
            (18, 1),
            (22, 1),
            (26, 1 | 24 << 16),
            (126, 128),
            (130, profile.len()),
        ] {
            put(at, value);
        }
        file[..2].copy_from_slice(b"BM");
        file[70..74].copy_from_slice(b"DEBM");
        file.extend(profile);
        assert_eq!(refusal(&file), expected);
        // Some browsers apply the gamma in its place.
        let gamma = if expected.is_some() { 1.0 } else { 2.2 };
        file[70..74].fill(0);
        file[110..114].copy_from_slice(&((gamma * 65_536.0) as u32).to_le_bytes());
        assert_eq!(refusal(&file), expected);
    }
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
