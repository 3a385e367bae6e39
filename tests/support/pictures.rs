//! Pictures that the native and the browser tests preprocess alike, drawn by integers alone.
#![allow(dead_code)] // Not every test that includes this file needs all of it.

/// A raw picture: width, height and RGBA bytes.
pub struct Raw {
    /// Its name in tests/fixtures/preprocess.json.
    pub name: &'static str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Red, green, blue, alpha, row by row.
    pub rgba: Vec<u8>,
}

/// Sizes that go down, up, nowhere, and to extremes; opaque and transparent.
pub fn raw() -> Vec<Raw> {
    [
        ("one pixel", 1, 1),
        ("a row", 300, 1),
        ("a column", 1, 77),
        ("small", 17, 23),
        ("as large as the model's", 64, 64),
        ("one more", 65, 65),
        ("a frame", 640, 480),
        ("tall and odd", 333, 1001),
    ]
    .into_iter()
    .map(|(name, width, height)| Raw {
        name,
        width,
        height,
        rgba: (0..height)
            .flat_map(|y| (0..width).flat_map(move |x| pixel(x, y)))
            .collect(),
    })
    .collect()
}

/// A pattern with edges, ramps, noise and every transparency.
fn pixel(x: u32, y: u32) -> [u8; 4] {
    let noise = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(2_246_822_519)) >> 13;
    let check = if (x / 7 + y / 5).is_multiple_of(2) {
        200
    } else {
        30
    };
    let byte = |n: u32| n.to_le_bytes()[0];
    [
        byte(check + noise % 50),
        byte(x * 3 + y),
        byte(noise),
        byte(255 - (x + y) % 256),
    ]
}

/// The encoded pictures of tests/fixtures/pictures.
pub fn encoded() -> Vec<(&'static str, &'static [u8])> {
    macro_rules! picture {
        ($name:literal) => {
            (
                $name,
                include_bytes!(concat!("../fixtures/pictures/", $name)).as_slice(),
            )
        };
    }
    vec![
        picture!("upright.jpg"),
        picture!("rotated.jpg"),
        picture!("transparent.png"),
        picture!("paletted.gif"),
        picture!("lossless.webp"),
        picture!("lossy.webp"),
        picture!("plain.bmp"),
    ]
}
