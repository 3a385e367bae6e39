//! Preprocessing: what it promises, and the same bytes as in the browser (whose tests compare
//! with the same file).

#[path = "../../../tests/support/fixture.rs"]
mod fixture;
#[path = "../../../tests/support/pictures.rs"]
mod pictures;

use signet_recognizer::inspect::read_sprite;
use signet_recognizer::{Error, INPUT_SIDE, InputImage, Picture, weights::sha256};
use std::collections::BTreeMap;

#[test]
fn inputs_are_the_same_bytes_as_in_the_browser() {
    let hash = |picture: &Picture| sha256(picture.to_input(INPUT_SIDE).rgb());
    let hashes = pictures::decoded().into_iter();
    let hashes = hashes.map(|(name, picture)| (name.to_owned(), hash(&picture)));
    let hashes: BTreeMap<String, String> = hashes.collect();
    assert_eq!(hashes, fixture::expected("preprocess.json", &hashes));
}

#[test]
fn the_check_set_has_the_same_pixels_as_in_the_browser() {
    let file = include_bytes!("../../../www/inside/check-set.jpg");
    let (inputs, names) = read_sprite(&Picture::decode(file).unwrap()).unwrap();
    let signs: Vec<String> = (0..60).map(|tile| (tile / 10).to_string()).collect();
    assert_eq!(names, signs);
    let rgba: Vec<u8> = inputs.iter().flat_map(InputImage::to_rgba).collect();
    let found = BTreeMap::from([("sha256".to_owned(), sha256(&rgba))]);
    assert_eq!(found, fixture::expected("check-set.json", &found));
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
fn the_input_is_the_center_crop() {
    // A red middle between blue sides: nothing of the sides is left.
    let [red, blue] = [[200, 0, 0], [0, 0, 200]];
    let row = [blue.repeat(100), red.repeat(100), blue.repeat(100)].concat();
    let picture = Picture::from_rgb(&row.repeat(100), 300, 100).unwrap();
    let input = picture.to_input(INPUT_SIDE);
    assert!(input.rgb().chunks(3).all(|pixel| pixel == red));
}

#[test]
fn downscaling_does_not_alias() {
    // Stripes of one pixel come out grey.
    let rgb = [255, 255, 255, 0, 0, 0].repeat(320 * 640);
    let picture = Picture::from_rgb(&rgb, 640, 640).unwrap();
    let input = picture.to_input(INPUT_SIDE);
    assert!(input.rgb().iter().all(|v| (124..=131).contains(v)));
}

#[test]
fn a_crop_of_the_input_size_comes_through_unchanged() {
    let reference = InputImage::reference();
    let picture = Picture::from_rgba(&reference.to_rgba(), 64, 64).unwrap();
    assert_eq!(picture.to_input(INPUT_SIDE), reference);
}

#[test]
fn what_is_no_picture_is_refused_in_its_own_words() {
    let refused = |result: Result<Picture, Error>, code: &str| {
        assert_eq!(result.unwrap_err().code(), code);
    };
    refused(Picture::from_rgba(&[], 0, 5), "picture-empty");
    refused(Picture::from_rgba(&[0; 15], 2, 2), "picture-size");
    for side in [50_000, u32::MAX] {
        refused(Picture::from_rgba(&[], side, side), "picture-too-large");
    }
    for file in [&b""[..], b"this is a text"] {
        refused(Picture::decode(file), "picture-format");
    }
    for (_, file) in pictures::encoded() {
        // Only a WebP says how long it is.
        let is_webp = file.starts_with(b"RIFF");
        let code = ["picture-broken", "picture-cut"][usize::from(is_webp)];
        refused(Picture::decode(&file[..file.len() / 8]), code);
    }
    // A header that claims 60,000 x 60,000 pixels is refused before anything is allocated.
    let mut bomb = pictures::encoded().pop().unwrap().1.to_vec();
    bomb[18..22].copy_from_slice(&60_000_u32.to_le_bytes());
    bomb[22..26].copy_from_slice(&60_000_u32.to_le_bytes());
    refused(Picture::decode(&bomb), "picture-too-large");
}
