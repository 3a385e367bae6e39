//! The micro-kernel, and what it asks of an instruction set.
#![allow(unsafe_code)]

use super::indirect::IndirectInput;

/// Output pixels of a tile. A micro-kernel keeps MR x NR sums in registers; V8 on x86-64 spills registers
/// beyond 4 x 8.
pub(crate) const MR: usize = if cfg!(target_arch = "wasm32") { 4 } else { 6 };

/// Output channels of a tile, and so of a packed panel of weights.
pub(crate) const NR: usize = if cfg!(target_arch = "wasm32") { 8 } else { 16 };

/// An instruction set. A value of it proves that the processor has the instructions.
pub(crate) trait Isa: Copy + Sync {
    /// Calls `f` as a function of its own that is compiled for the instruction set. `f` and what it
    /// calls must be inlined into it.
    fn call<R>(self, f: impl FnOnce() -> R) -> R;

    /// See [`kernel::quantize`](super::quantize).
    #[inline(always)]
    fn quantize(self, values: &[f32], factor: f32, pairs: &mut [i32]) {
        let integer = |value: f32| i32::from((value * factor).round_ties_even() as i16);
        for (pair, [first, second]) in pairs.iter_mut().zip(values.as_chunks::<2>().0) {
            *pair = (integer(*first) & 0xffff) | (integer(*second) << 16);
        }
    }
}

/// The sums of [`NR`] output channels of one pixel, in as many vectors as the instruction set needs,
/// for inputs of one type: `f32`, or pairs of int16 in an `i32`.
///
/// All vectors and not one: x86 and WebAssembly add the products of a pair in one instruction, NEON
/// in two with other vectors of weights.
pub(crate) trait Lanes<Input: Copy>: Isa {
    /// In memory.
    type Weight: Copy;
    /// In memory.
    type Sum: Copy + Default;
    /// In registers: the weights of all channels for one input.
    type Weights: Copy;
    /// In registers.
    type Sums: Copy;
    /// Weights in memory for one input.
    const WEIGHTS: usize;

    fn zero(self) -> Self::Sums;

    /// # Safety
    ///
    /// [`WEIGHTS`](Self::WEIGHTS) weights lie at `weights`, at any alignment.
    unsafe fn load(self, weights: *const Self::Weight) -> Self::Weights;

    /// Adds the product of `input` and each channel's weight. For a pair, that is the sum of two
    /// products.
    fn multiply_add(self, input: Input, weights: &Self::Weights, sums: &mut Self::Sums);

    fn store(self, sums: &Self::Sums, to: &mut [Self::Sum; NR]);

    /// The micro-kernel: multiplies a tile of `P` pixels with a panel of weights. `pixels` is the
    /// tile's part of the indirection buffer. `sums` are overwritten.
    #[inline(always)]
    fn multiply_tile<const P: usize>(
        self,
        input: &IndirectInput<'_, Input>,
        pixels: &[u32],
        weights: &[Self::Weight],
        sums: &mut [[Self::Sum; NR]; P],
    ) {
        self.call(
            #[inline(always)]
            || {
                // Not in `sums`, which would be written to memory in every step.
                let mut totals = [self.zero(); P];
                for (rows, weights) in input.taps(pixels, weights, Self::WEIGHTS) {
                    let rows: [*const Input; P] = rows.map(<[Input]>::as_ptr);
                    let weights = weights.as_ptr();
                    for k in 0..input.k_per_tap {
                        // SAFETY: each row has `k_per_tap` inputs, and there are WEIGHTS weights for
                        // each of them.
                        unsafe {
                            let weights = self.load(weights.add(k * Self::WEIGHTS));
                            for (sums, row) in totals.iter_mut().zip(rows) {
                                self.multiply_add(*row.add(k), &weights, sums);
                            }
                        }
                    }
                }
                for (sums, totals) in sums.iter_mut().zip(&totals) {
                    self.store(totals, sums);
                }
            },
        );
    }
}
