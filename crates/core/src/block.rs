//! The blocks of the network as burn modules: convolution with batch norm, identity block,
//! convolutional block.

use crate::operations::{self, relu};
use crate::parameters::ParameterSource;
use burn::module::{Module, Param, RunningState};
use burn::nn::{BatchNorm, PaddingConfig2d, conv::Conv2d};
use burn::tensor::{Device, Tensor, s};
use signet_recognizer::{BlockLayers, Border, ConvLayer, EPSILON};

/// A convolution with bias, and its batch norm unless that is folded into it.
#[derive(Module, Debug)]
pub struct ConvNorm {
    /// The convolution.
    pub conv: Conv2d,
    /// The batch norm; none in a folded network.
    pub norm: Option<BatchNorm>,
}

impl ConvNorm {
    /// Takes the layer's tensors out of `source`.
    pub(crate) fn load(layer: &ConvLayer, source: &mut ParameterSource, device: &Device) -> Self {
        let statistics = |source: &mut ParameterSource, leaf| {
            RunningState::from_record(source.param(&layer.norm, leaf, device))
        };
        let norm = source.norms.then(|| BatchNorm {
            gamma: source.param(&layer.norm, "gamma", device),
            beta: source.param(&layer.norm, "beta", device),
            training: Param::from_bool(true),
            running_mean: statistics(source, "running_mean"),
            running_var: statistics(source, "running_variance"),
            momentum: source.momentum,
            epsilon: EPSILON,
        });
        let side = layer.kernel;
        Self {
            conv: Conv2d {
                weight: source.param(&layer.name, "kernel", device),
                bias: Some(source.param(&layer.name, "bias", device)),
                stride: [layer.stride; 2],
                kernel_size: [side; 2],
                dilation: [1; 2],
                groups: 1,
                padding: match layer.border {
                    Border::Valid => PaddingConfig2d::Valid,
                    Border::Same => PaddingConfig2d::Same,
                    Border::Zeros(n) => PaddingConfig2d::Explicit(n, n, n, n),
                },
            },
            norm,
        }
    }

    /// The convolution and its batch norm.
    ///
    /// # Shapes
    ///
    /// - `input`: `[batch, input channels, height, width]`
    /// - output: `[batch, output channels, height', width']`
    pub fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        if let Some(norm) = &self.norm
            && let Some(output) = operations::conv_norm(&self.conv, norm, &input)
        {
            return output;
        }
        let x = self.convolve(input);
        match &self.norm {
            Some(norm) if operations::on_flex(&x.device()) => {
                // Convolutions on Flex leave their channels last in memory: as rows of channels they are
                // normalized without being moved.
                let [batch, channels, height, width] = x.dims();
                let rows = x.permute([0, 2, 3, 1]);
                let rows = norm.forward(rows.reshape([batch * height * width, channels]));
                rows.reshape([batch, height, width, channels])
                    .permute([0, 3, 1, 2])
            }
            Some(norm) => norm.forward(x),
            None => x,
        }
    }

    /// ReLU of the sum of the [output](Self::forward) and `shortcut`.
    pub(crate) fn rectified(&self, input: Tensor<4>, shortcut: Option<Tensor<4>>) -> Tensor<4> {
        if self.norm.is_none()
            && let Some(output) = operations::conv(&self.conv, &input, shortcut.as_ref(), true)
        {
            return output;
        }
        let x = self.forward(input);
        relu(match shortcut {
            Some(shortcut) => x + shortcut,
            None => x,
        })
    }

    fn convolve(&self, input: Tensor<4>) -> Tensor<4> {
        if let Some(output) = operations::conv(&self.conv, &input, None, false) {
            return output;
        }
        // The gradients of 1x1 convolutions are computed faster as matrix products. LibTorch's own are
        // fast, and burn-tch 0.22.1 fails at the gradient of a slice that skips columns.
        let trains = self.conv.weight.val().is_require_grad();
        let prefers_matmul = trains && !operations::on_libtorch(&input.device());
        if self.conv.kernel_size == [1, 1] && prefers_matmul {
            self.pointwise(input)
        } else {
            self.conv.forward(input)
        }
    }

    /// A 1x1 convolution as one matrix product over all pixels of the batch.
    fn pointwise(&self, input: Tensor<4>) -> Tensor<4> {
        let [rows, columns] = self.conv.stride;
        let input = match (rows, columns) {
            (1, 1) => input,
            _ => input.slice(s![.., .., ..;rows, ..;columns]),
        };
        let [batch, channels, height, width] = input.dims();
        let [output, ..] = self.conv.weight.dims();
        let pixels = input.permute([0, 2, 3, 1]);
        let pixels = pixels.reshape([batch * height * width, channels]);
        let kernel = self.conv.weight.val().reshape([output, channels]);
        let mut x = pixels.matmul(kernel.transpose());
        if let Some(bias) = &self.conv.bias {
            x = x + bias.val().unsqueeze();
        }
        x.reshape([batch, height, width, output])
            .permute([0, 3, 1, 2])
    }
}

