//! 3 x 3 convolutions by Winograd's minimal filtering F(2 x 2, 3 x 3): Lavin and Gray, "Fast
//! Algorithms for Convolutional Neural Networks" (2015), arXiv:1509.09308. 16 multiplications for four
//! outputs, where the definition has 36.
//!
//! A Winograd tile is the 4 x 4 input pixels that 2 x 2 outputs read. Tiles and weights are transformed
//! to 16 values each; for each of the 16 a matrix product sums over the input channels, and the sums
//! are transformed to outputs. Weights are transformed in every run: kept, the nine int8 of a kernel
//! would be 16 floats.
#![allow(unsafe_code)]

#[cfg(target_arch = "wasm32")]
mod simd128;
mod transform;

use crate::kernel::{self, Epilogue, IndirectInput, NR};
use crate::layout::Layout;
use crate::packing::{Layer, Packed};
use crate::scratch::Scratch;
use crate::threads::{self, Disjoint, PerThread};
use std::array::from_fn;
use std::ops::Range;
use transform::{
    LANES, POSITIONS, PRODUCTS, TILE_SIDE, WINDOW, scale, transform_floats, transform_sums,
    transform_tile,
};

/// Winograd tiles that are computed together, few enough that their transforms stay in the cache.
const BLOCK: usize = 32;

/// Floats between the values of one product and those of the next. Without them the 16 would often
/// lie a multiple of 4 kB apart, in the same set of the cache.
const GAP: usize = 16;

/// Least input channels, and least tiles of an image for int8 and for float weights, at which this is faster than
/// the direct convolution. Measured on x86-64, in V8 and natively: natively a multiplication costs
/// less, since it is fused with its addition, and the transforms cost more, since weights are
/// dequantized before.
const CHANNELS: usize = if cfg!(target_arch = "wasm32") { 32 } else { 64 };
const TILES: [usize; 2] = if cfg!(target_arch = "wasm32") {
    [4, 8]
} else {
    [16, 16]
};

/// Buffers of a convolution.
#[derive(Debug, Default)]
pub(crate) struct Winograd {
    /// For each product a block's transformed tiles: tile by tile its input channels.
    tiles: Scratch,
    panels: PerThread<Panel>,
    /// The indirection buffer of a block, whose tiles lie in order.
    indirection: Vec<u32>,
}

/// Buffers of a panel.
#[derive(Debug, Default)]
struct Panel {
    /// For each product the transformed weights, packed as [`Packed`] has one kernel position.
    weights: Scratch,
    /// For each product the sums: tile by tile the output channels.
    sums: Scratch,
    /// The dequantized weights.
    #[cfg(not(target_arch = "wasm32"))]
    dequantized: Scratch,
}

/// Tiles that are computed together, of a network's input and output of these layouts.
#[derive(Clone, Copy)]
struct Block<'a> {
    layer: &'a Layer,
    from: &'a Layout,
    to: &'a Layout,
    first: usize,
    /// Tiles of the block.
    count: usize,
}

impl Block<'_> {
    /// Image, row and column of the first output of a tile, counted from the block's first.
    fn place(&self, tile: usize) -> [usize; 3] {
        let [rows, columns] = [self.to.height, self.to.width].map(|length| length.div_ceil(2));
        let (n, place) = (
            (self.first + tile) / (rows * columns),
            (self.first + tile) % (rows * columns),
        );
        [n, place / columns * 2, place % columns * 2]
    }

    /// Floats from one product's transformed tiles to the next's.
    fn stride(&self) -> usize {
        self.count * self.from.pixel_stride + GAP
    }
}

/// Whether a layer is faster this way, decided for an image alone: sums round differently here, and an
/// image's answer doesn't depend on the size of its batch.
pub(crate) fn pays(layer: &Layer, from: &Layout, to: &Layout) -> bool {
    let fits = layer.window == [WINDOW; 2] && layer.stride == 1 && layer.qmax.is_none();
    let tiles = to.height.div_ceil(2) * to.width.div_ceil(2);
    let [integers, floats] = TILES;
    let least = match layer.weights {
        Packed::Integer { .. } => integers,
        Packed::Float(_) => floats,
    };
    fits && from.pixel_stride >= CHANNELS && tiles >= least
}

impl Winograd {
    /// Convolves floats with a 3 x 3 kernel at stride 1.
    pub fn convolve(
        &mut self,
        layer: &Layer,
        (from, input): (&Layout, &[f32]),
        to: &Layout,
        epilogue: &Epilogue<'_>,
    ) {
        let [rows, columns] = [to.height, to.width].map(|length| length.div_ceil(2));
        let count = to.batch * rows * columns;
        let known = self.indirection.len() as u32;
        self.indirection.extend(known..count.min(BLOCK) as u32);
        for first in (0..count).step_by(BLOCK) {
            let block = Block {
                layer,
                from,
                to,
                first,
                count: BLOCK.min(count - first),
            };
            let tiles = self.tiles.floats(PRODUCTS * block.stride());
            let transformed = Disjoint::new(tiles);
            threads::split(block.count, &|_, tiles| {
                // SAFETY: the tiles of a split are disjoint.
                unsafe { block.transform_tiles(tiles, input, &transformed) };
            });
            let tiles = &*self.tiles.floats(PRODUCTS * block.stride());
            let (indirection, buffers) = (&self.indirection[..block.count], &self.panels);
            threads::split(layer.panels, &|thread, panels| {
                let panel_buffers = &mut *buffers.of(thread);
                for panel in panels {
                    panel_buffers.transform_weights(layer, panel, from.pixel_stride);
                    panel_buffers.multiply((tiles, block.stride()), from.pixel_stride, indirection);
                    // SAFETY: the panels of a split are disjoint.
                    unsafe { panel_buffers.transform_sums(&block, panel, epilogue) };
                }
            });
        }
    }
}

