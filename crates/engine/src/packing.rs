//! A convolution's weights, packed in the order in which the micro-kernels read them.

use crate::conv::{Conv, Kernel, Padding};
use crate::kernel::NR;
use crate::layout::windows;
use crate::quantize::QuantizedKernel;
use std::array::from_fn;

/// The arithmetic of convolutions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Arithmetic {
    /// Integer arithmetic for convolutions whose weights are int8 times a scale per output channel,
    /// float32 for others. Activations are quantized to int16, to as many bits as can't overflow an
    /// int32 sum (12 to 16 in common networks).
    #[default]
    Fastest,
    /// float32 for all convolutions. int8 weights stay packed as int8, a quarter of the memory, and
    /// are dequantized when they are multiplied.
    Float32,
}

/// Weights in panels of [`NR`] output channels. A panel holds, kernel position by kernel position
/// and input channel by input channel, one weight of each of its output channels.
#[derive(Debug)]
pub(crate) enum Packed {
    Float(Vec<f32>),
    Integer {
        /// As above, but each output channel has the weights of two input channels together: one
        /// instruction multiplies and adds such a pair.
        weights: Vec<i8>,
        /// One scale per output channel, padded to whole panels.
        scales: Vec<f32>,
    },
}

/// A packed convolution.
#[derive(Debug)]
pub(crate) struct Layer {
    pub weights: Packed,
    /// The largest quantized activation; [`None`] where the layer is computed in float32.
    pub qmax: Option<i32>,
    /// Padded to whole panels.
    pub bias: Vec<f32>,
    /// Height and width of the kernel.
    pub window: [usize; 2],
    pub stride: usize,
    pub padding: Padding,
    pub relu: bool,
    pub panels: usize,
}

impl Layer {
    /// Packs for an input of `pixel_stride` values per pixel: channels and zeros that pad them.
    pub fn pack(conv: &Conv<'_>, pixel_stride: usize, arithmetic: Arithmetic) -> Self {
        let [output, _, height, width] = conv.shape;
        let finite = |values: &[f32]| values.iter().all(|value| value.is_finite());
        let (length, kernel_is_finite) = match conv.kernel {
            Kernel::Floats(floats) => (floats.len(), finite(floats)),
            Kernel::Integers { values, scales } => {
                assert_eq!(scales.len(), output, "a scale for each output channel");
                assert!(!values.contains(&i8::MIN), "integers are symmetric");
                (values.len(), finite(scales))
            }
        };
        let expected: usize = conv.shape.iter().product();
        assert_eq!(length, expected, "a kernel of its shape");
        assert_eq!(conv.bias.len(), output, "a bias for each output channel");
        assert!(conv.stride > 0 && height > 0 && width > 0, "a window moves");
        assert!(kernel_is_finite && finite(conv.bias), "weights are finite");
        let panels = output.div_ceil(NR);
        let mut bias = conv.bias.to_vec();
        bias.resize(panels * NR, 0.0);
        let quantized = match conv.kernel {
            Kernel::Floats(floats) => QuantizedKernel::recover(floats, output).ok_or(floats),
            Kernel::Integers { values, scales } => Ok(QuantizedKernel {
                values: values.into(),
                scales: scales.to_vec(),
            }),
        };
        let (weights, qmax) = match quantized {
            Ok(quantized) => {
                let qmax = quantized.qmax();
                let mut scales = quantized.scales;
                scales.resize(panels * NR, 0.0);
                let weights = pack(&quantized.values, conv.shape, pixel_stride, 2);
                (Packed::Integer { weights, scales }, qmax)
            }
            Err(floats) => {
                let weights = pack(floats, conv.shape, pixel_stride, 1);
                (Packed::Float(weights), None)
            }
        };
        Self {
            weights,
            qmax: qmax.filter(|_| arithmetic == Arithmetic::Fastest),
            bias,
            window: [height, width],
            stride: conv.stride,
            padding: conv.padding,
            relu: conv.relu,
            panels,
        }
    }

    /// Rows and columns of kernel positions that have an indirection entry, and how many
    /// neighboring input pixels are read from each on. Without padding at the left and right, a row
    /// of the window is contiguous in the input, and one entry serves the whole row.
    pub fn taps(&self) -> ([usize; 2], usize) {
        let [height, width] = self.window;
        if self.padding.left == 0 && self.padding.right == 0 {
            ([height, 1], width)
        } else {
            ([height, width], 1)
        }
    }

    /// Height and width of the output for an input of that height and width.
    pub fn output_size(&self, [height, width]: [usize; 2]) -> [usize; 2] {
        let (padding, [rows, columns]) = (self.padding, self.window);
        [
            windows(height + padding.top + padding.bottom, rows, self.stride),
            windows(width + padding.left + padding.right, columns, self.stride),
        ]
    }
}

/// Weights in the order of [`Packed`]: for each output channel those of `group` input channels
/// together.
fn pack<Weight: Copy + Default>(
    kernel: &[Weight],
    [output, input, height, width]: [usize; 4],
    pixel_stride: usize,
    group: usize,
) -> Vec<Weight> {
    let (panels, window) = (output.div_ceil(NR), height * width);
    let mut packed = Vec::with_capacity(panels * NR * pixel_stride * window);
    for panel in 0..panels {
        // The weights of each output channel; none for the channels that pad the last panel.
        let rows: [&[Weight]; NR] = from_fn(|lane| {
            let row = (panel * NR + lane) * input * window;
            kernel.get(row..row + input * window).unwrap_or_default()
        });
        for position in 0..window {
            for first in (0..pixel_stride).step_by(group) {
                for row in rows {
                    let channels = first..first + group;
                    let weight = |i| row.get(i * window + position).copied();
                    packed.extend(channels.map(|i| weight(i).unwrap_or_default()));
                }
            }
        }
    }
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integer_weights_are_packed_as_those_recovered_from_floats() {
        let (shape, row) = ([5, 3, 2, 3], 18);
        // The largest weight of each channel is 127, from which its scale is recovered.
        let value = |i: usize| match i % row {
            7 => -127,
            _ => (i * 37 % 253) as i32 - 126,
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
            let [given, recovered] = [integers, Kernel::from(&floats)].map(|kernel| {
                let layer = Layer::pack(&Conv::new(kernel, shape, &[0.0; 5]), 4, arithmetic);
                assert_eq!(layer.qmax.is_some(), arithmetic == Arithmetic::Fastest);
                let Packed::Integer { weights, scales } = layer.weights else {
                    panic!("weights are integers")
                };
                (weights, scales, layer.qmax)
            });
            assert_eq!(given, recovered);
        }
    }
}
