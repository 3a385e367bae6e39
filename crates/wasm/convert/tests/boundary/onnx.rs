//! ONNX files.

use crate::support::{code, js_blob, js_file, object, weights};
use js_sys::{Reflect, Uint8Array};
use serde_json::json;
use signet_recognizer::Weights;
use signet_wasm::JsFile;
use signet_wasm_convert::{JsOnnxKind, export_onnx, import_model};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

async fn exported(file: JsFile, kind: &str) -> Result<Uint8Array, JsValue> {
    let kind: JsOnnxKind = JsValue::from_str(kind).unchecked_into();
    let options = object(&json!({ "threshold": 0.5 }));
    Ok(export_onnx(file, kind, options).await?.unchecked_into())
}

#[wasm_bindgen_test]
async fn a_weights_file_goes_out_as_onnx_and_comes_back() {
    let folded = Weights::from_bytes(&weights()).unwrap().fold();
    for kind in ["float32", "int8"] {
        let blob: JsFile = js_blob(&weights()).unchecked_into();
        let file = exported(blob, kind).await.unwrap();
        assert_eq!(file.get_index(0), 8, "the IR version comes first");
        let back = import_model(file.unchecked_into(), "a.onnx".into()).await;
        let bytes = Reflect::get(&back.unwrap().js_value(), &"weights".into()).unwrap();
        let bytes: Uint8Array = bytes.unchecked_into();
        let back = Weights::from_bytes(&bytes.to_vec()).unwrap();
        assert_eq!(back.labels(), folded.labels());
        if kind == "float32" {
            assert_eq!(back.tensors(), folded.tensors());
        } else {
            assert!(back.tensors()["conv1.kernel"].integers().is_some());
        }
    }
}

#[wasm_bindgen_test]
async fn what_is_no_weights_file_or_no_kind_throws_its_code() {
    for (bytes, kind, refusal) in [
        (weights(), "int4", "setting"),
        (vec![1; 99], "int8", "weights-format"),
    ] {
        assert_eq!(code(exported(js_file(&bytes), kind).await), refusal);
    }
    let other = import_model(js_file(&[8, 8, 9]), "a.onnx".into()).await;
    assert_eq!(code(other), "onnx-format");
}
