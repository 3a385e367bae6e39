//! Inference of a frozen convolutional network on one CPU core, or on a graphics card.
//!
//! A [`Builder`] takes convolutions with bias, residual and ReLU, and poolings, in the order in
//! which they are computed, and packs their weights once. The [`Network`] that comes out takes
//! pictures of any size and holds every buffer: a second run of the same size allocates nothing.
//!
//! Activations lie as batch, height, width, channels. A convolution computes a tile of a few
//! pixels by one panel of output channels at a time, in registers, and reads its input through a
//! table of pixels in which the border is one more pixel, of zeros: no copy of the input is made.
//!
//! Kernels whose weights are integers of 8 bits times one scale per output channel, as weights
//! files hold them, are computed in integers: see [`Arithmetic`]. What they are multiplied with is
//! rounded to as many bits as can't overflow, 12 to 16, so that nothing is lost that a float32
//! would have kept for the answer, at half the work and a quarter of the memory traffic. Where floats
//! are asked for, such weights become floats a panel at a time, in a buffer that stays in the cache,
//! and the sums are multiplied with the scale. There a window of 3 x 3 over enough pixels is computed by
//! Winograd's minimal filtering, at less than half of the multiplications.
//!
//! ```
//! use signet_engine::{Builder, Conv};
//!
//! let mut builder = Builder::new(1, 0);
//! let picture = builder.input();
//! let kernel = [0.1, 0.2, 0.4, 0.8];
//! let sum = builder.conv(picture, &Conv::new(&kernel, [1, 1, 2, 2], &[0.5]), None);
//! let mut network = builder.finish(&[sum]);
//! network.run(&[1.0, 0.0, 2.0, 0.0], [1, 2, 2]);
//! let sums: Vec<&[f32]> = network.output(0).pixels().collect();
//! assert_eq!(sums, [[0.1 + 0.4 * 2.0 + 0.5]]);
//! ```

#[cfg(feature = "webgpu")]
mod gpu;
mod graph;
mod kernel;
mod layer;
mod network;
mod plan;
mod pool;
mod scratch;
mod winograd;

#[cfg(feature = "webgpu")]
pub use gpu::{Card as Gpu, CardError as GpuError, CardNetwork as GpuNetwork, Outputs};
pub use graph::{Builder, Conv, Kernel, Padding, Slot};
pub use layer::Arithmetic;
pub use network::{Network, Output};
