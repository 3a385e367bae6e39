//! Networks as ONNX files.

use crate::error::thrown;
use crate::model::JsBytes;
use crate::outside::Outside;
use serde::Deserialize;
use signet_interop::onnx::{Export, Kind};
use signet_recognizer::Weights;
use signet_wasm::{JsFile, Thrown, bytes_of};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** How kernels lie in an ONNX file: as floats, which every program reads, or in a quarter of the size. */
export type OnnxKind = "float32" | "int8";
"#;

#[wasm_bindgen]
extern "C" {
    /// The name of a kind.
    #[wasm_bindgen(typescript_type = "OnnxKind")]
    pub type JsOnnxKind;
}

/// What an ONNX file says of its model.
#[derive(Tsify, Deserialize)]
pub struct OnnxOptions {
    /// How probable a sign must be to be answered, from 0 to 1.
    threshold: f32,
}

/// A weights file as an ONNX file, which has been read again and has answered the reference picture rightly. Throws
/// `export-wrong`, `weights-...`, `setting`, `file-unreadable` or `device`.
#[wasm_bindgen(js_name = exportOnnx)]
pub async fn export_onnx(
    weights: JsFile,
    kind: JsOnnxKind,
    options: Ts<OnnxOptions>,
) -> Result<JsBytes, JsValue> {
    let options = options.to_rust().map_err(Thrown::from)?;
    let kind = match kind.as_string().as_deref() {
        Some("float32") => Kind::Float32,
        Some("int8") => Kind::Int8,
        _ => return Err(Thrown::setting("kind", "it is neither float32 nor int8").into()),
    };
    let export = Export::new(read(&weights).await?, kind, options.threshold).await;
    let export = export.map_err(|error| thrown(&error))?;
    let mut file = Outside::with_capacity(export.byte_len());
    export.write(&mut |piece| file.put(piece));
    let checked = export.check(&file).await;
    checked.map_err(|error| thrown(&error))?;
    Ok(JsValue::from(file.into_bytes()).unchecked_into())
}

/// The weights alone: the file's bytes are gone then.
async fn read(file: &JsValue) -> Result<Weights, Thrown> {
    Ok(Weights::from_bytes(&bytes_of(file).await?)?)
}