// Each stage is a function of its own: V8 optimizes those sooner than loops in a large function.
impl Block<'_> {
    /// # Safety
    ///
    /// No other thread writes these tiles meanwhile.
    #[inline(never)]
    unsafe fn transform_tiles(&self, tiles: Range<usize>, input: &[f32], to: &Disjoint<'_, f32>) {
        let (from, padding, stride) = (self.from, &self.layer.padding, self.stride());
        let depth = from.pixel_stride;
        for tile in tiles {
            let [n, y, x] = self.place(tile);
            let pixels = from_fn(|at| {
                let y = (y + at / TILE_SIDE).checked_sub(padding.top);
                let x = (x + at % TILE_SIDE).checked_sub(padding.left);
                input[from.pixel(n, y, x) * depth..][..depth].as_chunks().0
            });
            let to: [_; PRODUCTS] = from_fn(|product| {
                let first = product * stride + tile * depth;
                // SAFETY: products don't overlap; for tiles the caller's.
                let values = unsafe { to.part(first..first + depth) };
                values.as_chunks_mut().0
            });
            transform_tile(pixels, to);
        }
    }
}

impl Panel {
    #[inline(never)]
    fn transform_weights(&mut self, layer: &Layer, panel: usize, depth: usize) {
        let (length, stride) = (depth * NR, depth * NR + GAP);
        let to = products_mut(self.weights.floats(PRODUCTS * stride), stride, length);
        let position = |at: usize| {
            let first = (panel * POSITIONS + at) * length;
            first..first + length
        };
        match &layer.weights {
            Packed::Float(weights) => transform_floats(from_fn(|at| &weights[position(at)]), to),
            #[cfg(target_arch = "wasm32")]
            Packed::Integer { weights, .. } => {
                simd128::transform_integers(from_fn(|at| &weights[position(at)]), to);
            }
            #[cfg(not(target_arch = "wasm32"))]
            Packed::Integer { weights, .. } => {
                let floats = self.dequantized.floats(POSITIONS * stride);
                for (at, floats) in floats.chunks_exact_mut(stride).enumerate() {
                    kernel::dequantize(&weights[position(at)], &mut floats[..length]);
                }
                transform_floats(from_fn(|at| &floats[at * stride..][..length]), to);
            }
        }
    }

    /// Multiplies a block's tiles with the panel's weights and sums over the input channels.
    #[inline(never)]
    fn multiply(&mut self, (tiles, stride): (&[f32], usize), depth: usize, indirection: &[u32]) {
        let weights_stride = depth * NR + GAP;
        let weights = self.weights.floats(PRODUCTS * weights_stride);
        let count = indirection.len();
        let (sums, _) = self.sums.floats(PRODUCTS * count * NR).as_chunks_mut();
        let products = tiles
            .chunks_exact(stride)
            .zip(weights.chunks_exact(weights_stride));
        for ((values, weights), sums) in products.zip(sums.chunks_exact_mut(count)) {
            let input = IndirectInput {
                values,
                pixel_stride: depth,
                k_per_tap: depth,
                kernel_size: 1,
                indirection,
            };
            kernel::multiply_panel_f32(&input, &weights[..depth * NR], sums);
        }
    }

    /// # Safety
    ///
    /// No other thread stores the panel's outputs meanwhile.
    #[inline(never)]
    unsafe fn transform_sums(&mut self, block: &Block<'_>, panel: usize, epilogue: &Epilogue<'_>) {
        // Transformed weights are four times too large.
        let scales: [f32; NR] = match &block.layer.weights {
            Packed::Float(_) => [0.25; NR],
            Packed::Integer { scales, .. } => from_fn(|lane| scales[panel * NR + lane] * 0.25),
        };
        let (to, stride) = (block.to, block.count * NR);
        let sums = self.sums.floats(PRODUCTS * stride);
        for tile in 0..block.count {
            let [n, y, x] = block.place(tile);
            for (part, scales) in scales.as_chunks().0.iter().enumerate() {
                let first = tile * NR + part * LANES;
                let mut products = [[0.0; LANES]; PRODUCTS];
                for (product, sums) in products.iter_mut().zip(sums.chunks_exact(stride)) {
                    product.copy_from_slice(&sums[first..][..LANES]);
                }
                for (row, outputs) in transform_sums(&products).into_iter().enumerate() {
                    for (column, output) in outputs.into_iter().enumerate() {
                        let (y, x) = (y + row, x + column);
                        if y < to.height && x < to.width {
                            let pixel = (n * to.height + y) * to.width + x;
                            let channel = panel * NR + part * LANES;
                            // SAFETY: the caller's.
                            unsafe { epilogue.store(pixel, channel, scale(output, *scales)) };
                        }
                    }
                }
            }
        }
    }
}

/// The first `length` values of each product.
fn products_mut(all: &mut [f32], stride: usize, length: usize) -> [&mut [f32]; PRODUCTS] {
    let mut products: [&mut [f32]; PRODUCTS] = Default::default();
    for (product, all) in products.iter_mut().zip(all.chunks_exact_mut(stride)) {
        *product = &mut all[..length];
    }
    products
}

#[cfg(test)]
mod tests;
