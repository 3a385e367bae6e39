//! A convolution's weights, packed in the order in which its kernel reads them.

use crate::graph::{Conv, Kernel, Padding};
use crate::kernel::{self, PANEL};
use std::array::from_fn;
use std::borrow::Cow;

/// How convolutions are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Arithmetic {
    /// Integers where the weights are such already, floats elsewhere.
    #[default]
    Fastest,
    /// Floats throughout. Weights that are integers are kept as such, a quarter of the memory, and
    /// become floats where they are multiplied.
    Float32,
}

/// Weights by panels of [`PANEL`] output channels: for each panel, tap after tap of the window,
/// input channel after input channel, the panel's outputs.
#[derive(Debug)]
pub(crate) enum Packed {
    Float(Vec<f32>),
    /// Two input channels after each other for each output, since that is what one instruction
    /// multiplies and adds.
    Integer {
        weights: Vec<i8>,
        /// What an integer stands for, for each output channel, padded to whole panels.
        scales: Vec<f32>,
    },
}

/// A packed convolution.
#[derive(Debug)]
pub(crate) struct Layer {
    pub weights: Packed,
    /// The largest integer of the input that can't overflow the sums; none where they are floats.
    pub bound: Option<i32>,
    /// Padded to whole panels.
    pub bias: Vec<f32>,
    /// Height and width.
    pub window: [usize; 2],
    pub stride: usize,
    pub padding: Padding,
    pub relu: bool,
    pub panels: usize,
}

impl Layer {
    /// `depth` is how many numbers the input has for each pixel, zeros behind its channels.
    pub fn pack(conv: &Conv<'_>, depth: usize, arithmetic: Arithmetic) -> Self {
        let [output, _, height, width] = conv.shape;
        let (count, finite) = match conv.kernel {
            Kernel::Floats(floats) => (floats.len(), finite(floats)),
            Kernel::Integers { values, scales } => {
                assert_eq!(scales.len(), output, "a scale for each output channel");
                assert!(!values.contains(&i8::MIN), "integers are symmetric");
                (values.len(), finite(scales))
            }
        };
        let whole: usize = conv.shape.iter().product();
        assert_eq!(count, whole, "a kernel of its shape");
        assert_eq!(conv.bias.len(), output, "a bias for each output channel");
        assert!(conv.stride > 0 && height > 0 && width > 0, "a window moves");
        assert!(finite && self::finite(conv.bias), "weights are finite");
        let panels = output.div_ceil(PANEL);
        let mut bias = conv.bias.to_vec();
        bias.resize(panels * PANEL, 0.0);
        let integers = match conv.kernel {
            Kernel::Floats(floats) => Integers::of(floats, output).ok_or(floats),
            Kernel::Integers { values, scales } => Ok(Integers {
                values: values.into(),
                scales: scales.to_vec(),
            }),
        };
        let (weights, bound) = match integers {
            Ok(integers) => {
                let bound = integers.bound();
                let mut scales = integers.scales;
                scales.resize(panels * PANEL, 0.0);
                let weights = packed(&integers.values, conv.shape, depth, 2);
                (Packed::Integer { weights, scales }, bound)
            }
            Err(floats) => (Packed::Float(packed(floats, conv.shape, depth, 1)), None),
        };
        Self {
            weights,
            bound: bound.filter(|_| arithmetic == Arithmetic::Fastest),
            bias,
            window: [height, width],
            stride: conv.stride,
            padding: conv.padding,
            relu: conv.relu,
            panels,
        }
    }

    /// Rows and columns of the window at which reading begins anew, and how many pixels are read
    /// from each: a whole row of the window where it lies in the input without a gap.
    pub fn taps(&self) -> ([usize; 2], usize) {
        let [height, width] = self.window;
        if self.padding.left == 0 && self.padding.right == 0 {
            ([height, 1], width)
        } else {
            ([height, width], 1)
        }
    }

    /// Height and width of what comes out of a picture of that size.
    pub fn output(&self, [height, width]: [usize; 2]) -> [usize; 2] {
        let Padding {
            top,
            left,
            bottom,
            right,
        } = self.padding;
        [
            windows(height + top + bottom, self.window[0], self.stride),
            windows(width + left + right, self.window[1], self.stride),
        ]
    }
}

fn finite(values: &[f32]) -> bool {
    values.iter().all(|value| value.is_finite())
}

