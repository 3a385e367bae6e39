//! Writing, and reading again before the file is handed over.

use super::decode::Source;
use super::encode::Message;
use super::metadata;
use super::network::read;
use super::nodes::{Form, graph};
use super::proto::{IR_VERSION, OPSET, model, opset};
use crate::error::{Error, Result};
use half::f16;
use serde::{Deserialize, Serialize};
use signet_recognizer::{Arithmetic, Classifier, HostTensor, InputImage, Weights};
use std::collections::BTreeSet;

/// How the kernels lie in an ONNX file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// As float32, which every program reads.
    Float32,
    /// As int8 with a scale per output channel, a quarter of the size, for programs that read a DequantizeLinear with
    /// an axis: onnxruntime, onnxruntime-web, tract from 0.23.9 on.
    Int8,
}

/// An ONNX file that is not written yet. Its length is known, and it is written in pieces.
#[derive(Debug)]
pub struct Export {
    weights: Weights,
    kind: Kind,
    logits: Vec<f32>,
    threshold: f32,
    /// The kernels that are stored as float16.
    halves: BTreeSet<String>,
}

/// The whole file, read again and found right.
///
/// # Errors
///
/// As [`Export::new`] and [`Export::check`].
pub async fn export(weights: Weights, kind: Kind, threshold: f32) -> Result<Vec<u8>> {
    let export = Export::new(weights, kind, threshold).await?;
    let mut bytes = Vec::with_capacity(export.byte_len());
    export.write(&mut |piece| bytes.extend_from_slice(piece));
    export.check(&bytes.as_slice()).await?;
    Ok(bytes)
}

impl Export {
    /// Folds batch norm and rounds kernels as `kind` asks for. A sign whose presence is below `threshold` is to be
    /// answered with none.
    ///
    /// # Errors
    ///
    /// [`signet_recognizer::Error::Device`] where the network's answer to the reference picture is not finite.
    pub async fn new(weights: Weights, kind: Kind, threshold: f32) -> Result<Self> {
        let mut halves = BTreeSet::new();
        let mut is_changed = !weights.is_folded();
        let weights = weights.fold();
        let (config, labels) = (weights.config().clone(), weights.labels().to_vec());
        let kept = weights.reference_logits().map(<[f32]>::to_vec);
        let mut tensors = weights.into_tensors();
        if kind == Kind::Int8 {
            for (name, tensor) in &mut tensors {
                if tensor.shape.len() == 4 && tensor.integers().is_none() {
                    match as_halves(tensor) {
                        Some(rounded) => {
                            *tensor = rounded;
                            halves.insert(name.clone());
                        }
                        None if !tensor.is_refined() => *tensor = tensor.to_int8(),
                        None => continue,
                    }
                    is_changed = true;
                }
            }
        }
        let weights = Weights::new(config, labels, tensors)?;
        let logits = match kept {
            Some(logits) if !is_changed => logits,
            _ => reference_logits(&weights).await?,
        };
        Ok(Self {
            weights,
            kind,
            logits,
            threshold,
            halves,
        })
    }

    /// Length of the file in bytes.
    pub fn byte_len(&self) -> usize {
        self.message().byte_len()
    }

    /// Passes the file's bytes to `take` in order, in pieces.
    pub fn write(&self, take: &mut dyn FnMut(&[u8])) {
        self.message().write(take);
    }

    fn message(&self) -> Message<'_> {
        let form = |kernel: &str| match self.kind {
            Kind::Float32 => Form::Float32,
            Kind::Int8 if self.halves.contains(kernel) => Form::Float16,
            Kind::Int8 => Form::Int8,
        };
        let opset = Message::default()
            .text(opset::DOMAIN, "")
            .integer(opset::VERSION, OPSET);
        Message::default()
            .integer(model::IR_VERSION, IR_VERSION)
            .text(model::PRODUCER_NAME, "signet")
            .text(model::PRODUCER_VERSION, env!("CARGO_PKG_VERSION"))
            .message(model::GRAPH, graph(&self.weights, form))
            .message(model::OPSET_IMPORT, opset)
            .messages(
                model::METADATA,
                metadata::entries(&self.weights, &self.logits, self.threshold),
            )
    }

    /// Reads the written file again. Each of its tensors must be the one that was to be written, to the bit, and the
    /// network that was read must give the logits that the file tells for the reference picture.
    ///
    /// # Errors
    ///
    /// [`Error::ExportWrong`] naming what differs.
    pub async fn check(self, file: &dyn Source) -> Result<()> {
        let wrong = |reason: String| Error::ExportWrong { reason };
        let labels = self.weights.labels().to_vec();
        let mut expected = self.weights.into_tensors();
        let is_int8 = self.kind == Kind::Int8;
        let imported = read(file, &mut |name, found| {
            let Some(wanted) = expected.remove(name) else {
                return Err(wrong(format!("`{name}` is no tensor of the network")));
            };
            let is_same = match wanted.integers() {
                Some(integers) if is_int8 => found.integers() == Some(integers),
                _ => found == wanted,
            };
            // The two are equal, and the one that was written may be a quarter as large.
            match is_same {
                true => Ok(wanted),
                false => Err(wrong(format!("`{name}` reads as other numbers"))),
            }
        });
        let found = imported.map_err(|error| wrong(error.to_string()))?.weights;
        if !expected.is_empty() || found.labels() != labels {
            return Err(wrong("a tensor or a label is missing".into()));
        }
        let classifier = Classifier::on_cpu(&found, Arithmetic::Fastest);
        let checked = classifier.self_check().await;
        checked.map_err(|error| wrong(error.to_string()))?;
        Ok(())
    }
}

/// A refined kernel rounded to float16, whose steps are finer than its own; none where a weight is too large for that,
/// or the kernel is no refined one.
fn as_halves(tensor: &HostTensor) -> Option<HostTensor> {
    if !tensor.is_refined() {
        return None;
    }
    let floats = tensor.floats();
    let rounded: Vec<f32> = floats.iter().map(|w| f16::from_f32(*w).to_f32()).collect();
    let is_finite = rounded.iter().all(|weight| weight.is_finite());
    is_finite.then(|| HostTensor::new(tensor.shape.clone(), rounded))
}

/// The logits of the reference picture in float32, as other programs compute.
async fn reference_logits(weights: &Weights) -> Result<Vec<f32>> {
    let classifier = Classifier::on_cpu(weights, Arithmetic::Float32);
    let logits = classifier.logits(&[InputImage::reference()]).await?;
    Ok(logits.concat())
}
