//! The device on which this module trains: burn's CPU device Flex, or WebGPU with the feature `gpu`.

use signet_core::{Device, Trainer};
use signet_recognizer::Error;

#[cfg(not(any(feature = "cpu", feature = "gpu")))]
compile_error!("enable the feature `cpu` or `gpu`");

/// Flex needs no opening.
#[cfg(not(feature = "gpu"))]
pub async fn open() -> Result<Device, Error> {
    Ok(Device::flex())
}

/// On Flex the engine computes what is frozen already.
#[cfg(not(feature = "gpu"))]
pub async fn extract_features(_: &mut Trainer) -> Result<(), Error> {
    Ok(())
}

#[cfg(feature = "gpu")]
pub use webgpu::{extract_features, open};

#[cfg(feature = "gpu")]
mod webgpu {
    use super::*;
    use burn_wgpu::graphics::AutoGraphicsApi;
    use burn_wgpu::{RuntimeOptions, WgpuDevice, try_init_setup_async};
    use signet_recognizer::GpuBackend;
    use std::cell::RefCell;

    thread_local! {
        /// burn refuses to open the adapter a second time.
        static OPENED: RefCell<Option<Device>> = const { RefCell::new(None) };
    }

    /// Opens the browser's adapter. The page has checked that there is one and that it has
    /// `timestamp-query`, without which opening panics (cubecl 0.11.3).
    pub async fn open() -> Result<Device, Error> {
        if let Some(device) = OPENED.with_borrow(Clone::clone) {
            return Ok(device);
        }
        let failed = |error: burn_wgpu::WgpuInitError| Error::Device {
            reason: error.to_string(),
        };
        let selector = WgpuDevice::default();
        let options = RuntimeOptions::try_default().map_err(failed)?;
        let opening = try_init_setup_async::<AutoGraphicsApi>(&selector, options);
        opening.await.map_err(failed)?;
        let device = Device::from(selector);
        OPENED.set(Some(device.clone()));
        Ok(device)
    }

    /// Has the engine compute the features of what is frozen, which burn would compute otherwise.
    pub async fn extract_features(trainer: &mut Trainer) -> Result<(), Error> {
        if let Some((weights, parts)) = trainer.features_left_to_burn() {
            let gpu = signet_wasm::gpu().await?;
            let extractor = GpuBackend::first_parts(weights, parts, &gpu).await?;
            trainer.extract_features_with(extractor);
        }
        Ok(())
    }
}
