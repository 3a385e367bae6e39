//! A convolution's weights, packed in the order in which its kernel reads them.

use crate::graph::{Conv, Padding};
use crate::kernel::PANEL;

/// How convolutions are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Arithmetic {
    /// Integers where the weights are such already, floats elsewhere.
    #[default]
    Fastest,
    /// Floats throughout.
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
        /// The largest input that can't overflow the sums.
        largest: i32,
    },
}

/// A packed convolution.
#[derive(Debug)]
pub(crate) struct Layer {
    pub weights: Packed,
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
        let [output, input, height, width] = conv.shape;
        assert_eq!(
            conv.kernel.len(),
            conv.shape.iter().product(),
            "a kernel of its shape"
        );
        assert_eq!(conv.bias.len(), output, "a bias for each output channel");
        assert!(conv.stride > 0 && height > 0 && width > 0, "a window moves");
        assert!(
            conv.kernel.iter().chain(conv.bias).all(|w| w.is_finite()),
            "weights are finite"
        );
        let panels = output.div_ceil(PANEL);
        let mut bias = conv.bias.to_vec();
        bias.resize(panels * PANEL, 0.0);
        let integers = match arithmetic {
            Arithmetic::Fastest => Integers::of(conv),
            Arithmetic::Float32 => None,
        };
        let at = |o: usize, i: usize, y: usize, x: usize| {
            (o < output && i < input).then(|| ((o * input + i) * height + y) * width + x)
        };
        let count = panels * PANEL * depth * height * width;
        let weights = match integers {
            Some(Integers {
                values,
                mut scales,
                largest,
            }) => {
                let mut weights = Vec::with_capacity(count);
                for (panel, y, x) in taps(panels, height, width) {
                    for pair in 0..depth / 2 {
                        for o in panel * PANEL..(panel + 1) * PANEL {
                            let weight = |i| at(o, i, y, x).map_or(0, |at| values[at]);
                            weights.extend([weight(2 * pair), weight(2 * pair + 1)]);
                        }
                    }
                }
                scales.resize(panels * PANEL, 0.0);
                Packed::Integer {
                    weights,
                    scales,
                    largest,
                }
            }
            None => {
                let mut weights = Vec::with_capacity(count);
                for (panel, y, x) in taps(panels, height, width) {
                    for i in 0..depth {
                        for o in panel * PANEL..(panel + 1) * PANEL {
                            weights.push(at(o, i, y, x).map_or(0.0, |at| conv.kernel[at]));
                        }
                    }
                }
                Packed::Float(weights)
            }
        };
        Self {
            weights,
            bias,
            window: [height, width],
            stride: conv.stride,
            padding: conv.padding,
            relu: conv.relu,
            panels,
        }
    }

    /// Whether a row of the window can be read at once: it lies in the input without a gap.
    pub fn reads_rows(&self) -> bool {
        self.padding.left == 0 && self.padding.right == 0
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

/// How often a window fits on a length.
pub(crate) fn windows(length: usize, window: usize, stride: usize) -> usize {
    length
        .checked_sub(window)
        .map_or(0, |room| room / stride + 1)
}

fn taps(panels: usize, height: usize, width: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    (0..panels).flat_map(move |panel| {
        (0..height).flat_map(move |y| (0..width).map(move |x| (panel, y, x)))
    })
}

/// A kernel as integers with a scale for each output channel.
struct Integers {
    values: Vec<i8>,
    scales: Vec<f32>,
    largest: i32,
}

impl Integers {
    /// None where some weight is no integer of its channel's scale: float32 has 24 bits, and an
    /// integer of 8 bits times a scale misses it by less than this share of the scale.
    const ROUNDING: f32 = 1e-3;

    fn of(conv: &Conv<'_>) -> Option<Self> {
        let row = conv.kernel.len() / conv.shape[0];
        let mut values = Vec::with_capacity(conv.kernel.len());
        let mut scales = Vec::with_capacity(conv.shape[0]);
        // The largest sum of absolute weights of a channel: what an input of 1 comes to at most.
        let mut most = 1_i64;
        for channel in conv.kernel.chunks(row) {
            let largest = channel.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
            let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
            for weight in channel {
                let value = weight / scale;
                if (value - value.round()).abs() > Self::ROUNDING {
                    return None;
                }
                values.push(value.round() as i8);
            }
            let sum: i64 = values[values.len() - row..]
                .iter()
                .map(|&value| i64::from(value).abs())
                .sum();
            most = most.max(sum);
            scales.push(scale);
        }
        let largest = (i64::from(i32::MAX) / most).min(i64::from(i16::MAX));
        let largest = i32::try_from(largest).ok()?;
        // Fewer bits than these would show; no layer of a common network comes near.
        (largest >= 1 << 10).then_some(Self {
            values,
            scales,
            largest,
        })
    }
}
