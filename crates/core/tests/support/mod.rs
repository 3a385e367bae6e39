//! Reading the reference's tensors, and comparing with them on devices.
#![allow(dead_code, unused_imports, missing_docs)] // Not every test needs all of it.

#[path = "../../../../tests/support/reference.rs"]
mod reference;

pub use reference::*;

use burn::tensor::{Device, Tensor, TensorData};
use signet_recognizer::HostTensor;

/// The devices to run every case on: Flex, and others where they are compiled in.
#[cfg_attr(
    feature = "libtorch",
    expect(deprecated, reason = "burn still ships LibTorch")
)]
pub fn devices() -> Vec<(&'static str, Device)> {
    vec![
        ("flex", Device::flex()),
        #[cfg(feature = "wgpu")]
        (
            "wgpu",
            Device::wgpu(burn::tensor::DeviceKind::DefaultDevice),
        ),
        #[cfg(feature = "libtorch")]
        ("libtorch", Device::libtorch()),
    ]
}

pub fn device_tensor<const D: usize>(tensor: &HostTensor, device: &Device) -> Tensor<D> {
    Tensor::from_data(
        TensorData::new(tensor.floats().into_owned(), tensor.shape.clone()),
        device,
    )
}

pub fn host<const D: usize>(tensor: Tensor<D>) -> HostTensor {
    let shape = tensor.dims().to_vec();
    HostTensor::new(shape, tensor.into_data().try_into_vec_as().unwrap())
}
