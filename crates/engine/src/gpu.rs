//! The same networks on a graphics card, through the browser's WebGPU or, elsewhere, what the system has
//! of Vulkan, Metal and DirectX: from the same plans and packed weights, in float32.

mod card;
mod network;

pub use card::Card;
pub use network::{CardNetwork, Outputs};

use crate::kernel;
use std::fmt;

/// Invocations of a work group in each direction, as the shaders have it.
const GROUP: usize = 8;

/// Output channels and pixels that an invocation computes, as the convolution's shader has it: what the
/// processor takes in a browser. Elsewhere its panels are of more.
const PANEL: usize = 8;
const TILE: usize = 4;
const _: () = assert!(kernel::PANEL.is_multiple_of(PANEL));

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
