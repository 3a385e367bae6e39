//! Any processor, in plain Rust that compilers make vectors of.

use super::{Job, Kernel, PANEL, taps};
use std::array::from_fn;

pub(super) struct Float;

/// One rounding where the processor has an instruction for it; elsewhere it would be a call.
fn multiply_add(sum: f32, a: f32, b: f32) -> f32 {
    if cfg!(any(target_arch = "aarch64", target_feature = "fma")) {
        a.mul_add(b, sum)
    } else {
        sum + a * b
    }
}

impl Kernel for Float {
    type Number = f32;
    type Weight = f32;
    type Sum = f32;
    const WEIGHTS: usize = PANEL;

    fn tile<const P: usize>(
        job: &Job<'_, f32>,
        pixels: &[u32],
        weights: &[f32],
        sums: &mut [[f32; PANEL]; P],
    ) {
        // Its own: what the caller lent would be written to memory at every step.
        let mut tile = [[0.0; PANEL]; P];
        for (rows, weights) in taps::<Self, P>(job, pixels, weights) {
            for (index, weights) in weights.as_chunks::<PANEL>().0.iter().enumerate() {
                for (sums, row) in tile.iter_mut().zip(rows) {
                    let value = row[index];
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum = multiply_add(*sum, value, *weight);
                    }
                }
            }
        }
        *sums = tile;
    }
}

/// aarch64 has its own, and tests compare them.
#[cfg_attr(target_arch = "aarch64", allow(dead_code))]
pub(super) struct Integer;

impl Kernel for Integer {
    type Number = i32;
    type Weight = i8;
    type Sum = i32;
    const WEIGHTS: usize = 2 * PANEL;

    fn tile<const P: usize>(
        job: &Job<'_, i32>,
        pixels: &[u32],
        weights: &[i8],
        sums: &mut [[i32; PANEL]; P],
    ) {
        let mut tile = [[0; PANEL]; P];
        for (rows, weights) in taps::<Self, P>(job, pixels, weights) {
            for (index, weights) in weights.as_chunks::<{ 2 * PANEL }>().0.iter().enumerate() {
                let weights = weights.as_chunks::<2>().0;
                // Of 16 bits, since processors multiply those into sums of 32.
                let halves: [[i16; PANEL]; 2] =
                    from_fn(|half| from_fn(|output| i16::from(weights[output][half])));
                for (sums, row) in tile.iter_mut().zip(rows) {
                    let pair = row[index];
                    for (weights, value) in halves.iter().zip([pair as i16, (pair >> 16) as i16]) {
                        for (sum, weight) in sums.iter_mut().zip(weights) {
                            *sum += i32::from(*weight) * i32::from(value);
                        }
                    }
                }
            }
        }
        *sums = tile;
    }
}

pub(super) fn round(values: &[f32], factor: f32, pairs: &mut [i32]) {
    let integer = |value: f32| i32::from((value * factor).round_ties_even() as i16);
    for (pair, [first, second]) in pairs.iter_mut().zip(values.as_chunks::<2>().0) {
        *pair = (integer(*first) & 0xffff) | (integer(*second) << 16);
    }
}

pub(super) fn widen(weights: &[i8], floats: &mut [f32]) {
    let (pairs, _) = weights.as_chunks::<{ 2 * PANEL }>();
    let (rows, _) = floats.as_chunks_mut::<{ 2 * PANEL }>();
    for (pairs, rows) in pairs.iter().zip(rows) {
        let (first, second) = rows.split_at_mut(PANEL);
        let to = first.iter_mut().zip(second);
        for ([a, b], (first, second)) in pairs.as_chunks::<2>().0.iter().zip(to) {
            (*first, *second) = (f32::from(*a), f32::from(*b));
        }
    }
}
