//! The network's configuration: which layers there are, with which names and sizes.
//!
//! [`ResNetConfig::conv_layers`] is the one list of layers: burn's modules, weights files, the
//! summary, the initializer and the folding all iterate over it.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use signet_engine::Padding;

/// One stage: a convolutional block, then identity blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageConfig {
    /// Filters of the three convolutions of the main path, `[F1, F2, F3]`.
    pub filters: [usize; 3],
    /// Stride of the convolutional block, on its first 1x1 convolution and on its shortcut.
    pub stride: usize,
    /// Identity blocks that follow the convolutional block.
    pub identity_blocks: usize,
}

/// Configuration of the whole network. [`ResNetConfig::default`] is the ResNet-50 for six classes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResNetConfig {
    /// Filters of the first convolution.
    pub stem: usize,
    /// Stages 2 to 5.
    pub stages: Vec<StageConfig>,
    /// Number of classes.
    pub classes: usize,
    /// Whether the network has a detector, which says whether there is a sign and where the hand is.
    #[serde(rename = "finder", default, skip_serializing_if = "std::ops::Not::not")]
    pub detector: bool,
}

/// Batch norm's epsilon, added to the variance, as in the reference.
pub const EPSILON: f64 = 0.001;

/// Kernel size of the main path's second convolution: f in the reference.
pub const KERNEL: usize = 3;

impl Default for ResNetConfig {
    fn default() -> Self {
        let stage = |f1, f3, stride, identity_blocks| StageConfig {
            filters: [f1, f1, f3],
            stride,
            identity_blocks,
        };
        Self {
            stem: 64,
            stages: vec![
                stage(64, 256, 1, 2),
                stage(128, 512, 2, 3),
                stage(256, 1024, 2, 5),
                stage(512, 2048, 2, 2),
            ],
            classes: 6,
            detector: false,
        }
    }
}

/// Padding of a convolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Border {
    /// No padding.
    Valid,
    /// Zeros such that the output is as large as the input at stride 1. Of an odd number of rows or
    /// columns the larger half goes to the bottom and right.
    Same,
    /// This many zeros on every side.
    Zeros(usize),
}

/// A convolution and the batch norm behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConvLayer {
    /// The convolution's name in the reference and in weights files, such as `res2a_branch2a`.
    pub name: String,
    /// The batch norm's name, such as `bn2a_branch2a`.
    pub norm: String,
    /// Channels in.
    pub input: usize,
    /// Channels out.
    pub output: usize,
    /// Side of the square kernel.
    pub kernel: usize,
    /// Stride in both directions.
    pub stride: usize,
    /// Padding.
    pub border: Border,
}

impl ConvLayer {
    /// The kernel's shape, `[output, input, height, width]`.
    pub fn kernel_shape(&self) -> [usize; 4] {
        [self.output, self.input, self.kernel, self.kernel]
    }

    /// The padding as the engine's convolutions take it.
    pub fn padding(&self) -> Padding {
        match self.border {
            Border::Valid => Padding::default(),
            Border::Same => Padding::same(self.kernel),
            Border::Zeros(pixels) => Padding::all(pixels),
        }
    }
}

/// The convolutions of one block: three on the main path and, in a convolutional block, one on
/// the shortcut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockLayers {
    /// The block's name in the reference, such as `2a`.
    pub name: String,
    /// The main path.
    pub main: [ConvLayer; 3],
    /// The shortcut of a convolutional block; an identity block has none.
    pub shortcut: Option<ConvLayer>,
}

impl BlockLayers {
    /// A convolutional block: `filters` on the main path, a convolution on the shortcut.
    pub fn convolutional(
        name: &str,
        input: usize,
        filters: [usize; 3],
        kernel: usize,
        stride: usize,
    ) -> Self {
        let mut block = Self::identity(name, input, filters, kernel);
        block.main[0].stride = stride;
        block.shortcut = Some(ConvLayer {
            stride,
            ..branch(name, "1", [input, filters[2]], 1, Border::Valid)
        });
        block
    }

    /// An identity block: the input itself is the shortcut.
    pub fn identity(name: &str, input: usize, filters: [usize; 3], kernel: usize) -> Self {
        let [f1, f2, f3] = filters;
        Self {
            name: name.to_owned(),
            main: [
                branch(name, "2a", [input, f1], 1, Border::Valid),
                branch(name, "2b", [f1, f2], kernel, Border::Same),
                branch(name, "2c", [f2, f3], 1, Border::Valid),
            ],
            shortcut: None,
        }
    }

