//! The same networks on a GPU: through WebGPU in browsers, elsewhere through Vulkan, Metal or DirectX.
//! From the same plans and packed weights, in float32.

mod device;
mod network;
mod weights;

pub use device::{Gpu, GpuError};
pub use network::{GpuNetwork, Outputs};
