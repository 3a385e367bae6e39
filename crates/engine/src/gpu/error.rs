//! The error of the GPU.

use std::fmt;

/// Why a GPU can't be used, or can't be used any more: the driver's message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GpuError(String);

impl GpuError {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for GpuError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for GpuError {}
