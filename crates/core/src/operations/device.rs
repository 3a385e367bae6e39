//! Which library computes on a device.

#[cfg(feature = "libtorch")]
use burn::backend::DispatchDevice;
use burn::tensor::Device;

/// Whether Flex computes on `device`, with gradients or without.
pub(crate) fn on_flex(device: &Device) -> bool {
    #[cfg(feature = "flex")]
    return device.clone().without_autodiff() == Device::flex();
    #[cfg(not(feature = "flex"))]
    {
        let _ = device;
        false
    }
}

/// Whether LibTorch computes on `device`, on the CPU or on a GPU, with gradients or without.
pub(crate) fn on_libtorch(device: &Device) -> bool {
    #[cfg(feature = "libtorch")]
    return matches!(
        device.clone().without_autodiff().as_dispatch(),
        DispatchDevice::LibTorch(_)
    );
    #[cfg(not(feature = "libtorch"))]
    {
        let _ = device;
        false
    }
}
