//! The one device of this module.

use crate::error::Thrown;
#[cfg(any(feature = "gpu", feature = "train"))]
use signet_core::Device;
use signet_core::{Classifier, Weights};

#[cfg(all(feature = "cpu", not(feature = "gpu")))]
pub use cpu::*;
#[cfg(feature = "gpu")]
pub use gpu::*;

#[cfg(not(any(feature = "cpu", feature = "gpu")))]
compile_error!("enable the feature `cpu` or `gpu`");

#[cfg(all(feature = "cpu", not(feature = "gpu")))]
mod cpu {
    use super::*;

    /// What the page calls it.
    pub const NAME: &str = "cpu";

    /// Flex needs no opening.
    #[cfg(feature = "train")]
    pub async fn open() -> Result<Device, Thrown> {
        Ok(Device::flex())
    }

    /// Names no device of burn's, so that a module which doesn't learn holds none.
    pub async fn classifier(weights: Weights, float32: bool) -> Result<Classifier, Thrown> {
        Ok(if float32 {
            Classifier::float32(weights)
        } else {
            Classifier::on_processor(weights)
        })
    }
}

#[cfg(feature = "gpu")]
mod gpu {
    use super::*;
    use std::cell::RefCell;

    /// What the page calls it.
    pub const NAME: &str = "webgpu";

    thread_local! {
        /// burn refuses to open the adapter a second time.
        static OPENED: RefCell<Option<Device>> = const { RefCell::new(None) };
    }

    /// Opens the browser's adapter. The page has checked that there is one and that it has
    /// `timestamp-query`, without which opening panics (cubecl 0.11.3).
    pub async fn open() -> Result<Device, Thrown> {
        if let Some(device) = OPENED.with_borrow(Clone::clone) {
            return Ok(device);
        }
        let device = Device::wgpu_options().init_async().await.map_err(|error| {
            signet_core::Error::Device {
                reason: error.to_string(),
            }
        })?;
        OPENED.set(Some(device.clone()));
        Ok(device)
    }

    /// On WebGPU everything is float32.
    pub async fn classifier(weights: Weights, _float32: bool) -> Result<Classifier, Thrown> {
        Ok(Classifier::new(weights, &open().await?))
    }
}
