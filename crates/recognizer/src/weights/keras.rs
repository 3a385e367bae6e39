//! How Keras arranges kernels, and what its networks expect of pixels.

use super::tensor::{HostTensor, Tensors};
use crate::error::{Error, Result};

/// The means that Keras' ImageNet convention subtracts from pixels in 0 to 255: blue, green, red.
pub const MEANS_BGR: [f64; 3] = [103.939, 116.779, 123.68];

/// What a network's first convolution expects: each of its channels is `scale` times one of red, green and blue in 0
/// to 1, plus `offset`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pixels {
    /// For each channel of the network, which of red (0), green (1) and blue (2) it is.
    pub channels: [usize; 3],
    /// For each channel of the network, the factor.
    pub scale: [f64; 3],
    /// For each channel of the network, what is added.
    pub offset: [f64; 3],
}

impl Pixels {
    /// Signet's own: RGB in 0 to 1.
    pub const UNIT_RGB: Self = Self {
        channels: [0, 1, 2],
        scale: [1.0; 3],
        offset: [0.0; 3],
    };

    /// Keras' for ImageNet: BGR in 0 to 255 less [`MEANS_BGR`].
    pub const CAFFE_BGR: Self = Self {
        channels: [2, 1, 0],
        scale: [255.0; 3],
        offset: [-MEANS_BGR[0], -MEANS_BGR[1], -MEANS_BGR[2]],
    };

    /// Whether folding is exact. With an offset it is but for the border: zero padding then stands for black, and for
    /// the color that the offset moves to zero before.
    pub fn is_exact(&self) -> bool {
        self.offset == [0.0; 3]
    }

    /// Folds this convention into the first convolution, which takes RGB in 0 to 1 then: with x' = scale x + offset,
    /// sum k x' = sum (scale k) x + sum k offset.
    ///
    /// # Errors
    ///
    /// [`Error::WeightsMissingTensor`] and [`Error::WeightsShape`] where there is no such convolution.
    pub fn fold(&self, tensors: &mut Tensors) -> Result<()> {
        let missing = |name: &str| Error::WeightsMissingTensor { name: name.into() };
        let [kernel_name, bias_name] = ["conv1.kernel", "conv1.bias"];
        let kernel = tensors
            .get_mut(kernel_name)
            .ok_or_else(|| missing(kernel_name))?;
        let &[output, 3, h, w] = kernel.shape.as_slice() else {
            return Err(Error::WeightsShape {
                name: kernel_name.into(),
                expected: "[filters, 3, height, width]".into(),
                found: format!("{:?}", kernel.shape),
            });
        };
        let taps = h * w;
        let mut shift = vec![0.0_f64; output];
        for (filter, shift) in kernel.floats_mut().chunks_mut(3 * taps).zip(&mut shift) {
            let before = filter.to_vec();
            for (at, channel) in before.chunks(taps).enumerate() {
                let offset = self.offset[at];
                *shift += channel.iter().map(|&k| f64::from(k) * offset).sum::<f64>();
                let to = &mut filter[self.channels[at] * taps..][..taps];
                let scaled = channel.iter().map(|&k| k * self.scale[at] as f32);
                to.iter_mut().zip(scaled).for_each(|(to, k)| *to = k);
            }
        }
        let bias = tensors
            .get_mut(bias_name)
            .ok_or_else(|| missing(bias_name))?;
        for (bias, shift) in bias.floats_mut().iter_mut().zip(shift) {
            *bias = (f64::from(*bias) + shift) as f32;
        }
        Ok(())
    }
}

/// A tensor of Keras in the arrangement of this project: `[height, width, input, output]` becomes `[output, input,
/// height, width]`, `[input, output]` becomes `[output, input]`, and others stay. The values fit the shape.
pub fn tensor(shape: &[usize], values: Vec<f32>) -> HostTensor {
    match *shape {
        [h, w, i, o] => HostTensor::new(vec![o, i, h, w], output_first(&values, [h * w, i, o])),
        [i, o] => HostTensor::new(vec![o, i], output_first(&values, [1, i, o])),
        _ => HostTensor::new(shape.to_vec(), values),
    }
}

/// The reverse of [`tensor`]: a tensor's shape as Keras arranges it.
pub fn shape_of(tensor: &HostTensor) -> Vec<usize> {
    match tensor.shape[..] {
        [o, i, h, w] => vec![h, w, i, o],
        [o, i] => vec![i, o],
        _ => tensor.shape.clone(),
    }
}

/// The reverse of [`tensor`]: a tensor's values as Keras arranges them.
pub fn floats_of(tensor: &HostTensor) -> Vec<f32> {
    let values = tensor.floats();
    match tensor.shape[..] {
        [o, i, h, w] => output_last(&values, [h * w, i, o]),
        [o, i] => output_last(&values, [1, i, o]),
        _ => values.into_owned(),
    }
}

/// `[taps, input, output]` to `[output, input, taps]`.
fn output_first(data: &[f32], [taps, input, output]: [usize; 3]) -> Vec<f32> {
    let at = |o, i, tap| data[(tap * input + i) * output + o];
    (0..output)
        .flat_map(|o| (0..input).flat_map(move |i| (0..taps).map(move |tap| at(o, i, tap))))
        .collect()
}

/// `[output, input, taps]` to `[taps, input, output]`.
fn output_last(data: &[f32], [taps, input, output]: [usize; 3]) -> Vec<f32> {
    let at = |tap, i, o| data[(o * input + i) * taps + tap];
    (0..taps)
        .flat_map(|tap| (0..input).flat_map(move |i| (0..output).map(move |o| at(tap, i, o))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrangement_comes_back() {
        for shape in [vec![3, 2, 4, 5], vec![4, 5], vec![7]] {
            let count: usize = shape.iter().product();
            let values: Vec<f32> = (0..count).map(|n| n as f32).collect();
            let tensor = tensor(&shape, values.clone());
            assert_eq!((shape_of(&tensor), floats_of(&tensor)), (shape, values));
        }
        // The kernel of output 1, input 0, row 2, column 1.
        let values = (0..120).map(|n: u16| n.into()).collect();
        let tensor = tensor(&[3, 2, 4, 5], values);
        assert_eq!(tensor.shape, [5, 4, 3, 2]);
        assert_eq!(
            tensor.floats()[4 * 6 + 2 * 2 + 1],
            f32::from(5_u8 * 4 * 5 + 1)
        );
    }
}
