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
        let stem = config.stem_layer();
        let mut side = output_side(&stem, INPUT_SIDE);
        let mut layers = Vec::from(rows(&stem, None, side));
        // Max pooling 3x3, stride 2, valid.
        side = (side - 3) / 2 + 1;
        for block in config.blocks().iter().flatten() {
            // The first layer has the stride; the others keep the size.
            side = output_side(&block.main[0], side);
            for layer in block.layers() {
                layers.extend(rows(layer, Some(&block.name), side));
            }
        }
        let parameters = (config.features() + 1) * config.classes;
        layers.push(row(
            "fc",
            None,
            "dense",
            vec![config.classes],
            [parameters; 2],
        ));
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

/// A convolution's row and its batch norm's.
fn rows(layer: &ConvLayer, block: Option<&str>, side: usize) -> [LayerSummary; 2] {
    let output = vec![layer.output, side, side];
    let parameters = layer.kernel_shape().iter().product::<usize>() + layer.output;
    let statistics = [4 * layer.output, 2 * layer.output];
    [
        (&layer.name, "convolution", [parameters; 2]),
        (&layer.norm, "batch norm", statistics),
    ]
    .map(|(name, kind, parameters)| row(name, block, kind, output.clone(), parameters))
}

fn row(
    name: &str,
    block: Option<&str>,
    kind: &'static str,
    output: Vec<usize>,
    [parameters, trainable]: [usize; 2],
) -> LayerSummary {
    LayerSummary {
        name: name.to_owned(),
        block: block.unwrap_or(name).to_owned(),
        kind,
        output,
        parameters,
        trainable,
    }
}

/// Side of a layer's square output for an input of that side.
pub(crate) fn output_side(layer: &ConvLayer, side: usize) -> usize {
    match layer.border {
        Border::Same => side.div_ceil(layer.stride),
        Border::Valid => (side - layer.kernel) / layer.stride + 1,
        Border::Zeros(n) => (side + 2 * n - layer.kernel) / layer.stride + 1,
    }
}
