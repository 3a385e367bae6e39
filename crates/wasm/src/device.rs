//! The one device of this module.

use crate::error::Thrown;
use signet_core::Device;

#[cfg(all(feature = "cpu", not(feature = "gpu")))]
pub use cpu::{NAME, open};
#[cfg(feature = "gpu")]
pub use gpu::{NAME, open};

#[cfg(not(any(feature = "cpu", feature = "gpu")))]
compile_error!("enable the feature `cpu` or `gpu`");

#[cfg(all(feature = "cpu", not(feature = "gpu")))]
mod cpu {
    use super::{Device, Thrown};

    /// What the page calls it.
    pub const NAME: &str = "cpu";

    /// Flex needs no opening.
    pub async fn open() -> Result<Device, Thrown> {
        Ok(Device::flex())
    }
}

#[cfg(feature = "gpu")]
mod gpu {
    use super::{Device, Thrown};
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
}
