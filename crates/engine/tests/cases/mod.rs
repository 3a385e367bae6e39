//! Random networks and images, and what operations are defined to give for them, in float64: shared by
//! the tests of the CPU, of a GPU and of Winograd's minimal filtering.
#![allow(dead_code)] // Not every test that includes this file needs all of it.

use super::{Builder, Conv, Cut, Kernel, Output, Padding, Slot};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use std::fmt::Debug;

/// Images as `[batch, height, width, channels]`.
#[derive(Debug, PartialEq)]
pub struct Images {
    pub size: [usize; 3],
    pub channels: usize,
    pub values: Vec<f32>,
}

impl Images {
    pub fn random(size: [usize; 3], channels: usize, rng: &mut ChaCha8Rng) -> Self {
        let count = size.iter().product::<usize>() * channels;
        Self {
            size,
            channels,
            values: random(count, rng),
        }
    }

    /// Zero in the padding.
    pub fn at(&self, n: usize, y: isize, x: isize, channel: usize) -> f64 {
        let [_, height, width] = self.size;
        match (usize::try_from(y), usize::try_from(x)) {
            (Ok(y), Ok(x)) if y < height && x < width => {
                f64::from(self.values[((n * height + y) * width + x) * self.channels + channel])
            }
            _ => 0.0,
        }
    }

