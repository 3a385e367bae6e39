//! The device of this module: the CPU, or WebGPU with the feature `gpu`.

use crate::error::Thrown;
use signet_recognizer::inspect::Inspector;
use signet_recognizer::{Arithmetic, Classifier, Weights};

#[cfg(feature = "gpu")]
pub use webgpu::gpu;

/// What the page calls the device.
pub const NAME: &str = if cfg!(feature = "gpu") {
    "webgpu"
} else {
    "cpu"
};

#[cfg(not(feature = "gpu"))]
pub async fn classifier(weights: &Weights, arithmetic: Arithmetic) -> Result<Classifier, Thrown> {
    Ok(Classifier::on_cpu(weights, arithmetic))
}

/// A GPU computes with floats in any case.
#[cfg(feature = "gpu")]
pub async fn classifier(weights: &Weights, _: Arithmetic) -> Result<Classifier, Thrown> {
    Ok(Classifier::on_gpu(weights, &gpu().await?).await?)
}

/// The network with its taps.
#[cfg(not(feature = "gpu"))]
pub async fn inspector(weights: &Weights) -> Result<Inspector, Thrown> {
    Ok(Inspector::on_cpu(weights, Arithmetic::Fastest))
}

/// The network with its taps.
#[cfg(feature = "gpu")]
pub async fn inspector(weights: &Weights) -> Result<Inspector, Thrown> {
    Ok(Inspector::on_gpu(weights, &gpu().await?).await?)
}

#[cfg(feature = "gpu")]
mod webgpu {
    use signet_recognizer::{Error, Gpu};
    use std::cell::RefCell;

    thread_local! {
        /// Shared by all models of the module.
        static GPU: RefCell<Option<Gpu>> = const { RefCell::new(None) };
    }

    /// The browser's GPU, opened once.
    ///
    /// # Errors
    ///
    /// [`Error::Device`] when there is none.
    pub async fn gpu() -> Result<Gpu, Error> {
        if let Some(gpu) = GPU.with_borrow(Clone::clone) {
            return Ok(gpu);
        }
        let gpu = Gpu::open().await?;
        GPU.set(Some(gpu.clone()));
        Ok(gpu)
    }
}
