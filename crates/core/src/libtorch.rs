//! Training on LibTorch by its own kernels, where what burn composes of simpler ones is slow. Without
//! the feature nothing runs on LibTorch, and burn's own take their place.

#[cfg(all(feature = "libtorch", feature = "train"))]
mod adam;
#[cfg(not(all(feature = "libtorch", feature = "train")))]
mod burns;
#[cfg(all(feature = "libtorch", feature = "train"))]
mod layer;

#[cfg(all(feature = "libtorch", feature = "train"))]
pub(crate) use {adam::adam, layer::conv_norm, layer::relu};

#[cfg(not(all(feature = "libtorch", feature = "train")))]
pub(crate) use burns::*;

use burn::tensor::Device;

/// Whether LibTorch computes on `device`.
pub(crate) fn serves(device: &Device) -> bool {
    #[cfg(feature = "libtorch")]
    #[expect(deprecated, reason = "burn still ships it, and no other crate does")]
    let serves = device.clone().without_autodiff() == Device::libtorch();
    #[cfg(not(feature = "libtorch"))]
    let serves = {
        let _ = device;
        false
    };
    serves
}
