//! The choice of the compute device.

use anyhow::{Result, bail};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use signet_core::Device;
use std::fmt;

/// Where the network is computed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceChoice {
    /// The processor, always there
    #[default]
    Flex,
    /// A graphics card through Vulkan, Metal or DirectX (cargo feature `wgpu`)
    Wgpu,
    /// An NVIDIA card through CUDA (cargo feature `cuda`)
    Cuda,
    /// The processor through LibTorch (cargo feature `libtorch`)
    Libtorch,
    /// An NVIDIA card through LibTorch (cargo feature `libtorch`)
    LibtorchCuda,
}

impl fmt::Display for DeviceChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
}

impl DeviceChoice {
    /// Opens the device.
    pub fn open(self) -> Result<Device> {
        match self {
            Self::Flex => Ok(Device::flex()),
            #[cfg(feature = "wgpu")]
            Self::Wgpu => Device::wgpu_options().init().map_err(|error| {
                anyhow::anyhow!("no graphics card can be used ({error}); try --device flex")
            }),
            #[cfg(feature = "cuda")]
            Self::Cuda => Ok(Device::cuda(0)),
            #[cfg(feature = "libtorch")]
            #[expect(deprecated, reason = "burn still ships it, and no other crate does")]
            Self::Libtorch => Ok(Device::libtorch()),
            #[cfg(feature = "libtorch")]
            #[expect(deprecated, reason = "burn still ships it, and no other crate does")]
            Self::LibtorchCuda => Ok(Device::libtorch_cuda(0)),
            #[allow(unreachable_patterns, reason = "with all features on, none is missing")]
            missing => bail!(
                "this signet was built without {missing}; build it with \
                 `cargo build --release --features {}`, or use --device flex",
                missing.to_string().trim_end_matches("-cuda")
            ),
        }
    }
}
