//! The network of `crates/core` out of burn's own layers and nothing of Signet's: batch norm behind each convolution,
//! burn's Adam, on Flex. What a training step costs so is what Signet's is compared with.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::pool::{AvgPool2d, AvgPool2dConfig, MaxPool2d, MaxPool2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Int, Tensor, TensorData};
use wasm_bindgen::prelude::*;

const INPUT_SIDE: usize = 64;
const CLASSES: usize = 6;
/// Of each stage the blocks' three widths, the first block's stride, and how many blocks there are.
const STAGES: [([usize; 3], usize, usize); 4] = [
    ([64, 64, 256], 1, 3),
    ([128, 128, 512], 2, 4),
    ([256, 256, 1024], 2, 6),
    ([512, 512, 2048], 2, 3),
];

#[derive(Module, Debug)]
struct ConvNorm {
    conv: Conv2d,
    norm: BatchNorm,
}

impl ConvNorm {
    fn new(channels: [usize; 2], side: usize, stride: usize, device: &Device) -> Self {
        let border = side / 2;
        let conv = Conv2dConfig::new(channels, [side; 2])
            .with_stride([stride; 2])
            .with_padding(PaddingConfig2d::Explicit(border, border, border, border));
        Self {
            conv: conv.init(device),
            norm: BatchNormConfig::new(channels[1]).init(device),
        }
    }

    fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        self.norm.forward(self.conv.forward(input))
    }
}

#[derive(Module, Debug)]
struct Block {
    main: [ConvNorm; 3],
    shortcut: Option<ConvNorm>,
}

impl Block {
    fn new(input: usize, [a, b, c]: [usize; 3], stride: Option<usize>, device: &Device) -> Self {
        let first = stride.unwrap_or(1);
        Self {
            main: [
                ConvNorm::new([input, a], 1, first, device),
                ConvNorm::new([a, b], 3, 1, device),
                ConvNorm::new([b, c], 1, 1, device),
            ],
            shortcut: stride.map(|stride| ConvNorm::new([input, c], 1, stride, device)),
        }
    }

    fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let [a, b, c] = &self.main;
        let x = relu(a.forward(input.clone()));
        let x = c.forward(relu(b.forward(x)));
        let shortcut = match &self.shortcut {
            Some(layer) => layer.forward(input),
            None => input,
        };
        relu(x + shortcut)
    }
}

#[derive(Module, Debug)]
struct ResNet {
    stem: ConvNorm,
    max: MaxPool2d,
    blocks: Vec<Block>,
    mean: AvgPool2d,
    head: Linear,
}

impl ResNet {
    fn new(device: &Device) -> Self {
        let mut blocks = Vec::new();
        let mut input = 64;
        for (widths, stride, count) in STAGES {
            for index in 0..count {
                let stride = (index == 0).then_some(stride);
                blocks.push(Block::new(input, widths, stride, device));
                input = widths[2];
            }
        }
        Self {
            stem: ConvNorm::new([3, 64], 7, 2, device),
            max: MaxPool2dConfig::new([3, 3]).with_strides([2, 2]).init(),
            blocks,
            mean: AvgPool2dConfig::new([2, 2]).init(),
            head: LinearConfig::new(input, CLASSES).init(device),
        }
    }

    fn forward(&self, input: Tensor<4>) -> Tensor<2> {
        let x = self.max.forward(relu(self.stem.forward(input)));
        let x = self.blocks.iter().fold(x, |x, block| block.forward(x));
        self.head.forward(self.mean.forward(x).flatten::<2>(1, 3))
    }
}

/// A training of the network from random weights.
#[wasm_bindgen]
pub struct Training {
    device: Device,
    /// None only while a step runs.
    network: Option<ResNet>,
    optimizer: ModuleOptimizer,
}

#[wasm_bindgen]
impl Training {
    /// Always the same weights.
    #[wasm_bindgen(constructor)]
    #[expect(
        clippy::new_without_default,
        reason = "JavaScript has constructors only"
    )]
    pub fn new() -> Self {
        console_error_panic_hook::set_once();
        let device = Device::flex();
        device.seed(0);
        let device = device.autodiff();
        Self {
            network: Some(ResNet::new(&device)),
            optimizer: AdamConfig::new().init(),
            device,
        }
    }

    /// Learns one batch, and returns its loss. `rgba` holds inputs of 64 x 64 pixels in red, green, blue, alpha; the
    /// nth shows class n modulo 6.
    pub fn step(&mut self, rgba: &[u8]) -> f32 {
        let pixels = rgba.chunks_exact(4);
        let count = pixels.len() / (INPUT_SIDE * INPUT_SIDE);
        let channels = pixels.flat_map(|pixel| &pixel[..3]);
        let floats = channels.map(|&value| f32::from(value) / 255.0).collect();
        let input = TensorData::new::<f32, _>(floats, [count, INPUT_SIDE, INPUT_SIDE, 3]);
        let input = Tensor::<4>::from_data(input, &self.device).permute([0, 3, 1, 2]);
        let labels: Vec<i64> = (0..count).map(|index| (index % CLASSES) as i64).collect();
        let labels = Tensor::<1, Int>::from_data(TensorData::new(labels, [count]), &self.device);

        let network = self
            .network
            .take()
            .expect("a step has ended before the next");
        let loss = CrossEntropyLossConfig::new()
            .init(&self.device)
            .forward(network.forward(input), labels);
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        self.network = Some(self.optimizer.step(1e-5, network, gradients));
        loss.into_scalar()
    }
}
