//! Reading the reference's tensors, and comparing with them on devices.
#![allow(dead_code, unused_imports, missing_docs)] // Not every test needs all of it.

#[path = "../../../../tests/support/bars.rs"]
pub mod bars;
#[path = "../../../../tests/support/reference.rs"]
mod reference;

pub use bars::bars;
pub use reference::*;

use burn::tensor::{Device, Tensor, TensorData, activation};
use pollster::block_on;
use signet_core::{Event, ResNet, Trainer};
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

/// The feature maps of a network on a device without gradients, by their names in the reference.
pub fn taps(network: &ResNet, input: &Tensor<4>) -> Vec<(&'static str, Tensor<4>)> {
    let stem = activation::relu(network.stem.forward(input.clone()));
    let parts = [
        "maxpool", "stage2", "stage3", "stage4", "stage5", "features",
    ];
    let maps = parts.into_iter().zip(1..);
    let maps = maps.map(|(tap, parts)| (tap, network.forward_until(parts, input.clone())));
    std::iter::once(("stem", stem)).chain(maps).collect()
}

pub fn host<const D: usize>(tensor: Tensor<D>) -> HostTensor {
    let shape = tensor.dims().to_vec();
    HostTensor::new(shape, tensor.into_data().try_into_vec_as().unwrap())
}

/// Trains to the end and returns all events.
pub fn finish(trainer: &mut Trainer) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        match block_on(trainer.step()).unwrap() {
            Event::Done => return events,
            event => events.push(event),
        }
    }
}
