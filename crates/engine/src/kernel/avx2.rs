//! AVX2 and FMA of x86-64.
#![allow(unsafe_code)]

use super::simd::{Isa, Lanes, NR};
use std::arch::x86_64::*;

// SAFETY of all intrinsics here: a value of `Avx2` exists only where the processor has them. Loads
// and stores need no alignment.

#[derive(Clone, Copy)]
pub(super) struct Avx2(());

impl Avx2 {
    /// [`None`] where the processor lacks AVX2 or FMA.
    pub fn detect() -> Option<Self> {
        let has_both = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        has_both.then_some(Self(()))
    }
}

impl Isa for Avx2 {
    #[inline(always)]
    fn call<R>(self, f: impl FnOnce() -> R) -> R {
        #[target_feature(enable = "avx2,fma")]
        fn compiled<R>(f: impl FnOnce() -> R) -> R {
            f()
        }
        // SAFETY: see above.
        unsafe { compiled(f) }
    }

    #[inline(always)]
    fn quantize(self, values: &[f32], factor: f32, pairs: &mut [i32]) {
        let (values, pairs) = (values.as_chunks::<4>().0, pairs.as_chunks_mut::<2>().0);
        for (values, pairs) in values.iter().zip(pairs) {
            // SAFETY: references to 16 and 8 bytes.
            unsafe {
                let values = _mm_loadu_ps(values.as_ptr());
                let integers = _mm_cvtps_epi32(_mm_mul_ps(values, _mm_set1_ps(factor)));
                let packed = _mm_packs_epi32(integers, _mm_setzero_si128());
                _mm_storel_epi64(pairs.as_mut_ptr().cast(), packed);
            }
        }
    }
}

impl Lanes<f32> for Avx2 {
    type Weight = f32;
    type Sum = f32;
    type Weights = [__m256; 2];
    type Sums = [__m256; 2];
    const WEIGHTS: usize = NR;

    #[inline(always)]
    fn zero(self) -> [__m256; 2] {
        // SAFETY: see above.
        unsafe { [_mm256_setzero_ps(); 2] }
    }

    #[inline(always)]
    unsafe fn load(self, weights: *const f32) -> [__m256; 2] {
        // SAFETY: the caller's.
        unsafe { [_mm256_loadu_ps(weights), _mm256_loadu_ps(weights.add(8))] }
    }

    #[inline(always)]
    fn multiply_add(self, input: f32, weights: &[__m256; 2], sums: &mut [__m256; 2]) {
        for (sum, weights) in sums.iter_mut().zip(weights) {
            // SAFETY: see above.
            *sum = unsafe { _mm256_fmadd_ps(_mm256_set1_ps(input), *weights, *sum) };
        }
    }

    #[inline(always)]
    fn store(self, sums: &[__m256; 2], to: &mut [f32; NR]) {
        for (to, sums) in to.as_chunks_mut::<8>().0.iter_mut().zip(sums) {
            // SAFETY: a reference to 32 bytes.
            unsafe { _mm256_storeu_ps(to.as_mut_ptr(), *sums) }
        }
    }
}

impl Lanes<i32> for Avx2 {
    type Weight = i8;
    type Sum = i32;
    type Weights = [__m256i; 2];
    type Sums = [__m256i; 2];
    const WEIGHTS: usize = 2 * NR;

    #[inline(always)]
    fn zero(self) -> [__m256i; 2] {
        // SAFETY: see above.
        unsafe { [_mm256_setzero_si256(); 2] }
    }

    #[inline(always)]
    unsafe fn load(self, weights: *const i8) -> [__m256i; 2] {
        // SAFETY: the caller's.
        [0, NR].map(|at| unsafe { _mm256_cvtepi8_epi16(_mm_loadu_si128(weights.add(at).cast())) })
    }

    #[inline(always)]
    fn multiply_add(self, input: i32, weights: &[__m256i; 2], sums: &mut [__m256i; 2]) {
        for (sum, weights) in sums.iter_mut().zip(weights) {
            // SAFETY: see above.
            *sum = unsafe {
                let products = _mm256_madd_epi16(_mm256_set1_epi32(input), *weights);
                _mm256_add_epi32(*sum, products)
            };
        }
    }

    #[inline(always)]
    fn store(self, sums: &[__m256i; 2], to: &mut [i32; NR]) {
        for (to, sums) in to.as_chunks_mut::<8>().0.iter_mut().zip(sums) {
            // SAFETY: a reference to 32 bytes.
            unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), *sums) }
        }
    }
}
