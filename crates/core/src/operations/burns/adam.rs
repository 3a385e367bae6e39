//! Without Flex and LibTorch: burn's own.

use burn::optim::{Adam, AdamConfig};

/// Adam with burn's constants but for the epsilon.
pub(crate) fn adam(epsilon: f32) -> Adam {
    AdamConfig::new().with_epsilon(epsilon).build()
}
