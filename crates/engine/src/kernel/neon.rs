//! NEON, which every aarch64 processor has. Floats need none of it: of their portable kernel compilers make the same.
#![allow(unsafe_code)]

use super::{Job, Kernel, PANEL, taps};
use std::arch::aarch64::*;

pub(super) struct Integer;

impl Kernel for Integer {
    type Number = i32;
    type Weight = i8;
    type Sum = i32;
    const WEIGHTS: usize = 2 * PANEL;

    #[inline(always)]
    fn tile<const P: usize>(
        job: &Job<'_, i32>,
        pixels: &[u32],
        weights: &[i8],
        sums: &mut [[i32; PANEL]; P],
    ) {
        // SAFETY: the processor is an aarch64.
        unsafe { integer(job, pixels, weights, sums) }
    }
}

#[target_feature(enable = "neon")]
fn integer<const P: usize>(
    job: &Job<'_, i32>,
    pixels: &[u32],
    weights: &[i8],
    sums: &mut [[i32; PANEL]; P],
) {
    let mut totals = [[vdupq_n_s32(0); 4]; P];
    for (rows, weights) in taps::<Integer, P>(job, pixels, weights) {
        let rows = rows.map(<[i32]>::as_ptr);
        let weights = weights.as_ptr();
        for k in 0..job.run {
            // SAFETY: every row has `run` pairs, and the tap has two times PANEL weights for each.
            // These loads need no alignment.
            let (int8x16x2_t(first, second), pairs) = unsafe {
                let weights = vld2q_s8(weights.add(k * 2 * PANEL));
                (weights, rows.map(|row| *row.add(k)))
            };
            let first = [vmovl_s8(vget_low_s8(first)), vmovl_high_s8(first)];
            let second = [vmovl_s8(vget_low_s8(second)), vmovl_high_s8(second)];
            for ([a, b, c, d], pair) in totals.iter_mut().zip(pairs) {
                let pair = vreinterpret_s16_s32(vdup_n_s32(pair));
                *a = vmlal_lane_s16::<0>(*a, vget_low_s16(first[0]), pair);
                *b = vmlal_high_lane_s16::<0>(*b, first[0], pair);
                *c = vmlal_lane_s16::<0>(*c, vget_low_s16(first[1]), pair);
                *d = vmlal_high_lane_s16::<0>(*d, first[1], pair);
                *a = vmlal_lane_s16::<1>(*a, vget_low_s16(second[0]), pair);
                *b = vmlal_high_lane_s16::<1>(*b, second[0], pair);
                *c = vmlal_lane_s16::<1>(*c, vget_low_s16(second[1]), pair);
                *d = vmlal_high_lane_s16::<1>(*d, second[1], pair);
            }
        }
    }
    for (sums, totals) in sums.iter_mut().zip(totals) {
        for (to, from) in sums.as_chunks_mut::<4>().0.iter_mut().zip(totals) {
            // SAFETY: a reference to 16 bytes; this store needs no alignment.
            unsafe { vst1q_s32(to.as_mut_ptr(), from) }
        }
    }
}
