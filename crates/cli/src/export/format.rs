//! The formats of exported files: Signet's own, and those of other programs.

use crate::weights::THRESHOLD;
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use signet_interop::keras;
use signet_interop::onnx::{self, Kind};
use signet_recognizer::{Arithmetic, Classifier, InputImage, Precision, Weights};

/// What is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Signet's weights file, at the --precision given
    #[default]
    Safetensors,
    /// ONNX with kernels as float32
    Onnx,
    /// ONNX with kernels as int8 and a scale per output channel
    OnnxInt8,
    /// Network and weights for Keras 3: keras.models.load_model
    Keras,
    /// Weights for the course's notebook in Keras 3: model.load_weights("x.weights.h5")
    KerasWeights,
    /// Network and weights for Keras 2 and 3: load_model("x.h5")
    KerasH5,
}

impl Format {
    /// The precision of the kernels in the file: the one that was `given` with a safetensors file, the format's own
    /// otherwise.
    pub fn precision(self, given: Option<Precision>) -> Result<Precision> {
        let own = match self {
            Self::Safetensors => {
                return given.context("--precision is needed for a safetensors file");
            }
            Self::Onnx | Self::Keras | Self::KerasWeights | Self::KerasH5 => Precision::F32,
            Self::OnnxInt8 => Precision::Int8,
        };
        if given.is_some() {
            bail!("--precision is for a safetensors file: leave it out, or --format");
        }
        Ok(own)
    }

    /// The file's bytes.
    pub fn write(self, weights: Weights, precision: Precision) -> Result<Vec<u8>> {
        let for_keras = |weights, format| Ok(keras::export(weights, format)?);
        let kind = match self {
            Self::Keras => return for_keras(weights, keras::Format::Keras),
            Self::KerasWeights => return for_keras(weights, keras::Format::Weights),
            Self::KerasH5 => return for_keras(weights, keras::Format::H5),
            Self::Onnx => Kind::Float32,
            Self::OnnxInt8 => Kind::Int8,
            Self::Safetensors => {
                let logits = reference_logits(&weights, precision)?;
                return Ok(weights.with_reference_logits(logits)?.to_bytes(precision)?);
            }
        };
        Ok(pollster::block_on(onnx::export(weights, kind, THRESHOLD))?)
    }
}

/// The logits of the very numbers that the file will hold: they are read back from their stored
/// form, so that quantisation doesn't look like a device that computes wrongly.
fn reference_logits(weights: &Weights, precision: Precision) -> Result<Vec<f32>> {
    let stored = Weights::from_bytes(&weights.to_bytes(precision)?)?;
    let classifier = Classifier::on_cpu(&stored, Arithmetic::Fastest);
    let logits = pollster::block_on(classifier.logits(&[InputImage::reference()]))?;
    Ok(logits.concat())
}
