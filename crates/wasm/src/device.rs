//! The one device of this module.

use crate::error::Thrown;
use signet_core::{Arithmetic, Classifier, Weights};

#[cfg(not(feature = "gpu"))]
pub use cpu::*;
#[cfg(feature = "gpu")]
pub use gpu::*;

#[cfg(not(any(feature = "cpu", feature = "gpu")))]
compile_error!("enable the feature `cpu` or `gpu`");

#[cfg(not(feature = "gpu"))]
mod cpu {
    use super::*;
    #[cfg(feature = "train")]
    use signet_core::Trainer;

    /// What the page calls it.
    pub const NAME: &str = "cpu";

    /// Flex needs no opening.
    #[cfg(feature = "train")]
    pub async fn open() -> Result<signet_core::Device, Thrown> {
        Ok(signet_core::Device::flex())
    }

    /// What doesn't learn is the engine's already.
    #[cfg(feature = "train")]
    pub async fn prepare(_: &mut Trainer) -> Result<(), Thrown> {
        Ok(())
    }

    pub async fn classifier(
        weights: Weights,
        arithmetic: Arithmetic,
    ) -> Result<Classifier, Thrown> {
        Ok(Classifier::on_processor(weights, arithmetic))
    }
}

#[cfg(feature = "gpu")]
mod gpu {
    use super::*;
    use signet_core::{Card, Error};
    use std::cell::RefCell;

    /// What the page calls it.
    pub const NAME: &str = "webgpu";

    thread_local! {
        /// Models share it.
        static CARD: RefCell<Option<Card>> = const { RefCell::new(None) };
    }

    /// The card computes with floats in any case.
    pub async fn classifier(weights: Weights, _: Arithmetic) -> Result<Classifier, Thrown> {
        Ok(Classifier::on_card(weights, &card().await?).await?)
    }

    async fn card() -> Result<Card, Error> {
        if let Some(card) = CARD.with_borrow(Clone::clone) {
            return Ok(card);
        }
        let card = Card::open().await?;
        CARD.set(Some(card.clone()));
        Ok(card)
    }

    #[cfg(feature = "train")]
    pub use learn::{open, prepare};

    /// What learns is burn's.
    #[cfg(feature = "train")]
    mod learn {
        use super::*;
        use signet_core::{Device, Scope, Trainer};

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
            let opening = Device::wgpu_options().init_async();
            let device = opening.await.map_err(|error| Error::Device {
                reason: error.to_string(),
            })?;
            OPENED.set(Some(device.clone()));
            Ok(device)
        }

        /// Has the engine compute what doesn't learn, if anything.
        pub async fn prepare(trainer: &mut Trainer) -> Result<(), Thrown> {
            if trainer.config().scope != Scope::All {
                trainer.look_with(&card().await?).await?;
            }
            Ok(())
        }
    }
}
