//! The epilogue of the matrix product: bias, shortcut and ReLU in one pass, and their gradients in
//! another. Values are N H W C.

use crate::operations::chunks;
use burn::backend::flex::FlexTensor;
use burn::tensor::{DType, Shape};

/// Values that a thread works on at a time: they stay in its cache.
const CHUNK: usize = 1 << 14;

/// Adds bias and shortcut to `output`, then applies ReLU if `relu` says so.
pub(super) fn forward(output: &mut [f32], bias: &[f32], shortcut: Option<&[f32]>, relu: bool) {
    let channels = bias.len();
    let size = chunk(channels);
    chunks::each(output, size, |at, output| {
        let shortcut = shortcut.map(|all| &all[at * size..]);
        for (row, output) in output.chunks_exact_mut(channels).enumerate() {
            output.iter_mut().zip(bias).for_each(|(n, bias)| *n += bias);
            if let Some(shortcut) = shortcut {
                let added = output.iter_mut().zip(&shortcut[row * channels..]);
                added.for_each(|(n, shortcut)| *n += shortcut);
            }
            if relu {
                output.iter_mut().for_each(|n| *n = rectify(*n, *n));
            }
        }
    });
}

/// The gradients of ReLU's input and of the bias. `output` is ReLU's; none without ReLU.
pub(super) fn backward(
    mut gradient: FlexTensor,
    output: Option<&FlexTensor>,
    channels: usize,
) -> (FlexTensor, FlexTensor) {
    let size = chunk(channels);
    let values = gradient.layout().num_elements();
    let mut sums = vec![0.0; values.div_ceil(size) * channels];
    let add = |sums: &mut [f32], gradient: &[f32]| {
        for pixel in gradient.chunks_exact(channels) {
            sums.iter_mut().zip(pixel).for_each(|(sum, n)| *sum += n);
        }
    };
    let output: Option<&[f32]> = output.map(FlexTensor::storage);
    let gradients = (gradient.storage_mut(), size);
    chunks::each_of_two(gradients, (&mut sums, channels), |at, gradient, sums| {
        if let Some(output) = output {
            let values = gradient.iter_mut().zip(&output[at * size..]);
            values.for_each(|(n, output)| *n = rectify(*output, *n));
        }
        add(sums, gradient);
    });
    let mut bias = FlexTensor::empty(Shape::new([channels]), DType::F32);
    add(bias.storage_mut(), &sums);
    (gradient, bias)
}

/// `value`, or zero where ReLU's output is zero. Passes NaN on, so that the loss shows it.
fn rectify(output: f32, value: f32) -> f32 {
    if output <= 0.0 { 0.0 } else { value }
}

/// The length of a chunk: about [`CHUNK`], in whole pixels.
fn chunk(channels: usize) -> usize {
    (CHUNK / channels).max(1) * channels
}
