//! What stands for LibTorch's operations where it is not compiled in.

use burn::nn::{BatchNorm, conv::Conv2d};
use burn::tensor::Tensor;

pub(crate) use burn::tensor::activation::relu;

/// None: burn's modules compute it.
pub(crate) fn conv_norm(_: &Conv2d, _: &BatchNorm, _: &Tensor<4>) -> Option<Tensor<4>> {
    None
}

/// Adam with burn's constants but for the epsilon.
#[cfg(feature = "train")]
pub(crate) fn adam(epsilon: f32) -> burn::optim::Adam {
    burn::optim::AdamConfig::new().with_epsilon(epsilon).build()
}
