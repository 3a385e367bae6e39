//! The kernels against sums that are written down as they are defined.

use super::*;

/// A convolution of five pixels with two taps, and what it must come to.
struct Case {
    table: Vec<u32>,
    depth: usize,
    outputs: usize,
}

impl Case {
    const TAPS: usize = 2;

    fn new(outputs: usize) -> Self {
        let tiles = (0..outputs).step_by(TILE).map(|first| {
            let tile = first..outputs.min(first + TILE);
            (0..Self::TAPS).flat_map(move |tap| {
                tile.clone()
                    .map(move |output| Self::pixel(output, tap) as u32)
            })
        });
        Self {
            table: tiles.flatten().collect(),
            depth: 8,
            outputs,
        }
    }

    /// The pixel that an output reads at a tap.
    fn pixel(output: usize, tap: usize) -> usize {
        (output * 7 + tap * 3) % 12
    }

    fn floats(&self) -> Vec<f32> {
        let values = 0..12 * self.depth;
        values.map(|i| ((i * 37 % 19) as f32) - 9.0).collect()
    }

    /// Weights of so many panels.
    fn integers(&self, panels: usize) -> Vec<i8> {
        let values = 0..panels * PANEL * Self::TAPS * self.depth;
        values
            .map(|i| ((i * 53 % 255) as i32 - 127) as i8)
            .collect()
    }

    /// A number of the input stands for `together` channels.
    fn job<'a, Number>(&'a self, input: &'a [Number], together: usize) -> Job<'a, Number> {
        Job {
            input,
            depth: self.depth / together,
            run: self.depth / together,
            taps: Self::TAPS,
            table: &self.table,
        }
    }
}

fn floats_are_right<K: Kernel<Number = f32, Weight = f32, Sum = f32>>() {
    for outputs in 1..=2 * TILE + 1 {
        let case = Case::new(outputs);
        let input = case.floats();
        let weights = 2 * PANEL * Case::TAPS * case.depth;
        let weights: Vec<f32> = (0..weights)
            .map(|i| ((i * 53 % 23) as f32) - 11.0)
            .collect();
        let mut output = vec![0.0; outputs * 2 * PANEL];
        let bias: Vec<f32> = (0..2 * PANEL).map(|o| o as f32).collect();
        convolve::<K>(
            &case.job(&input, 1),
            &weights,
            &mut Target {
                bias: &bias,
                relu: false,
                depth: 2 * PANEL,
                residual: None,
                output: &mut output,
            },
            |_, sums| *sums,
        );
        for (at, found) in output.iter().enumerate() {
            let (pixel, channel) = (at / (2 * PANEL), at % (2 * PANEL));
            let (panel, lane) = (channel / PANEL, channel % PANEL);
            let mut sum = bias[channel];
            for tap in 0..Case::TAPS {
                for i in 0..case.depth {
                    let weight = ((panel * Case::TAPS + tap) * case.depth + i) * PANEL + lane;
                    sum += input[Case::pixel(pixel, tap) * case.depth + i] * weights[weight];
                }
            }
            assert_eq!(*found, sum, "output {at} of {}", case.outputs);
        }
    }
}

/// Sums of floats whose weights are packed as integers.
fn widened_floats_are_right<K: Kernel<Number = f32, Weight = f32, Sum = f32>>() {
    let mut scratch = Scratch::default();
    for outputs in 1..=2 * TILE + 1 {
        let case = Case::new(outputs);
        let input = case.floats();
        let weights = case.integers(2);
        let scales: Vec<f32> = (0..2 * PANEL).map(|o| 0.5 + o as f32).collect();
        let mut output = vec![0.0; outputs * 2 * PANEL];
        convolve_widened::<K>(
            &case.job(&input, 1),
            (&weights, &scales),
            &mut scratch,
            &mut Target {
                bias: &[0.25; 2 * PANEL],
                relu: false,
                depth: 2 * PANEL,
                residual: None,
                output: &mut output,
            },
        );
        for (at, found) in output.iter().enumerate() {
            let (pixel, channel) = (at / (2 * PANEL), at % (2 * PANEL));
            let (panel, lane) = (channel / PANEL, channel % PANEL);
            let mut sum = 0.0;
            for tap in 0..Case::TAPS {
                for i in 0..case.depth {
                    let pair = ((panel * Case::TAPS + tap) * case.depth + i) / 2;
                    let weight = f32::from(weights[pair * 2 * PANEL + 2 * lane + i % 2]);
                    sum += input[Case::pixel(pixel, tap) * case.depth + i] * weight;
                }
            }
            let expected = sum * scales[channel] + 0.25;
            assert_eq!(*found, expected, "output {at} of {}", case.outputs);
        }
    }
}

