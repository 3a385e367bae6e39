//! WebAssembly's 128-bit vectors. The feature `relaxed` adds the multiply-add of relaxed SIMD.
#![allow(unsafe_code)]

use super::indirect::IndirectInput;
use super::simd::{Isa, Lanes, NR};
#[cfg(feature = "relaxed")]
use std::arch::wasm32::f32x4_relaxed_madd;
use std::arch::wasm32::*;
use std::hint::black_box;

#[derive(Clone, Copy)]
pub(super) struct Simd128;

impl Isa for Simd128 {
    // V8 optimizes a small function sooner than a loop in a large one.
    #[inline(never)]
    #[cfg_attr(feature = "relaxed", target_feature(enable = "relaxed-simd"))]
    fn call<R>(self, f: impl FnOnce() -> R) -> R {
        f()
    }

    #[inline(always)]
    fn quantize(self, values: &[f32], factor: f32, pairs: &mut [i32]) {
        let factor = f32x4_splat(factor);
        let (values, pairs) = (values.as_chunks::<4>().0, pairs.as_chunks_mut::<2>().0);
        for ([a, b, c, d], pairs) in values.iter().zip(pairs) {
            let scaled = f32x4_mul(f32x4(*a, *b, *c, *d), factor);
            let integers = i32x4_trunc_sat_f32x4(f32x4_nearest(scaled));
            let packed = i16x8_narrow_i32x4(integers, integers);
            *pairs = [
                i32x4_extract_lane::<0>(packed),
                i32x4_extract_lane::<1>(packed),
            ];
        }
    }
}

/// `a * b + sum`. The relaxed instruction rounds once or twice, as the processor likes.
#[inline(always)]
fn multiply_add(a: v128, b: v128, sum: v128) -> v128 {
    #[cfg(feature = "relaxed")]
    return f32x4_relaxed_madd(a, b, sum);
    #[cfg(not(feature = "relaxed"))]
    f32x4_add(sum, f32x4_mul(a, b))
}

impl Lanes<f32> for Simd128 {
    type Weight = f32;
    type Sum = f32;
    type Weights = [v128; 2];
    type Sums = [v128; 2];
    const WEIGHTS: usize = NR;

    #[inline(always)]
    fn zero(self) -> [v128; 2] {
        [f32x4_splat(0.0); 2]
    }

    #[inline(always)]
    unsafe fn load(self, weights: *const f32) -> [v128; 2] {
        // SAFETY: the caller's.
        unsafe { [v128_load(weights.cast()), v128_load(weights.add(4).cast())] }
    }

    #[inline(always)]
    fn multiply_add(self, input: f32, weights: &[v128; 2], sums: &mut [v128; 2]) {
        for (sum, weights) in sums.iter_mut().zip(weights) {
            *sum = multiply_add(f32x4_splat(input), *weights, *sum);
        }
    }

    #[inline(always)]
    fn store(self, sums: &[v128; 2], to: &mut [f32; NR]) {
        for (to, sums) in to.as_chunks_mut::<4>().0.iter_mut().zip(sums) {
            // SAFETY: a reference to 16 bytes.
            unsafe { v128_store(to.as_mut_ptr().cast(), *sums) }
        }
    }

    // A loop of its own, as fast as V8 makes it: pointers with constant offsets, which a WebAssembly
    // load adds for free, where the loop of all instruction sets computes an address for each load.
    // That loop with the turns of this one was 4 % slower.
    #[inline(never)]
    #[cfg_attr(feature = "relaxed", target_feature(enable = "relaxed-simd"))]
    fn multiply_tile<const P: usize>(
        self,
        input: &IndirectInput<'_, f32>,
        pixels: &[u32],
        weights: &[f32],
        sums: &mut [[f32; NR]; P],
    ) {
        /// Inputs per pixel in one turn of the loop.
        const UNROLL: usize = 4;
        let mut totals = [<Self as Lanes<f32>>::zero(self); P];
        for (rows, weights) in input.taps::<_, P>(pixels, weights, NR) {
            let (mut rows, mut weights) = (rows.map(<[f32]>::as_ptr), weights.as_ptr());
            let mut left = input.k_per_tap;
            // An exit before each step: without it LLVM makes one expression of all sums of a turn,
            // for which V8 has too few registers.
            'tap: loop {
                for k in 0..UNROLL {
                    if left == k {
                        break 'tap;
                    }
                    // SAFETY: `left` inputs of each row are left, more than k, and NR weights for each
                    // of them.
                    let (weights, inputs) = unsafe {
                        let weights = <Self as Lanes<f32>>::load(self, weights.add(k * NR));
                        (weights, rows.map(|row| *row.add(k)))
                    };
                    for (sums, input) in totals.iter_mut().zip(inputs) {
                        self.multiply_add(input, &weights, sums);
                    }
                }
                // Hidden from LLVM, which would compute an address for each load again.
                let steps = black_box(UNROLL);
                left -= UNROLL;
                // SAFETY: at least UNROLL inputs were left; the ends of the rows are the furthest.
                unsafe {
                    rows = rows.map(|row| row.add(steps));
                    weights = weights.add(steps * NR);
                }
            }
        }
        for (sums, totals) in sums.iter_mut().zip(&totals) {
            <Self as Lanes<f32>>::store(self, totals, sums);
        }
    }
}

impl Lanes<i32> for Simd128 {
    type Weight = i8;
    type Sum = i32;
    type Weights = [v128; 2];
    type Sums = [v128; 2];
    const WEIGHTS: usize = 2 * NR;

    #[inline(always)]
    fn zero(self) -> [v128; 2] {
        [i32x4_splat(0); 2]
    }

    #[inline(always)]
    unsafe fn load(self, weights: *const i8) -> [v128; 2] {
        // SAFETY: the caller's.
        unsafe {
            [
                i16x8_load_extend_i8x8(weights),
                i16x8_load_extend_i8x8(weights.add(NR)),
            ]
        }
    }

    #[inline(always)]
    fn multiply_add(self, input: i32, weights: &[v128; 2], sums: &mut [v128; 2]) {
        for (sum, weights) in sums.iter_mut().zip(weights) {
            *sum = i32x4_add(*sum, i32x4_dot_i16x8(i32x4_splat(input), *weights));
        }
    }

    #[inline(always)]
    fn store(self, sums: &[v128; 2], to: &mut [i32; NR]) {
        for (to, sums) in to.as_chunks_mut::<4>().0.iter_mut().zip(sums) {
            // SAFETY: a reference to 16 bytes.
            unsafe { v128_store(to.as_mut_ptr().cast(), *sums) }
        }
    }
}
