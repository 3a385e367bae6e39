//! Tile sizes of the micro-kernels. A micro-kernel keeps [`MR`] x [`NR`] sums in registers.

/// Output pixels of a tile. V8 on x86-64 spills registers beyond 4 x 8.
pub(crate) const MR: usize = if cfg!(target_arch = "wasm32") { 4 } else { 6 };

/// Output channels of a tile, and so of a packed panel of weights.
pub(crate) const NR: usize = if cfg!(target_arch = "wasm32") { 8 } else { 16 };

/// The channels of the network's input are padded with zeros to a multiple of this: the integer
/// kernels take channels in pairs, quantization takes four at a time.
pub(crate) const CHANNEL_ALIGNMENT: usize = 4;
