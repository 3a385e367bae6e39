//! The kernels of every instruction set answer as the portable ones do. tests/reference.rs holds those
//! of this processor to the definition of a convolution.

use super::portable::Portable;
use super::simd::Lanes;
use super::*;
use crate::threads::Disjoint;

const KERNEL_SIZE: usize = 2;
/// Input channels.
const DEPTH: usize = 8;
/// Two panels.
const OUTPUTS: usize = 2 * NR;

/// What `run` makes of `values`, 12 input pixels, for every number of output pixels to two tiles and one
/// pixel.
fn convolved<Input: Sync>(
    values: &[Input],
    run: impl Fn(&IndirectInput<'_, Input>, &Part, &Epilogue<'_>) + Sync,
) -> Vec<Vec<f32>> {
    let stride = values.len() / 12;
    let source = |output: usize, position: usize| ((output * 7 + position * 3) % 12) as u32;
    let convolved = (1..=2 * MR + 1).map(|pixels| {
        let tiles = (0..pixels).step_by(MR).map(|first| {
            let tile = first..pixels.min(first + MR);
            (0..KERNEL_SIZE)
                .flat_map(move |position| tile.clone().map(move |p| source(p, position)))
        });
        let input = IndirectInput {
            values,
            pixel_stride: stride,
            k_per_tap: stride,
            kernel_size: KERNEL_SIZE,
            indirection: &tiles.flatten().collect::<Vec<_>>(),
        };
        let mut output = vec![0.0; pixels * OUTPUTS];
        let epilogue = Epilogue {
            bias: &[0.25; OUTPUTS],
            relu: pixels % 2 == 0,
            pixel_stride: OUTPUTS,
            residual: None,
            output: Disjoint::new(&mut output),
        };
        Part::split(Between::Panels, &input, &epilogue, &|_, part| {
            run(&input, part, &epilogue);
        });
        output
    });
    convolved.collect()
}

/// Integers, with which all sums are exact in any order.
fn numbers<T>(count: usize, modulus: i32, number: impl Fn(i32) -> T) -> Vec<T> {
    let numbers = (0..count as i32).map(|i| number(i * 977 % modulus - modulus / 2));
    numbers.collect()
}

fn int8_weights() -> Vec<i8> {
    numbers(OUTPUTS * KERNEL_SIZE * DEPTH, 255, |n| n as i8)
}

/// By float kernels, with float weights and with int8 weights.
fn from_floats<L>(lanes: L) -> [Vec<Vec<f32>>; 2]
where
    L: Lanes<f32, Weight = f32, Sum = f32> + Lanes<i32, Weight = i8, Sum = i32>,
{
    let floats = numbers(12 * DEPTH, 19, |n| n as f32);
    let weights = numbers(OUTPUTS * KERNEL_SIZE * DEPTH, 23, |n| n as f32);
    let (integers, scales) = (int8_weights(), numbers(OUTPUTS, 31, |n| n as f32 + 0.5));
    [
        convolved(&floats, |input, part, epilogue| {
            gemm::convolve(lanes, part, input, &weights, epilogue, |_, _, sums| *sums);
        }),
        convolved(&floats, |input, part, epilogue| {
            let quantized = (&integers[..], &scales[..]);
            let mut scratch = Scratch::default();
            gemm::convolve_dequantized(lanes, part, input, quantized, &mut scratch, epilogue);
        }),
    ]
}

/// By the integer kernel.
fn from_pairs(lanes: impl Lanes<i32, Weight = i8, Sum = i32>) -> Vec<Vec<f32>> {
    let pairs = numbers(12 * DEPTH / 2, 4001, |n| (n & 0xffff) | ((n * 3 / 2) << 16));
    let weights = int8_weights();
    convolved(&pairs, |input, part, epilogue| {
        let finish = |_, _, sums: &[i32; NR]| sums.map(|sum| sum as f32);
        gemm::convolve(lanes, part, input, &weights, epilogue, finish);
    })
}

#[cfg(target_arch = "aarch64")]
#[test]
fn neon_kernel_answers_as_the_portable_one() {
    assert_eq!(from_pairs(neon::Neon), from_pairs(Portable));
}

#[test]
#[cfg(target_arch = "x86_64")]
fn avx2_kernels_answer_as_the_portable_ones() {
    let Some(isa) = avx2::Avx2::detect() else {
        return println!("skipped: this processor has no AVX2");
    };
    assert_eq!(from_floats(isa), from_floats(Portable));
    assert_eq!(from_pairs(isa), from_pairs(Portable));
}

#[test]
fn quantization_is_the_same_on_every_instruction_set() {
    let values = [0.5, 1.5, -0.5, -1.5, 2.4, -2.6, 32767.4, -3.0];
    let [mut found, mut expected] = [[0; 4]; 2];
    quantize(&values, 1.0, &mut found);
    Portable.quantize(&values, 1.0, &mut expected);
    assert_eq!(found, expected);
    let halves = found.map(|pair| [pair as i16, (pair >> 16) as i16]);
    assert_eq!(halves, [[0, 2], [0, -2], [2, -3], [32767, -3]]);
}

#[test]
fn dequantization_is_the_same_on_every_instruction_set() {
    let weights: Vec<i8> = (0..6 * NR).map(|i| (i * 67 % 256) as u8 as i8).collect();
    let [mut found, mut expected] = [(); 2].map(|()| vec![0.5; 6 * NR]);
    dequantize(&weights, &mut found);
    gemm::dequantize(Portable, &weights, &mut expected);
    assert_eq!(found, expected);
    let value = |i: usize, lane: usize| f32::from(weights[(i / 2 * NR + lane) * 2 + i % 2]);
    let defined = (0..6).flat_map(|i| (0..NR).map(move |lane| value(i, lane)));
    assert_eq!(found, defined.collect::<Vec<f32>>());
}