/// The main path of both kinds of block: 1x1, fxf and 1x1 convolutions.
#[derive(Module, Debug)]
pub struct MainPath {
    /// 1x1 with F1 filters; carries the stride.
    pub a: ConvNorm,
    /// fxf with F2 filters, `same`.
    pub b: ConvNorm,
    /// 1x1 with F3 filters.
    pub c: ConvNorm,
}

impl MainPath {
    pub(crate) fn load(
        [a, b, c]: &[ConvLayer; 3],
        source: &mut ParameterSource,
        device: &Device,
    ) -> Self {
        Self {
            a: ConvNorm::load(a, source, device),
            b: ConvNorm::load(b, source, device),
            c: ConvNorm::load(c, source, device),
        }
    }

    /// ReLU of the sum of the path and `shortcut`; of the path alone where there is none.
    pub(crate) fn forward(&self, input: Tensor<4>, shortcut: Option<Tensor<4>>) -> Tensor<4> {
        let x = self.a.rectified(input, None);
        let x = self.b.rectified(x, None);
        self.c.rectified(x, shortcut)
    }

    /// The convolutions in order.
    pub(crate) fn layers(&self) -> [&ConvNorm; 3] {
        [&self.a, &self.b, &self.c]
    }
}

/// The block whose shortcut is its input.
#[derive(Module, Debug)]
pub struct IdentityBlock {
    /// The main path, of stride 1.
    pub main: MainPath,
}

impl IdentityBlock {
    /// # Shapes
    ///
    /// - `input` and output: `[batch, F3, height, width]`
    pub fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let [input, shortcut] = operations::fork(input);
        self.main.forward(input, Some(shortcut))
    }
}

/// The block whose shortcut is a 1x1 convolution, so that size and channels can change.
#[derive(Module, Debug)]
pub struct ConvBlock {
    /// The main path.
    pub main: MainPath,
    /// The shortcut: 1x1 with F3 filters and the main path's stride.
    pub shortcut: ConvNorm,
}

impl ConvBlock {
    /// # Shapes
    ///
    /// - `input`: `[batch, input channels, height, width]`
    /// - output: `[batch, F3, ceil(height / stride), ceil(width / stride)]`
    pub fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let [input, shortcut] = operations::fork(input);
        let shortcut = self.shortcut.forward(shortcut);
        self.main.forward(input, Some(shortcut))
    }
}

/// Either kind of block.
#[expect(
    clippy::large_enum_variant,
    reason = "sixteen of them; the tensors are elsewhere"
)]
#[derive(Module, Debug)]
pub enum Block {
    /// See [`IdentityBlock`].
    Identity(IdentityBlock),
    /// See [`ConvBlock`].
    Convolutional(ConvBlock),
}

impl Block {
    /// Builds the kind of block that `layers` describes, with its tensors out of `source`.
    pub(crate) fn load(
        layers: &BlockLayers,
        source: &mut ParameterSource,
        device: &Device,
    ) -> Self {
        let main = MainPath::load(&layers.main, source, device);
        match &layers.shortcut {
            None => Self::Identity(IdentityBlock { main }),
            Some(layer) => Self::Convolutional(ConvBlock {
                main,
                shortcut: ConvNorm::load(layer, source, device),
            }),
        }
    }

