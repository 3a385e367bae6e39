//! NEON of aarch64, for integers: of the portable integer kernel LLVM makes one that keeps its sums
//! in memory. The portable float kernel becomes the same code as one with intrinsics.
#![allow(unsafe_code)]

use super::simd::{Isa, Lanes, NR};
use std::arch::aarch64::*;

// SAFETY of all intrinsics here: every aarch64 processor has NEON. Loads and stores need no
// alignment.

#[derive(Clone, Copy)]
pub(super) struct Neon;

impl Isa for Neon {
    // Inlined, several tiles in one function would spill registers.
    #[inline(never)]
    fn call<R>(self, f: impl FnOnce() -> R) -> R {
        f()
    }
}

impl Lanes<i32> for Neon {
    type Weight = i8;
    type Sum = i32;
    /// The first and then the second weights of all pairs.
    type Weights = [int16x8_t; 4];
    type Sums = [int32x4_t; 4];
    const WEIGHTS: usize = 2 * NR;

    #[inline(always)]
    fn zero(self) -> [int32x4_t; 4] {
        // SAFETY: see above.
        unsafe { [vdupq_n_s32(0); 4] }
    }

    #[inline(always)]
    unsafe fn load(self, weights: *const i8) -> [int16x8_t; 4] {
        // SAFETY: the caller's.
        unsafe {
            let int8x16x2_t(first, second) = vld2q_s8(weights);
            [
                vmovl_s8(vget_low_s8(first)),
                vmovl_high_s8(first),
                vmovl_s8(vget_low_s8(second)),
                vmovl_high_s8(second),
            ]
        }
    }

    #[inline(always)]
    fn multiply_add(self, pair: i32, weights: &[int16x8_t; 4], sums: &mut [int32x4_t; 4]) {
        let ([a, b, c, d], [first, more_first, second, more_second]) = (sums, *weights);
        // SAFETY: see above.
        unsafe {
            let pair = vreinterpret_s16_s32(vdup_n_s32(pair));
            *a = vmlal_lane_s16::<0>(*a, vget_low_s16(first), pair);
            *b = vmlal_high_lane_s16::<0>(*b, first, pair);
            *c = vmlal_lane_s16::<0>(*c, vget_low_s16(more_first), pair);
            *d = vmlal_high_lane_s16::<0>(*d, more_first, pair);
            *a = vmlal_lane_s16::<1>(*a, vget_low_s16(second), pair);
            *b = vmlal_high_lane_s16::<1>(*b, second, pair);
            *c = vmlal_lane_s16::<1>(*c, vget_low_s16(more_second), pair);
            *d = vmlal_high_lane_s16::<1>(*d, more_second, pair);
        }
    }

    #[inline(always)]
    fn store(self, sums: &[int32x4_t; 4], to: &mut [i32; NR]) {
        for (to, sums) in to.as_chunks_mut::<4>().0.iter_mut().zip(sums) {
            // SAFETY: a reference to 16 bytes.
            unsafe { vst1q_s32(to.as_mut_ptr(), *sums) }
        }
    }
}
