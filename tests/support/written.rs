//! Models that other programs have written, gzipped in the fixtures, and the pictures that these programs were asked about.
#![allow(dead_code)] // Not every test that includes this file needs all of it.

use flate2::read::GzDecoder;
use signet_recognizer::{Arithmetic, Classifier, InputImage, Weights, softmax};
use std::io::Read;
use std::path::{Path, PathBuf};

/// A folder of the fixtures.
pub fn folder(program: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures")
        .join(program)
}

/// A file of a program's, unpacked.
pub fn fixture(program: &str, name: &str) -> Vec<u8> {
    let path = folder(program).join(format!("{name}.gz"));
    let packed = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    GzDecoder::new(&packed[..]).read_to_end(&mut bytes).unwrap();
    bytes
}

/// As `pictures` in the fixtures' scripts: ramps, bars and noise in whole numbers.
pub fn picture(n: usize) -> InputImage {
    InputImage::from_fn(64, |x, y| {
        [0, 1, 2].map(|c| {
            let ramp = x * (2 + c) + y * (3 - c) + 40 * n;
            let bar = if x + y * (n % 3) >= 24 && x < 40 + n % 7 {
                90
            } else {
                0
            };
            let noise = (x * 31 + y * 17 + c * 7 + n * 13) % 23;
            ((ramp + bar + noise) % 256) as u8
        })
    })
}

/// The probabilities of the three pictures.
pub fn probabilities(weights: &Weights) -> Vec<Vec<f32>> {
    let classifier = Classifier::on_cpu(weights, Arithmetic::Float32);
    let logits = pollster::block_on(classifier.logits(&[0, 1, 2].map(picture))).unwrap();
    logits.iter().map(|row| softmax(row)).collect()
}

/// The largest difference of two tables.
pub fn largest_difference(left: &[Vec<f32>], right: &[Vec<f32>]) -> f32 {
    assert_eq!(left.len(), right.len());
    let mut largest = 0.0_f32;
    for (left, right) in left.iter().zip(right) {
        assert_eq!(left.len(), right.len());
        let differences = left.iter().zip(right).map(|(a, b)| (a - b).abs());
        largest = differences.fold(largest, f32::max);
    }
    largest
}