/// How often a window fits on a length.
pub(crate) fn windows(length: usize, window: usize, stride: usize) -> usize {
    length
        .checked_sub(window)
        .map_or(0, |room| room / stride + 1)
}

/// Weights in the order of [`Packed`], `together` input channels after each other for each output.
fn packed<Weight: Copy + Default>(
    kernel: &[Weight],
    [output, input, height, width]: [usize; 4],
    depth: usize,
    together: usize,
) -> Vec<Weight> {
    let (panels, window) = (output.div_ceil(PANEL), height * width);
    let mut packed = Vec::with_capacity(panels * PANEL * depth * window);
    for panel in 0..panels {
        // Those of the panel's outputs; none for one that is there to make it whole.
        let rows: [&[Weight]; PANEL] = from_fn(|lane| {
            let row = (panel * PANEL + lane) * input * window;
            kernel.get(row..row + input * window).unwrap_or_default()
        });
        for tap in 0..window {
            for first in (0..depth).step_by(together) {
                for row in rows {
                    let channels = first..first + together;
                    let weight = |i| row.get(i * window + tap).copied().unwrap_or_default();
                    packed.extend(channels.map(weight));
                }
            }
        }
    }
    packed
}

/// A kernel as integers with a scale for each output channel.
struct Integers<'a> {
    values: Cow<'a, [i8]>,
    scales: Vec<f32>,
}

impl Integers<'_> {
    /// None where some weight is no integer of its channel's scale: float32 has 24 bits, and an
    /// integer of 8 bits times a scale misses it by less than this share of the scale.
    const ROUNDING: f32 = 1e-3;

    /// At this size a float32 has no binary places left: adding it rounds, ties to even, and for a
    /// whole network that is a tenth of a second faster than a call for each weight.
    const WHOLE: f32 = 12_582_912.0;

    fn of(kernel: &[f32], output: usize) -> Option<Self> {
        let row = kernel.len() / output;
        let mut values = Vec::with_capacity(kernel.len());
        let mut scales = Vec::with_capacity(output);
        for channel in kernel.chunks(row) {
            let largest = kernel::largest(channel);
            let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
            let inverse = 1.0 / scale;
            let mut whole = true;
            values.extend(channel.iter().map(|weight| {
                let exact = weight * inverse;
                let rounded = (exact + Self::WHOLE) - Self::WHOLE;
                whole &= (exact - rounded).abs() <= Self::ROUNDING;
                rounded as i8
            }));
            if !whole {
                return None;
            }
            scales.push(scale);
        }
        let values = values.into();
        Some(Self { values, scales })
    }

    /// The largest input that can't overflow the sums, at most what 16 bits hold. None below 10 bits,
    /// which would show; no layer of a common network comes near.
    fn bound(&self) -> Option<i32> {
        // What an input of 1 comes to at most.
        let sum = |channel: &[i8]| channel.iter().map(|w| u32::from(w.unsigned_abs())).sum();
        let channels = self.values.chunks(self.values.len() / self.scales.len());
        let most: u32 = channels.map(sum).fold(1, u32::max);
        let largest = (i32::MAX as u32 / most).min(i16::MAX as u32) as i32;
        (largest >= 1 << 10).then_some(largest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_that_are_given_are_packed_as_those_that_are_found_in_floats() {
        let (shape, row) = ([5, 3, 2, 3], 18);
        // The largest of each channel is 127, by which its scale is found.
        let value = |i: usize| {
            if i % row == 7 {
                -127
            } else {
                (i * 37 % 253) as i32 - 126
            }
        };
        let values: Vec<i8> = (0..90).map(|i| value(i) as i8).collect();
        let scales = [0.5, 0.25, 2.0, 1.0, 0.125];
        let floats: Vec<f32> = (0..90)
            .map(|i| f32::from(values[i]) * scales[i / row])
            .collect();
        let integers = Kernel::Integers {
            values: &values,
            scales: &scales,
        };
        for arithmetic in [Arithmetic::Fastest, Arithmetic::Float32] {
            let [given, found] = [integers, Kernel::from(&floats)].map(|kernel| {
                let layer = Layer::pack(&Conv::new(kernel, shape, &[0.0; 5]), 4, arithmetic);
                assert_eq!(layer.bound.is_some(), arithmetic == Arithmetic::Fastest);
                let Packed::Integer { weights, scales } = layer.weights else {
                    panic!("weights are integers")
                };
                (weights, scales, layer.bound)
            });
            assert_eq!(given, found);
        }
    }
}
