//! Classification: the outputs of a [`Backend`] become [`Prediction`]s.

use crate::detector::{BoundingBox, NO_SIGN};
use crate::error::{Error, Result};
use crate::inference::{Backend, CpuBackend};
use crate::preprocess::InputImage;
use crate::weights::Weights;
use serde::Serialize;
use signet_engine::Arithmetic;

/// How far a device's logits for the reference input may be from the stored ones, as a share of
/// the largest stored logit (or of 1, if that is smaller). float32 on any device stays below a
/// tenth of this; a wrong kernel is far above.
pub const SELF_CHECK_TOLERANCE: f32 = 0.01;

/// The network's answer for one input.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prediction {
    /// The most probable label.
    pub label: String,
    /// Its probability, if there is a sign.
    pub probability: f32,
    /// The probability of every label, in the order of [`Classifier::labels`].
    pub probabilities: Vec<f32>,
    /// The probability that the input shows a sign at all; none where the network has no detector.
    #[serde(rename = "sign", skip_serializing_if = "Option::is_none")]
    pub presence: Option<f32>,
    /// Where the hand is; none where the network has no detector. Meaningless where there is no sign.
    #[serde(rename = "region", skip_serializing_if = "Option::is_none")]
    pub bounding_box: Option<BoundingBox>,
}

impl Prediction {
    /// The label, or [`NO_SIGN`] where the presence is below `threshold`.
    pub fn answer(&self, threshold: f32) -> &str {
        match self.presence {
            Some(presence) if presence < threshold => NO_SIGN,
            _ => &self.label,
        }
    }
}

/// A network on a device, ready to classify. Batch norm is folded, gradients are not tracked.
#[derive(Debug)]
pub struct Classifier {
    backend: Box<dyn Backend>,
    labels: Vec<String>,
    detector: bool,
    reference_logits: Option<Vec<f32>>,
}

impl Classifier {
    /// A classifier with the labels of `weights`, whose network `backend` has taken over: the
    /// engine's [`CpuBackend`] or `GpuBackend`, or another library's. The weights may be dropped then.
    pub fn new(weights: &Weights, backend: impl Backend + 'static) -> Self {
        Self {
            labels: weights.labels().to_vec(),
            detector: weights.config().detector,
            reference_logits: weights.reference_logits().map(<[f32]>::to_vec),
            backend: Box::new(backend),
        }
    }

    /// On the CPU, by the engine, which packs its own copy of `weights`: they may be dropped then.
    /// Integer arithmetic on 8-bit weights differs from float32's logits by about 1e-4 of the largest.
    pub fn on_cpu(weights: &Weights, arithmetic: Arithmetic) -> Self {
        Self::new(weights, CpuBackend::new(weights, arithmetic))
    }

    /// On a GPU, by the engine, in float32. 8-bit weights stay 8-bit in the GPU's memory. The first
    /// network on a GPU autotunes how small layers are split there.
    ///
    /// # Errors
    ///
    /// [`Error::Device`] when the GPU fails.
    #[cfg(feature = "webgpu")]
    pub async fn on_gpu(weights: &Weights, gpu: &signet_engine::Gpu) -> Result<Self> {
        Ok(Self::new(
            weights,
            crate::inference::GpuBackend::new(weights, gpu).await?,
        ))
    }

    /// The labels in the order of [`Prediction::probabilities`].
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Whether the network has a detector: whether predictions say if there is a sign, and where.
    pub fn has_detector(&self) -> bool {
        self.detector
    }

    /// Classifies a batch of inputs.
    ///
    /// # Errors
    ///
    /// [`Error::Device`] when the device fails or an output is not finite.
    pub async fn classify(&self, inputs: &[InputImage]) -> Result<Vec<Prediction>> {
        let outputs = self.outputs(inputs).await?;
        let rows = outputs.iter().map(|row| self.prediction(row));
        Ok(rows.collect())
    }

    /// The logits for a batch of inputs, a row each.
    ///
    /// # Errors
    ///
    /// As [`classify`](Self::classify).
    pub async fn logits(&self, inputs: &[InputImage]) -> Result<Vec<Vec<f32>>> {
        let mut rows = self.outputs(inputs).await?;
        rows.iter_mut()
            .for_each(|row| row.truncate(self.labels.len()));
        Ok(rows)
    }

    /// The backend's [rows](crate::Outputs::rows), all finite.
    async fn outputs(&self, inputs: &[InputImage]) -> Result<Vec<Vec<f32>>> {
        if inputs.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.backend.run(inputs).await?.rows;
        if rows.iter().flatten().any(|value| !value.is_finite()) {
            return Err(Error::Device {
                reason: "its output is not finite".into(),
            });
        }
        Ok(rows)
    }

    /// Classifies the [reference input](InputImage::reference) and returns the largest difference
    /// from the logits that were stored with the weights (0 when none were).
    ///
    /// # Errors
    ///
    /// [`Error::SelfCheck`] beyond [`SELF_CHECK_TOLERANCE`]; [`Error::Device`].
    pub async fn self_check(&self) -> Result<f32> {
        let logits = self.logits(&[InputImage::reference()]).await?;
        let Some(stored) = &self.reference_logits else {
            return Ok(0.0);
        };
        let found = logits.iter().flatten();
        let difference = found
            .zip(stored)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f32::max);
        let scale = stored.iter().fold(1.0_f32, |most, l| most.max(l.abs()));
        let tolerance = SELF_CHECK_TOLERANCE * scale;
        if difference > tolerance {
            return Err(Error::SelfCheck {
                difference,
                tolerance,
            });
        }
        Ok(difference)
    }

    fn prediction(&self, row: &[f32]) -> Prediction {
        let (logits, detected) = row.split_at(self.labels.len());
        let probabilities = softmax(logits);
        let best = argmax(&probabilities);
        let (presence, bounding_box) = match *detected {
            [presence, x, y, side] => (
                Some(sigmoid(presence)),
                Some(BoundingBox::from_targets([x, y, side])),
            ),
            _ => (None, None),
        };
        Prediction {
            label: self.labels[best].clone(),
            probability: probabilities[best],
            probabilities,
            presence,
            bounding_box,
        }
    }
}

/// Probabilities exp(l) / sum exp(l) of logits l. The largest logit is subtracted first, so that
/// nothing overflows.
pub fn softmax(logits: &[f32]) -> Vec<f32> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = logits.iter().map(|l| (l - largest).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}

/// The probability 1 / (1 + exp(-l)) of a logit l.
pub fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// The index of the largest value, the first of equals; 0 for an empty slice.
pub fn argmax(values: &[f32]) -> usize {
    let mut best = 0;
    for (index, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = index;
        }
    }
    best
}
