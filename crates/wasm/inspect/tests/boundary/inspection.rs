//! An inspector through the boundary: each call, and each error code.

use crate::network;
use crate::support::{code, js_file, load};
use js_sys::{Float32Array, JSON, Reflect, Uint8Array, Uint32Array};
use serde_json::{Value, json};
use signet_recognizer::Precision;
use signet_recognizer::weights::sha256;
use signet_wasm_inspect::{Inspector, JsCuts};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

const CHECK_SET: &[u8] = include_bytes!("../../../../../www/inside/check-set.jpg");

fn file() -> Vec<u8> {
    network::small()
        .with_detector(3)
        .to_bytes(Precision::F32)
        .unwrap()
}

async fn inspector() -> Inspector {
    Inspector::load(js_file(&file())).await.unwrap()
}

fn cuts(cuts: Value) -> JsCuts {
    JSON::parse(&cuts.to_string()).unwrap().unchecked_into()
}

fn none() -> JsCuts {
    cuts(json!([]))
}

fn inputs(count: usize) -> Vec<u8> {
    let pixels = (0..count * 64 * 64).flat_map(|at| [at * 31, at / 64 * 3, at * at, 255]);
    pixels.map(|value| (value % 256) as u8).collect()
}

fn field<T: JsCast>(object: &JsValue, name: &str) -> T {
    Reflect::get(object, &name.into())
        .unwrap()
        .dyn_into()
        .unwrap()
}

fn number(object: &JsValue, name: &str) -> f64 {
    Reflect::get(object, &name.into())
        .unwrap()
        .as_f64()
        .unwrap()
}

/// A plain object's JSON.
fn plain(object: &JsValue) -> Value {
    let text = String::from(JSON::stringify(object).unwrap());
    serde_json::from_str(&text).unwrap()
}

#[wasm_bindgen_test]
async fn answers_are_the_classifiers_and_cuts_change_them() {
    let inspector = inspector().await;
    assert!(inspector.has_detector());
    assert_eq!(inspector.labels().concat(), "012345");
    let classifier = load(&file()).await;
    let expected = classifier
        .classify_inputs(inputs(1))
        .await
        .unwrap()
        .js_value();
    let whole = plain(&inspector.answer(inputs(1), none()).await.unwrap());
    for part in ["probabilities", "presence"] {
        assert_eq!(whole[part], plain(&expected)[0][part]);
    }
    assert_eq!(whole["logits"].as_array().map(Vec::len), Some(6));
    assert!(whole["margin"].is_number());
    let both = json!([{ "block": "3b", "part": "branch" }, { "block": "4a", "part": "skip" }]);
    let cut = plain(&inspector.answer(inputs(1), cuts(both)).await.unwrap());
    assert_ne!(cut["logits"], whole["logits"]);
    let drawn = plain(&inspector.random_cuts(12, 1).unwrap());
    assert_eq!(drawn[11], json!({ "block": "5c", "part": "branch" }));

    let scores = inspector
        .score(inputs(3), vec![0, 1, 2], none())
        .await
        .unwrap()
        .js_value();
    let labels: Uint32Array = field(&scores, "labels");
    let margins: Float32Array = field(&scores, "margins");
    assert_eq!(
        (number(&scores, "count"), labels.length(), margins.length()),
        (3.0, 3, 3)
    );
    let right = labels
        .to_vec()
        .iter()
        .zip(0..)
        .filter(|(a, b)| *a == b)
        .count();
    assert_eq!(number(&scores, "right"), right as f64);
}

#[wasm_bindgen_test]
async fn places_maps_filters_and_features_have_their_sizes() {
    let inspector = inspector().await;
    let places = plain(&inspector.places().unwrap());
    assert_eq!(places.as_array().map(Vec::len), Some(18));
    assert_eq!(places[1]["kind"], "convolutional");
    assert_eq!(places[1]["convolutions"][3]["shortcut"], true);
    assert!(places[1]["multiplyAdds"].is_number());
    let names = ["2a", "res2a_branch1", "features"]
        .map(String::from)
        .to_vec();
    let maps = inspector.maps(inputs(1), none(), names).await.unwrap();
    let maps: js_sys::Array = maps.dyn_into().unwrap();
    for (map, [channels, height, width]) in
        maps.iter().zip([[16, 15, 15], [16, 15, 15], [128, 1, 1]])
    {
        let size = ["channels", "height", "width"].map(|name| number(&map, name) as u32);
        assert_eq!(size, [channels, height, width]);
        assert_eq!(
            field::<Float32Array>(&map, "values").length(),
            channels * height * width
        );
    }
    assert_eq!(inspector.filters().length(), 4 * 147);
    let features = inspector
        .features(inputs(2), none())
        .await
        .unwrap()
        .to_vec();
    let last: Float32Array = field(&maps.get(2), "values");
    assert_eq!(features[..128], last.to_vec());
    assert_eq!(features.len(), 256);
}

