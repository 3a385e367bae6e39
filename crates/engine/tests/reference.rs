//! Every operation against its definition in float64.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use signet_engine::{Arithmetic, Builder, Conv, Kernel, Network, Padding};

/// Whether weights are int8, and the arithmetic.
const CASES: [(bool, Arithmetic); 3] = [
    (false, Arithmetic::Fastest),
    (true, Arithmetic::Fastest),
    (true, Arithmetic::Float32),
];

/// Images as `[batch, height, width, channels]`.
#[derive(Clone)]
struct Images {
    size: [usize; 3],
    channels: usize,
    values: Vec<f32>,
}

impl Images {
    fn random(size: [usize; 3], channels: usize, rng: &mut ChaCha8Rng) -> Self {
        let count = size.iter().product::<usize>() * channels;
        let values = (0..count)
            .map(|_| rng.random::<f32>() * 2.0 - 1.0)
            .collect();
        Self {
            size,
            channels,
            values,
        }
    }

    /// Zero in the padding.
    fn at(&self, n: usize, y: isize, x: isize, channel: usize) -> f64 {
        let [_, height, width] = self.size;
        match (usize::try_from(y), usize::try_from(x)) {
            (Ok(y), Ok(x)) if y < height && x < width => {
                f64::from(self.values[((n * height + y) * width + x) * self.channels + channel])
            }
            _ => 0.0,
        }
    }

    fn map(
        &self,
        [height, width]: [usize; 2],
        channels: usize,
        value: impl Fn(usize, usize, usize, usize) -> f64,
    ) -> Self {
        let batch = self.size[0];
        let mut values = Vec::new();
        for n in 0..batch {
            for y in 0..height {
                for x in 0..width {
                    values.extend((0..channels).map(|channel| value(n, y, x, channel) as f32));
                }
            }
        }
        Self {
            size: [batch, height, width],
            channels,
            values,
        }
    }

    fn conv(&self, conv: &Conv<'_>, residual: Option<&Self>) -> Self {
        let [output, input, rows, columns] = conv.shape;
        let Kernel::Floats(kernel) = conv.kernel else {
            panic!("floats are the definition");
        };
        let Padding {
            top,
            left,
            bottom,
            right,
        } = conv.padding;
        let height = (self.size[1] + top + bottom - rows) / conv.stride + 1;
        let width = (self.size[2] + left + right - columns) / conv.stride + 1;
        self.map([height, width], output, |n, y, x, o| {
            let mut sum = f64::from(conv.bias[o]);
            for i in 0..input {
                for row in 0..rows {
                    for column in 0..columns {
                        let weight = kernel[((o * input + i) * rows + row) * columns + column];
                        let y = (y * conv.stride + row) as isize - top as isize;
                        let x = (x * conv.stride + column) as isize - left as isize;
                        sum += f64::from(weight) * self.at(n, y, x, i);
                    }
                }
            }
            if let Some(residual) = residual {
                sum += residual.at(n, y as isize, x as isize, o);
            }
            if conv.relu { sum.max(0.0) } else { sum }
        })
    }
}

fn kernel(shape: [usize; 4], integers: bool, rng: &mut ChaCha8Rng) -> Vec<f32> {
    let row: usize = shape[1..].iter().product();
    let mut kernel = Vec::new();
    for _ in 0..shape[0] {
        let scale = rng.random::<f32>() * 0.01 + 0.001;
        // The largest weight is 127 times the scale, from which the scale is recovered.
        kernel.push(127.0 * scale);
        kernel.extend((1..row).map(|_| {
            let value = rng.random::<f32>() * 254.0 - 127.0;
            if integers {
                value.round() * scale
            } else {
                value * scale
            }
        }));
    }
    kernel
}

