//! The loops in which the time goes, for the best instruction set that the processor has.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod epilogue;
mod gemm;
mod indirect;
#[cfg(target_arch = "aarch64")]
mod neon;
mod part;
#[cfg(not(target_arch = "wasm32"))]
mod portable;
mod simd;
#[cfg(target_arch = "wasm32")]
mod simd128;

pub(crate) use epilogue::Epilogue;
pub(crate) use indirect::IndirectInput;
pub(crate) use simd::{MR, NR};

use crate::scratch::Scratch;
use crate::threads::PerThread;
use part::{Between, Part};
use simd::Isa;

/// The instruction sets that every processor of the architecture has, for floats and for integers.
#[cfg(target_arch = "aarch64")]
use {neon::Neon as Integers, portable::Portable as Floats};
#[cfg(not(any(target_arch = "aarch64", target_arch = "wasm32")))]
use {portable::Portable as Floats, portable::Portable as Integers};
#[cfg(target_arch = "wasm32")]
use {simd128::Simd128 as Floats, simd128::Simd128 as Integers};

/// Evaluates an expression with the best instruction set there is.
macro_rules! dispatch {
    ($baseline:ident, $isa:ident => $run:expr) => {{
        #[cfg(target_arch = "x86_64")]
        if let Some($isa) = avx2::Avx2::detect() {
            return $run;
        }
        let $isa = $baseline;
        $run
    }};
}

/// Convolves floats with float weights.
pub(crate) fn convolve_f32(
    input: &IndirectInput<'_, f32>,
    weights: &[f32],
    epilogue: &Epilogue<'_>,
) {
    let finish = |_, _, sums: &[f32; NR]| *sums;
    Part::split(Between::TilesOrPanels, input, epilogue, &|_, part| {
        dispatch!(Floats, isa => gemm::convolve(isa, part, input, weights, epilogue, finish));
    });
}

/// The sums of one panel, without an epilogue.
pub(crate) fn multiply_panel_f32(
    input: &IndirectInput<'_, f32>,
    weights: &[f32],
    sums: &mut [[f32; NR]],
) {
    dispatch!(Floats, isa => gemm::multiply_panel(isa, input, weights, sums));
}

/// Convolves floats with int8 weights times `scales`, one per output channel. `scratch` holds the
/// dequantized weights of a panel.
pub(crate) fn convolve_dequantized(
    input: &IndirectInput<'_, f32>,
    quantized: (&[i8], &[f32]),
    scratch: &PerThread<Scratch>,
    epilogue: &Epilogue<'_>,
) {
    Part::split(Between::Panels, input, epilogue, &|thread, part| {
        let scratch = &mut scratch.of(thread);
        dispatch!(Floats, isa => {
            gemm::convolve_dequantized(isa, part, input, quantized, scratch, epilogue)
        });
    });
}

/// Convolves pairs of int16 with int8 weights, in int32 sums, which are multiplied with a scale per
/// output channel, the weights', and one per output pixel, the activations'.
pub(crate) fn convolve_i8(
    input: &IndirectInput<'_, i32>,
    weights: &[i8],
    (scales, pixel_scales): (&[f32], &[f32]),
    epilogue: &Epilogue<'_>,
) {
    let finish = |panel: usize, pixel: usize, sums: &[i32; NR]| {
        let mut values = [0.0; NR];
        let scales = &scales[panel * NR..][..NR];
        let scale = pixel_scales[pixel];
        for ((value, sum), channel) in values.iter_mut().zip(sums).zip(scales) {
            *value = *sum as f32 * (channel * scale);
        }
        values
    };
    Part::split(Between::TilesOrPanels, input, epilogue, &|_, part| {
        dispatch!(Integers, isa => gemm::convolve(isa, part, input, weights, epilogue, finish));
    });
}

/// Rounds `values * factor` to int16, ties to even. Each of `pairs` gets two of them, the first in
/// the lower half. As many values as a multiple of four holds are quantized.
pub(crate) fn quantize(values: &[f32], factor: f32, pairs: &mut [i32]) {
    dispatch!(Floats, isa => isa.call(
        #[inline(always)]
        || isa.quantize(values, factor, pairs),
    ));
}

/// Converts a panel of int8 weights, packed in pairs of input channels, to floats without a scale,
/// packed input channel by input channel. See [`Packed`](crate::packing::Packed).
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn dequantize(weights: &[i8], floats: &mut [f32]) {
    dispatch!(Floats, isa => gemm::dequantize(isa, weights, floats));
}

// They compare the kernels of native instruction sets.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
