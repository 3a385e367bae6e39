//! Training on LibTorch by its own kernels, where what burn composes of simpler ones is slow.
#![expect(
    deprecated,
    reason = "burn still ships LibTorch, and no other crate does"
)]

mod adam;
mod layer;

pub(crate) use adam::Adam;
pub(crate) use layer::{conv_norm, relu};

use burn::tensor::Device;

/// Whether LibTorch computes on `device`.
pub(crate) fn serves(device: &Device) -> bool {
    device.clone().without_autodiff() == Device::libtorch()
}
