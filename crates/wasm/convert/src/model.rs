//! Models of other programs, and files for Keras.

use crate::error::thrown;
use crate::outside::Outside;
use js_sys::Uint8Array;
use serde::Serialize;
use signet_interop::keras::{Format, write};
use signet_interop::{Note, model, statistics};
use signet_recognizer::{HostTensor, Precision, Weights};
use signet_wasm::{JsFile, Thrown, bytes_of, split_inputs};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

/// What a file of Keras has beside the network's weights: batch norms, and names. Half of it is not needed.
const BESIDE_WEIGHTS: usize = 2 << 20;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Something that a person should know of an imported model. */
export type ModelNote =
  | { code: "labels-numbered"; classes: number }
  | { code: "training-mode"; layer: string }
  | { code: "features-only" | "head-missing" | "border-differs" | "preprocessing-unknown" };

/** The formats of Keras that are written: network and weights for Keras 3; weights alone; network and weights for Keras 2. */
export type KerasFormat = "keras" | "weights-h5" | "h5";
"#;

#[wasm_bindgen]
extern "C" {
    /// The name of a format.
    #[wasm_bindgen(typescript_type = "KerasFormat")]
    pub type JsKerasFormat;
    /// The bytes of a file.
    #[wasm_bindgen(typescript_type = "Uint8Array<ArrayBuffer>")]
    pub type JsBytes;
}

/// A model of another program as a weights file.
#[derive(Tsify, Serialize)]
pub struct ImportedModel {
    /// A weights file of Signet.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8Array<ArrayBuffer>")]
    weights: Uint8Array,
    /// The labels, in the order of the network's outputs.
    labels: Vec<String>,
    /// What a person should know of it.
    #[tsify(type = "ModelNote[]")]
    notes: Vec<Note>,
}

/// A model of another program as a weights file, with what a person should know of it. `name` is the file's. Throws
/// `model-...`, `keras-...`, `onnx-...`, `archive-...`, `weights-...`, `setting` or `file-unreadable`.
#[wasm_bindgen(js_name = importModel)]
pub async fn import_model(file: JsFile, name: String) -> Result<Ts<ImportedModel>, JsValue> {
    let imported = model::import(bytes_of(&file).await?, &name);
    let imported = imported.map_err(|error| thrown(&error))?;
    let (weights, labels) = written(imported.weights)?;
    let imported = ImportedModel {
        weights,
        labels,
        notes: imported.notes,
    };
    Ok(imported.into_ts().map_err(Thrown::from)?)
}

/// The weights file with its batch norms' statistics computed anew of inputs, which lie one after another in red, green,
/// blue, alpha. Throws `statistics-...`, `weights-...`, `picture-size` or `file-unreadable`.
#[wasm_bindgen(js_name = recomputeStatistics)]
pub async fn recompute_statistics(weights: JsFile, inputs: Uint8Array) -> Result<JsBytes, JsValue> {
    let weights = read(&weights).await?;
    let inputs = split_inputs(&inputs.to_vec()).map_err(Thrown::from)?;
    let renewed = statistics::recompute(&weights, &inputs);
    let (bytes, _) = written(renewed.map_err(|error| thrown(&error))?)?;
    Ok(JsValue::from(bytes).unchecked_into())
}

/// A weights file as a file of Keras. Throws `export-wrong`, `weights-...`, `setting` or `file-unreadable`.
#[wasm_bindgen(js_name = exportKeras)]
pub async fn export_keras(weights: JsFile, format: JsKerasFormat) -> Result<JsBytes, JsValue> {
    let format = match format.as_string().as_deref() {
        Some("keras") => Format::Keras,
        Some("weights-h5") => Format::Weights,
        Some("h5") => Format::H5,
        _ => {
            return Err(Thrown::setting("format", "it is none of keras, weights-h5 and h5").into());
        }
    };
    let weights = read(&weights).await?;
    let counts = weights.tensors().values().map(HostTensor::count);
    let mut file = Outside::with_capacity(counts.sum::<usize>() * 4 + BESIDE_WEIGHTS);
    write(weights, format, &mut file).map_err(|error| thrown(&error))?;
    Ok(JsValue::from(file.into_bytes()).unchecked_into())
}

async fn read(file: &JsValue) -> Result<Weights, Thrown> {
    Ok(Weights::from_bytes(&bytes_of(file).await?)?)
}

/// A weights file in JavaScript's memory, and its labels.
fn written(weights: Weights) -> Result<(Uint8Array, Vec<String>), Thrown> {
    let labels = weights.labels().to_vec();
    let file = weights.into_container(Precision::Kept)?;
    let mut bytes = Outside::with_capacity(file.byte_len());
    file.write(&mut |piece| bytes.put(piece));
    Ok((bytes.into_bytes(), labels))
}
