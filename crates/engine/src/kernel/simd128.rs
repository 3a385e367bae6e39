//! WebAssembly's 128-bit vectors, and with the feature `relaxed` the multiply-add of its relaxed
//! ones.
//!
//! The loops read through pointers: bound checks cost a tenth of the time.
#![allow(unsafe_code)]

use super::{Job, Kernel, PANEL, taps};
#[cfg(feature = "relaxed")]
use std::arch::wasm32::f32x4_relaxed_madd as multiply_add;
use std::arch::wasm32::*;
use std::hint::black_box;

/// Numbers of each pixel in one turn of the loop over floats.
const STEPS: usize = 4;

/// `a * b + sum`. The relaxed one rounds once or twice, as the processor likes.
#[cfg(not(feature = "relaxed"))]
#[inline(always)]
fn multiply_add(a: v128, b: v128, sum: v128) -> v128 {
    f32x4_add(sum, f32x4_mul(a, b))
}

pub(super) struct Float;

impl Kernel for Float {
    type Number = f32;
    type Weight = f32;
    type Sum = f32;
    const WEIGHTS: usize = PANEL;

    // A function of its own is hot sooner than a loop in a large one, and optimised sooner.
    #[inline(never)]
    #[cfg_attr(feature = "relaxed", target_feature(enable = "relaxed-simd"))]
    fn tile<const P: usize>(
        job: &Job<'_, f32>,
        pixels: &[u32],
        weights: &[f32],
        sums: &mut [[f32; PANEL]; P],
    ) {
        let mut totals = [[f32x4_splat(0.0); 2]; P];
        for (rows, weights) in taps::<Self, P>(job, pixels, weights) {
            let (mut rows, mut weights) = (rows.map(<[f32]>::as_ptr), weights.as_ptr());
            let mut left = job.run;
            // Several steps a turn, with a way out before each: without it the compiler makes one
            // expression of all of a turn's sums, for which V8 has too few registers.
            'run: loop {
                for k in 0..STEPS {
                    if left == k {
                        break 'run;
                    }
                    // SAFETY: every row has `run` numbers, and the tap has PANEL weights for each.
                    // Loads need no alignment.
                    let (low, high, values) = unsafe {
                        let weights = weights.add(k * PANEL);
                        let low = v128_load(weights.cast());
                        let high = v128_load(weights.add(4).cast());
                        let value = |row: *const f32| v128_load32_splat(row.add(k).cast());
                        (low, high, rows.map(value))
                    };
                    for (totals, value) in totals.iter_mut().zip(values) {
                        totals[0] = multiply_add(value, low, totals[0]);
                        totals[1] = multiply_add(value, high, totals[1]);
                    }
                }
                // A compiler that knew this number would add up an address for each load, which the
                // load does for nothing: a tenth of the time.
                let steps = black_box(STEPS);
                left -= STEPS;
                // SAFETY: so many numbers were left; the ends are as far as this goes.
                unsafe {
                    rows = rows.map(|row| row.add(steps));
                    weights = weights.add(steps * PANEL);
                }
            }
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
        job: &Job<'_, i32>,
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

/// See [`widen`](super::widen).
// A function of its own for the reason that the tiles are.
#[inline(never)]
pub(super) fn widen(weights: &[i8], floats: &mut [f32]) {
    // Each pair times these is one of the two: the instruction widens and parts them at once.
    let parts = [i32x4_splat(1), i32x4_splat(1 << 16)];
    let (pairs, _) = weights.as_chunks::<8>();
    let (rows, _) = floats.as_chunks_mut::<{ 2 * PANEL }>();
    for ([low, high], rows) in pairs.as_chunks::<2>().0.iter().zip(rows) {
        // SAFETY: references to 8 bytes. Loads need no alignment.
        let pairs = [low, high].map(|pairs| unsafe { i16x8_load_extend_i8x8(pairs.as_ptr()) });
        for (part, row) in parts.iter().zip(rows.as_chunks_mut::<PANEL>().0) {
            for (to, pairs) in row.as_chunks_mut::<4>().0.iter_mut().zip(pairs) {
                let values = f32x4_convert_i32x4(i32x4_dot_i16x8(pairs, *part));
                // SAFETY: a reference to 16 bytes. Stores need no alignment.
                unsafe { v128_store(to.as_mut_ptr().cast(), values) }
            }
        }
    }
}
