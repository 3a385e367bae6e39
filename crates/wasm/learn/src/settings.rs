//! What a training is started with.

use js_sys::{Uint8Array, Uint32Array};
use serde::Deserialize;
use signet_core::{Augmentation, Dataset, Sample, Scope, TrainConfig};
use signet_recognizer::labels::same_in_a_mirror;
use signet_wasm::{Thrown, split_inputs};
use tsify::Tsify;
use wasm_bindgen::{JsCast, JsValue};

/// The settings that a person can change; the rest is the same for every fine-tuning.
#[derive(Debug, Clone, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct TrainSettings {
    /// How much of the network is trained: the dense layer; stage 5 and the dense layer; everything.
    #[tsify(type = "\"head\" | \"stage\" | \"all\"")]
    pub scope: Scope,
    /// At least 1.
    pub epochs: usize,
    /// Pictures in a batch, at least 1.
    pub batch_size: usize,
    /// Adam's, above 0.
    pub learning_rate: f64,
    /// Whether pictures are changed at random. Where signs of the labels mean the same in a mirror they are mirrored, too.
    pub augmentation: bool,
    /// The same seed gives the same training.
    pub seed: u64,
}

impl TrainSettings {
    /// For a training on pictures of these labels.
    pub fn for_labels(self, labels: &[String]) -> TrainConfig {
        let forms = Augmentation {
            flip: same_in_a_mirror(labels),
            ..Augmentation::FORMS
        };
        TrainConfig {
            epochs: self.epochs,
            batch_size: self.batch_size,
            learning_rate: self.learning_rate,
            augmentation: if self.augmentation {
                forms
            } else {
                Augmentation::NONE
            },
            seed: self.seed,
            ..TrainConfig::fine_tuning(self.scope)
        }
    }
}

/// Labeled pictures. Pictures are inputs, as for `Classifier.classifyInputs`; their labels are indexes
/// into `labels`, one for each picture, or for one without a sign the number of `labels`. With such pictures
/// to train on, the detector is trained, too.
#[derive(Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct TrainPictures {
    /// The labels of the network that is to come.
    pub labels: Vec<String>,
    /// Pictures to train on.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8Array")]
    pub training: JsValue,
    /// Their labels.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint32Array")]
    pub training_labels: JsValue,
    /// Pictures to validate with; there may be none.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8Array")]
    pub validation: JsValue,
    /// Their labels.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint32Array")]
    pub validation_labels: JsValue,
}

impl TrainPictures {
    /// The training set and the validation sets: none where there are no pictures to validate with.
    ///
    /// # Errors
    ///
    /// `setting` or `picture-size`.
    pub fn into_sets(self) -> Result<(Dataset, Vec<Dataset>), Thrown> {
        let labels = self.labels;
        let training = set_of(&labels, self.training, self.training_labels)?;
        let validation = set_of(&labels, self.validation, self.validation_labels)?;
        let sets = [validation].into_iter();
        Ok((training, sets.filter(|set| !set.is_empty()).collect()))
    }
}

fn set_of(labels: &[String], pictures: JsValue, truths: JsValue) -> Result<Dataset, Thrown> {
    let wrong = |_| Thrown::setting("pictures", "a field is of the wrong type");
    let rgba = pictures.dyn_into::<Uint8Array>().map_err(wrong)?;
    let truths = truths.dyn_into::<Uint32Array>().map_err(wrong)?.to_vec();
    dataset(labels.to_vec(), &rgba.to_vec(), &truths)
}

/// Inputs that lie one after another, and for each the index of its label.
pub fn dataset(labels: Vec<String>, rgba: &[u8], truths: &[u32]) -> Result<Dataset, Thrown> {
    let inputs = split_inputs(rgba)?;
    if inputs.len() != truths.len() {
        let (inputs, truths) = (inputs.len(), truths.len());
        let reason = format!("{inputs} pictures and {truths} labels");
        return Err(Thrown::setting("pictures", reason));
    }
    let samples = inputs.into_iter().zip(truths);
    let samples = samples.map(|(input, label)| Sample {
        input,
        label: *label as usize,
    });
    let (samples, negatives): (Vec<_>, Vec<_>) =
        samples.partition(|sample| sample.label != labels.len());
    let negatives = negatives.into_iter().map(|sample| sample.input);
    let signs = Dataset::new(labels, samples)?;
    Ok(signs.with_negatives(negatives.collect()))
}