fn integers_are_right<K: Kernel<Number = i32, Weight = i8, Sum = i32>>() {
    for outputs in 1..=2 * TILE + 1 {
        let case = Case::new(outputs);
        let halves: Vec<i16> = (0..12 * case.depth)
            .map(|i| (i * 977 % 4001) as i16 - 2000)
            .collect();
        let pairs = halves.as_chunks::<2>().0.iter();
        let pairs: Vec<i32> = pairs
            .map(|[a, b]| (i32::from(*a) & 0xffff) | (i32::from(*b) << 16))
            .collect();
        let weights = case.integers(1);
        let mut output = vec![0.0; outputs * PANEL];
        convolve::<K>(
            &case.job(&pairs, 2),
            &weights,
            &mut Target {
                bias: &[0.0; PANEL],
                relu: true,
                depth: PANEL,
                residual: None,
                output: &mut output,
            },
            |_, sums| sums.map(|sum| sum as f32),
        );
        for (at, found) in output.iter().enumerate() {
            let (pixel, lane) = (at / PANEL, at % PANEL);
            let mut sum = 0;
            for tap in 0..Case::TAPS {
                for i in 0..case.depth {
                    let weight = (tap * case.depth / 2 + i / 2) * 2 * PANEL + 2 * lane + i % 2;
                    let value = halves[Case::pixel(pixel, tap) * case.depth + i];
                    sum += i32::from(value) * i32::from(weights[weight]);
                }
            }
            assert_eq!(*found, sum.max(0) as f32, "output {at} of {}", case.outputs);
        }
    }
}

#[test]
fn portable_kernels_are_right() {
    floats_are_right::<portable::Float>();
    widened_floats_are_right::<portable::Float>();
    integers_are_right::<portable::Integer>();
}

#[cfg(target_arch = "aarch64")]
#[test]
fn neon_kernels_are_right() {
    integers_are_right::<neon::Integer>();
}

#[test]
#[cfg(target_arch = "x86_64")]
fn avx2_kernels_are_right() {
    if avx2::is_there() {
        floats_are_right::<avx2::Float>();
        widened_floats_are_right::<avx2::Float>();
        integers_are_right::<avx2::Integer>();
    } else {
        println!("skipped: this processor has no AVX2");
    }
}

#[test]
fn rounding_is_the_same_in_every_kernel() {
    let values = [0.5, 1.5, -0.5, -1.5, 2.4, -2.6, 32767.4, -3.0];
    let mut found = [0; 4];
    round(&values, 1.0, &mut found);
    let mut expected = [0; 4];
    portable::round(&values, 1.0, &mut expected);
    assert_eq!(found, expected);
    let halves = found.map(|pair| [pair as i16, (pair >> 16) as i16]);
    assert_eq!(halves, [[0, 2], [0, -2], [2, -3], [32767, -3]]);
}

#[test]
fn widening_is_the_same_in_every_kernel() {
    let weights: Vec<i8> = (0..6 * PANEL).map(|i| (i * 67 % 256) as u8 as i8).collect();
    let [mut found, mut expected] = [(); 2].map(|()| vec![0.5; 6 * PANEL]);
    widen(&weights, &mut found);
    portable::widen(&weights, &mut expected);
    assert_eq!(found, expected);
    let value = |i: usize, lane: usize| f32::from(weights[(i / 2 * PANEL + lane) * 2 + i % 2]);
    let defined = (0..6).flat_map(|i| (0..PANEL).map(move |lane| value(i, lane)));
    assert_eq!(found, defined.collect::<Vec<f32>>());
}

#[test]
fn the_largest_value_is_not_lost_when_it_is_no_number() {
    let mut values = vec![0.25; 37];
    values[3] = -2.0;
    assert_eq!(largest(&values), 2.0);
    values[36] = f32::INFINITY;
    assert_eq!(largest(&values), f32::INFINITY);
    values[17] = f32::NAN;
    assert!(largest(&values).is_nan());
    assert_eq!(largest(&[]), 0.0);
}
