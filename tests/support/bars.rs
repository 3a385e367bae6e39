//! A dataset that a small network can be trained on, and the fine-tuning that native and browser tests
//! compare.
#![allow(dead_code)] // Not every test that includes this file needs all of it.

use signet_core::{Dataset, Sample, Scope, TrainConfig};
use signet_recognizer::{InputImage, labels};

/// Bars whose height is the class. Another `seed` gives other noise around them.
pub fn bars(count: usize, seed: usize) -> Dataset {
    let samples = (0..count).map(|index| {
        let label = index % 6;
        let noise = move |x: usize, y: usize| ((x * 31 + y * 17 + (index + seed) * 13) % 23) as u8;
        let input = InputImage::from_fn(64, |x, y| {
            let bar = y > 60 - 10 * label && (20..44).contains(&x);
            [if bar { 200 } else { 20 }, noise(x, y), noise(y, x)]
        });
        Sample { input, label }
    });
    Dataset::new(labels::digits(), samples.collect()).expect("six labels")
}

/// The fine-tuning that native and browser tests run alike; its outcome is in
/// tests/fixtures/training.json.
pub fn fine_tuning(scope: Scope) -> TrainConfig {
    TrainConfig {
        epochs: 3,
        batch_size: 4,
        learning_rate: match scope {
            Scope::Head => 0.01,
            Scope::Stage | Scope::All => 0.001,
        },
        seed: 1,
        ..TrainConfig::fine_tuning(scope)
    }
}

/// Training pictures of that fine-tuning.
pub const LEARN: usize = 12;

/// Validation pictures of that fine-tuning.
pub const CHECK: usize = 6;
