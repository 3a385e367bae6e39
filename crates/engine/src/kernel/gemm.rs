//! The loops over panels and tiles around the micro-kernel.
//!
//! Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008). The right
//! operand is packed in panels of [`NR`] output channels; a panel stays in the cache while all tiles
//! of [`MR`] pixels are multiplied with it.
#![allow(unsafe_code)]

use super::epilogue::Epilogue;
use super::indirect::IndirectInput;
use super::part::Part;
use super::simd::{Lanes, MR, NR};
use crate::scratch::Scratch;
use std::array::from_fn;

/// Takes the sums of one panel.
pub(super) trait Accumulators<Sum> {
    /// Lends `write` the sums of `P` pixels from `first` on, to be overwritten.
    fn take<const P: usize>(&mut self, first: usize, write: impl FnOnce(&mut [[Sum; NR]; P]));
}

/// Keeps the sums as they are.
impl<Sum> Accumulators<Sum> for &mut [[Sum; NR]] {
    #[inline(always)]
    fn take<const P: usize>(&mut self, first: usize, write: impl FnOnce(&mut [[Sum; NR]; P])) {
        let sums = self[first..].first_chunk_mut();
        write(sums.expect("room for all pixels"));
    }
}

/// Turns the sums into floats with `finish` and passes them to an epilogue.
struct Finished<'a, 'b, Sum, Finish> {
    epilogue: &'a Epilogue<'b>,
    part: &'a Part,
    panel: usize,
    finish: Finish,
    /// Accumulators of one MR x NR tile. Kept across tiles: re-zeroing an array of this size
    /// compiles to a memset call in WebAssembly.
    sums: [[Sum; NR]; MR],
}

impl<'a, 'b, Sum: Copy + Default, Finish> Finished<'a, 'b, Sum, Finish> {
    /// `panel` is one of the part's.
    fn new(epilogue: &'a Epilogue<'b>, part: &'a Part, panel: usize, finish: Finish) -> Self {
        let sums = [[Sum::default(); NR]; MR];
        Self {
            epilogue,
            part,
            panel,
            finish,
            sums,
        }
    }
}

impl<Sum, Finish> Accumulators<Sum> for Finished<'_, '_, Sum, Finish>
where
    Finish: Fn(usize, usize, &[Sum; NR]) -> [f32; NR],
{
    #[inline(always)]
    fn take<const P: usize>(&mut self, first: usize, write: impl FnOnce(&mut [[Sum; NR]; P])) {
        let sums = self.sums.first_chunk_mut().expect("at most a tile");
        write(sums);
        let first = self.part.first_pixel() + first;
        for (index, sums) in sums.iter().enumerate() {
            let (pixel, channel) = (first + index, self.panel * NR);
            let values = (self.finish)(self.panel, pixel, sums);
            // SAFETY: the pixels of the part's tiles, the channels of one of its panels.
            unsafe { self.epilogue.store(pixel, channel, values) };
        }
    }
}

/// Multiplies all tiles with one panel of weights.
#[inline(always)]
pub(super) fn multiply_panel<Input: Copy, L: Lanes<Input>>(
    lanes: L,
    input: &IndirectInput<'_, Input>,
    weights: &[L::Weight],
    mut sums: impl Accumulators<L::Sum>,
) {
    let mut first = 0;
    let mut tiles = input.indirection.chunks_exact(input.kernel_size * MR);
    macro_rules! tile {
        ($P:literal, $pixels:expr) => {
            sums.take::<$P>(first, |sums| {
                lanes.multiply_tile(input, $pixels, weights, sums)
            })
        };
    }
    for pixels in tiles.by_ref() {
        #[cfg(target_arch = "wasm32")]
        tile!(4, pixels);
        #[cfg(not(target_arch = "wasm32"))]
        tile!(6, pixels);
        first += MR;
    }
    let rest = tiles.remainder();
    match rest.len() / input.kernel_size {
        1 => tile!(1, rest),
        2 => tile!(2, rest),
        3 => tile!(3, rest),
        #[cfg(not(target_arch = "wasm32"))]
        4 => tile!(4, rest),
        #[cfg(not(target_arch = "wasm32"))]
        5 => tile!(5, rest),
        _ => {}
    }
}

/// Convolves a part with weights as [`Packed`](crate::packing::Packed) has them. `finish` turns the sums
/// of the panel and the output pixel of these indices into floats.
#[inline(always)]
pub(super) fn convolve<Input: Copy, L: Lanes<Input>>(
    lanes: L,
    part: &Part,
    input: &IndirectInput<'_, Input>,
    weights: &[L::Weight],
    epilogue: &Epilogue<'_>,
    finish: impl Fn(usize, usize, &[L::Sum; NR]) -> [f32; NR] + Copy,
) {
    let length = input.kernel_size * input.k_per_tap * L::WEIGHTS;
    let input = part.input(input);
    for (panel, weights) in part.panels(weights, length) {
        let sums = Finished::new(epilogue, part, panel, finish);
        multiply_panel(lanes, &input, weights, sums);
    }
}

/// Convolves a part of floats with int8 weights, which are dequantized panel by panel. The sums are
/// multiplied with the scales.
#[inline(always)]
pub(super) fn convolve_dequantized<L>(
    lanes: L,
    part: &Part,
    input: &IndirectInput<'_, f32>,
    (weights, scales): (&[i8], &[f32]),
    scratch: &mut Scratch,
    epilogue: &Epilogue<'_>,
) where
    L: Lanes<f32, Weight = f32, Sum = f32> + Lanes<i32, Weight = i8, Sum = i32>,
{
    let length = input.kernel_size * input.k_per_tap * NR;
    let floats = scratch.floats(length);
    let finish = |panel: usize, _, sums: &[f32; NR]| {
        let scales = &scales[panel * NR..][..NR];
        from_fn(|lane| sums[lane] * scales[lane])
    };
    let input = part.input(input);
    for (panel, weights) in part.panels(weights, length) {
        dequantize(lanes, weights, floats);
        let sums = Finished::new(epilogue, part, panel, finish);
        multiply_panel::<f32, _>(lanes, &input, floats, sums);
    }
}

/// See [`kernel::dequantize`](super::dequantize).
#[inline(always)]
pub(super) fn dequantize<L>(lanes: L, weights: &[i8], floats: &mut [f32])
where
    L: Lanes<i32, Weight = i8, Sum = i32>,
{
    lanes.call(
        #[inline(always)]
        || {
            let (rows, _) = floats.as_chunks_mut::<NR>();
            let weights = weights.as_chunks::<{ 2 * NR }>().0.iter();
            for (weights, rows) in weights.zip(rows.as_chunks_mut::<2>().0) {
                // SAFETY: a reference to as many weights as are loaded.
                let weights = unsafe { lanes.load(weights.as_ptr()) };
                // Times a pair of 1 and 0, the weights of two input channels are those of one.
                for (row, pair) in rows.iter_mut().zip([1, 1 << 16]) {
                    let mut sums = lanes.zero();
                    lanes.multiply_add(pair, &weights, &mut sums);
                    let mut integers = [0; NR];
                    lanes.store(&sums, &mut integers);
                    for (float, integer) in row.iter_mut().zip(integers) {
                        *float = integer as f32;
                    }
                }
            }
        },
    );
}
