//! Inference of frozen convolutional networks on the CPU, or on a GPU.
//!
//! 1. A [`Builder`] takes convolutions with bias, residual and ReLU, and poolings, in the order in
//!    which they are computed. It packs their weights.
//! 2. [`Builder::finish`] makes a [`Network`] for the CPU; with the feature `webgpu`,
//!    `Builder::finish_on` makes a `GpuNetwork`.
//! 3. The network runs batches of images of any size. It keeps plans and buffers: a second run of a
//!    size allocates nothing on the CPU.
//! 4. [`Network::output`] reads the results.
//! 5. [`Network::run_part`] computes some outputs only, and leaves [`Cut`]s out of residual sums.
//! 6. Other [`threads`] help, where a program starts them.
//!
//! Activations are in N H W C order. A convolution reads its input through an indirection buffer, as
//! XNNPACK's do (Dukhan, "The Indirect Convolution Algorithm", 2019, arXiv:1907.02129): no copy of the
//! input is made, and padding is one more pixel, of zeros. Its micro-kernel multiplies a tile of a few
//! pixels with a packed panel of output channels in registers (Goto and van de Geijn, "Anatomy of
//! High-Performance Matrix Multiplication", 2008).
//!
//! Convolutions with int8 weights use integer arithmetic unless [`Arithmetic::Float32`] is asked for:
//! activations are quantized to 12 to 16 bits, as many as can't overflow int32 sums. That is half the
//! work of float32 and a quarter of its memory traffic for the weights. In float32, 3 x 3 convolutions
//! of enough pixels use Winograd's minimal filtering (Lavin and Gray, 2015, arXiv:1509.09308).
//!
//! ```
//! use signet_engine::{Builder, Conv};
//!
//! let mut builder = Builder::new(1, 0);
//! let image = builder.input();
//! let kernel = [0.1, 0.2, 0.4, 0.8];
//! let sum = builder.conv(image, &Conv::new(&kernel, [1, 1, 2, 2], &[0.5]), None);
//! let mut network = builder.finish(&[sum]);
//! network.run(&[1.0, 0.0, 2.0, 0.0], [1, 2, 2]);
//! let sums: Vec<&[f32]> = network.output(0).pixels().collect();
//! assert_eq!(sums, [[0.1 + 0.4 * 2.0 + 0.5]]);
//! ```

mod builder;
mod conv;
mod cut;
#[cfg(feature = "webgpu")]
mod gpu;
mod graph;
mod kernel;
mod layout;
mod lru;
mod network;
mod output;
mod packing;
mod plan;
mod pool;
mod quantize;
mod scratch;
pub mod threads;
#[cfg(any(test, feature = "webgpu"))]
mod timing;
mod winograd;

pub use builder::Builder;
pub use conv::{Conv, Kernel, Padding};
pub use cut::Cut;
#[cfg(feature = "webgpu")]
pub use gpu::{Gpu, GpuError, GpuNetwork, Outputs};
pub use layout::Slot;
pub use network::Network;
pub use output::Output;
pub use packing::Arithmetic;
