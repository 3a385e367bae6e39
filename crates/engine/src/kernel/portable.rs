//! Any processor, in plain Rust that LLVM vectorizes.
#![allow(unsafe_code)]

use super::simd::{Isa, Lanes, NR};
use std::array::from_fn;

#[derive(Clone, Copy)]
pub(super) struct Portable;

impl Isa for Portable {
    // Inlined, several tiles in one function would spill registers.
    #[inline(never)]
    fn call<R>(self, f: impl FnOnce() -> R) -> R {
        f()
    }
}

/// Fused where the processor has an instruction for it; elsewhere that would be a call.
#[inline(always)]
fn multiply_add(a: f32, b: f32, sum: f32) -> f32 {
    if cfg!(any(target_arch = "aarch64", target_feature = "fma")) {
        a.mul_add(b, sum)
    } else {
        sum + a * b
    }
}

impl Lanes<f32> for Portable {
    type Weight = f32;
    type Sum = f32;
    type Weights = [f32; NR];
    type Sums = [f32; NR];
    const WEIGHTS: usize = NR;

    #[inline(always)]
    fn zero(self) -> [f32; NR] {
        [0.0; NR]
    }

    #[inline(always)]
    unsafe fn load(self, weights: *const f32) -> [f32; NR] {
        // SAFETY: the caller's.
        unsafe { *weights.cast() }
    }

    #[inline(always)]
    fn multiply_add(self, input: f32, weights: &[f32; NR], sums: &mut [f32; NR]) {
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum = multiply_add(input, *weight, *sum);
        }
    }

    #[inline(always)]
    fn store(self, sums: &[f32; NR], to: &mut [f32; NR]) {
        *to = *sums;
    }
}

impl Lanes<i32> for Portable {
    type Weight = i8;
    type Sum = i32;
    /// The first and the second weights of all pairs, as int16: processors multiply those into sums
    /// of 32 bits.
    type Weights = [[i16; NR]; 2];
    type Sums = [i32; NR];
    const WEIGHTS: usize = 2 * NR;

    #[inline(always)]
    fn zero(self) -> [i32; NR] {
        [0; NR]
    }

    #[inline(always)]
    unsafe fn load(self, weights: *const i8) -> [[i16; NR]; 2] {
        // SAFETY: the caller's.
        let pairs: [[i8; 2]; NR] = unsafe { *weights.cast() };
        from_fn(|half| from_fn(|output| i16::from(pairs[output][half])))
    }

    #[inline(always)]
    fn multiply_add(self, pair: i32, weights: &[[i16; NR]; 2], sums: &mut [i32; NR]) {
        for (weights, input) in weights.iter().zip([pair as i16, (pair >> 16) as i16]) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += i32::from(*weight) * i32::from(input);
            }
        }
    }

    #[inline(always)]
    fn store(self, sums: &[i32; NR], to: &mut [i32; NR]) {
        *to = *sums;
    }
}
