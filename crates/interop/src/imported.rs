//! What became of a model of another program.

use serde::Serialize;
use signet_recognizer::Weights;
use std::fmt;

/// A model of another program as this project's weights, and what a person should know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The network.
    pub weights: Weights,
    /// In the order in which they are told.
    pub notes: Vec<Note>,
}

/// Something that a person should know of an imported model.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(
    tag = "code",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
#[non_exhaustive]
pub enum Note {
    /// The file names no labels, so that the classes are numbered from 0 on.
    LabelsNumbered {
        /// How many classes there are.
        classes: usize,
    },
    /// Batch norm is called with `training=True`: Keras answers by the statistics of the pictures that it is asked about
    /// together, and the stored ones, which answer here, may lag behind.
    TrainingMode {
        /// The first such layer.
        layer: String,
    },
    /// The ImageNet network: its features are read, its thousand classes are not. The head is a fresh one.
    FeaturesOnly,
    /// The network has no dense layer: the head is a fresh one.
    HeadMissing,
    /// What the network expects of pixels is folded into the first convolution, which is exact but for the border.
    BorderDiffers,
    /// The file doesn't say how pictures are prepared: RGB in 0 to 1 is taken for granted.
    PreprocessingUnknown,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LabelsNumbered { classes } => write!(
                f,
                "the file names no labels: its {classes} classes are numbered from 0 on, in its order"
            ),
            Self::TrainingMode { layer } => write!(
                f,
                "batch norm is called with training=True, first in `{layer}`: Keras answers by the statistics of the pictures that it is \
                 asked about together, and the stored ones, which answer here, may lag behind"
            ),
            Self::FeaturesOnly => f.write_str(
                "it is the ImageNet network: its features are read, and the head is a fresh one",
            ),
            Self::HeadMissing => f.write_str("it has no dense layer: the head is a fresh one"),
            Self::BorderDiffers => f.write_str(
                "what it expects of pixels is folded into the first convolution: zero padding stands for black here",
            ),
            Self::PreprocessingUnknown => f.write_str(
                "the file doesn't say how pictures are prepared: it is taken to read RGB in 0 to 1, and answers wrongly if it doesn't",
            ),
        }
    }
}
