//! The same networks on a graphics card, through the browser's WebGPU: from the same plans and packed
//! weights, in float32.

mod card;
mod network;

pub use card::Card;
pub use network::{CardNetwork, Outputs};

use crate::kernel::{PANEL, TILE};
use std::fmt;

/// Invocations of a work group in each direction, as the shaders have it.
const GROUP: usize = 8;

// The convolution's shader has them, too.
const _: () = assert!(PANEL == 8 && TILE == 4);

/// Why a graphics card can't be used, or can't any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardError(String);

impl CardError {
    fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for CardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CardError {}
