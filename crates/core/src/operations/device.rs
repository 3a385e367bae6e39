//! Which backend a device belongs to.

#[cfg(feature = "libtorch")]
use burn::backend::DispatchDevice;
use burn::tensor::Device;

/// Whether `device` is Flex, burn's CPU backend, with gradients or without.
pub(crate) fn on_flex(device: &Device) -> bool {
    #[cfg(feature = "flex")]
    return device.clone().without_autodiff() == Device::flex();
    #[cfg(not(feature = "flex"))]
    {
        let _ = device;
        false
    }
}

/// Whether `device` is LibTorch, on the CPU or on a GPU, with gradients or without.
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
