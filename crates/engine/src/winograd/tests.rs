//! Winograd convolutions against the definition of a convolution in float64.

use super::*;
use crate::conv::{Conv, Padding};
use crate::packing::Arithmetic;
use crate::tiling::CHANNEL_ALIGNMENT;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A 3 x 3 kernel and biases.
struct Weights {
    shape: [usize; 4],
    kernel: Vec<f32>,
    bias: Vec<f32>,
}

impl Weights {
    fn random(input: usize, output: usize, integers: bool, rng: &mut ChaCha8Rng) -> Self {
        let kernel = (0..output * input * POSITIONS).map(|at| {
            // The largest weight of each output channel is 127, from which its scale is recovered.
            let value = match at % (input * POSITIONS) {
                0 => 127.0,
                _ => rng.random::<f32>() * 254.0 - 127.0,
            };
            (if integers { value.round() } else { value }) * 0.01
        });
        Self {
            shape: [output, input, WINDOW, WINDOW],
            kernel: kernel.collect(),
            bias: (0..output).map(|_| rng.random::<f32>() - 0.5).collect(),
        }
    }

    fn conv(&self, padding: Padding, relu: bool) -> Conv<'_> {
        Conv {
            padding,
            relu,
            ..Conv::new(&self.kernel, self.shape, &self.bias)
        }
    }
}

fn layout([batch, height, width]: [usize; 3], pixel_stride: usize) -> Layout {
    Layout {
        batch,
        height,
        width,
        pixel_stride,
        buffer: 0,
    }
}

/// Random values for the channels of each pixel, after the zero pixel.
fn pixels(layout: &Layout, channels: usize, rng: &mut ChaCha8Rng) -> Vec<f32> {
    let mut values = vec![0.0; layout.len()];
    for pixel in values.chunks_exact_mut(layout.pixel_stride).skip(1) {
        pixel[..channels].fill_with(|| rng.random::<f32>() * 2.0 - 1.0);
    }
    values
}

/// The output of that index, counted from the zero pixel on.
fn defined(
    weights: &Weights,
    conv: &Conv<'_>,
    (from, input): (&Layout, &[f32]),
    (to, residual): (&Layout, &[f32]),
    at: usize,
) -> f64 {
    let (pixel, output) = (at / to.pixel_stride - 1, at % to.pixel_stride);
    let (row, x) = (pixel / to.width, pixel % to.width);
    let (n, y) = (row / to.height, row % to.height);
    let mut sum = f64::from(weights.bias[output]) + f64::from(residual[at]);
    let [_, channels, ..] = weights.shape;
    for tap in 0..POSITIONS {
        let y = (y + tap / WINDOW).wrapping_sub(conv.padding.top);
        let x = (x + tap % WINDOW).wrapping_sub(conv.padding.left);
        if y < from.height && x < from.width {
            let pixel = (n * from.height + y) * from.width + x + 1;
            for channel in 0..channels {
                let value = input[pixel * from.pixel_stride + channel];
                let weight = weights.kernel[(output * channels + channel) * POSITIONS + tap];
                sum += f64::from(value) * f64::from(weight);
            }
        }
    }
    if conv.relu { sum.max(0.0) } else { sum }
}

