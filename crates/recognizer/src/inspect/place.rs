//! The places of the network, with their sizes and what they cost.

use crate::config::{BlockLayers, ConvLayer, ResNetConfig};
use crate::graph::{FEATURES, STEM};
use crate::preprocess::INPUT_SIDE;
use crate::summary::output_side;
use serde::Serialize;

/// What a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PlaceKind {
    /// The first convolution with the max pooling behind it.
    Stem,
    /// A block whose shortcut is its input.
    Identity,
    /// A block whose shortcut is a convolution.
    Convolutional,
    /// The average pooling and the dense layer on it.
    Features,
}

/// A place of the network, for an input of 64x64 pixels. Parameters count batch norm with its running
/// statistics, as [`Summary`](crate::Summary) does, also where it is folded; the detector is left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// `stem`, the block's name such as `2a`, or `features`.
    pub name: String,
    /// What it is.
    pub kind: PlaceKind,
    /// 1 for the stem, the block's stage, one more than the last stage for the features.
    pub stage: usize,
    /// Channels, height and width of its result.
    pub size: [usize; 3],
    /// Parameters of its layers.
    pub parameters: usize,
    /// Multiplications, each with an addition, for one input.
    pub multiply_adds: usize,
    /// Its convolutions in the order of the reference: the main path, then the shortcut.
    pub convolutions: Vec<Convolution>,
}

/// A convolution with its batch norm.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Convolution {
    /// The name in the reference, such as `res2a_branch2a`.
    pub name: String,
    /// Side of the square kernel.
    pub kernel: usize,
    /// Stride in both directions.
    pub stride: usize,
    /// Channels in.
    pub input: usize,
    /// Channels out.
    pub output: usize,
    /// Side of the square result.
    pub side: usize,
    /// Parameters, batch norm's with them.
    pub parameters: usize,
    /// Multiplications, each with an addition.
    pub multiply_adds: usize,
    /// Whether it is the shortcut's.
    pub shortcut: bool,
}

/// The places of a network in the order of computation: the stem, the blocks, the features.
pub fn places(config: &ResNetConfig) -> Vec<Place> {
    let stem = config.stem_layer();
    let mut side = output_side(&stem, INPUT_SIDE);
    let first = convolution(&stem, side, false);
    // Max pooling 3x3, stride 2, valid.
    side = (side - 3) / 2 + 1;
    let size = [stem.output, side, side];
    let mut places = vec![place(STEM.into(), PlaceKind::Stem, 1, size, vec![first])];
    for (index, block) in config
        .blocks()
        .iter()
        .enumerate()
        .flat_map(|(stage, blocks)| blocks.iter().map(move |block| (stage + 2, block)))
    {
        // The first layer has the stride; the others keep the size.
        side = output_side(&block.main[0], side);
        places.push(of_block(block, index, side));
    }
    let (features, classes) = (config.features(), config.classes);
    let stage = config.stages.len() + 2;
    let size = [features, 1, 1];
    places.push(Place {
        parameters: (features + 1) * classes,
        multiply_adds: features * classes,
        ..place(
            FEATURES.into(),
            PlaceKind::Features,
            stage,
            size,
            Vec::new(),
        )
    });
    places
}

fn of_block(block: &BlockLayers, stage: usize, side: usize) -> Place {
    let kind = match block.shortcut {
        Some(_) => PlaceKind::Convolutional,
        None => PlaceKind::Identity,
    };
    let shortcut = |layer: &ConvLayer| block.shortcut.as_ref() == Some(layer);
    let layers = block.layers();
    let convolutions = layers.map(|layer| convolution(layer, side, shortcut(layer)));
    let size = [block.main[2].output, side, side];
    place(
        block.name.clone(),
        kind,
        stage,
        size,
        convolutions.collect(),
    )
}

fn place(
    name: String,
    kind: PlaceKind,
    stage: usize,
    size: [usize; 3],
    convolutions: Vec<Convolution>,
) -> Place {
    let sum = |of: fn(&Convolution) -> usize| convolutions.iter().map(of).sum();
    Place {
        name,
        kind,
        stage,
        size,
        parameters: sum(|layer| layer.parameters),
        multiply_adds: sum(|layer| layer.multiply_adds),
        convolutions,
    }
}

fn convolution(layer: &ConvLayer, side: usize, shortcut: bool) -> Convolution {
    let weights: usize = layer.kernel_shape().iter().product();
    Convolution {
        name: layer.name.clone(),
        kernel: layer.kernel,
        stride: layer.stride,
        input: layer.input,
        output: layer.output,
        side,
        // A bias, and gamma, beta, mean and variance.
        parameters: weights + 5 * layer.output,
        multiply_adds: weights * side * side,
        shortcut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Summary;

    #[test]
    fn places_add_up_to_the_summary() {
        let config = ResNetConfig::default();
        let summary = Summary::new(&config);
        let places = places(&config);
        assert_eq!(places.len(), 18);
        let sum = |of: fn(&Place) -> usize| places.iter().map(of).sum::<usize>();
        assert_eq!(sum(|place| place.parameters), summary.total);
        for place in &places[1..17] {
            let rows = summary.layers.iter().filter(|row| row.block == place.name);
            let (mut parameters, mut output) = (0, Vec::new());
            for row in rows {
                parameters += row.parameters;
                output.clone_from(&row.output);
            }
            assert_eq!(
                (place.parameters, &place.size[..]),
                (parameters, &output[..]),
                "{}",
                place.name
            );
        }
        // 7*7*3*64 weights at 32 x 32 pixels; 2b: (256*64 + 9*64*64 + 64*256) at 15 x 15.
        assert_eq!(places[0].multiply_adds, 9408 * 1024);
        assert_eq!(places[2].multiply_adds, 69_632 * 225);
        assert_eq!(places[17].multiply_adds, 2048 * 6);
        assert!((200_000_000..500_000_000).contains(&sum(|place| place.multiply_adds)));
    }
}