fn compare(network: &Network, output: usize, expected: &Images, tolerance: f32, what: &str) {
    let found = network.output(output);
    assert_eq!(
        [found.height, found.width, found.channels],
        [expected.size[1], expected.size[2], expected.channels],
        "{what}"
    );
    let largest = expected
        .values
        .iter()
        .fold(0.0_f32, |most, v| most.max(v.abs()));
    let values: Vec<f32> = found.pixels().flatten().copied().collect();
    assert_eq!(values.len(), expected.values.len(), "{what}");
    for (at, (found, expected)) in values.iter().zip(&expected.values).enumerate() {
        assert!(
            (found - expected).abs() <= tolerance * largest,
            "{what}: {found} at {at}, not {expected}"
        );
    }
}

/// A network of a convolution whose residual is the same convolution, with or without a ReLU, against
/// its definition.
fn check_conv(
    size: [usize; 3],
    [conv, shortcut]: [&Conv<'_>; 2],
    (integers, arithmetic): (bool, Arithmetic),
    rng: &mut ChaCha8Rng,
) {
    let [_, channels, ..] = conv.shape;
    let images = Images::random(size, channels, rng);
    let plain = images.conv(shortcut, None);
    let expected = images.conv(conv, Some(&plain));
    let mut builder = Builder::new(channels, 0);
    builder.arithmetic(arithmetic);
    let image = builder.input();
    let shortcut = builder.conv(image, shortcut, None);
    let sum = builder.conv(image, conv, Some(shortcut));
    let mut network = builder.finish(&[sum, shortcut]);
    let in_integers = integers && arithmetic == Arithmetic::Fastest;
    assert_eq!(network.integer_layers().0, if in_integers { 2 } else { 0 });
    network.run(&images.values, size);
    let (shape, stride, padding) = (conv.shape, conv.stride, conv.padding);
    let what = format!(
        "{size:?}, {shape:?}, stride {stride}, {padding:?}, integers {integers}, {arithmetic:?}"
    );
    let tolerance = tolerance(integers, arithmetic);
    compare(&network, 0, &expected, tolerance, &what);
    compare(&network, 1, &plain, tolerance, &what);
}

fn tolerance(integers: bool, arithmetic: Arithmetic) -> f32 {
    match arithmetic {
        Arithmetic::Fastest if integers => 2e-4,
        _ => 2e-6,
    }
}

fn bias(count: usize, rng: &mut ChaCha8Rng) -> Vec<f32> {
    (0..count).map(|_| rng.random::<f32>() - 0.5).collect()
}

#[test]
fn convolutions_of_any_size_are_right() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let windows = [[1, 1], [3, 3], [2, 2], [1, 3], [7, 7], [2, 5]];
    let channels = [[3, 8], [8, 3], [5, 20], [16, 33]];
    let mut geometries = Vec::new();
    for size in [[1, 9, 7], [2, 5, 8], [3, 1, 1], [1, 13, 4]] {
        for [height, width] in windows {
            for [input, output] in channels {
                let shape = [output, input, height, width];
                let paddings = [Padding::default(), Padding::all(3), Padding::same(height)];
                let fits = |p: &Padding| {
                    size[1] + p.top + p.bottom >= height && size[2] + p.left + p.right >= width
                };
                for stride in [1, 2] {
                    let paddings = paddings.into_iter().filter(fits);
                    geometries.extend(paddings.map(|padding| (size, shape, stride, padding)));
                }
            }
        }
    }
    let mut cases = 0;
    for (size, shape, stride, padding) in geometries {
        for (integers, arithmetic) in CASES {
            let kernel = kernel(shape, integers, &mut rng);
            let bias = bias(shape[0], &mut rng);
            let shortcut = Conv {
                stride,
                padding,
                ..Conv::new(&kernel, shape, &bias)
            };
            let relu = cases % 2 == 0;
            let conv = Conv { relu, ..shortcut };
            check_conv(size, [&conv, &shortcut], (integers, arithmetic), &mut rng);
            cases += 1;
        }
    }
    assert!(cases > 750, "{cases} cases");
}

