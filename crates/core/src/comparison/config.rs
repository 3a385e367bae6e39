//! Settings of a comparison, and the layers of its networks.

use serde::{Deserialize, Serialize};
use signet_recognizer::{ConvLayer, Error, ResNetConfig, Result, StageConfig, Tensors};

/// How many times narrower than the ResNet-50 the networks are: a step of both takes a fraction of a
/// second on one core.
const NARROWER: usize = 8;

/// The depths that there are, with the blocks of each stage: the course's pattern of blocks with fewer
/// of them. Layers with weights are counted, as usual: the stem, three for each block, the head.
pub const DEPTHS: [(usize, &[usize]); 6] = [
    (8, &[1, 1]),
    (14, &[1, 1, 1, 1]),
    (20, &[1, 2, 2, 1]),
    (26, &[2, 2, 2, 2]),
    (38, &[3, 3, 4, 2]),
    (50, &[3, 4, 6, 3]),
];

/// What a network of a comparison has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Variant {
    /// Whether the blocks have skip connections. Without them a block is its main path: the convolution
    /// on the shortcut of a convolutional block is left out, too.
    pub skips: bool,
    /// Whether each convolution is followed by batch norm.
    pub batch_norm: bool,
}

/// Settings of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparisonConfig {
    /// One of [`DEPTHS`].
    pub depth: usize,
    /// The networks, 1 to 4.
    pub variants: Vec<Variant>,
    /// Pictures in a step; all of them where there are fewer.
    pub batch_size: usize,
    /// The learning rate of all networks.
    pub learning_rate: f64,
    /// The seed of the initial weights and of the order of the pictures.
    pub seed: u64,
}

impl ComparisonConfig {
    /// Checks the range of every value.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] naming the first value out of range.
    pub fn validate(&self) -> Result<()> {
        let rate = self.learning_rate;
        let depths = DEPTHS.map(|(depth, _)| depth);
        let checks = [
            ("depth", depths.contains(&self.depth), format!("{depths:?}")),
            (
                "networks",
                (1..=4).contains(&self.variants.len()),
                "1 to 4".into(),
            ),
            (
                "batch size",
                (2..=256).contains(&self.batch_size),
                "2 to 256".into(),
            ),
            (
                "learning rate",
                rate.is_finite() && rate > 0.0,
                "positive numbers".into(),
            ),
        ];
        match checks.into_iter().find(|(_, good, _)| !good) {
            None => Ok(()),
            Some((name, _, range)) => Err(Error::Setting {
                name,
                reason: format!("must be of {range}"),
            }),
        }
    }

    /// The network with all that a [`Variant`] can leave out. It reads inputs of half the side and has no
    /// pooling behind the stem, so that its maps are about as large as the ResNet-50's.
    pub(super) fn network(&self, classes: usize) -> ResNetConfig {
        let blocks = DEPTHS.iter().find(|(depth, _)| *depth == self.depth);
        let blocks = blocks.map_or(&[][..], |(_, blocks)| blocks);
        let whole = ResNetConfig::default();
        let stages = whole
            .stages
            .iter()
            .zip(blocks)
            .map(|(stage, blocks)| StageConfig {
                filters: stage.filters.map(|filters| filters / NARROWER),
                identity_blocks: blocks - 1,
                ..*stage
            });
        ResNetConfig {
            stem: whole.stem / NARROWER,
            stages: stages.collect(),
            classes,
            detector: false,
        }
    }
}

/// A layer whose gradient is measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeightLayer {
    /// Its name in the reference, such as `res2a_branch2a`.
    pub name: String,
    /// Side of the square kernel; 1 for the head.
    pub kernel: usize,
    /// Channels in.
    pub input: usize,
    /// Channels out.
    pub output: usize,
    /// The Euclidean norm of the kernel as it was initialized.
    pub norm: f64,
}

/// The layers on the main path, from the input to the head.
pub(super) fn weight_layers(network: &ResNetConfig, tensors: &Tensors) -> Vec<WeightLayer> {
    let of = |name: &str, kernel, [input, output]: [usize; 2]| WeightLayer {
        name: name.to_owned(),
        kernel,
        input,
        output,
        norm: euclidean(&tensors[&format!("{name}.kernel")].floats()),
    };
    let convolution =
        |layer: &ConvLayer| of(&layer.name, layer.kernel, [layer.input, layer.output]);
    let mut layers = vec![convolution(&network.stem_layer())];
    for block in network.blocks().iter().flatten() {
        layers.extend(block.main.iter().map(convolution));
    }
    layers.push(of("fc", 1, [network.features(), network.classes]));
    layers
}

/// The Euclidean norm, summed in float64: in float32 the squares of the smallest gradients of deep networks
/// would be zero.
pub(super) fn euclidean(values: &[f32]) -> f64 {
    let squares = values.iter().map(|&value| f64::from(value).powi(2));
    squares.sum::<f64>().sqrt()
}
