//! Preprocessing: what it promises, and the same bytes as in the browser (whose tests compare
//! with the same file).

#[path = "../../../tests/support/pictures.rs"]
mod pictures;

use signet_recognizer::{Error, INPUT_SIDE, InputImage, Picture, weights::sha256};
use std::collections::BTreeMap;

#[test]
fn squares_are_the_bytes_that_the_browser_gets_too() {
    let mut hashes = BTreeMap::new();
    for raw in pictures::raw() {
        let picture = Picture::from_rgba(&raw.rgba, raw.width, raw.height).unwrap();
        hashes.insert(
            raw.name.to_owned(),
            sha256(picture.to_input(INPUT_SIDE).rgb()),
        );
    }
    for (name, file) in pictures::encoded() {
        let picture = Picture::decode(file).unwrap();
        hashes.insert(name.to_owned(), sha256(picture.to_input(INPUT_SIDE).rgb()));
    }
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/fixtures/preprocess.json"
    );
    if std::env::var_os("SIGNET_UPDATE").is_some() {
        let json = serde_json::to_string_pretty(&hashes).unwrap();
        std::fs::write(path, json + "\n").unwrap();
    }
    let expected: BTreeMap<String, String> =
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(hashes, expected);
}

#[test]
fn exif_orientation_is_applied() {
    let [upright, rotated] = ["upright.jpg", "rotated.jpg"].map(|name| {
        let all = pictures::encoded();
        let (_, file) = all.iter().find(|(other, _)| *other == name).unwrap();
        Picture::decode(file).unwrap()
    });
    assert_eq!((rotated.width(), rotated.height()), (90, 60));
    let (a, b) = (upright.to_input(INPUT_SIDE), rotated.to_input(INPUT_SIDE));
    let sum: i32 = a
        .rgb()
        .iter()
        .zip(b.rgb())
        .map(|(a, b)| i32::from(a.abs_diff(*b)))
        .sum();
    let mean = f64::from(sum) / a.rgb().len() as f64;
    assert!(mean < 6.0, "the pictures differ by {mean} a channel");
}

#[test]
fn transparency_is_laid_over_white() {
    let rgba = [0, 0, 0, 0, 10, 20, 30, 255, 0, 0, 0, 128, 255, 0, 0, 64].repeat(16);
    let input = Picture::from_rgba(&rgba, 8, 8).unwrap().to_input(8);
    assert_eq!(
        input.rgb()[..12],
        [255, 255, 255, 10, 20, 30, 127, 127, 127, 255, 191, 191]
    );
}

#[test]
fn the_centre_square_is_taken() {
    // A red middle between blue sides: nothing of the sides is left.
    let rgb: Vec<u8> = (0..100 * 300_usize)
        .flat_map(|at| {
            if (100..200).contains(&(at % 300)) {
                [200, 0, 0]
            } else {
                [0, 0, 200]
            }
        })
        .collect();
    let input = Picture::from_rgb(&rgb, 300, 100)
        .unwrap()
        .to_input(INPUT_SIDE);
    assert!(input.rgb().chunks(3).all(|pixel| pixel == [200, 0, 0]));
}

#[test]
fn downscaling_does_not_alias() {
    // Stripes of one pixel come out grey.
    let rgb: Vec<u8> = (0..640 * 640)
        .flat_map(|at| [if at & 1 == 0 { 255 } else { 0 }; 3])
        .collect();
    let input = Picture::from_rgb(&rgb, 640, 640)
        .unwrap()
        .to_input(INPUT_SIDE);
    assert!(input.rgb().iter().all(|v| (124..=131).contains(v)));
}

#[test]
fn a_square_of_the_right_size_comes_through_unchanged() {
    let reference = InputImage::reference();
    let picture = Picture::from_rgba(&reference.to_rgba(), 64, 64).unwrap();
    assert_eq!(picture.to_input(INPUT_SIDE), reference);
}

#[test]
fn what_is_no_picture_is_refused_in_its_own_words() {
    let code = |result: Result<Picture, Error>| result.unwrap_err().code();
    assert_eq!(code(Picture::from_rgba(&[], 0, 5)), "picture-empty");
    assert_eq!(code(Picture::from_rgba(&[0; 15], 2, 2)), "picture-size");
    assert_eq!(
        code(Picture::from_rgba(&[], 50_000, 50_000)),
        "picture-too-large"
    );
    assert_eq!(
        code(Picture::from_rgba(&[], u32::MAX, u32::MAX)),
        "picture-too-large"
    );
    assert_eq!(code(Picture::decode(b"")), "picture-format");
    assert_eq!(code(Picture::decode(b"this is a text")), "picture-format");
    for (name, file) in pictures::encoded() {
        assert_eq!(
            code(Picture::decode(&file[..file.len() / 8])),
            "picture-broken",
            "{name}"
        );
    }
    // A header that claims 60,000 x 60,000 pixels is refused before anything is allocated.
    let mut bomb = pictures::encoded().pop().unwrap().1.to_vec();
    bomb[18..22].copy_from_slice(&60_000_u32.to_le_bytes());
    bomb[22..26].copy_from_slice(&60_000_u32.to_le_bytes());
    assert_eq!(code(Picture::decode(&bomb)), "picture-too-large");
}
