//! Training with LibTorch's kernels, whose results `parity.rs` compares with the reference.
#![cfg(feature = "libtorch")]

mod support;

use pollster::block_on;
use signet_core::{Device, Event, Score, TrainConfig, Trainer};
use signet_recognizer::{Weights, labels};
use support::*;

/// The scores of a small training in its first batch and in its last epoch.
fn train(mixed_precision: bool) -> [Score; 2] {
    let config = TrainConfig {
        epochs: 12,
        batch_size: 16,
        learning_rate: 0.003,
        label_smoothing: 0.0,
        mixed_precision,
        ..TrainConfig::default()
    };
    #[expect(deprecated, reason = "burn still ships it, and no other crate does")]
    let device = Device::libtorch();
    let weights = Weights::initial(tiny_config(), labels::digits(), 3).unwrap();
    let mut trainer = Trainer::new(weights, bars(96, 0), vec![], config, &device).unwrap();
    let Event::Batch { training, .. } = block_on(trainer.step()).unwrap() else {
        panic!("a training begins with a batch");
    };
    finish(&mut trainer);
    [training, trainer.history().last().unwrap().training.clone()]
}

#[test]
fn mixed_precision_trains_with_nearly_the_same_loss() {
    let [exact, mixed] = [false, true].map(train);
    println!("first batch and last epoch: {exact:?}, mixed precision {mixed:?}");
    let difference = (mixed[0].loss - exact[0].loss).abs() / exact[0].loss;
    assert!(difference > 0.0, "bfloat16 rounds");
    assert!(difference < 0.02, "{difference}");
    for [first, last] in [exact, mixed] {
        assert!(last.loss < 0.5 * first.loss, "{first:?} to {last:?}");
    }
}
