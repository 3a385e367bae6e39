//! Colors that are far from sRGB, by whatever a file says of them.

use crate::{UPRIGHT, refusal, with_chunk};
use miniz_oxide::deflate::compress_to_vec_zlib;

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
