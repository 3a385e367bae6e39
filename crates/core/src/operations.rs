//! Fused training operations for devices where burn's composition of primitives is slow. Other
//! devices use burn's own.

#[cfg(any(feature = "flex", feature = "libtorch"))]
mod adam;
#[cfg(feature = "flex")]
mod chunks;
#[cfg(feature = "flex")]
mod conv;
#[cfg(feature = "libtorch")]
mod conv_norm;
mod device;
#[cfg(any(feature = "flex", feature = "libtorch"))]
mod geometry;

pub(crate) use device::{on_flex, on_libtorch};

use burn::nn::{BatchNorm, conv::Conv2d};
use burn::optim::ModuleOptimizer;
use burn::tensor::Tensor;

/// A convolution, the sum with `shortcut` where there is one, and ReLU where `relu` says so, as one
/// operation. None where there is no fused operation for the device or the convolution: burn's
/// modules then compute it.
///
/// # Shapes
///
/// - `input`: `[batch, input channels, height, width]`
/// - `shortcut` and output: `[batch, output channels, height', width']`
pub(crate) fn conv(
    conv: &Conv2d,
    input: &Tensor<4>,
    shortcut: Option<&Tensor<4>>,
    relu: bool,
) -> Option<Tensor<4>> {
    #[cfg(feature = "flex")]
    return conv::conv(conv, input, shortcut, relu);
    #[cfg(not(feature = "flex"))]
    {
        let _ = (conv, input, shortcut, relu);
        None
    }
}

/// The tensor twice. On Flex the two gradients are then added in the memory layout of [`conv`].
pub(crate) fn fork(tensor: Tensor<4>) -> [Tensor<4>; 2] {
    #[cfg(feature = "flex")]
    return conv::fork(tensor);
    #[cfg(not(feature = "flex"))]
    [tensor.clone(), tensor]
}

/// A convolution and its batch norm in training mode as one operation, running statistics included.
/// None as of [`conv`].
///
/// # Shapes
///
/// As [`conv`].
pub(crate) fn conv_norm(conv: &Conv2d, norm: &BatchNorm, input: &Tensor<4>) -> Option<Tensor<4>> {
    #[cfg(feature = "libtorch")]
    return conv_norm::conv_norm(conv, norm, input);
    #[cfg(not(feature = "libtorch"))]
    {
        let _ = (conv, norm, input);
        None
    }
}

/// ReLU.
pub(crate) fn relu(input: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "libtorch")]
    return conv_norm::relu(input);
    #[cfg(not(feature = "libtorch"))]
    burn::tensor::activation::relu(input)
}

/// Adam with burn's constants and this epsilon, which is added before the second moment's bias is corrected
/// or after. burn's own only knows the latter.
#[cfg_attr(
    not(any(feature = "flex", feature = "libtorch")),
    expect(unused_variables, reason = "burn's own Adam has one form")
)]
pub(crate) fn adam(epsilon: f32, before_correction: bool) -> ModuleOptimizer {
    #[cfg(any(feature = "flex", feature = "libtorch"))]
    return ModuleOptimizer::from(adam::Adam::new(epsilon, before_correction));
    #[cfg(not(any(feature = "flex", feature = "libtorch")))]
    ModuleOptimizer::from(burn::optim::AdamConfig::new().with_epsilon(epsilon).build())
}
