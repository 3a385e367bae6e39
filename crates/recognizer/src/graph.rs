//! The network as operations of `signet-engine`.

use crate::config::{Border, ConvLayer, ResNetConfig};
use crate::detector::{BOUNDING_BOX_LAYER, PRESENCE_LAYER};
use crate::weights::{HostTensor, Weights};
use signet_engine::{Arithmetic, Builder, Conv, Network, Padding, Slot};
use std::borrow::Cow;

/// The whole network: logits, then the detector's outputs where there are some.
pub(crate) fn whole(weights: &Weights, arithmetic: Arithmetic) -> (Builder, Vec<Slot>) {
    let weights = folded(weights);
    let mut graph = GraphBuilder::new(&weights, arithmetic);
    let map = graph.parts(weights.config().stages.len() + 1);
    let features = graph.builder.mean_pool(map, 2, 2);
    let mut outputs = vec![graph.dense("fc", features, 1)];
    if weights.config().detector {
        outputs.push(graph.dense(PRESENCE_LAYER, features, 1));
        outputs.push(graph.dense(BOUNDING_BOX_LAYER, map, 2));
    }
    (graph.builder, outputs)
}

/// The first `parts` of the network's [parts](ResNetConfig::parts).
pub(crate) fn first_parts(
    weights: &Weights,
    parts: usize,
    arithmetic: Arithmetic,
) -> (Builder, Slot) {
    let weights = folded(weights);
    let mut graph = GraphBuilder::new(&weights, arithmetic);
    let stages = weights.config().stages.len();
    let mut output = graph.parts(parts.min(stages + 1));
    if parts > stages + 1 {
        output = graph.builder.mean_pool(output, 2, 2);
    }
    (graph.builder, output)
}

/// The same weights, and no copy of them where there is nothing to fold.
fn folded(weights: &Weights) -> Cow<'_, Weights> {
    if weights.is_folded() {
        Cow::Borrowed(weights)
    } else {
        Cow::Owned(weights.clone().fold())
    }
}

/// Adds the layers of folded weights to the engine's operations.
pub struct GraphBuilder<'a> {
    weights: &'a Weights,
    builder: Builder,
}

impl<'a> GraphBuilder<'a> {
    /// A graph without operations, for RGB pictures of any size.
    pub fn new(weights: &'a Weights, arithmetic: Arithmetic) -> Self {
        let Border::Zeros(border) = weights.config().stem_layer().border else {
            unreachable!("the stem's border is of zeros");
        };
        Self::for_input(weights, arithmetic, 3, border)
    }

    /// A graph without operations, for inputs of `channels` channels and a border of `border` zeros:
    /// a single layer, say.
    pub fn for_input(
        weights: &'a Weights,
        arithmetic: Arithmetic,
        channels: usize,
        border: usize,
    ) -> Self {
        let mut builder = Builder::new(channels, border);
        builder.arithmetic(arithmetic);
        Self { weights, builder }
    }

    /// What the first operation reads.
    pub fn input(&self) -> Slot {
        self.builder.input()
    }

    /// Packs the operations for the CPU.
    pub fn finish(self, outputs: &[Slot]) -> Network {
        self.builder.finish(outputs)
    }

    /// The first parts of the network: the stem with its pooling, then the stages.
    pub fn parts(&mut self, parts: usize) -> Slot {
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

    /// A convolution, with ReLU and a residual added before it.
    pub fn conv(
        &mut self,
        layer: &ConvLayer,
        input: Slot,
        relu: bool,
        residual: Option<Slot>,
    ) -> Slot {
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
