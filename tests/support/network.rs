//! A small network that native and browser tests build alike, from a seed.
#![allow(dead_code)] // Not every test that includes this file needs all of it.

use signet_recognizer::{ResNetConfig, StageConfig, Weights, labels};

/// The ResNet-50 with a sixteenth of its filters: the same layers in a thousandth of the time.
pub fn narrow() -> ResNetConfig {
    narrowed(16)
}

/// The ResNet-50 with its filters divided by `divisor`.
pub fn narrowed(divisor: usize) -> ResNetConfig {
    let whole = ResNetConfig::default();
    let stages = whole.stages.iter().map(|stage| StageConfig {
        filters: stage.filters.map(|filters| filters / divisor),
        ..*stage
    });
    ResNetConfig {
        stem: whole.stem / divisor,
        stages: stages.collect(),
        ..whole
    }
}

/// A narrow network initialized from a seed. The residual branches are damped, so that its probabilities
/// are neither uniform nor saturated.
pub fn small() -> Weights {
    let config = narrow();
    let drawn = Weights::initial(config.clone(), labels::digits(), 7).expect("a valid network");
    let mut tensors = drawn.tensors().clone();
    for (name, tensor) in &mut tensors {
        if name.ends_with("branch2c.gamma") {
            tensor.floats_mut().fill(0.2);
        }
        if name == "fc.kernel" {
            let weights = tensor.floats_mut().iter_mut();
            weights.for_each(|weight| *weight *= 4.0);
        }
    }
    Weights::new(config, labels::digits(), tensors).expect("the same tensors")
}
