//! Convolutions of 3 x 3 pixels by Winograd's minimal filtering, F(2 x 2, 3 x 3) of Lavin and Gray, "Fast
//! algorithms for convolutional neural networks" (2015): 16 products for four outputs where the definition
//! has 36.
//!
//! A tile is the 4 x 4 pixels that 2 x 2 outputs read. It is transformed, and so is a panel's kernel, from
//! nine numbers to 16; then each of the 16 is a convolution of one tap, and their sums are transformed to
//! outputs. Weights are transformed in every run: kept, they would be 16 floats for nine integers of 8 bits.

#[cfg(target_arch = "wasm32")]
mod simd128;

use crate::kernel::{self, GROUP, Job, PANEL, Target};
use crate::layer::{Layer, Packed};
use crate::plan::View;
use crate::scratch::Scratch;
use std::array::from_fn;

/// Side of the window, and its taps.
const WINDOW: usize = 3;
const TAPS: usize = WINDOW * WINDOW;
/// Side of a tile, and products of each pair of channels in it.
const SIDE: usize = 4;
const PRODUCTS: usize = SIDE * SIDE;

/// Tiles that are computed together, few enough that what they become stays in the cache.
const BLOCK: usize = 32;

/// Floats between what is there for one product and for the next. Without them all 16 would often lie a
/// multiple of 4 kB apart, where they drive each other out of the cache.
const GAP: usize = 16;

/// From how many input channels on this pays, and from how many tiles on, where weights are packed as
/// integers and where as floats: measured on x86-64, in V8 and natively. Natively a multiplication costs
/// less, since it comes with its addition, and the transforms cost more, for want of integer ones.
const CHANNELS: usize = if cfg!(target_arch = "wasm32") { 32 } else { 64 };
const TILES: [usize; 2] = if cfg!(target_arch = "wasm32") {
    [4, 8]
} else {
    [16, 16]
};

/// As many neighbouring channels as are transformed at once.
type Lanes = [f32; GROUP];

/// What convolutions need meanwhile, for each of them anew.
#[derive(Debug, Default)]
pub(crate) struct Winograd {
    /// For each product the transformed tiles of a block, tile after tile its input channels.
    tiles: Scratch,
    /// For each product a panel's transformed weights, as [`Packed`] has those of a tap.
    weights: Scratch,
    /// For each product a panel's sums, tile after tile its output channels.
    sums: Scratch,
    /// The numbers of a block's tiles.
    table: Vec<u32>,
    /// A panel's weights as floats, where they are packed as integers.
    #[cfg(not(target_arch = "wasm32"))]
    widened: Scratch,
}

/// Whether a layer is computed faster in this way.
pub(crate) fn pays(layer: &Layer, from: &View, to: &View) -> bool {
    let fits = layer.window == [WINDOW; 2] && layer.stride == 1 && layer.bound.is_none();
    let tiles = to.batch * to.height.div_ceil(2) * to.width.div_ceil(2);
    let [integers, floats] = TILES;
    let least = match layer.weights {
        Packed::Integer { .. } => integers,
        Packed::Float(_) => floats,
    };
    fits && from.depth >= CHANNELS && tiles >= least
}

// The steps are functions of their own, which are hot sooner than loops in a large one.
impl Winograd {
    /// Convolves floats with a window of 3 x 3 and stride 1.
    pub fn convolve(
        &mut self,
        layer: &Layer,
        (from, input): (&View, &[f32]),
        to: &View,
        target: &mut Target<'_>,
    ) {
        let [rows, columns] = [to.height, to.width].map(|length| length.div_ceil(2));
        let count = to.batch * rows * columns;
        let known = self.table.len() as u32;
        self.table.extend(known..count.min(BLOCK) as u32);
        for first in (0..count).step_by(BLOCK) {
            // Picture, row and column of each tile's first output.
            let tiles = (first..count.min(first + BLOCK)).map(|tile| {
                let (n, place) = (tile / (rows * columns), tile % (rows * columns));
                [n, place / columns * 2, place % columns * 2]
            });
            self.transform(layer, (from, input), tiles.clone());
            for panel in 0..layer.panels {
                self.load(layer, panel, from.depth);
                self.multiply(tiles.len(), from.depth);
                self.finish(layer, panel, to, tiles.clone(), target);
            }
        }
    }

