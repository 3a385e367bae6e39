//! The blocks of the network as burn modules: convolution with batch norm, identity block,
//! convolutional block.

use crate::operations::{self, relu};
use crate::parameters::ParameterSource;
use burn::module::{Module, Param, RunningState};
use burn::nn::{BatchNorm, PaddingConfig2d, conv::Conv2d};
use burn::tensor::{Device, Tensor, s};
use signet_recognizer::{BlockLayers, Border, ConvLayer, EPSILON};

/// A convolution with bias, and the batch norm behind it unless that has been folded into it.
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
        let norm = source.has_norms().then(|| BatchNorm {
            gamma: source.param(&layer.norm, "gamma", device),
            beta: source.param(&layer.norm, "beta", device),
            training: Param::from_bool(true),
            running_mean: RunningState::from_record(source.param(
                &layer.norm,
                "running_mean",
                device,
            )),
            running_var: RunningState::from_record(source.param(
                &layer.norm,
                "running_variance",
                device,
            )),
            momentum: source.momentum(),
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
            Some(norm) => norm.forward(x),
            None => x,
        }
    }

    /// ReLU of the [output](Self::forward), with `shortcut` added to it before.
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
        let learns = self.conv.weight.val().is_require_grad();
        if self.conv.kernel_size == [1, 1] && learns && wants_products(&input.device()) {
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

/// Whether the gradients of 1x1 convolutions are better computed as matrix products. LibTorch's own
/// are good, and burn-tch 0.22.1 fails at the gradient of a slice that skips columns.
fn wants_products(device: &Device) -> bool {
    !operations::on_libtorch(device)
}

/// The three convolutions that both kinds of block have: 1x1, fxf, 1x1.
#[derive(Module, Debug)]
pub struct MainPath {
    /// Reduces the channels; carries the stride.
    pub a: ConvNorm,
    /// Looks around; keeps the size.
    pub b: ConvNorm,
    /// Expands the channels.
    pub c: ConvNorm,
}

impl MainPath {
    fn load(layers: &[ConvLayer; 3], source: &mut ParameterSource, device: &Device) -> Self {
        let [a, b, c] = layers;
        Self {
            a: ConvNorm::load(a, source, device),
            b: ConvNorm::load(b, source, device),
            c: ConvNorm::load(c, source, device),
        }
    }

    /// ReLU of the sum of the path and `shortcut`.
    fn forward(&self, input: Tensor<4>, shortcut: Tensor<4>) -> Tensor<4> {
        let x = self.a.rectified(input, None);
        let x = self.b.rectified(x, None);
        self.c.rectified(x, Some(shortcut))
    }
}

/// The block whose shortcut is its input.
#[derive(Module, Debug)]
pub struct IdentityBlock {
    /// The main path.
    pub main: MainPath,
}

impl IdentityBlock {
    pub(crate) fn load(
        layers: &BlockLayers,
        source: &mut ParameterSource,
        device: &Device,
    ) -> Self {
        Self {
            main: MainPath::load(&layers.main, source, device),
        }
    }

    /// # Shapes
    ///
    /// - `input` and output: `[batch, F3, height, width]`
    pub fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let [input, shortcut] = operations::fork(input);
        self.main.forward(input, shortcut)
    }
}

/// The block whose shortcut is a 1x1 convolution, so that size and channels can change.
#[derive(Module, Debug)]
pub struct ConvBlock {
    /// The main path.
    pub main: MainPath,
    /// The shortcut.
    pub shortcut: ConvNorm,
}

impl ConvBlock {
    pub(crate) fn load(
        layers: &BlockLayers,
        shortcut: &ConvLayer,
        source: &mut ParameterSource,
        device: &Device,
    ) -> Self {
        Self {
            main: MainPath::load(&layers.main, source, device),
            shortcut: ConvNorm::load(shortcut, source, device),
        }
    }

    /// # Shapes
    ///
    /// - `input`: `[batch, input channels, height, width]`
    /// - output: `[batch, F3, ceil(height / stride), ceil(width / stride)]`
    pub fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let [input, shortcut] = operations::fork(input);
        self.main.forward(input, self.shortcut.forward(shortcut))
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
        match &layers.shortcut {
            None => Self::Identity(IdentityBlock::load(layers, source, device)),
            Some(shortcut) => {
                Self::Convolutional(ConvBlock::load(layers, shortcut, source, device))
            }
        }
    }

    /// See [`IdentityBlock::forward`] and [`ConvBlock::forward`].
    pub fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        match self {
            Self::Identity(block) => block.forward(input),
            Self::Convolutional(block) => block.forward(input),
        }
    }

    /// Its convolutions in the order of [`BlockLayers::layers`].
    pub(crate) fn layers(&self) -> Vec<&ConvNorm> {
        let (main, shortcut) = match self {
            Self::Identity(block) => (&block.main, None),
            Self::Convolutional(block) => (&block.main, Some(&block.shortcut)),
        };
        [&main.a, &main.b, &main.c]
            .into_iter()
            .chain(shortcut)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signet_recognizer::{HostTensor, Tensors};

    /// The check of the course notebook: f = 2, filters [4, 4, 3], every kernel one, pictures of
    /// -1, 1 and 3, in evaluation mode. It depends on the epsilon of all three batch norms and on
    /// `same` padding at the bottom and right.
    #[test]
    fn the_identity_block_gives_the_notebooks_numbers() {
        let path = "../../tests/fixtures/reference/identity_block.json";
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let expected = std::fs::read(path).expect("the fixture is there");
        let expected: serde_json::Value = serde_json::from_slice(&expected).expect("it is JSON");

        let layers = BlockLayers::identity("1a", 3, [4, 4, 3], 2);
        let mut tensors = Tensors::new();
        for layer in layers.layers() {
            let mut put = |name: String, shape: Vec<usize>, value: f32| {
                let data = vec![value; shape.iter().product()];
                tensors.insert(name, HostTensor::new(shape, data));
            };
            put(
                format!("{}.kernel", layer.name),
                layer.kernel_shape().to_vec(),
                1.0,
            );
            put(format!("{}.bias", layer.name), vec![layer.output], 0.0);
            for (leaf, value) in [
                ("gamma", 1.0),
                ("beta", 0.0),
                ("running_mean", 0.0),
                ("running_variance", 1.0),
            ] {
                put(format!("{}.{leaf}", layer.norm), vec![layer.output], value);
            }
        }
        let device = Device::flex();
        let mut source = ParameterSource::of_tensors(tensors);
        let block = IdentityBlock::load(&layers, &mut source, &device);

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
        assert!((channel(1)[0] - 192.71237).abs() < 1e-4);
        assert!((channel(1)[3] - 96.85619).abs() < 1e-4);
        assert!((channel(1)[15] - 48.928097).abs() < 1e-4);
    }
}
