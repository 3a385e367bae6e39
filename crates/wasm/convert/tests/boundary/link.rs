//! Links through the boundary: what comes back, and each error code.

use crate::network;
use crate::support::{code, js_file, object};
use js_sys::{Array, Reflect, Uint8Array};
use serde_json::json;
use signet_recognizer::{Precision, Weights};
use signet_wasm_convert::{head_link, open_head_link};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

fn file(weights: Weights) -> Vec<u8> {
    weights.to_bytes(Precision::F32).unwrap()
}

fn shipped() -> Weights {
    network::small().fold()
}

fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

#[wasm_bindgen_test]
async fn a_head_comes_back_from_its_link_with_its_labels() {
    let labels = ["left", "right"].map(String::from).to_vec();
    let taught = file(shipped().with_labels(labels).unwrap());
    let about = json!({"source": "7b", "threshold": 0.5, "address": "http://localhost/#model="});
    let link = head_link(js_file(&taught), js_file(&file(shipped())), object(&about));
    let link = link.await.unwrap().js_value();
    let text = field(&link, "text").as_string().unwrap();
    let qr = field(&link, "qr");
    let modules: Uint8Array = field(&qr, "modules").dyn_into().unwrap();
    let side = field(&qr, "side").as_f64().unwrap() as u32;
    assert_eq!(modules.length(), side * side);

    let opened = open_head_link(text.clone(), js_file(&file(shipped())));
    let opened = opened.await.unwrap().js_value();
    let labels: Array = field(&opened, "labels").dyn_into().unwrap();
    assert_eq!(labels.join(",").as_string().unwrap(), "left,right");
    assert_eq!(field(&opened, "source").as_string().unwrap(), "7b");
    assert_eq!(field(&opened, "threshold").as_f64().unwrap(), 0.5);
    let weights: Uint8Array = field(&opened, "weights").dyn_into().unwrap();
    assert!(Weights::from_bytes(&weights.to_vec()).is_ok());

    let cut = text[..text.len() - 8].to_owned();
    let damaged = open_head_link(cut, js_file(&file(shipped()))).await;
    assert_eq!(code(damaged), "link-damaged");
    let other = file(network::small().with_detector(1).fold());
    let another = Weights::initial(network::narrow(), shipped().labels().to_vec(), 1).unwrap();
    let opened = open_head_link(text.clone(), js_file(&file(another.fold()))).await;
    assert_eq!(code(opened), "link-base");
    assert_eq!(
        code(open_head_link("?".into(), js_file(&other)).await),
        "link-format"
    );
    assert_eq!(
        code(open_head_link(text, js_file(b"no")).await),
        "weights-format"
    );
    let about = json!({"source": "", "address": ""});
    let whole = Weights::initial(network::narrow(), shipped().labels().to_vec(), 2).unwrap();
    let refused = head_link(js_file(&file(whole)), js_file(&other), object(&about)).await;
    assert_eq!(code(refused), "link-scope");
}
