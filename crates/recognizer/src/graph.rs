//! The network as a graph of `signet-engine`'s operations.

use crate::config::{Border, ConvLayer, ResNetConfig};
use crate::detector::{BOUNDING_BOX_LAYER, PRESENCE_LAYER};
use crate::weights::{HostTensor, Weights};
use signet_engine::{Arithmetic, Builder, Conv, Network, Slot};
use std::borrow::Cow;

/// The name of the tap behind the stem's pooling.
pub(crate) const STEM: &str = "stem";

/// The name of the tap of the pooled features.
pub(crate) const FEATURES: &str = "features";

/// The result of an operation, by the name of its layer, [`STEM`] or [`FEATURES`].
pub(crate) type Tap = (String, Slot);

/// The whole network. Its outputs are the logits, then the detector's two where there is a detector.
pub(crate) fn whole(weights: &Weights, arithmetic: Arithmetic) -> (Builder, Vec<Slot>) {
    let weights = folded(weights);
    let (graph, outputs) = with_head(&weights, arithmetic);
    (graph.builder, outputs)
}

/// As [`whole`], with taps behind its outputs: the results on the way to them, and those of the dense
/// layers on the features in float32.
pub(crate) fn tapped(weights: &Weights, arithmetic: Arithmetic) -> (Builder, Vec<Slot>, Vec<Tap>) {
    let weights = folded(weights);
    let (mut graph, mut outputs) = with_head(&weights, arithmetic);
    graph.builder.arithmetic(Arithmetic::Float32);
    for layer in heads(&weights) {
        let logits = graph.dense(layer, graph.tap(FEATURES), 1);
        graph.taps.push(((*layer).into(), logits));
    }
    outputs.extend(graph.taps.iter().map(|(_, slot)| slot));
    (graph.builder, outputs, graph.taps)
}

/// The dense layers on the features.
pub(crate) fn heads(weights: &Weights) -> &'static [&'static str] {
    let heads = &["fc", PRESENCE_LAYER];
    &heads[..1 + usize::from(weights.config().detector)]
}

fn with_head(weights: &Weights, arithmetic: Arithmetic) -> (GraphBuilder<'_>, Vec<Slot>) {
    let mut graph = GraphBuilder::new(weights, arithmetic);
    let map = graph.parts(weights.config().stages.len() + 1);
    let features = graph.builder.mean_pool(map, 2, 2);
    graph.taps.push((FEATURES.into(), features));
    let heads = heads(weights).iter();
    let mut outputs: Vec<Slot> = heads.map(|layer| graph.dense(layer, features, 1)).collect();
    if weights.config().detector {
        outputs.push(graph.dense(BOUNDING_BOX_LAYER, map, 2));
    }
    (graph, outputs)
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

/// Folded weights; not copied where they are folded already.
pub(crate) fn folded(weights: &Weights) -> Cow<'_, Weights> {
    if weights.is_folded() {
        Cow::Borrowed(weights)
    } else {
        Cow::Owned(weights.clone().fold())
    }
}

/// Builds the engine's graph from the layers of folded weights.
pub struct GraphBuilder<'a> {
    weights: &'a Weights,
    builder: Builder,
    taps: Vec<Tap>,
}

impl<'a> GraphBuilder<'a> {
    /// An empty graph, for RGB pictures of any size.
    pub fn new(weights: &'a Weights, arithmetic: Arithmetic) -> Self {
        let Border::Zeros(border) = weights.config().stem_layer().border else {
            unreachable!("the stem's border is of zeros");
        };
        Self::for_input(weights, arithmetic, 3, border)
    }

    /// An empty graph, for inputs of `channels` channels that are padded by `border` zeros on every
    /// side: a single layer's, say.
    pub fn for_input(
        weights: &'a Weights,
        arithmetic: Arithmetic,
        channels: usize,
        border: usize,
    ) -> Self {
        let mut builder = Builder::new(channels, border);
        builder.arithmetic(arithmetic);
        let taps = Vec::new();
        Self {
            weights,
            builder,
            taps,
        }
    }

    /// The graph's input.
    pub fn input(&self) -> Slot {
        self.builder.input()
    }

    /// Packs the graph for the CPU. The network's outputs are `outputs`, in that order.
    pub fn finish(self, outputs: &[Slot]) -> Network {
        self.builder.finish(outputs)
    }

    /// Adds the first `parts` of the network (the stem with its pooling, then the stages) and returns
    /// their output.
    pub fn parts(&mut self, parts: usize) -> Slot {
        let config: &ResNetConfig = self.weights.config();
        // The graph's input is padded already.
        let stem = ConvLayer {
            border: Border::Valid,
            ..config.stem_layer()
        };
        let stem = self.conv(&stem, self.input(), true, None);
        let mut x = self.builder.max_pool(stem, 3, 2);
        self.taps.push((STEM.into(), x));
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

    /// Adds a convolution, the sum with `residual`, and ReLU if `relu` says so.
    pub fn conv(
        &mut self,
        layer: &ConvLayer,
        input: Slot,
        relu: bool,
        residual: Option<Slot>,
    ) -> Slot {
        let bias = &self.tensor(&layer.name, "bias").floats();
        let kernel = self.tensor(&layer.name, "kernel");
        let slot = kernel.with_kernel(|kernel| {
            let conv = Conv {
                stride: layer.stride,
                padding: layer.padding(),
                relu,
                ..Conv::new(kernel, layer.kernel_shape(), bias)
            };
            self.builder.conv(input, &conv, residual)
        });
        self.taps.push((layer.name.clone(), slot));
        slot
    }

    /// Adds a dense layer over the flattened `side` x `side` map of `input`: a convolution whose kernel
    /// is as large as the map.
    fn dense(&mut self, name: &str, input: Slot, side: usize) -> Slot {
        let kernel = self.tensor(name, "kernel");
        let [output, columns] = [kernel.shape[0], kernel.shape[1]];
        let shape = [output, columns / (side * side), side, side];
        let bias = &self.tensor(name, "bias").floats();
        kernel.with_kernel(|kernel| {
            let conv = Conv::new(kernel, shape, bias);
            self.builder.conv(input, &conv, None)
        })
    }

    fn tap(&self, name: &str) -> Slot {
        let tap = self.taps.iter().find(|(other, _)| other == name);
        tap.expect("the operation is there").1
    }

    fn tensor(&self, layer: &str, leaf: &str) -> &'a HostTensor {
        &self.weights.tensors()[&format!("{layer}.{leaf}")]
    }
}