    /// Transforms a block's tiles.
    #[inline(never)]
    fn transform(
        &mut self,
        layer: &Layer,
        (from, input): (&View, &[f32]),
        tiles: impl ExactSizeIterator<Item = [usize; 3]>,
    ) {
        let (depth, stride) = (from.depth, tiles.len() * from.depth + GAP);
        let transformed = self.tiles.floats(PRODUCTS * stride);
        for (tile, [n, y, x]) in tiles.enumerate() {
            let mut pixels: [&[Lanes]; PRODUCTS] = Default::default();
            for (at, pixels) in pixels.iter_mut().enumerate() {
                let y = (y + at / SIDE).checked_sub(layer.padding.top);
                let x = (x + at % SIDE).checked_sub(layer.padding.left);
                let pixel = match (y, x) {
                    (Some(y), Some(x)) if y < from.height && x < from.width => {
                        (n * from.height + y) * from.width + x + 1
                    }
                    _ => 0,
                };
                *pixels = input[pixel * depth..][..depth].as_chunks().0;
            }
            let to = parts(transformed, stride, tile * depth, depth);
            transform_tile(pixels, to.map(|to| to.as_chunks_mut().0));
        }
    }

    /// Transforms a panel's weights.
    #[inline(never)]
    fn load(&mut self, layer: &Layer, panel: usize, depth: usize) {
        let (count, stride) = (depth * PANEL, depth * PANEL + GAP);
        let to = parts(self.weights.floats(PRODUCTS * stride), stride, 0, count);
        let tap = |tap: usize| (panel * TAPS + tap) * count..(panel * TAPS + tap + 1) * count;
        match &layer.weights {
            Packed::Float(weights) => transform_floats(from_fn(|at| &weights[tap(at)]), to),
            #[cfg(target_arch = "wasm32")]
            Packed::Integer { weights, .. } => {
                simd128::transform_integers(from_fn(|at| &weights[tap(at)]), to);
            }
            #[cfg(not(target_arch = "wasm32"))]
            Packed::Integer { weights, .. } => {
                let floats = self.widened.floats(TAPS * stride);
                for (at, floats) in floats.chunks_exact_mut(stride).enumerate() {
                    kernel::widen(&weights[tap(at)], &mut floats[..count]);
                }
                transform_floats(from_fn(|at| &floats[at * stride..][..count]), to);
            }
        }
    }

    /// Multiplies a block's tiles with a panel's weights, and sums over the input channels.
    #[inline(never)]
    fn multiply(&mut self, tiles: usize, depth: usize) {
        let [pixels, panel] = [tiles, PANEL].map(|count| count * depth + GAP);
        let inputs = self.tiles.floats(PRODUCTS * pixels).chunks_exact(pixels);
        let weights = self.weights.floats(PRODUCTS * panel).chunks_exact(panel);
        let (sums, _) = self.sums.floats(PRODUCTS * tiles * PANEL).as_chunks_mut();
        let sums = sums.chunks_exact_mut(tiles);
        for ((input, weights), sums) in inputs.zip(weights).zip(sums) {
            let job = Job {
                input,
                depth,
                run: depth,
                taps: 1,
                table: &self.table[..tiles],
            };
            kernel::sums(&job, &weights[..depth * PANEL], sums);
        }
    }

    /// Makes outputs of a panel's sums.
    #[inline(never)]
    fn finish(
        &mut self,
        layer: &Layer,
        panel: usize,
        to: &View,
        tiles: impl ExactSizeIterator<Item = [usize; 3]>,
        target: &mut Target<'_>,
    ) {
        // Transformed weights are four times what they should be.
        let scales: [f32; PANEL] = match &layer.weights {
            Packed::Float(_) => [0.25; PANEL],
            Packed::Integer { scales, .. } => from_fn(|lane| scales[panel * PANEL + lane] * 0.25),
        };
        let stride = tiles.len() * PANEL;
        let sums = self.sums.floats(PRODUCTS * stride);
        for (tile, [n, y, x]) in tiles.enumerate() {
            for (part, scales) in scales.as_chunks().0.iter().enumerate() {
                let first = tile * PANEL + part * GROUP;
                let mut products = [[0.0; GROUP]; PRODUCTS];
                for (product, sums) in products.iter_mut().zip(sums.chunks_exact(stride)) {
                    product.copy_from_slice(&sums[first..][..GROUP]);
                }
                for (row, outputs) in outputs_of(&products).into_iter().enumerate() {
                    for (column, output) in outputs.into_iter().enumerate() {
                        let (y, x) = (y + row, x + column);
                        if y < to.height && x < to.width {
                            let pixel = (n * to.height + y) * to.width + x;
                            let channel = panel * PANEL + part * GROUP;
                            target.store(pixel, channel, times(output, *scales));
                        }
                    }
                }
            }
        }
    }
}

