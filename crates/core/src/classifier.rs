//! Weights and a device in, predictions out.

use crate::engine::{self, Engine};
use crate::error::{Error, Result};
use crate::finder::{NO_SIGN, Region};
use crate::model::{self, ResNet};
use crate::preprocess::{self, Square};
use crate::weights::Weights;
use burn::tensor::Device;
use serde::Serialize;
use signet_engine::Arithmetic;
use std::pin::Pin;

/// How far a device's logits for the reference picture may be from the stored ones, as a share of
/// the largest stored logit (or of 1, if that is smaller). float32 on any device stays below a
/// tenth of it; a wrong kernel is far above.
pub const SELF_CHECK_TOLERANCE: f32 = 0.01;

/// An answer for one picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prediction {
    /// The most probable label.
    pub label: String,
    /// Its probability.
    pub probability: f32,
    /// The probability of every label, in the classifier's order.
    pub probabilities: Vec<f32>,
    /// The probability that there is a sign at all; none where the network has no finder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign: Option<f32>,
    /// Where the hand is, for a network with a finder. It means nothing where there is no sign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
}

impl Prediction {
    /// The label, or [`NO_SIGN`] where a sign is less probable than `threshold`.
    pub fn answer(&self, threshold: f32) -> &str {
        match self.sign {
            Some(sign) if sign < threshold => NO_SIGN,
            _ => &self.label,
        }
    }
}

/// A network ready to answer. Batch norm is folded, gradients are not tracked.
#[derive(Debug)]
pub struct Classifier {
    network: Box<dyn Network>,
    labels: Vec<String>,
    finder: bool,
    reference_logits: Option<Vec<f32>>,
}

/// What computes the answers. A trait and no enumeration, so that a program which classifies on the
/// processor alone holds nothing of burn: its module is a fifth as large.
trait Network: std::fmt::Debug {
    /// A row for each square, of which there are some: see [`ResNet::answer_from`].
    fn answers<'a>(&'a self, squares: &'a [Square]) -> Answers<'a>;
}

type Answers<'a> = Pin<Box<dyn Future<Output = Result<Vec<Vec<f32>>>> + 'a>>;

impl Network for Engine {
    fn answers<'a>(&'a self, squares: &'a [Square]) -> Answers<'a> {
        Box::pin(async { Ok(self.run(squares).0) })
    }
}

#[cfg(feature = "webgpu-engine")]
impl Network for engine::CardEngine {
    fn answers<'a>(&'a self, squares: &'a [Square]) -> Answers<'a> {
        Box::pin(async { Ok(self.run(squares).await?.0) })
    }
}

/// On any device of burn's.
#[derive(Debug)]
struct OnDevice(ResNet, Device);

impl Network for OnDevice {
    fn answers<'a>(&'a self, squares: &'a [Square]) -> Answers<'a> {
        Box::pin(async {
            let Self(network, device) = self;
            let answers = network.answer_from(0, preprocess::batch(squares, device));
            let answers = model::read(answers).await?;
            Ok(answers
                .floats()
                .chunks(answers.shape[1])
                .map(<[f32]>::to_vec)
                .collect())
        })
    }
}

impl Classifier {
    /// Folds the weights and moves them to `device`; Flex, which is the processor, is served by
    /// [`on_processor`](Self::on_processor).
    pub fn new(weights: Weights, device: &Device) -> Self {
        // A device that tracks gradients would put batch norm into training mode.
        let device = device.clone().without_autodiff();
        if engine::serves(&device) {
            return Self::on_processor(weights, Arithmetic::Fastest);
        }
        Self::with(weights, |weights| {
            let network = ResNet::load(weights.fold(), 0.0, &device);
            Box::new(OnDevice(network, device))
        })
    }

    /// On the processor, by the engine. In integers, where the weights are such, it answers as in
    /// float32 to about 1e-4 of the largest logit.
    pub fn on_processor(weights: Weights, arithmetic: Arithmetic) -> Self {
        Self::with(weights, |weights| {
            Box::new(Engine::new(&weights, arithmetic))
        })
    }

    /// On a graphics card, by the engine, in float32. Weights that are integers stay so in the card's memory.
    /// The first network on a card tries how squares are computed fastest there.
    ///
    /// # Errors
    ///
    /// [`Error::Device`] when the card fails.
    #[cfg(feature = "webgpu-engine")]
    pub async fn on_card(weights: Weights, card: &signet_engine::Card) -> Result<Self> {
        let engine = engine::CardEngine::new(&weights, card);
        engine.tune().await?;
        Ok(Self::with(weights, |_| Box::new(engine)))
    }

    fn with(weights: Weights, network: impl FnOnce(Weights) -> Box<dyn Network>) -> Self {
        Self {
            labels: weights.labels().to_vec(),
            finder: weights.config().finder,
            reference_logits: weights.reference_logits().map(<[f32]>::to_vec),
            network: network(weights),
        }
    }

    /// The labels in the order of [`Prediction::probabilities`].
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Whether it says if there is a sign and where.
    pub fn has_finder(&self) -> bool {
        self.finder
    }

    /// Classifies a batch of squares.
    ///
    /// # Errors
    ///
    /// [`Error::Device`] when the device fails or answers with something that is no number.
    pub async fn classify(&self, squares: &[Square]) -> Result<Vec<Prediction>> {
        let answers = self.answers(squares).await?;
        let rows = answers.iter().map(|row| self.prediction(row));
        Ok(rows.collect())
    }

    /// The logits for a batch of squares, a row each.
    ///
    /// # Errors
    ///
    /// As [`classify`](Self::classify).
    pub async fn logits(&self, squares: &[Square]) -> Result<Vec<Vec<f32>>> {
        let mut rows = self.answers(squares).await?;
        rows.iter_mut()
            .for_each(|row| row.truncate(self.labels.len()));
        Ok(rows)
    }

    /// A row for each square: see [`ResNet::answer_from`].
    async fn answers(&self, squares: &[Square]) -> Result<Vec<Vec<f32>>> {
        if squares.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.network.answers(squares).await?;
        if rows.iter().flatten().any(|value| !value.is_finite()) {
            return Err(Error::Device {
                reason: "it computed something that is no number".into(),
            });
        }
        Ok(rows)
    }

    /// Classifies the reference picture and returns the largest difference from the logits that
    /// were stored with the weights (0 when none were).
    ///
    /// # Errors
    ///
    /// [`Error::SelfCheck`] beyond [`SELF_CHECK_TOLERANCE`]; [`Error::Device`].
    pub async fn self_check(&self) -> Result<f32> {
        let logits = self.logits(&[Square::reference()]).await?;
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
        let (logits, found) = row.split_at(self.labels.len());
        let probabilities = softmax(logits);
        let best = argmax(&probabilities);
        let (sign, region) = match *found {
            [sign, x, y, side] => (
                Some(1.0 / (1.0 + (-sign).exp())),
                Some(Region::from_columns([x, y, side])),
            ),
            _ => (None, None),
        };
        Prediction {
            label: self.labels[best].clone(),
            probability: probabilities[best],
            probabilities,
            sign,
            region,
        }
    }
}

/// exp(l) / sum exp(l), with the largest logit taken off first so that nothing overflows.
pub fn softmax(logits: &[f32]) -> Vec<f32> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = logits.iter().map(|l| (l - largest).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
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