    /// One pixel for each window, with `value(n, y, x, channel)` in each of its channels.
    pub fn map(
        &self,
        [rows, columns]: [usize; 2],
        stride: usize,
        padding: Padding,
        channels: usize,
        value: impl Fn(usize, usize, usize, usize) -> f64,
    ) -> Self {
        let [batch, height, width] = self.size;
        let windows = |length: usize, window| (length + stride).saturating_sub(window) / stride;
        let height = windows(height + padding.top + padding.bottom, rows);
        let width = windows(width + padding.left + padding.right, columns);
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

    /// The definition of a convolution.
    pub fn conv(&self, conv: &Conv<'_>, residual: Option<&Self>) -> Self {
        let [output, input, rows, columns] = conv.shape;
        let Kernel::Floats(kernel) = conv.kernel else {
            panic!("floats are the definition");
        };
        let (stride, padding) = (conv.stride, conv.padding);
        self.map([rows, columns], stride, padding, output, |n, y, x, o| {
            let mut sum = f64::from(conv.bias[o]);
            for i in 0..input {
                for row in 0..rows {
                    for column in 0..columns {
                        let weight = kernel[((o * input + i) * rows + row) * columns + column];
                        let y = (y * stride + row) as isize - padding.top as isize;
                        let x = (x * stride + column) as isize - padding.left as isize;
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

impl From<Output<'_>> for Images {
    fn from(output: Output<'_>) -> Self {
        let values: Vec<f32> = output.pixels().flatten().copied().collect();
        let (height, width, channels) = (output.height, output.width, output.channels);
        let batch = values.len() / (height * width * channels).max(1);
        Self {
            size: [batch, height, width],
            channels,
            values,
        }
    }
}

/// A convolution of images of one size, with a residual: the same convolution.
#[derive(Debug)]
pub struct Case {
    pub size: [usize; 3],
    pub shape: [usize; 4],
    pub stride: usize,
    pub padding: Padding,
    /// Of the sum, and of the residual.
    pub relu: [bool; 2],
}

impl Case {
    /// Kernels of all sides, also larger than the image; channels that fill panels and that don't; large
    /// images; as many channels and pixels as Winograd's minimal filtering wants.
    pub fn all() -> Vec<Self> {
        let mut cases = Vec::new();
        for size in [[1, 9, 7], [2, 5, 8], [3, 1, 1], [1, 13, 4]] {
            for window in [[1, 1], [3, 3], [2, 2], [1, 3], [7, 7], [2, 5]] {
                for channels in [[8, 3], [3, 8], [20, 5], [33, 16]] {
                    for padding in [
                        Padding::default(),
                        Padding::all(3),
                        Padding::same(window[0]),
                    ] {
                        cases.extend([1, 2].map(|s| (size, channels, window, s, padding)));
                    }
                }
            }
        }
        for (size, channels, side) in [
            ([1, 61, 67], [36, 5], 1),
            ([3, 40, 37], [36, 5], 3),
            ([1, 9, 11], [72, 72], 3),
            ([2, 1, 40], [72, 72], 3),
            ([3, 8, 6], [72, 72], 3),
        ] {
            cases.push((size, channels, [side; 2], 1, Padding::same(side)));
        }
        let cases = cases.into_iter().enumerate();
        let cases = cases.map(|(index, (size, [o, i], [h, w], stride, padding))| Self {
            size,
            shape: [o, i, h, w],
            stride,
            padding,
            relu: [index % 2 == 0, index % 3 == 0],
        });
        cases.collect()
    }

    /// Adds the sum and the residual.
    pub fn build(&self, builder: &mut Builder, kernel: &[f32], bias: &[f32]) -> Vec<Slot> {
        let [sum, residual] = self.convs(kernel, bias);
        let image = builder.input();
        let residual = builder.conv(image, &residual, None);
        vec![builder.conv(image, &sum, Some(residual)), residual]
    }

    pub fn convs<'a>(&self, kernel: &'a [f32], bias: &'a [f32]) -> [Conv<'a>; 2] {
        self.relu.map(|relu| Conv {
            stride: self.stride,
            padding: self.padding,
            relu,
            ..Conv::new(kernel, self.shape, bias)
        })
    }
}

/// Numbers from -1 to 1.
pub fn random(count: usize, rng: &mut ChaCha8Rng) -> Vec<f32> {
    let number = || rng.random::<f32>() * 2.0 - 1.0;
    std::iter::repeat_with(number).take(count).collect()
}

/// A kernel of weights times a scale per output channel: weights of int8, or between them.
pub fn kernel(shape: [usize; 4], integers: bool, rng: &mut ChaCha8Rng) -> Vec<f32> {
    let row: usize = shape[1..].iter().product();
    let mut kernel = Vec::new();
    for _ in 0..shape[0] {
        let scale = rng.random::<f32>() * 0.01 + 0.001;
        // The largest weight is 127 times the scale, from which the scale is recovered.
        kernel.push(127.0 * scale);
        kernel.extend((1..row).map(|_| {
            let value = rng.random::<f32>() * 254.0 - 127.0;
            scale * if integers { value.round() } else { value }
        }));
    }
    kernel
}

/// Sizes of images, and windows and strides of poolings, each of which is run with each.
pub const POOLED: [[usize; 3]; 4] = [[2, 7, 5], [1, 9, 4], [3, 4, 4], [1, 2, 2]];
pub const POOLINGS: [(usize, usize); 3] = [(3, 2), (2, 2), (2, 1)];

/// Adds a mean pooling and a max pooling of the input.
pub fn poolings(builder: &mut Builder, window: usize, stride: usize) -> Vec<Slot> {
    let image = builder.input();
    vec![
        builder.mean_pool(image, window, stride),
        builder.max_pool(image, window, stride),
    ]
}

/// Adds a few layers with a residual, as deep as buffers begin to be used again, by more channels and by
/// fewer. Returns the last, or all.
pub fn deep(builder: &mut Builder, all: bool) -> Vec<Slot> {
    let mut rng = rng(3);
    let mut x = builder.input();
    let mut slots = Vec::new();
    for (index, [input, output]) in [[3, 24], [24, 8], [8, 8], [8, 40], [40, 5]]
        .into_iter()
        .enumerate()
    {
        let shape = [output, input, 3, 3];
        let (weights, bias) = (kernel(shape, true, &mut rng), random(output, &mut rng));
        let conv = Conv {
            padding: Padding::all(1),
            relu: true,
            ..Conv::new(&weights, shape, &bias)
        };
        x = builder.conv(x, &conv, (index == 2).then_some(x));
        slots.push(x);
    }
    if all { slots } else { vec![x] }
}

/// Two residual blocks: an identity block whose residual is its input, and one whose residual is a
/// convolution of it.
pub struct Blocks([Layer; 6]);

/// A convolution of 3 x 3.
struct Layer {
    kernel: Vec<f32>,
    bias: Vec<f32>,
    shape: [usize; 4],
    relu: bool,
}

impl Blocks {
    pub fn random(integers: bool, rng: &mut ChaCha8Rng) -> Self {
        // The stem; branch and sum of the first block; residual, branch and sum of the second.
        let layers = [
            ([12, 3], true),
            ([8, 12], true),
            ([12, 8], true),
            ([20, 12], false),
            ([8, 12], true),
            ([20, 8], true),
        ];
        Self(layers.map(|([output, input], relu)| {
            let shape = [output, input, 3, 3];
            Layer {
                kernel: kernel(shape, integers, rng),
                bias: random(output, rng),
                shape,
                relu,
            }
        }))
    }

    fn convs(&self) -> [Conv<'_>; 6] {
        self.0.each_ref().map(|layer| Conv {
            padding: Padding::all(1),
            relu: layer.relu,
            ..Conv::new(&layer.kernel, layer.shape, &layer.bias)
        })
    }

    /// Adds them. Returns the results of the convolutions, of which the third and the last are sums.
    pub fn build(&self, builder: &mut Builder) -> Vec<Slot> {
        let [stem, a, first, shortcut, b, second] = self.convs();
        let x = builder.conv(builder.input(), &stem, None);
        let a = builder.conv(x, &a, None);
        let y = builder.conv(a, &first, Some(x));
        let shortcut = builder.conv(y, &shortcut, None);
        let b = builder.conv(y, &b, None);
        let z = builder.conv(b, &second, Some(shortcut));
        vec![x, a, y, shortcut, b, z]
    }

    /// Sixteen selections of cuts of the two sums, each with what is left of both: branch and residual.
    pub fn cuts(slots: &[Slot]) -> Vec<(Vec<Cut>, [[bool; 2]; 2])> {
        let all = [
            Cut::Branch(slots[2]),
            Cut::Residual(slots[2]),
            Cut::Branch(slots[5]),
            Cut::Residual(slots[5]),
        ];
        let selections = (0..16).map(|bits| {
            let is_cut = |at: usize| (bits >> at) & 1 == 1;
            let cuts = all.iter().enumerate().filter(|(at, _)| is_cut(*at));
            let left = [[0, 1], [2, 3]].map(|pair| pair.map(|at| !is_cut(at)));
            (cuts.map(|(_, cut)| *cut).collect(), left)
        });
        selections.collect()
    }

    /// The definition of the two sums, with what is left of them.
    pub fn sums(&self, images: &Images, left: [[bool; 2]; 2]) -> [Images; 2] {
        let [stem, a, first, shortcut, b, second] = self.convs();
        let sum =
            |conv: &Conv<'_>, input: &Images, residual: &Images, [branch, kept]: [bool; 2]| {
                if branch {
                    return input.conv(conv, kept.then_some(residual));
                }
                let values = residual
                    .values
                    .iter()
                    .map(|v| if kept { v.max(0.0) } else { 0.0 });
                Images {
                    size: residual.size,
                    channels: residual.channels,
                    values: values.collect(),
                }
            };
        let x = images.conv(&stem, None);
        let y = sum(&first, &x.conv(&a, None), &x, left[0]);
        let z = sum(
            &second,
            &y.conv(&b, None),
            &y.conv(&shortcut, None),
            left[1],
        );
        [y, z]
    }
}

/// Images with a value that is not finite.
pub fn not_finite() -> [(f32, Images); 2] {
    [f32::NAN, f32::INFINITY].map(|bad| {
        let mut images = Images::random([1, 8, 8], 3, &mut rng(4));
        images.values[100] = bad;
        (bad, images)
    })
}

pub fn rng(seed: u64) -> ChaCha8Rng {
    rand::SeedableRng::seed_from_u64(seed)
}

/// Holds values to what is expected, within a share of the largest expected one.
pub fn compare(found: &Images, expected: &Images, tolerance: f32, what: impl Debug) {
    assert_eq!(found.size[1..], expected.size[1..], "{what:?}");
    assert_eq!(found.channels, expected.channels, "{what:?}");
    assert_eq!(found.values.len(), expected.values.len(), "{what:?}");
    let largest = expected
        .values
        .iter()
        .fold(0.0_f32, |most, v| most.max(v.abs()));
    for (at, (found, expected)) in found.values.iter().zip(&expected.values).enumerate() {
        assert!(
            (found - expected).abs() <= tolerance * largest,
            "{what:?}: {found} at {at}, not {expected}"
        );
    }
}