/// So much of what there is for each product.
fn parts(all: &mut [f32], stride: usize, first: usize, length: usize) -> [&mut [f32]; PRODUCTS] {
    let mut parts: [&mut [f32]; PRODUCTS] = Default::default();
    for (part, all) in parts.iter_mut().zip(all.chunks_exact_mut(stride)) {
        *part = &mut all[first..][..length];
    }
    parts
}

fn transform_tile(pixels: [&[Lanes]; PRODUCTS], to: [&mut [Lanes]; PRODUCTS]) {
    let line =
        |[a, b, c, d]: [Lanes; SIDE]| [subtract(a, c), add(b, c), subtract(c, b), subtract(b, d)];
    for at in 0..pixels[0].len() {
        let pixel = |y: usize, x: usize| pixels[y * SIDE + x][at];
        let column = |x| line([pixel(0, x), pixel(1, x), pixel(2, x), pixel(3, x)]);
        let [a, b, c, d] = [column(0), column(1), column(2), column(3)];
        for y in 0..SIDE {
            for (x, value) in line([a[y], b[y], c[y], d[y]]).into_iter().enumerate() {
                to[y * SIDE + x][at] = value;
            }
        }
    }
}

fn transform_floats(taps: [&[f32]; TAPS], to: [&mut [f32]; PRODUCTS]) {
    let taps = taps.map(|tap| tap.as_chunks().0);
    let mut to = to.map(|to| to.as_chunks_mut().0);
    for at in 0..taps[0].len() {
        let products = products_of(|tap| taps[tap][at], add, subtract);
        for (to, product) in to.iter_mut().zip(products.as_flattened()) {
            to[at] = *product;
        }
    }
}

/// What a window's weights are multiplied as, times four: so they are integers where the weights are.
#[inline(always)]
fn products_of<Vector: Copy>(
    tap: impl Fn(usize) -> Vector,
    add: impl Fn(Vector, Vector) -> Vector,
    subtract: impl Fn(Vector, Vector) -> Vector,
) -> [[Vector; SIDE]; SIDE] {
    let line = |[a, b, c]: [Vector; WINDOW]| {
        let outer = add(a, c);
        [add(a, a), add(outer, b), subtract(outer, b), add(c, c)]
    };
    let column = |x| line([tap(x), tap(WINDOW + x), tap(2 * WINDOW + x)]);
    let [a, b, c] = [column(0), column(1), column(2)];
    let row = |y: usize| line([a[y], b[y], c[y]]);
    [row(0), row(1), row(2), row(3)]
}

/// Rows of outputs of a tile's sums.
fn outputs_of(sums: &[Lanes; PRODUCTS]) -> [[Lanes; 2]; 2] {
    let line = |[a, b, c, d]: [Lanes; SIDE]| [add(a, add(b, c)), subtract(subtract(b, c), d)];
    let sum = |y: usize, x: usize| sums[y * SIDE + x];
    let column = |x| line([sum(0, x), sum(1, x), sum(2, x), sum(3, x)]);
    let [a, b, c, d] = [column(0), column(1), column(2), column(3)];
    let row = |y: usize| line([a[y], b[y], c[y], d[y]]);
    [row(0), row(1)]
}

fn add(a: Lanes, b: Lanes) -> Lanes {
    from_fn(|lane| a[lane] + b[lane])
}

fn subtract(a: Lanes, b: Lanes) -> Lanes {
    from_fn(|lane| a[lane] - b[lane])
}

fn times(a: Lanes, b: Lanes) -> Lanes {
    from_fn(|lane| a[lane] * b[lane])
}

#[cfg(test)]
mod tests;
