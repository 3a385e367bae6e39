//! Training, as the page drives it.

use crate::device;
use js_sys::{Array, JSON, Object, Reflect, Uint8Array, Uint32Array};
use serde::Deserialize;
use signet_core::{Augmentation, Dataset, Moments, Sample, Scope, TrainConfig, initialize_head};
use signet_recognizer::{Container, Error, Precision, Weights};
use signet_wasm::{Thrown, split_inputs};
use wasm_bindgen::prelude::*;

/// A network on its way, a step at a time: see `signet_core::Trainer`.
///
/// One call at a time: a call during another one throws.
#[wasm_bindgen]
pub struct Trainer(signet_core::Trainer);

/// The settings that a person can change; the rest is the same for every fine-tuning.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    scope: Scope,
    epochs: usize,
    batch_size: usize,
    learning_rate: f64,
    augmentation: bool,
    seed: u64,
}

impl From<Settings> for TrainConfig {
    fn from(settings: Settings) -> Self {
        Self {
            epochs: settings.epochs,
            batch_size: settings.batch_size,
            learning_rate: settings.learning_rate,
            augmentation: if settings.augmentation {
                Augmentation::LIGHT
            } else {
                Augmentation::NONE
            },
            seed: settings.seed,
            ..Self::fine_tuning(settings.scope)
        }
    }
}

#[wasm_bindgen]
impl Trainer {
    /// Starts from a weights file, with batch norm folded. `pictures` holds `labels`, `training`
    /// and `validation` (inputs, as for `Classifier.classifySquares`), `trainingLabels` and
    /// `validationLabels` (indices into `labels`). A label that the weights know keeps its part of
    /// the head; a new one starts as what its first pictures are taken for. `settings` holds `scope`, `epochs`, `batchSize`, `learningRate`, `augmentation`
    /// and `seed`. Throws `weights-...`, `setting`, `picture-size` or `device`.
    pub async fn start(
        weights: &[u8],
        pictures: &Object,
        settings: &JsValue,
    ) -> Result<Trainer, Thrown> {
        let config = TrainConfig::from(read_settings(settings)?);
        let [training, validation] = read_pictures(pictures)?;
        let weights = Weights::from_bytes(weights)?.fold();
        let device = device::open().await?;
        let weights = initialize_head(weights, &training).await?;
        let sets = validation_sets(validation);
        let mut trainer = signet_core::Trainer::new(weights, training, sets, config, &device)?;
        device::extract_features(&mut trainer).await?;
        Ok(Self(trainer))
    }

    /// Goes on where `checkpoint` was taken, with the same pictures in the same order; `best` is
    /// the file of the best weights of then. Throws as `start`.
    pub async fn resume(
        checkpoint: &[u8],
        best: Option<Vec<u8>>,
        pictures: &Object,
    ) -> Result<Trainer, Thrown> {
        let [training, validation] = read_pictures(pictures)?;
        let best = best.as_deref().map(Weights::from_bytes).transpose()?;
        let sets = validation_sets(validation);
        let device = device::open().await?;
        let mut trainer = signet_core::Trainer::resume(checkpoint, best, training, sets, &device)?;
        device::extract_features(&mut trainer).await?;
        Ok(Self(trainer))
    }

    /// Does one piece of work and tells what, as JSON: `{"kind": "features", "done", "total"}`,
    /// `{"kind": "start", "validation": [..]}` (how good the weights are that it starts from),
    /// `{"kind": "batch", "epoch", "batch", "batches", "training": {"loss", "accuracy"}}`,
    /// `{"kind": "validation", "epoch", "done", "total"}`, `{"kind": "epoch", "epoch",
    /// "training", "validation": [..], "best"}` or `{"kind": "done"}`. Throws `not-finite` or
    /// `device`; the best weights are still there then.
    pub async fn step(&mut self) -> Result<String, Thrown> {
        json(&self.0.step().await?)
    }