/// In float32 they are computed by Winograd's minimal filtering.
#[test]
fn convolutions_of_many_channels_and_pixels_are_right() {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let shape = [72, 72, 3, 3];
    for size in [[1, 9, 11], [2, 1, 40], [3, 8, 6]] {
        for (integers, arithmetic) in CASES {
            let kernel = kernel(shape, integers, &mut rng);
            let bias = bias(72, &mut rng);
            let conv = Conv {
                padding: Padding::same(3),
                relu: true,
                ..Conv::new(&kernel, shape, &bias)
            };
            check_conv(size, [&conv, &conv], (integers, arithmetic), &mut rng);
        }
    }
}

#[test]
fn a_border_kept_with_the_image_is_padding() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let (size, shape) = ([2, 11, 6], [8, 3, 7, 7]);
    let images = Images::random(size, 3, &mut rng);
    for (integers, arithmetic) in CASES {
        let kernel = kernel(shape, integers, &mut rng);
        let mut conv = Conv::new(&kernel, shape, &[0.25; 8]);
        conv.stride = 2;
        let mut builder = Builder::new(3, 3);
        builder.arithmetic(arithmetic);
        let image = builder.input();
        let out = builder.conv(image, &conv, None);
        let mut network = builder.finish(&[out]);
        network.run(&images.values, size);
        conv.padding = Padding::all(3);
        let (expected, tolerance) = (images.conv(&conv, None), tolerance(integers, arithmetic));
        compare(&network, 0, &expected, tolerance, "border");
    }
}

#[test]
fn poolings_are_right() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for (size, window, stride) in [([2, 7, 5], 3, 2), ([1, 2, 2], 2, 2), ([1, 9, 4], 2, 1)] {
        let images = Images::random(size, 6, &mut rng);
        let to = [size[1], size[2]].map(|length| (length - window) / stride + 1);
        let values = |n, y: usize, x: usize, channel| {
            let pixels = (0..window).flat_map(|row| (0..window).map(move |column| [row, column]));
            pixels
                .map(|[row, column]| {
                    let [y, x] = [y * stride + row, x * stride + column];
                    images.at(n, y as isize, x as isize, channel)
                })
                .collect::<Vec<f64>>()
        };
        let mean = images.map(to, 6, |n, y, x, c| {
            values(n, y, x, c).iter().sum::<f64>() / (window * window) as f64
        });
        let max = images.map(to, 6, |n, y, x, c| {
            values(n, y, x, c)
                .into_iter()
                .fold(f64::NEG_INFINITY, f64::max)
        });
        let mut builder = Builder::new(6, 0);
        let image = builder.input();
        let outputs = [
            builder.mean_pool(image, window, stride),
            builder.max_pool(image, window, stride),
        ];
        let mut network = builder.finish(&outputs);
        network.run(&images.values, size);
        compare(&network, 0, &mean, 1e-6, "mean");
        compare(&network, 1, &max, 0.0, "max");
    }
}

/// A few layers with a residual, as deep as buffers begin to be used again.
fn deep(arithmetic: Arithmetic, outputs_of_all: bool) -> (Network, Vec<usize>) {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let mut builder = Builder::new(3, 1);
    builder.arithmetic(arithmetic);
    let mut x = builder.input();
    let mut slots = Vec::new();
    for (index, [input, output]) in [[3, 8], [8, 8], [8, 8], [8, 8], [8, 5]].iter().enumerate() {
        let shape = [*output, *input, 3, 3];
        let kernel = kernel(shape, true, &mut rng);
        let bias = vec![0.1; *output];
        let conv = Conv {
            padding: Padding::all(1),
            relu: true,
            ..Conv::new(&kernel, shape, &bias)
        };
        let residual = (index == 2).then_some(x);
        x = builder.conv(x, &conv, residual);
        slots.push(x);
    }
    let outputs = if outputs_of_all { slots } else { vec![x] };
    let count = outputs.len();
    (builder.finish(&outputs), (0..count).collect())
}

