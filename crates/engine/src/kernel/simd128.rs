//! WebAssembly's 128-bit vectors.
//!
//! The loops read through pointers: bound checks cost a tenth of the time.
#![allow(unsafe_code)]

use super::{Job, Kernel, PANEL, taps};
use std::arch::wasm32::*;

/// Numbers of each pixel in one turn of the loop over floats.
const STEPS: usize = 4;

pub(super) struct Float;

impl Kernel for Float {
    type Number = f32;
    type Weight = f32;
    type Sum = f32;
    const WEIGHTS: usize = PANEL;

    // A function of its own is hot sooner than a loop in a large one, and optimised sooner.
    #[inline(never)]
    fn tile<const P: usize>(
        job: &Job<'_, f32, f32>,
        pixels: &[u32],
        weights: &[f32],
        sums: &mut [[f32; PANEL]; P],
    ) {
        let mut totals = [[f32x4_splat(0.0); 2]; P];
        for (rows, weights) in taps::<Self, P>(job, pixels, weights) {
            let rows = rows.map(<[f32]>::as_ptr);
            let weights = weights.as_ptr();
            let mut step = |k: usize| {
                // SAFETY: every row has `run` numbers, and the tap has PANEL weights for each.
                // Loads need no alignment.
                let (low, high, values) = unsafe {
                    let weights = weights.add(k * PANEL);
                    let low = v128_load(weights.cast());
                    let high = v128_load(weights.add(4).cast());
                    (
                        low,
                        high,
                        rows.map(|row| v128_load32_splat(row.add(k).cast())),
                    )
                };
                for (totals, value) in totals.iter_mut().zip(values) {
                    totals[0] = f32x4_add(totals[0], f32x4_mul(value, low));
                    totals[1] = f32x4_add(totals[1], f32x4_mul(value, high));
                }
            };
            in_turns(job.run, &mut step);
        }
        store(totals, sums);
    }
}

pub(super) struct Integer;

impl Kernel for Integer {
    type Number = i32;
    type Weight = i8;
    type Sum = i32;
    const WEIGHTS: usize = 2 * PANEL;

    #[inline(never)]
    fn tile<const P: usize>(
        job: &Job<'_, i32, i8>,
        pixels: &[u32],
        weights: &[i8],
        sums: &mut [[i32; PANEL]; P],
    ) {
        let mut totals = [[i32x4_splat(0); 2]; P];
        for (rows, weights) in taps::<Self, P>(job, pixels, weights) {
            let rows = rows.map(<[i32]>::as_ptr);
            let weights = weights.as_ptr();
            for k in 0..job.run {
                // SAFETY: every row has `run` pairs, and the tap has two times PANEL weights for
                // each. Loads need no alignment.
                let (low, high, pairs) = unsafe {
                    let weights = weights.add(k * 2 * PANEL);
                    let low = i16x8_load_extend_i8x8(weights);
                    let high = i16x8_load_extend_i8x8(weights.add(8));
                    (
                        low,
                        high,
                        rows.map(|row| v128_load32_splat(row.add(k).cast())),
                    )
                };
                for (totals, pair) in totals.iter_mut().zip(pairs) {
                    totals[0] = i32x4_add(totals[0], i32x4_dot_i16x8(pair, low));
                    totals[1] = i32x4_add(totals[1], i32x4_dot_i16x8(pair, high));
                }
            }
        }
        store(totals, sums);
    }
}

/// Several steps a turn, with a way out before each: without it the compiler makes one expression of
/// all of a turn's sums, for which V8 has too few registers.
#[inline(always)]
fn in_turns(run: usize, step: &mut impl FnMut(usize)) {
    let mut k = 0;
    loop {
        for _ in 0..STEPS {
            if k == run {
                return;
            }
            step(k);
            k += 1;
        }
    }
}

/// Two vectors for each row of eight numbers.
fn store<Number, const P: usize>(totals: [[v128; 2]; P], sums: &mut [[Number; PANEL]; P]) {
    const { assert!(size_of::<[Number; PANEL]>() == 32, "numbers of 32 bits") }
    for (sums, [low, high]) in sums.iter_mut().zip(totals) {
        // SAFETY: 32 bytes, of numbers that may have any bits. Stores need no alignment.
        unsafe {
            v128_store(sums.as_mut_ptr().cast(), low);
            v128_store(sums.as_mut_ptr().add(4).cast(), high);
        }
    }
}

/// See [`round`](super::round).
pub(super) fn round(values: &[f32], factor: f32, pairs: &mut [i32]) {
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