#[wasm_bindgen_test]
async fn evidence_adds_up_and_occlusion_comes_window_by_window() {
    let inspector = inspector().await;
    for (target, shifts) in [(2, 1), (5, 2), (-1, 3)] {
        let found = inspector
            .evidence(inputs(1), none(), target, shifts)
            .await
            .unwrap()
            .js_value();
        let cells = field::<Float32Array>(&found, "cells").to_vec();
        assert_eq!(
            (number(&found, "side"), cells.len()),
            (f64::from(1 << shifts), 1 << (2 * shifts))
        );
        let sum: f64 = cells.into_iter().map(f64::from).sum();
        let gap = sum + number(&found, "bias") - number(&found, "logit");
        assert!(gap.abs() < 1e-4, "{gap}");
    }
    let all = inspector
        .occlusion(inputs(1), none(), 2, 0, 49)
        .await
        .unwrap()
        .to_vec();
    let part = inspector
        .occlusion(inputs(1), none(), 2, 7, 2)
        .await
        .unwrap()
        .to_vec();
    assert_eq!((all.len(), &all[7..9]), (49, &part[..]));
    let shown = inspector
        .blurred_input(inputs(1), vec![9, 0, 1], 2)
        .unwrap();
    assert_ne!(shown, inputs(1));
    let blurred = inspector
        .blurred(inputs(1), none(), vec![9, 0, 1], 2)
        .await
        .unwrap();
    let expected = inspector.answer(shown, none()).await.unwrap();
    assert_eq!(plain(&blurred), plain(&expected));
}

#[wasm_bindgen_test]
async fn the_check_set_has_the_native_pixels() {
    let expected: Value =
        serde_json::from_str(include_str!("../../../../../tests/fixtures/check-set.json")).unwrap();
    let set = inspector().await.check_set(CHECK_SET).unwrap().js_value();
    let pixels: Uint8Array = field(&set, "pixels");
    assert_eq!(sha256(&pixels.to_vec()), expected["sha256"]);
    assert_eq!(plain(&field::<JsValue>(&set, "labels"))[59], "5");
}

#[wasm_bindgen_test]
async fn what_is_not_there_is_refused_with_its_code() {
    let refused = Inspector::load(js_file(b"<html>")).await;
    assert_eq!(code(refused), "weights-format");
    let it = inspector().await;
    let block = || cuts(json!([{ "block": "2d", "part": "skip" }]));
    let part = || cuts(json!([{ "block": "2b", "part": "half" }]));
    assert_eq!(code(it.answer(inputs(1), block()).await), "setting");
    assert_eq!(code(it.answer(inputs(1), part()).await), "setting");
    assert_eq!(
        code(
            it.answer(inputs(1), JsValue::UNDEFINED.unchecked_into())
                .await
        ),
        "setting"
    );
    assert_eq!(code(it.answer(inputs(2), none()).await), "setting");
    assert_eq!(code(it.answer(inputs(0), none()).await), "setting");
    assert_eq!(code(it.answer(vec![0; 7], none()).await), "picture-size");
    assert_eq!(
        code(it.maps(inputs(1), none(), vec!["9".into()]).await),
        "setting"
    );
    assert_eq!(code(it.evidence(inputs(1), none(), 6, 1).await), "setting");
    assert_eq!(code(it.evidence(inputs(1), none(), 0, 4).await), "setting");
    assert_eq!(
        code(it.occlusion(inputs(1), none(), 0, 48, 2).await),
        "setting"
    );
    assert_eq!(code(it.score(inputs(2), vec![0], none()).await), "setting");
    assert_eq!(
        code(it.blurred(inputs(1), none(), vec![64], 1).await),
        "setting"
    );
    assert_eq!(code(it.check_set(b"text")), "picture-format");
}
