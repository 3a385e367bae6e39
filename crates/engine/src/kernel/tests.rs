//! Every instruction set against the definition of a convolution.

use super::simd::Lanes;
use super::*;
use crate::tiling::MR;

const KERNEL_SIZE: usize = 2;
/// Input channels.
const DEPTH: usize = 8;
/// Two panels.
const OUTPUTS: usize = 2 * NR;

/// The input pixel, of 12, that an output pixel reads at a kernel position.
fn source(output: usize, position: usize) -> usize {
    (output * 7 + position * 3) % 12
}

/// Convolves with `run`, for every number of output pixels to two tiles and one pixel, and compares
/// with the sum of `product(input index, position * DEPTH + input channel, output channel)` after
/// `finish(sum, output channel)`.
fn check<Input>(
    values: &[Input],
    relu: bool,
    bias: &[f32],
    mut run: impl FnMut(&IndirectInput<'_, Input>, &mut Epilogue<'_>),
    product: impl Fn(usize, usize, usize) -> f32,
    finish: impl Fn(f32, usize) -> f32,
) {
    let stride = values.len() / 12;
    for pixels in 1..=2 * MR + 1 {
        let tiles = (0..pixels).step_by(MR).map(|first| {
            let tile = first..pixels.min(first + MR);
            let position = move |position| tile.clone().map(move |p| source(p, position) as u32);
            (0..KERNEL_SIZE).flat_map(position)
        });
        let input = IndirectInput {
            values,
            pixel_stride: stride,
            k_per_tap: stride,
            kernel_size: KERNEL_SIZE,
            indirection: &tiles.flatten().collect::<Vec<_>>(),
        };
        let mut output = vec![0.0; pixels * OUTPUTS];
        let mut epilogue = Epilogue {
            bias,
            relu,
            pixel_stride: OUTPUTS,
            residual: None,
            output: &mut output,
        };
        run(&input, &mut epilogue);
        for (at, found) in output.iter().enumerate() {
            let (pixel, channel) = (at / OUTPUTS, at % OUTPUTS);
            let mut sum = 0.0;
            for k in 0..KERNEL_SIZE * DEPTH {
                let value = source(pixel, k / DEPTH) * DEPTH + k % DEPTH;
                sum += product(value, k, channel);
            }
            let expected = finish(sum, channel) + bias[channel];
            let expected = if relu { expected.max(0.0) } else { expected };
            assert_eq!(*found, expected, "output {at} of {pixels} pixels");
        }
    }
}

/// Index of a packed weight. `group` input channels lie together.
fn packed(k: usize, channel: usize, group: usize) -> usize {
    let row = channel / NR * KERNEL_SIZE * DEPTH / group + k / group;
    (row * NR + channel % NR) * group + k % group
}

/// Integers in floats, with which all sums are exact in any order.
fn kernels_are_right<L>(lanes: L)
where
    L: Lanes<f32, Weight = f32, Sum = f32> + Lanes<i32, Weight = i8, Sum = i32>,
{
    let floats: Vec<f32> = (0..12 * DEPTH)
        .map(|i| ((i * 37 % 19) as f32) - 9.0)
        .collect();
    let weights: Vec<f32> = (0..OUTPUTS * KERNEL_SIZE * DEPTH)
        .map(|i| ((i * 53 % 23) as f32) - 11.0)
        .collect();
    let bias: Vec<f32> = (0..OUTPUTS).map(|o| o as f32).collect();
    check(
        &floats,
        false,
        &bias,
        |input, epilogue| gemm::convolve(lanes, input, &weights, epilogue, |_, sums| *sums),
        |value, k, channel| floats[value] * weights[packed(k, channel, 1)],
        |sum, _| sum,
    );

    let weights = int8_weights();
    let weight = |k, channel| f32::from(weights[packed(k, channel, 2)]);
    let scales: Vec<f32> = (0..OUTPUTS).map(|o| 0.5 + o as f32).collect();
    let mut scratch = Scratch::default();
    check(
        &floats,
        false,
        &[0.25; OUTPUTS],
        |input, epilogue| {
            let quantized = (&weights[..], &scales[..]);
            gemm::convolve_dequantized(lanes, input, quantized, &mut scratch, epilogue);
        },
        |value, k, channel| floats[value] * weight(k, channel),
        |sum, channel| sum * scales[channel],
    );
    integer_kernel_is_right(lanes);
}

fn int8_weights() -> Vec<i8> {
    (0..OUTPUTS * KERNEL_SIZE * DEPTH)
        .map(|i| ((i * 53 % 255) as i32 - 127) as i8)
        .collect()
}

fn integer_kernel_is_right(lanes: impl Lanes<i32, Weight = i8, Sum = i32>) {
    let weights = int8_weights();
    let halves: Vec<i16> = (0..12 * DEPTH)
        .map(|i| (i * 977 % 4001) as i16 - 2000)
        .collect();
    let pairs = halves.as_chunks::<2>().0.iter();
    let pairs: Vec<i32> = pairs
        .map(|[a, b]| (i32::from(*a) & 0xffff) | (i32::from(*b) << 16))
        .collect();
    check(
        &pairs,
        true,
        &[0.0; OUTPUTS],
        |input, epilogue| {
            gemm::convolve(lanes, input, &weights, epilogue, |_, sums| {
                sums.map(|sum| sum as f32)
            });
        },
        |value, k, channel| f32::from(halves[value]) * f32::from(weights[packed(k, channel, 2)]),
        |sum, _| sum,
    );
}

#[test]
fn portable_kernels_are_right() {
    kernels_are_right(portable::Portable);
}

#[cfg(target_arch = "aarch64")]
#[test]
fn neon_kernel_is_right() {
    integer_kernel_is_right(neon::Neon);
}

#[test]
#[cfg(target_arch = "x86_64")]
fn avx2_kernels_are_right() {
    match avx2::Avx2::detect() {
        Some(isa) => kernels_are_right(isa),
        None => println!("skipped: this processor has no AVX2"),
    }
}

#[test]
fn quantization_is_the_same_on_every_instruction_set() {
    let values = [0.5, 1.5, -0.5, -1.5, 2.4, -2.6, 32767.4, -3.0];
    let [mut found, mut expected] = [[0; 4]; 2];
    quantize(&values, 1.0, &mut found);
    portable::Portable.quantize(&values, 1.0, &mut expected);
    assert_eq!(found, expected);
    let halves = found.map(|pair| [pair as i16, (pair >> 16) as i16]);
    assert_eq!(halves, [[0, 2], [0, -2], [2, -3], [32767, -3]]);
}

#[test]
fn dequantization_is_the_same_on_every_instruction_set() {
    let weights: Vec<i8> = (0..6 * NR).map(|i| (i * 67 % 256) as u8 as i8).collect();
    let [mut found, mut expected] = [(); 2].map(|()| vec![0.5; 6 * NR]);
    dequantize(&weights, &mut found);
    gemm::dequantize(portable::Portable, &weights, &mut expected);
    assert_eq!(found, expected);
    let value = |i: usize, lane: usize| f32::from(weights[(i / 2 * NR + lane) * 2 + i % 2]);
    let defined = (0..6).flat_map(|i| (0..NR).map(move |lane| value(i, lane)));
    assert_eq!(found, defined.collect::<Vec<f32>>());
}
