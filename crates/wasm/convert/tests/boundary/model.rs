//! Models of Keras through the boundary: to it and from it, and each error code.

use crate::network;
use crate::support::{code, js_file};
use js_sys::{Array, JSON, Reflect, Uint8Array};
use signet_recognizer::{Precision, Weights};
use signet_wasm_convert::{export_keras, import_model, recompute_statistics};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

fn bytes(value: JsValue) -> Vec<u8> {
    value.dyn_into::<Uint8Array>().unwrap().to_vec()
}

fn format(name: &str) -> signet_wasm_convert::JsKerasFormat {
    JsValue::from_str(name).unchecked_into()
}

#[wasm_bindgen_test]
async fn a_network_goes_to_keras_and_comes_back_and_gets_new_statistics() {
    let weights = network::small();
    let file = weights.to_bytes(Precision::F32).unwrap();
    for (name, notes) in [
        ("keras", "[]"),
        ("h5", "[]"),
        ("weights-h5", r#"[{"code":"preprocessing-unknown"}]"#),
    ] {
        let exported = export_keras(js_file(&file), format(name)).await.unwrap();
        let imported = import_model(js_file(&bytes(exported.into())), format!("a.{name}")).await;
        let imported = imported.unwrap().js_value();
        let labels: Array = field(&imported, "labels").dyn_into().unwrap();
        assert_eq!(labels.length() as usize, weights.labels().len());
        let told = JSON::stringify(&field(&imported, "notes")).unwrap();
        assert_eq!(String::from(told), notes, "{name}");
        let back = bytes(field(&imported, "weights"));
        let back = Weights::from_bytes(&back).unwrap();
        assert_eq!(back.tensors(), weights.tensors(), "{name}");
    }
    let pixels = |pictures: u32| {
        let values: Vec<u8> = (0..pictures * 64 * 64 * 4)
            .map(|n| (n * 7 % 251) as u8)
            .collect();
        Uint8Array::from(&values[..])
    };
    let renewed = recompute_statistics(js_file(&file), pixels(8))
        .await
        .unwrap();
    let renewed = Weights::from_bytes(&bytes(renewed.into())).unwrap();
    assert_ne!(renewed.tensors(), weights.tensors());
    let few = recompute_statistics(js_file(&file), pixels(7)).await;
    assert_eq!(code(few), "statistics-pictures");
    let folded = network::small().fold().to_bytes(Precision::F32).unwrap();
    let folded = recompute_statistics(js_file(&folded), pixels(8)).await;
    assert_eq!(code(folded), "statistics-folded");
}

#[wasm_bindgen_test]
async fn what_is_no_model_is_refused_with_its_code() {
    let keras = b"\x89HDF\r\n\x1a\n";
    let imported = import_model(js_file(keras), "a.h5".into()).await;
    assert_eq!(code(imported), "keras-format");
    let imported = import_model(js_file(b"a picture"), "a.jpg".into()).await;
    assert_eq!(code(imported), "model-format");
    let exported = export_keras(js_file(b"no"), format("keras")).await;
    assert_eq!(code(exported), "weights-format");
    let exported = export_keras(js_file(b"no"), format("pickle")).await;
    assert_eq!(code(exported), "setting");
}