#[test]
fn convolutions_of_any_size_and_padding_are_right() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let sizes = [
        [1, 1, 1],
        [1, 1, 9],
        [2, 6, 1],
        [1, 2, 2],
        [2, 5, 8],
        [1, 9, 7],
        // More tiles than a block.
        [3, 11, 10],
        [1, 4, 5],
    ];
    let uneven = Padding {
        top: 0,
        left: 2,
        bottom: 3,
        right: 1,
    };
    // Reused, with the values of the last size in its buffers.
    let mut winograd = Winograd::default();
    let mut cases = 0;
    for size in sizes {
        for padding in [Padding::same(WINDOW), Padding::default(), uneven] {
            for [channels, output] in [[3, 8], [20, 5], [64, 33]] {
                for integers in [false, true] {
                    let weights = Weights::random(channels, output, integers, &mut rng);
                    let conv = weights.conv(padding, cases % 2 == 0);
                    let from = layout(size, channels.next_multiple_of(CHANNEL_ALIGNMENT));
                    let layer = Layer::pack(&conv, from.pixel_stride, Arithmetic::Float32);
                    assert_eq!(matches!(layer.weights, Packed::Integer { .. }), integers);
                    let [height, width] = layer.output_size([size[1], size[2]]);
                    let to = layout([size[0], height, width], layer.panels * NR);
                    let input = pixels(&from, channels, &mut rng);
                    let residual = pixels(&to, output, &mut rng);
                    let mut found = vec![0.0; to.len()];
                    let mut epilogue = Epilogue {
                        bias: &layer.bias,
                        relu: layer.relu,
                        pixel_stride: to.pixel_stride,
                        residual: Some(&residual[to.pixel_stride..]),
                        output: &mut found[to.pixel_stride..],
                    };
                    winograd.convolve(&layer, (&from, &input), &to, &mut epilogue);

                    let outputs =
                        (to.pixel_stride..to.len()).filter(|at| at % to.pixel_stride < output);
                    let expected = outputs.map(|at| {
                        let value = defined(&weights, &conv, (&from, &input), (&to, &residual), at);
                        (at, value)
                    });
                    let expected: Vec<(usize, f64)> = expected.collect();
                    let most = expected
                        .iter()
                        .fold(0.0_f64, |most, (_, v)| most.max(v.abs()));
                    for (at, expected) in expected {
                        assert!(
                            (f64::from(found[at]) - expected).abs() <= 2e-6 * most,
                            "{} at {at}, not {expected}: {size:?}, {padding:?}, {channels} to \
                             {output} channels, integers {integers}",
                            found[at]
                        );
                    }
                    cases += 1;
                }
            }
        }
    }
}

#[test]
fn nan_and_infinity_are_kept() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let weights = Weights::random(8, 8, true, &mut rng);
    let conv = weights.conv(Padding::same(WINDOW), false);
    let layer = Layer::pack(&conv, 8, Arithmetic::Float32);
    let (from, to) = (layout([1, 5, 5], 8), layout([1, 5, 5], layer.panels * NR));
    for bad in [f32::NAN, f32::INFINITY] {
        let mut input = pixels(&from, 8, &mut rng);
        // Row 2, column 2.
        input[(2 * 5 + 2 + 1) * from.pixel_stride + 3] = bad;
        let mut found = vec![0.0; to.len()];
        let mut epilogue = Epilogue {
            bias: &layer.bias,
            relu: false,
            pixel_stride: to.pixel_stride,
            residual: None,
            output: &mut found[to.pixel_stride..],
        };
        Winograd::default().convolve(&layer, (&from, &input), &to, &mut epilogue);
        for pixel in [(1, 1), (2, 2), (3, 3)].map(|(y, x)| y * 5 + x + 1) {
            let outputs = &found[pixel * to.pixel_stride..][..8];
            assert!(
                outputs.iter().all(|value| !value.is_finite()),
                "{bad} was lost"
            );
        }
    }
}

#[test]
fn it_is_used_only_where_it_pays() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let weights = Weights::random(CHANNELS, 8, true, &mut rng);
    let same = Padding::same(WINDOW);
    let conv = weights.conv(same, true);
    let pack = |conv: &Conv<'_>, arithmetic| Layer::pack(conv, CHANNELS, arithmetic);
    let [least, _] = TILES;
    let wide = layout([1, 1, 2 * least - 1], CHANNELS);
    let many = layout([least, 2, 1], CHANNELS);
    let few = layout([1, 2, 2 * least - 2], CHANNELS);

    let layer = pack(&conv, Arithmetic::Float32);
    assert!(pays(&layer, &wide, &wide));
    assert!(pays(&layer, &many, &many));
    assert!(!pays(&layer, &few, &few));
    let shallow = layout([1, 64, 64], CHANNELS - 4);
    assert!(!pays(&layer, &shallow, &wide));

    let integers = pack(&conv, Arithmetic::Fastest);
    assert!(!pays(&integers, &wide, &wide));
    let strided = pack(&Conv { stride: 2, ..conv }, Arithmetic::Float32);
    assert!(!pays(&strided, &wide, &wide));
    let shape = [8, CHANNELS, 1, POSITIONS];
    let row = pack(&Conv { shape, ..conv }, Arithmetic::Float32);
    assert!(!pays(&row, &wide, &wide));
}
