//! A small network that native and browser tests build alike, from a seed.

use signet_core::{ResNetConfig, StageConfig, Weights, labels};

/// The topology of the ResNet-50, 16 times narrower, drawn from a seed. The residual branches are
/// damped, so that its probabilities are neither all alike nor all certain.
pub fn small() -> Weights {
    let stage = |f1, f3, stride, identity_blocks| StageConfig {
        filters: [f1, f1, f3],
        stride,
        identity_blocks,
    };
    let config = ResNetConfig {
        stem: 4,
        stages: vec![
            stage(4, 16, 1, 2),
            stage(8, 32, 2, 3),
            stage(16, 64, 2, 5),
            stage(32, 128, 2, 2),
        ],
        classes: 6,
    };
    let drawn = Weights::initial(config.clone(), labels::digits(), 7).expect("a valid network");
    let mut tensors = drawn.tensors().clone();
    for (name, tensor) in &mut tensors {
        if name.ends_with("branch2c.gamma") {
            tensor.data.fill(0.2);
        }
        if name == "fc.kernel" {
            tensor.data.iter_mut().for_each(|weight| *weight *= 4.0);
        }
    }
    Weights::new(config, labels::digits(), tensors).expect("the same tensors")
}
