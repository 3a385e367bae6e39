//! Convolutions against their definition, written down in float64.

use super::*;
use crate::graph::{Conv, Padding};
use crate::layer::Arithmetic;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Weights of a window of 3 x 3, and biases.
struct Weights {
    shape: [usize; 4],
    kernel: Vec<f32>,
    bias: Vec<f32>,
}

impl Weights {
    fn random(input: usize, output: usize, integers: bool, rng: &mut ChaCha8Rng) -> Self {
        let kernel = (0..output * input * TAPS).map(|at| {
            // One weight of each output is the largest that there may be: by it the scale is found.
            let value = match at % (input * TAPS) {
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

fn view([batch, height, width]: [usize; 3], depth: usize) -> View {
    View {
        batch,
        height,
        width,
        depth,
        buffer: 0,
    }
}

/// Random numbers for the channels of each pixel, behind a pixel of zeros.
fn pixels(view: &View, channels: usize, rng: &mut ChaCha8Rng) -> Vec<f32> {
    let mut values = vec![0.0; view.len()];
    for pixel in values.chunks_exact_mut(view.depth).skip(1) {
        pixel[..channels].fill_with(|| rng.random::<f32>() * 2.0 - 1.0);
    }
    values
}

/// What the output of that index comes to, which lies behind a pixel of zeros.
fn defined(
    weights: &Weights,
    conv: &Conv<'_>,
    (from, input): (&View, &[f32]),
    (to, residual): (&View, &[f32]),
    at: usize,
) -> f64 {
    let (pixel, output) = (at / to.depth - 1, at % to.depth);
    let (row, x) = (pixel / to.width, pixel % to.width);
    let (n, y) = (row / to.height, row % to.height);
    let mut sum = f64::from(weights.bias[output]) + f64::from(residual[at]);
    let [_, channels, ..] = weights.shape;
    for tap in 0..TAPS {
        let y = (y + tap / WINDOW).wrapping_sub(conv.padding.top);
        let x = (x + tap % WINDOW).wrapping_sub(conv.padding.left);
        if y < from.height && x < from.width {
            let pixel = (n * from.height + y) * from.width + x + 1;
            for channel in 0..channels {
                let value = input[pixel * from.depth + channel];
                let weight = weights.kernel[(output * channels + channel) * TAPS + tap];
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
        // More tiles than are computed together.
        [3, 11, 10],
        [1, 4, 5],
    ];
    let uneven = Padding {
        top: 0,
        left: 2,
        bottom: 3,
        right: 1,
    };
    // Its buffers are those of the last size, with what was left in them.
    let mut winograd = Winograd::default();
    let mut cases = 0;
    for size in sizes {
        for padding in [Padding::same(WINDOW), Padding::default(), uneven] {
            for [channels, output] in [[3, 8], [20, 5], [64, 33]] {
                for integers in [false, true] {
                    let weights = Weights::random(channels, output, integers, &mut rng);
                    let conv = weights.conv(padding, cases % 2 == 0);
                    let from = view(size, channels.next_multiple_of(GROUP));
                    let layer = Layer::pack(&conv, from.depth, Arithmetic::Float32);
                    assert_eq!(matches!(layer.weights, Packed::Integer { .. }), integers);
                    let [height, width] = layer.output([size[1], size[2]]);
                    let to = view([size[0], height, width], layer.panels * PANEL);
                    let input = pixels(&from, channels, &mut rng);
                    let residual = pixels(&to, output, &mut rng);
                    let mut found = vec![0.0; to.len()];
                    let mut target = Target {
                        bias: &layer.bias,
                        relu: layer.relu,
                        depth: to.depth,
                        residual: Some(&residual[to.depth..]),
                        output: &mut found[to.depth..],
                    };
                    winograd.convolve(&layer, (&from, &input), &to, &mut target);

                    let outputs = (to.depth..to.len()).filter(|at| at % to.depth < output);
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
fn what_is_no_number_stays_none() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let weights = Weights::random(8, 8, true, &mut rng);
    let conv = weights.conv(Padding::same(WINDOW), false);
    let layer = Layer::pack(&conv, 8, Arithmetic::Float32);
    let (from, to) = (view([1, 5, 5], 8), view([1, 5, 5], layer.panels * PANEL));
    for bad in [f32::NAN, f32::INFINITY] {
        let mut input = pixels(&from, 8, &mut rng);
        // Row 2, column 2.
        input[(2 * 5 + 2 + 1) * from.depth + 3] = bad;
        let mut found = vec![0.0; to.len()];
        let mut target = Target {
            bias: &layer.bias,
            relu: false,
            depth: to.depth,
            residual: None,
            output: &mut found[to.depth..],
        };
        Winograd::default().convolve(&layer, (&from, &input), &to, &mut target);
        for pixel in [(1, 1), (2, 2), (3, 3)].map(|(y, x)| y * 5 + x + 1) {
            let outputs = &found[pixel * to.depth..][..8];
            assert!(
                outputs.iter().all(|value| !value.is_finite()),
                "{bad} was lost"
            );
        }
    }
}

#[test]
fn it_is_taken_where_it_pays_alone() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let weights = Weights::random(CHANNELS, 8, true, &mut rng);
    let same = Padding::same(WINDOW);
    let conv = weights.conv(same, true);
    let pack = |conv: &Conv<'_>, arithmetic| Layer::pack(conv, CHANNELS, arithmetic);
    let [least, _] = TILES;
    let wide = view([1, 1, 2 * least - 1], CHANNELS);
    let many = view([least, 2, 1], CHANNELS);
    let few = view([1, 2, 2 * least - 2], CHANNELS);

    let layer = pack(&conv, Arithmetic::Float32);
    assert!(pays(&layer, &wide, &wide));
    assert!(pays(&layer, &many, &many));
    assert!(!pays(&layer, &few, &few));
    let shallow = view([1, 64, 64], CHANNELS - 4);
    assert!(!pays(&layer, &shallow, &wide));

    let integers = pack(&conv, Arithmetic::Fastest);
    assert!(!pays(&integers, &wide, &wide));
    let strided = pack(&Conv { stride: 2, ..conv }, Arithmetic::Float32);
    assert!(!pays(&strided, &wide, &wide));
    let shape = [8, CHANNELS, 1, TAPS];
    let row = pack(&Conv { shape, ..conv }, Arithmetic::Float32);
    assert!(!pays(&row, &wide, &wide));
}
