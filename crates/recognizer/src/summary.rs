//! The table of layers, output shapes and parameter counts.

use crate::config::{Border, ConvLayer, ResNetConfig};
use crate::preprocess::INPUT_SIDE;
use serde::Serialize;

/// One row: a convolution, a batch norm or the dense layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerSummary {
    /// The layer's name in the reference, such as `res2a_branch2a`.
    pub name: String,
    /// The block it belongs to, such as `2a`; for the layers outside the blocks, its own name.
    pub block: String,
    /// `convolution`, `batch norm` or `dense`.
    pub kind: &'static str,
    /// Shape of the output for one input: `[channels, height, width]` or `[classes]`.
    pub output: Vec<usize>,
    /// Parameters, running statistics included.
    pub parameters: usize,
    /// Parameters that training changes: all but running statistics.
    pub trainable: usize,
}

/// The layers of a network and its parameter counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// All parameters.
    pub total: usize,
    /// Parameters that training changes.
    pub trainable: usize,
    /// The running statistics of the batch norms.
    pub non_trainable: usize,
    /// The layers in the order of computation, a block's shortcut after its main path.
    pub layers: Vec<LayerSummary>,
}

impl Summary {
    /// Summarizes a network for 64x64 inputs. A detector is left out, as in the reference.
    pub fn new(config: &ResNetConfig) -> Self {
        let mut layers = Vec::new();
        let stem = config.stem_layer();
        let mut side = output_side(&stem, INPUT_SIDE);
        push(&mut layers, &stem, None, side);
        // Max pooling 3x3, stride 2, valid.
        side = (side - 3) / 2 + 1;
        for block in config.blocks().iter().flatten() {
            // The first layer has the stride; the others keep the size.
            side = output_side(&block.main[0], side);
            for layer in block.layers() {
                push(&mut layers, layer, Some(&block.name), side);
            }
        }
        let parameters = (config.features() + 1) * config.classes;
        layers.push(LayerSummary {
            name: "fc".into(),
            block: "fc".into(),
            kind: "dense",
            output: vec![config.classes],
            parameters,
            trainable: parameters,
        });
        let total = layers.iter().map(|layer| layer.parameters).sum();
        let trainable = layers.iter().map(|layer| layer.trainable).sum();
        Self {
            total,
            trainable,
            non_trainable: total - trainable,
            layers,
        }
    }
}

fn push(layers: &mut Vec<LayerSummary>, layer: &ConvLayer, block: Option<&str>, side: usize) {
    let block = |name: &str| block.unwrap_or(name).to_owned();
    let output = vec![layer.output, side, side];
    let parameters = layer.kernel_shape().iter().product::<usize>() + layer.output;
    layers.push(LayerSummary {
        name: layer.name.clone(),
        block: block(&layer.name),
        kind: "convolution",
        output: output.clone(),
        parameters,
        trainable: parameters,
    });
    layers.push(LayerSummary {
        name: layer.norm.clone(),
        block: block(&layer.norm),
        kind: "batch norm",
        output,
        parameters: 4 * layer.output,
        trainable: 2 * layer.output,
    });
}

fn output_side(layer: &ConvLayer, side: usize) -> usize {
    match layer.border {
        Border::Same => side.div_ceil(layer.stride),
        Border::Valid => (side - layer.kernel) / layer.stride + 1,
        Border::Zeros(n) => (side + 2 * n - layer.kernel) / layer.stride + 1,
    }
}
