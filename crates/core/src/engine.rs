//! Inference by `signet-engine`: folded weights become a network of its own, on the processor or on
//! a graphics card, and are computed several times faster than by burn.

use crate::config::{Border, ConvLayer, ResNetConfig};
#[cfg(feature = "webgpu-engine")]
use crate::error::Result;
use crate::finder::{REGION, SIGN};
#[cfg(feature = "webgpu-engine")]
use crate::preprocess::SIDE;
use crate::preprocess::Square;
use crate::weights::{HostTensor, Weights};
use burn::tensor::Device;
use signet_engine::{Arithmetic, Builder, Conv, Network, Output, Padding, Slot};
#[cfg(feature = "webgpu-engine")]
use signet_engine::{Card, CardNetwork};
use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

/// Squares that run together on the processor. More would gain nothing, and take more memory.
const BATCH: usize = 8;

/// Likewise on a graphics card, which computes many in little more time than one.
#[cfg(feature = "webgpu-engine")]
const CARD_BATCH: usize = 32;

/// A network, or its first parts, packed for the processor.
#[derive(Debug)]
pub(crate) struct Engine {
    /// Running it writes to its buffers.
    network: Mutex<Network>,
    outputs: usize,
}

/// Whether the engine computes what is to be computed on `device`: the processor, as long as no
/// other library was asked for, and without gradients.
pub(crate) fn serves(device: &Device) -> bool {
    #[cfg(feature = "flex")]
    let serves = !device.is_autodiff() && *device == Device::flex();
    #[cfg(not(feature = "flex"))]
    let serves = {
        let _ = device;
        false
    };
    serves
}

impl Engine {
    /// Packs all that [`ResNet::answer_from`](crate::ResNet::answer_from) computes.
    pub fn new(weights: &Weights, arithmetic: Arithmetic) -> Self {
        let (builder, outputs) = whole(weights, arithmetic);
        Self::of(builder, &outputs)
    }

    /// Packs what [`ResNet::forward_until`](crate::ResNet::forward_until) computes.
    #[cfg(feature = "train")]
    pub fn until(weights: &Weights, parts: usize) -> Self {
        let (builder, output) = first(weights, parts, Arithmetic::Fastest);
        Self::of(builder, &[output])
    }

    fn of(builder: Builder, outputs: &[Slot]) -> Self {
        Self {
            network: Mutex::new(builder.finish(outputs)),
            outputs: outputs.len(),
        }
    }

    /// A row for each square, of all outputs one after another, each as `[channels, height, width]`;
    /// of a whole network the logits, and the finder's columns behind them. And that shape, of the
    /// first output.
    ///
    /// # Panics
    ///
    /// Panics when there are no squares, or they differ in size.
    pub fn run(&self, squares: &[Square]) -> (Vec<Vec<f32>>, [usize; 3]) {
        // A network that a panic left half run has nothing that the next run would read.
        let network = self.network.lock();
        let mut network = network.unwrap_or_else(PoisonError::into_inner);
        let mut rows = vec![Vec::new(); squares.len()];
        for (squares, rows) in squares.chunks(BATCH).zip(rows.chunks_mut(BATCH)) {
            let (input, size) = pictures(squares);
            network.run(&input, size);
            for output in 0..self.outputs {
                append(rows, &network.output(output));
            }
        }
        (rows, shape_of(&network.output(0)))
    }
}

/// A network packed for a graphics card.
#[cfg(feature = "webgpu-engine")]
#[derive(Debug)]
pub(crate) struct CardEngine {
    network: CardNetwork,
    outputs: usize,
}

#[cfg(feature = "webgpu-engine")]
impl CardEngine {
    /// As [`Engine::new`].
    pub fn new(weights: &Weights, card: &Card) -> Self {
        // On a card arithmetic is always of floats.
        let (builder, outputs) = whole(weights, Arithmetic::Float32);
        Self::of(builder, &outputs, card)
    }

    /// As [`Engine::until`].
    #[cfg(feature = "train")]
    pub fn until(weights: &Weights, parts: usize, card: &Card) -> Self {
        let (builder, output) = first(weights, parts, Arithmetic::Float32);
        Self::of(builder, &[output], card)
    }

    fn of(builder: Builder, outputs: &[Slot], card: &Card) -> Self {
        Self {
            network: builder.finish_on(outputs, card),
            outputs: outputs.len(),
        }
    }

    /// See [`CardNetwork::tune`]: for one square, for which a card waits most.
    pub async fn tune(&self) -> Result<()> {
        Ok(self.network.tune([1, SIDE, SIDE]).await?)
    }

    /// As [`Engine::run`].
    pub async fn run(&self, squares: &[Square]) -> Result<(Vec<Vec<f32>>, [usize; 3])> {
        let mut rows = vec![Vec::new(); squares.len()];
        let mut shape = [0; 3];
        for (squares, rows) in squares.chunks(CARD_BATCH).zip(rows.chunks_mut(CARD_BATCH)) {
            let (input, size) = pictures(squares);
            let outputs = self.network.run(&input, size).await?;
            for output in 0..self.outputs {
                append(rows, &outputs.output(output));
            }
            shape = shape_of(&outputs.output(0));
        }
        Ok((rows, shape))
    }
}

