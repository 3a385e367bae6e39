//! Pictures that the native and the browser tests preprocess alike, drawn in integer arithmetic.
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
    .map(|(name, width, height)| {
        let rgba = (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y)));
        let rgba = rgba.collect();
        Raw {
            name,
            width,
            height,
            rgba,
        }
    })
    .into()
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
    macro_rules! pictures {
        ($($name:literal)*) => {
            vec![$(($name, &include_bytes!(concat!("../fixtures/pictures/", $name))[..])),*]
        };
    }
    pictures!("upright.jpg" "rotated.jpg" "transparent.png" "paletted.gif" "lossless.webp" "lossy.webp" "plain.bmp")
}

/// All of these pictures, decoded, with their names.
pub fn decoded() -> Vec<(&'static str, signet_recognizer::Picture)> {
    use signet_recognizer::Picture;
    let raw = raw().into_iter().map(|raw| {
        let picture = Picture::from_rgba(&raw.rgba, raw.width, raw.height);
        (raw.name, picture.expect("as many pixels as it says"))
    });
    let encoded = encoded().into_iter();
    let encoded = encoded.map(|(name, file)| (name, Picture::decode(file).expect("a whole file")));
    raw.chain(encoded).collect()
}