fn values(network: &Network, output: usize) -> Vec<f32> {
    network.output(output).pixels().flatten().copied().collect()
}

#[test]
fn buffers_that_are_used_again_change_nothing() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    for arithmetic in [Arithmetic::Float32, Arithmetic::Fastest] {
        let (mut all, _) = deep(arithmetic, true);
        let (mut last, _) = deep(arithmetic, false);
        for size in [[1, 8, 8], [3, 5, 9], [1, 8, 8], [2, 1, 1]] {
            let images = Images::random(size, 3, &mut rng);
            all.run(&images.values, size);
            last.run(&images.values, size);
            assert_eq!(values(&all, 4), values(&last, 0), "{size:?}");
        }
    }
}

#[test]
fn the_same_images_give_the_same_bits_whatever_ran_between() {
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    let (mut network, _) = deep(Arithmetic::Fastest, false);
    let images = Images::random([1, 6, 6], 3, &mut rng);
    network.run(&images.values, images.size);
    let first = values(&network, 0);
    for batch in 1..=12 {
        let others = Images::random([batch, 4, 7], 3, &mut rng);
        network.run(&others.values, others.size);
    }
    network.run(&images.values, images.size);
    assert_eq!(first, values(&network, 0));
}

#[test]
fn integers_answer_as_floats_do() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let (mut integers, _) = deep(Arithmetic::Fastest, false);
    let (mut floats, _) = deep(Arithmetic::Float32, false);
    assert_eq!(integers.integer_layers(), (5, 5));
    assert_eq!(floats.integer_layers(), (0, 5));
    let images = Images::random([2, 16, 16], 3, &mut rng);
    integers.run(&images.values, images.size);
    floats.run(&images.values, images.size);
    let found = values(&integers, 0);
    let expected = values(&floats, 0);
    let largest = expected
        .iter()
        .fold(0.0_f32, |most, value| most.max(*value));
    let gap = found.iter().zip(&expected).map(|(a, b)| (a - b).abs());
    let gap = gap.fold(0.0, f32::max);
    assert!(gap < 5e-4 * largest, "{gap} of {largest}");
}

#[test]
fn nan_and_infinity_are_kept() {
    for arithmetic in [Arithmetic::Float32, Arithmetic::Fastest] {
        for bad in [f32::NAN, f32::INFINITY] {
            let (mut network, _) = deep(arithmetic, false);
            let mut images = vec![0.5; 8 * 8 * 3];
            images[100] = bad;
            network.run(&images, [1, 8, 8]);
            assert!(
                values(&network, 0).iter().any(|value| !value.is_finite()),
                "{bad} was lost in {arithmetic:?}"
            );
        }
    }
}

#[test]
fn an_empty_image_gives_zeros_and_bias() {
    let (mut network, _) = deep(Arithmetic::Fastest, false);
    network.run(&[0.0; 4 * 4 * 3], [1, 4, 4]);
    assert!(values(&network, 0).iter().all(|value| value.is_finite()));
    network.run(&[], [0, 4, 4]);
    assert!(values(&network, 0).is_empty());
}

#[test]
#[should_panic(expected = "the kernel's input channels are the slot's")]
fn a_kernel_that_does_not_fit_is_refused() {
    let mut builder = Builder::new(3, 0);
    let image = builder.input();
    builder.conv(image, &Conv::new(&[1.0, 1.0], [1, 2, 1, 1], &[0.0]), None);
}

#[test]
#[should_panic(expected = "weights are finite")]
fn weights_that_are_not_finite_are_refused() {
    let mut builder = Builder::new(1, 0);
    let image = builder.input();
    builder.conv(image, &Conv::new(&[f32::NAN], [1, 1, 1, 1], &[0.0]), None);
}