/// Squares of one size as an engine's input, and its size.
fn pictures(squares: &[Square]) -> (Vec<f32>, [usize; 3]) {
    let side = squares[0].side();
    let bytes = squares.iter().flat_map(Square::rgb);
    let input = bytes.map(|&value| f32::from(value) / 255.0).collect();
    (input, [squares.len(), side, side])
}

/// Of each picture: channels, height, width.
fn shape_of(output: &Output<'_>) -> [usize; 3] {
    [output.channels, output.height, output.width]
}

/// Appends each picture's part of an output to its row, as `[channels, height, width]`.
fn append(rows: &mut [Vec<f32>], output: &Output<'_>) {
    let pixels: Vec<&[f32]> = output.pixels().collect();
    let pictures = pixels.chunks(output.height * output.width);
    for (row, pixels) in rows.iter_mut().zip(pictures) {
        for channel in 0..output.channels {
            row.extend(pixels.iter().map(|pixel| pixel[channel]));
        }
    }
}

/// The whole network: see [`Engine::new`].
fn whole(weights: &Weights, arithmetic: Arithmetic) -> (Builder, Vec<Slot>) {
    let weights = folded(weights);
    let mut plan = Plan::new(&weights, arithmetic);
    let map = plan.parts(weights.config().stages.len() + 1);
    let features = plan.builder.mean_pool(map, 2, 2);
    let mut outputs = vec![plan.dense("fc", features, 1)];
    if weights.config().finder {
        outputs.push(plan.dense(SIGN, features, 1));
        outputs.push(plan.dense(REGION, map, 2));
    }
    (plan.builder, outputs)
}

/// The network's first parts: see [`Engine::until`].
#[cfg(feature = "train")]
fn first(weights: &Weights, parts: usize, arithmetic: Arithmetic) -> (Builder, Slot) {
    let weights = folded(weights);
    let mut plan = Plan::new(&weights, arithmetic);
    let stages = weights.config().stages.len();
    let mut output = plan.parts(parts.min(stages + 1));
    if parts > stages + 1 {
        output = plan.builder.mean_pool(output, 2, 2);
    }
    (plan.builder, output)
}

/// The same weights, and no copy of them where there is nothing to fold.
fn folded(weights: &Weights) -> Cow<'_, Weights> {
    if weights.is_folded() {
        Cow::Borrowed(weights)
    } else {
        Cow::Owned(weights.clone().fold())
    }
}

/// A network on its way into a plan.
struct Plan<'a> {
    weights: &'a Weights,
    builder: Builder,
}

impl<'a> Plan<'a> {
    fn new(weights: &'a Weights, arithmetic: Arithmetic) -> Self {
        let Border::Zeros(border) = weights.config().stem_layer().border else {
            unreachable!("the stem's border is of zeros");
        };
        let mut builder = Builder::new(3, border);
        builder.arithmetic(arithmetic);
        Self { weights, builder }
    }

    /// The first parts of the network: the stem with its pooling, then the stages.
    fn parts(&mut self, parts: usize) -> Slot {
        let config: &ResNetConfig = self.weights.config();
        // The picture's own border is the stem's padding.
        let stem = ConvLayer {
            border: Border::Valid,
            ..config.stem_layer()
        };
        let picture = self.builder.input();
        let stem = self.conv(&stem, picture, true, None);
        let mut x = self.builder.max_pool(stem, 3, 2);
        for block in config.blocks().iter().take(parts - 1).flatten() {
            let [a, b, c] = &block.main;
            let shortcut = match &block.shortcut {
                Some(layer) => self.conv(layer, x, false, None),
                None => x,
            };
            let y = self.conv(a, x, true, None);
            let y = self.conv(b, y, true, None);
            x = self.conv(c, y, true, Some(shortcut));
        }
        x
    }

    fn conv(&mut self, layer: &ConvLayer, input: Slot, relu: bool, residual: Option<Slot>) -> Slot {
        let bias = &self.tensor(&layer.name, "bias").floats();
        let conv = Conv {
            stride: layer.stride,
            padding: match layer.border {
                Border::Valid => Padding::default(),
                Border::Same => Padding::same(layer.kernel),
                Border::Zeros(pixels) => Padding::all(pixels),
            },
            relu,
            ..Conv::new(
                self.tensor(&layer.name, "kernel").kernel(),
                layer.kernel_shape(),
                bias,
            )
        };
        self.builder.conv(input, &conv, residual)
    }

    /// A dense layer over the flattened `side` x `side` pixels of a slot is a convolution that has
    /// them all in its window.
    fn dense(&mut self, name: &str, input: Slot, side: usize) -> Slot {
        let kernel = self.tensor(name, "kernel");
        let [output, columns] = [kernel.shape[0], kernel.shape[1]];
        let shape = [output, columns / (side * side), side, side];
        let bias = &self.tensor(name, "bias").floats();
        let conv = Conv::new(kernel.kernel(), shape, bias);
        self.builder.conv(input, &conv, None)
    }

    fn tensor(&self, layer: &str, leaf: &str) -> &'a HostTensor {
        &self.weights.tensors()[&format!("{layer}.{leaf}")]
    }
}

#[cfg(test)]
mod tests;
