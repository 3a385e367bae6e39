//! The same networks on a GPU: through WebGPU in browsers, elsewhere through Vulkan, Metal or DirectX.
//! From the same plans and packed weights, in float32.

mod device;
mod error;
mod network;
mod tiling;
mod weights;

pub use device::Gpu;
pub use error::GpuError;
pub use network::{GpuNetwork, Outputs};
