//! AVX2 and FMA of x86-64, where the processor has them.
#![allow(unsafe_code)]

use super::{Job, Kernel, PANEL, taps};
use std::arch::x86_64::*;

/// Whether the processor has them.
pub(super) fn is_there() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
}

pub(super) struct Float;

impl Kernel for Float {
    type Number = f32;
    type Weight = f32;
    type Sum = f32;
    const WEIGHTS: usize = PANEL;

    #[inline(always)]
    fn tile<const P: usize>(
        job: &Job<'_, f32>,
        pixels: &[u32],
        weights: &[f32],
        sums: &mut [[f32; PANEL]; P],
    ) {
        // SAFETY: whoever uses this kernel has asked `is_there`.
        unsafe { float(job, pixels, weights, sums) }
    }
}

#[target_feature(enable = "avx2,fma")]
fn float<const P: usize>(
    job: &Job<'_, f32>,
    pixels: &[u32],
    weights: &[f32],
    sums: &mut [[f32; PANEL]; P],
) {
    let mut totals = [[_mm256_setzero_ps(); 2]; P];
    for (rows, weights) in taps::<Float, P>(job, pixels, weights) {
        let rows = rows.map(<[f32]>::as_ptr);
        let weights = weights.as_ptr();
        for k in 0..job.run {
            // SAFETY: every row has `run` numbers, and the tap has PANEL weights for each. These
            // loads need no alignment.
            let (low, high, values) = unsafe {
                let weights = weights.add(k * PANEL);
                let (low, high) = (_mm256_loadu_ps(weights), _mm256_loadu_ps(weights.add(8)));
                (low, high, rows.map(|row| *row.add(k)))
            };
            for (totals, value) in totals.iter_mut().zip(values) {
                let value = _mm256_set1_ps(value);
                totals[0] = _mm256_fmadd_ps(value, low, totals[0]);
                totals[1] = _mm256_fmadd_ps(value, high, totals[1]);
            }
        }
    }
    for (sums, totals) in sums.iter_mut().zip(totals) {
        let (halves, _) = sums.as_chunks_mut::<8>();
        for (to, from) in halves.iter_mut().zip(totals) {
            // SAFETY: a reference to 32 bytes; this store needs no alignment.
            unsafe { _mm256_storeu_ps(to.as_mut_ptr(), from) }
        }
    }
}

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
        // SAFETY: whoever uses this kernel has asked `is_there`.
        unsafe { integer(job, pixels, weights, sums) }
    }
}

#[target_feature(enable = "avx2,fma")]
fn integer<const P: usize>(
    job: &Job<'_, i32>,
    pixels: &[u32],
    weights: &[i8],
    sums: &mut [[i32; PANEL]; P],
) {
    let mut totals = [[_mm256_setzero_si256(); 2]; P];
    for (rows, weights) in taps::<Integer, P>(job, pixels, weights) {
        let rows = rows.map(<[i32]>::as_ptr);
        let weights = weights.as_ptr();
        for k in 0..job.run {
            // SAFETY: every row has `run` pairs, and the tap has two times PANEL weights for each.
            // These loads need no alignment.
            let (low, high, pairs) = unsafe {
                let weights = weights.add(k * 2 * PANEL);
                let low = _mm_loadu_si128(weights.cast());
                let high = _mm_loadu_si128(weights.add(PANEL).cast());
                (low, high, rows.map(|row| *row.add(k)))
            };
            let (low, high) = (_mm256_cvtepi8_epi16(low), _mm256_cvtepi8_epi16(high));
            for (totals, pair) in totals.iter_mut().zip(pairs) {
                let pair = _mm256_set1_epi32(pair);
                totals[0] = _mm256_add_epi32(totals[0], _mm256_madd_epi16(pair, low));
                totals[1] = _mm256_add_epi32(totals[1], _mm256_madd_epi16(pair, high));
            }
        }
    }
    for (sums, totals) in sums.iter_mut().zip(totals) {
        let (halves, _) = sums.as_chunks_mut::<8>();
        for (to, from) in halves.iter_mut().zip(totals) {
            // SAFETY: a reference to 32 bytes; this store needs no alignment.
            unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), from) }
        }
    }
}

/// See [`round`](super::round). Only where the processor [has AVX2](is_there).
#[target_feature(enable = "avx2,fma")]
pub(super) fn round(values: &[f32], factor: f32, pairs: &mut [i32]) {
    let (values, pairs) = (values.as_chunks::<4>().0, pairs.as_chunks_mut::<2>().0);
    for (values, pairs) in values.iter().zip(pairs) {
        // SAFETY: a reference to 16 bytes; this load needs no alignment.
        let values = unsafe { _mm_loadu_ps(values.as_ptr()) };
        let integers = _mm_cvtps_epi32(_mm_mul_ps(values, _mm_set1_ps(factor)));
        let packed = _mm_packs_epi32(integers, _mm_setzero_si128());
        // SAFETY: a reference to 8 bytes; this store needs no alignment.
        unsafe { _mm_storel_epi64(pairs.as_mut_ptr().cast(), packed) }
    }
}

/// See [`widen`](super::widen). Only where the processor [has AVX2](is_there).
#[target_feature(enable = "avx2,fma")]
pub(super) fn widen(weights: &[i8], floats: &mut [f32]) {
    // Each pair times these is one of the two: the instruction widens and parts them at once.
    let parts = [_mm256_set1_epi32(1), _mm256_set1_epi32(1 << 16)];
    let (pairs, _) = weights.as_chunks::<16>();
    let (rows, _) = floats.as_chunks_mut::<{ 2 * PANEL }>();
    for ([low, high], rows) in pairs.as_chunks::<2>().0.iter().zip(rows) {
        let pairs = [low, high].map(|pairs| {
            // SAFETY: a reference to 16 bytes; this load needs no alignment.
            let pairs = unsafe { _mm_loadu_si128(pairs.as_ptr().cast()) };
            _mm256_cvtepi8_epi16(pairs)
        });
        for (part, row) in parts.iter().zip(rows.as_chunks_mut::<PANEL>().0) {
            for (to, pairs) in row.as_chunks_mut::<8>().0.iter_mut().zip(pairs) {
                let values = _mm256_cvtepi32_ps(_mm256_madd_epi16(pairs, *part));
                // SAFETY: a reference to 32 bytes; this store needs no alignment.
                unsafe { _mm256_storeu_ps(to.as_mut_ptr(), values) }
            }
        }
    }
}