    /// See [`IdentityBlock::forward`] and [`ConvBlock::forward`].
    pub fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        match self {
            Self::Identity(block) => block.forward(input),
            Self::Convolutional(block) => block.forward(input),
        }
    }

    /// The convolutions of the main path, and that of the shortcut where the block has one.
    pub(crate) fn parts(&self) -> ([&ConvNorm; 3], Option<&ConvNorm>) {
        let (main, shortcut) = match self {
            Self::Identity(block) => (&block.main, None),
            Self::Convolutional(block) => (&block.main, Some(&block.shortcut)),
        };
        (main.layers(), shortcut)
    }

    /// The block's convolutions in the order of [`BlockLayers::layers`].
    pub(crate) fn layers(&self) -> impl Iterator<Item = &ConvNorm> {
        let (main, shortcut) = self.parts();
        main.into_iter().chain(shortcut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signet_recognizer::{HostTensor, Tensors};

    /// The check of the course notebook: f = 2, filters [4, 4, 3], every kernel one, pictures of
    /// -1, 1 and 3, in evaluation mode. Its numbers depend on the epsilon of all three batch norms and
    /// on `same` padding at the bottom and right.
    #[test]
    fn the_identity_block_gives_the_notebooks_numbers() {
        let path = "../../tests/fixtures/reference/identity_block.json";
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let expected = std::fs::read(path).expect("the fixture is there");
        let expected: serde_json::Value = serde_json::from_slice(&expected).expect("it is JSON");

        let layers = BlockLayers::identity("1a", 3, [4, 4, 3], 2);
        let mut tensors = Tensors::new();
        for layer in layers.layers() {
            let (kernel, channels) = (layer.kernel_shape().to_vec(), vec![layer.output]);
            for (module, leaf, shape, value) in [
                (&layer.name, "kernel", kernel, 1.0),
                (&layer.name, "bias", channels.clone(), 0.0),
                (&layer.norm, "gamma", channels.clone(), 1.0),
                (&layer.norm, "beta", channels.clone(), 0.0),
                (&layer.norm, "running_mean", channels.clone(), 0.0),
                (&layer.norm, "running_variance", channels, 1.0),
            ] {
                let data = vec![value; shape.iter().product()];
                tensors.insert(format!("{module}.{leaf}"), HostTensor::new(shape, data));
            }
        }
        let device = Device::flex();
        let mut source = ParameterSource {
            tensors,
            norms: true,
            momentum: 0.0,
            taken: 0,
        };
        let block = Block::load(&layers, &mut source, &device);

        let pictures: Vec<f32> = [-1.0, 1.0, 3.0].iter().flat_map(|&v| [v; 48]).collect();
        let input = Tensor::<1>::from_floats(pictures.as_slice(), &device).reshape([3, 3, 4, 4]);
        let output = block.forward(input).into_data();
        let output: Vec<f32> = output.try_into_vec_as().expect("floats");
        let channel = |picture: usize| &output[picture * 48..picture * 48 + 16];
        assert!(
            channel(0).iter().all(|&v| v == 0.0),
            "the picture of -1 ends at zero"
        );
        for (picture, key) in [(1, "output_channel0_image1"), (2, "output_channel0_image2")] {
            let rows = expected[key].as_array().expect("rows");
            let values = rows.iter().flat_map(|row| row.as_array().expect("a row"));
            for (found, expected) in channel(picture).iter().zip(values) {
                let expected = expected.as_f64().expect("a number") as f32;
                assert!((found - expected).abs() < 1e-3, "{found} is not {expected}");
            }
        }
        for (at, expected) in [(0, 192.71237), (3, 96.85619), (15, 48.928097)] {
            assert!((channel(1)[at] - expected).abs() < 1e-4);
        }
    }
}