    /// The block's convolutions, the main path first.
    pub fn layers(&self) -> impl Iterator<Item = &ConvLayer> {
        self.main.iter().chain(&self.shortcut)
    }
}

fn branch(
    block: &str,
    branch: &str,
    channels: [usize; 2],
    kernel: usize,
    border: Border,
) -> ConvLayer {
    ConvLayer {
        name: format!("res{block}_branch{branch}"),
        norm: format!("bn{block}_branch{branch}"),
        input: channels[0],
        output: channels[1],
        kernel,
        stride: 1,
        border,
    }
}

impl ResNetConfig {
    /// The same network for another number of classes.
    pub fn with_classes(self, classes: usize) -> Self {
        Self { classes, ..self }
    }

    /// The same network with or without a detector.
    pub fn with_detector(self, detector: bool) -> Self {
        Self { detector, ..self }
    }

    /// Refuses an impossible network before anything is allocated for it.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] naming the first number out of range.
    pub fn validate(&self) -> Result<()> {
        let wrong = |name, reason: String| Err(Error::Setting { name, reason });
        if !(1..=1000).contains(&self.classes) {
            return wrong("classes", format!("{} is not in 1 to 1000", self.classes));
        }
        if self.stages.len() != 4 {
            return wrong("stages", format!("{} given, 4 needed", self.stages.len()));
        }
        let filters = self.stages.iter().flat_map(|stage| stage.filters);
        if let Some(bad) = filters.chain([self.stem]).find(|f| !(1..=4096).contains(f)) {
            return wrong("filters", format!("{bad} is not in 1 to 4096"));
        }
        for stage in &self.stages {
            if !(1..=2).contains(&stage.stride) || stage.identity_blocks > 64 {
                return wrong("stages", format!("{stage:?} is out of range"));
            }
        }
        // The average pooling and the detector read a 2x2 map.
        let stride: usize = self.stages.iter().map(|stage| stage.stride).product();
        if stride != 8 {
            let reason = format!("their strides make {stride} together, and 8 is needed");
            return wrong("stages", reason);
        }
        Ok(())
    }

    /// The first convolution: 7x7, stride 2, on the input padded by 3 zeros on every side.
    pub fn stem_layer(&self) -> ConvLayer {
        ConvLayer {
            name: "conv1".into(),
            norm: "bn_conv1".into(),
            input: 3,
            output: self.stem,
            kernel: 7,
            stride: 2,
            border: Border::Zeros(3),
        }
    }

    /// The blocks of every stage, in order: `2a`, `2b` .. `5c`.
    pub fn blocks(&self) -> Vec<Vec<BlockLayers>> {
        let mut input = self.stem;
        let stages = self.stages.iter().enumerate().map(|(index, stage)| {
            let name = |block: usize| format!("{}{}", index + 2, letter(block));
            let first =
                BlockLayers::convolutional(&name(0), input, stage.filters, KERNEL, stage.stride);
            input = stage.filters[2];
            let rest = (1..=stage.identity_blocks)
                .map(|block| BlockLayers::identity(&name(block), input, stage.filters, KERNEL));
            std::iter::once(first).chain(rest).collect()
        });
        stages.collect()
    }

    /// Every convolution with its batch norm, from the input to the features.
    pub fn conv_layers(&self) -> Vec<ConvLayer> {
        let blocks = self.blocks();
        let in_blocks = blocks.iter().flatten().flat_map(BlockLayers::layers);
        std::iter::once(self.stem_layer())
            .chain(in_blocks.cloned())
            .collect()
    }

    /// How many parts the network has in front of its head: the stem with its pooling, each stage,
    /// the average pooling.
    pub fn parts(&self) -> usize {
        self.stages.len() + 2
    }

    /// Length of the feature vector that the dense layer reads.
    pub fn features(&self) -> usize {
        self.stages
            .last()
            .map_or(self.stem, |stage| stage.filters[2])
    }
}

/// A block's letter: `a`, `b`, `c` .., and beyond `z` the number itself.
fn letter(block: usize) -> String {
    match u8::try_from(block) {
        Ok(n) if n < 26 => char::from(b'a' + n).to_string(),
        _ => block.to_string(),
    }
}
