//! The comparison of narrow networks through the boundary, held to what `signet-core` computes.

use crate::bars::bars;
use crate::support::{code, object};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use signet_core::{ComparisonConfig, Device, Variant};
use signet_wasm_learn::Comparison;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

fn settings(changes: Value) -> Value {
    let mut settings = json!({
        "depth": 8, "batchSize": 6, "learningRate": 0.02, "seed": 5,
        "networks": [{ "skips": true, "batchNorm": true }, { "skips": false, "batchNorm": false }],
    });
    for (name, value) in changes.as_object().unwrap() {
        settings[name] = value.clone();
    }
    settings
}

fn pixels() -> (Vec<u8>, Vec<u32>) {
    let pictures = bars(12, 0);
    let samples = pictures.samples().iter();
    let rgba = samples.clone().flat_map(|s| s.input.to_rgba()).collect();
    (rgba, samples.map(|sample| sample.label as u32).collect())
}

fn read<T: DeserializeOwned>(value: JsValue) -> T {
    serde_wasm_bindgen::from_value(value).unwrap()
}

#[wasm_bindgen_test]
async fn a_comparison_measures_what_core_measures() {
    let (rgba, labels) = pixels();
    let started = Comparison::start(object(&settings(json!({}))), rgba, labels, 6).await;
    let mut comparison = started.unwrap();
    let of = |skips, batch_norm| Variant { skips, batch_norm };
    let config = ComparisonConfig {
        depth: 8,
        variants: vec![of(true, true), of(false, false)],
        batch_size: 6,
        learning_rate: 0.02,
        seed: 5,
    };
    let own = signet_core::Comparison::new(config, bars(12, 0), &Device::flex());
    let mut own = own.unwrap();
    let layers: Value = read(comparison.layers().unwrap());
    assert_eq!(layers, serde_json::to_value(own.layers()).unwrap());
    assert_eq!(layers.as_array().unwrap().len(), 8);
    for _ in 0..3 {
        let step: Value = read(comparison.step().await.unwrap());
        let expected = own.step().await.unwrap();
        assert_eq!(step["step"], expected.step);
        for (found, expected) in step["networks"]
            .as_array()
            .unwrap()
            .iter()
            .zip(expected.networks)
        {
            let expected = expected.unwrap();
            assert_eq!(found["loss"], expected.loss);
            assert_eq!(found["accuracy"].as_f64(), Some(expected.accuracy));
            let norms: Vec<f64> = serde_json::from_value(found["norms"].clone()).unwrap();
            assert_eq!(norms, expected.norms);
        }
    }
}

#[wasm_bindgen_test]
async fn nonsense_is_refused_by_its_code() {
    for (changes, expected) in [
        (json!({ "depth": 9 }), "setting"),
        (json!({ "networks": [] }), "setting"),
        (json!({ "networks": [{ "skips": 1 }] }), "setting"),
        (json!({ "learningRate": 0 }), "setting"),
    ] {
        let (rgba, labels) = pixels();
        let started = Comparison::start(object(&settings(changes)), rgba, labels, 6).await;
        assert_eq!(code(started), expected);
    }
    let usual = || object(&settings(json!({})));
    let (rgba, labels) = pixels();
    let broken = Comparison::start(usual(), rgba[..9].to_vec(), labels.clone(), 6).await;
    assert_eq!(code(broken), "picture-size");
    assert_eq!(
        code(Comparison::start(usual(), rgba.clone(), labels.clone(), 5).await),
        "setting"
    );
    assert_eq!(
        code(Comparison::start(usual(), rgba, labels[1..].to_vec(), 6).await),
        "setting"
    );
}