    /// The finished epochs as JSON.
    pub fn history(&self) -> Result<String, Thrown> {
        json(&self.0.history())
    }

    /// The weights of the best epoch so far, or those it started from when no epoch was as good, as a float32 file with labels, preprocessing and
    /// self-check; `undefined` while there are none. Throws `device`.
    #[wasm_bindgen(js_name = bestWeights)]
    pub async fn best_weights(&self) -> Result<Option<Uint8Array>, Thrown> {
        let Some(weights) = self.0.best_weights().await? else {
            return Ok(None);
        };
        let file = weights.into_container(Precision::F32)?;
        Ok(Some(written(&file)))
    }

    /// What `resume` needs besides the best weights and the pictures; without the optimiser's
    /// moments, which would triple it. Throws `device`.
    pub async fn checkpoint(&self) -> Result<Uint8Array, Thrown> {
        let file = self.0.checkpoint(Moments::Dropped).await?;
        Ok(written(&file))
    }
}

/// Written straight into JavaScript's memory: what is once allocated here stays so, and a file is as
/// large as the network.
fn written(file: &Container<'_>) -> Uint8Array {
    let array = Uint8Array::new_with_length(file.byte_len() as u32);
    let mut at = 0;
    file.write(&mut |piece| {
        let end = at + piece.len() as u32;
        array.subarray(at, end).copy_from(piece);
        at = end;
    });
    array
}

/// None where there are no pictures to validate with.
fn validation_sets(validation: Dataset) -> Vec<Dataset> {
    let sets = [validation].into_iter();
    sets.filter(|set| !set.is_empty()).collect()
}

fn setting(name: &'static str, reason: impl std::fmt::Display) -> Error {
    Error::Setting {
        name,
        reason: reason.to_string(),
    }
}

fn json(value: &impl serde::Serialize) -> Result<String, Thrown> {
    let text = serde_json::to_string(value);
    text.map_err(|error| setting("event", error).into())
}

fn read_settings(settings: &JsValue) -> Result<Settings, Error> {
    let text = JSON::stringify(settings).map_err(|_| setting("settings", "they are no JSON"))?;
    let text = String::from(text);
    serde_json::from_str(&text).map_err(|error| setting("settings", error))
}

/// The training and the validation set.
fn read_pictures(pictures: &Object) -> Result<[Dataset; 2], Error> {
    let field = |name: &'static str| {
        let value = Reflect::get(pictures, &name.into());
        value.map_err(|_| setting("pictures", format!("{name} can't be read")))
    };
    let wrong = |name: &'static str| setting("pictures", format!("{name} is of the wrong type"));
    let labels = field("labels")?;
    let labels = labels.dyn_into::<Array>().map_err(|_| wrong("labels"))?;
    let labels: Option<Vec<String>> = labels.iter().map(|label| label.as_string()).collect();
    let labels = labels.ok_or_else(|| wrong("labels"))?;
    let set = |name: &'static str, indices: &'static str| {
        let rgba = field(name)?;
        let rgba = rgba.dyn_into::<Uint8Array>().map_err(|_| wrong(name))?;
        let truths = field(indices)?;
        let truths = truths.dyn_into::<Uint32Array>();
        let truths = truths.map_err(|_| wrong(indices))?.to_vec();
        let inputs = split_inputs(&rgba.to_vec())?;
        if inputs.len() != truths.len() {
            let (inputs, truths) = (inputs.len(), truths.len());
            let reason = format!("{name} has {inputs} pictures and {truths} labels");
            return Err(setting("pictures", reason));
        }
        let samples = inputs.into_iter().zip(truths);
        let samples = samples.map(|(input, label)| Sample {
            input,
            label: label as usize,
        });
        Dataset::new(labels.clone(), samples.collect())
    };
    Ok([
        set("training", "trainingLabels")?,
        set("validation", "validationLabels")?,
    ])
}
