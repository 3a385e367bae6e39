//! Operations of a training with kernels of their own, where what burn composes of simpler ones is
//! slow: on other devices burn computes them, and `burns` stands in where a build has no such device.

#[cfg(feature = "train")]
#[cfg_attr(
    not(any(feature = "flex", feature = "libtorch")),
    path = "operations/burns/adam.rs"
)]
mod adam;
#[cfg(all(feature = "train", feature = "flex"))]
mod chunks;
#[cfg_attr(
    not(all(feature = "train", feature = "flex")),
    path = "operations/burns/conv.rs"
)]
mod conv;
#[cfg_attr(
    not(all(feature = "train", feature = "libtorch")),
    path = "operations/burns/conv_norm.rs"
)]
mod conv_norm;
#[cfg(all(feature = "train", any(feature = "flex", feature = "libtorch")))]
mod geometry;

#[cfg(feature = "train")]
pub(crate) use adam::adam;
pub(crate) use conv::{conv, fork};
pub(crate) use conv_norm::{conv_norm, relu};

#[cfg(feature = "libtorch")]
use burn::backend::DispatchDevice;
use burn::tensor::Device;

/// Whether Flex computes on `device`.
#[cfg(all(feature = "train", any(feature = "flex", feature = "libtorch")))]
fn on_flex(device: &Device) -> bool {
    #[cfg(feature = "flex")]
    let flex = device.clone().without_autodiff() == Device::flex();
    #[cfg(not(feature = "flex"))]
    let flex = {
        let _ = device;
        false
    };
    flex
}

/// Whether LibTorch computes on `device`, on the processor or on a graphics card.
pub(crate) fn on_libtorch(device: &Device) -> bool {
    #[cfg(feature = "libtorch")]
    let libtorch = {
        let device = device.clone().without_autodiff();
        matches!(device.as_dispatch(), DispatchDevice::LibTorch(_))
    };
    #[cfg(not(feature = "libtorch"))]
    let libtorch = {
        let _ = device;
        false
    };
    libtorch
}
