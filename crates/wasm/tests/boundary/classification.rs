//! Classification through the boundary: each call, each error code, and predictions equal to the native
//! ones.

use crate::support::{
    answer, code, encoded, false_pixels, gone, input, js_blob, js_file, load, pixels, request,
    weights,
};
use crate::{network, pictures};
use js_sys::WebAssembly::Memory;
use js_sys::{ArrayBuffer, Reflect};
use serde_json::{Value, json};
use signet_recognizer::weights::sha256;
use signet_recognizer::{INPUT_SIDE, Precision, Tensors, Weights};
use signet_wasm::{Classifier, Crop, input_of};
use std::collections::BTreeMap;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

/// Probabilities may differ from the native ones by the order of float32 sums.
const TOLERANCE: f32 = 1e-4;

async fn classifier() -> Classifier {
    load(&weights()).await
}

/// The probabilities that `classifyInputs` gives, a row for each input.
async fn rows(classifier: &Classifier, rgba: Vec<u8>) -> Vec<Vec<f32>> {
    let answers = classifier.classify_inputs(rgba).await.unwrap().js_value();
    let answers: Vec<Value> = serde_wasm_bindgen::from_value(answers).unwrap();
    let has_presence = |answer: &&Value| answer["presence"].is_number();
    let found = answers.iter().filter(has_presence).count();
    assert_eq!(
        found,
        if classifier.has_detector() {
            answers.len()
        } else {
            0
        }
    );
    let rows = answers.iter().map(|answer| answer["probabilities"].clone());
    rows.map(|row| serde_json::from_value(row).unwrap())
        .collect()
}

fn expected<T: serde::de::DeserializeOwned>(json: &str) -> BTreeMap<String, T> {
    serde_json::from_str(json).unwrap()
}

#[wasm_bindgen_test]
fn preprocessing_gives_the_native_bytes() {
    let expected = expected::<String>(include_str!("../../../../tests/fixtures/preprocess.json"));
    for (name, picture) in pictures::decoded() {
        let hash = sha256(picture.to_input(INPUT_SIDE).rgb());
        assert_eq!(hash, expected[name], "{name}");
    }
}

#[wasm_bindgen_test]
async fn predictions_equal_the_native_ones() {
    let expected =
        expected::<Vec<f32>>(include_str!("../../../../tests/fixtures/predictions.json"));
    let classifier = classifier().await;
    for raw in pictures::raw() {
        let (width, height) = (raw.width, raw.height);
        let picture = pixels(&raw.rgba, width, height);
        let found = answer(classifier.classify(picture, None).await);
        assert_eq!((found.width, found.height), (width, height));
        same(raw.name, &found.probabilities, &expected[raw.name]);
        let best = found.probabilities.iter().copied().fold(0.0, f32::max);
        assert_eq!(found.probability, best);
        let index: usize = found.label.parse().unwrap();
        assert_eq!(found.probabilities[index], best);
        assert!(found.latency_ms > 0.0);
    }
    for (name, file) in pictures::encoded() {
        for file in [encoded(file), js_blob(file).unchecked_into()] {
            let found = answer(classifier.classify(file, None).await);
            assert_eq!((found.width, found.height), (90, 60), "{name}");
            same(name, &found.probabilities, &expected[name]);
        }
    }
}

/// The picture of a camera.
fn frame() -> (Vec<u8>, u32, u32) {
    let mut all = pictures::raw().into_iter();
    let frame = all.find(|raw| raw.name == "a frame").unwrap();
    (frame.rgba, frame.width, frame.height)
}

#[wasm_bindgen_test]
async fn a_detector_answers_with_a_presence_and_where_it_looked() {
    let weights = network::small().with_detector(3);
    let classifier = load(&weights.to_bytes(Precision::F32).unwrap()).await;
    assert!(classifier.has_detector());
    let (rgba, width, height) = frame();
    let look = |at| classifier.classify(pixels(&rgba, width, height), request(at));
    let crop = |left, top, side| Some(Crop { left, top, side });

    let center = answer(look(json!({ "at": "center" })).await);
    assert_eq!(center.crop, crop(80, 0, 480));
    let presence = center.presence.unwrap();
    assert!((0.0..=1.0).contains(&presence), "{presence}");

    let there = json!({ "left": 500, "top": 400, "side": 100 });
    let part = answer(look(json!({ "at": "box", "box": there })).await);
    assert_eq!(part.crop, crop(500, 380, 100), "it was moved inside");
    assert_ne!(part.input, center.input);

    // The person's box is where the next frame is looked at.
    let next = answer(look(json!({ "at": "track", "fresh": false })).await);
    assert_eq!(next.crop, part.crop);
    let next = answer(look(json!({ "at": "track", "fresh": true })).await);
    assert_eq!(next.crop, center.crop);
    let nowhere = json!({ "left": 1, "top": 2, "side": 0 });
    for wrong in [
        json!({ "at": "box", "box": [1, 2] }),
        json!({ "at": "box", "box": nowhere }),
        json!({ "at": "nowhere" }),
        json!("center"),
    ] {
        assert_eq!(code(look(wrong).await), "setting");
    }

    let (_, small) = pictures::encoded()[0];
    let anywhere = request(json!({ "at": "anywhere" }));
    let found = answer(classifier.classify(encoded(small), anywhere).await);
    let Crop { left, top, side } = found.crop.unwrap();
    assert!(left + side <= 90 && top + side <= 60);
}

#[wasm_bindgen_test]
async fn a_network_without_a_detector_looks_at_the_center_whatever_it_is_asked() {
    let classifier = classifier().await;
    assert!(!classifier.has_detector());
    let (rgba, width, height) = frame();
    let there = json!({ "left": 500, "top": 400, "side": 100 });
    let mut inputs = Vec::new();
    for at in [
        json!({ "at": "center" }),
        json!({ "at": "box", "box": there }),
        json!({ "at": "anywhere" }),
        json!({ "at": "track", "fresh": true }),
    ] {
        let picture = pixels(&rgba, width, height);
        let prediction = classifier.classify(picture, request(at)).await.unwrap();
        let prediction = prediction.js_value();
        for name in ["presence", "crop"] {
            assert!(!Reflect::has(&prediction, &name.into()).unwrap(), "{name}");
        }
        inputs.push(input(&prediction));
    }
    assert!(inputs.iter().all(|input| *input == inputs[0]));
}

#[wasm_bindgen_test]
async fn answers_take_no_memory_of_the_module() {
    let memory = || {
        let memory = wasm_bindgen::memory().unchecked_into::<Memory>();
        memory
            .buffer()
            .unchecked_into::<ArrayBuffer>()
            .byte_length()
    };
    let classifier = classifier().await;
    let (rgba, width, height) = frame();
    let mut kept = Vec::new();
    let mut warm = 0;
    for turn in 0..40 {
        let picture = pixels(&rgba, width, height);
        kept.push(classifier.classify(picture, None).await.unwrap());
        if turn == 9 {
            warm = memory();
        }
    }
    assert_eq!(memory(), warm, "after {} answers", kept.len());
}

fn same(name: &str, found: &[f32], expected: &[f32]) {
    let pairs = found.iter().zip(expected);
    let gap = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(gap < TOLERANCE, "{name}: {gap}");
}

#[wasm_bindgen_test]
async fn inputs_are_what_predictions_show_and_answer_alike() {
    let classifier = classifier().await;
    let (_, file) = pictures::encoded()[0];
    let of = async |picture| input_of(picture).await.unwrap().js_value();
    let first = of(encoded(file)).await;
    let size = |name: &str| Reflect::get(&first, &name.into()).unwrap().as_f64();
    assert_eq!((size("width"), size("height")), (Some(90.0), Some(60.0)));
    let found = answer(classifier.classify(encoded(file), None).await);
    assert_eq!(input(&first), found.input);
    let raw = &pictures::raw()[6];
    let other = of(pixels(&raw.rgba, raw.width, raw.height)).await;
    let both = [input(&first), input(&other)].concat();
    let probabilities = rows(&classifier, both.clone()).await;
    same("the first of two", &probabilities[0], &found.probabilities);
    assert_eq!(probabilities.concat().len(), 12);
    let cut = both[..both.len() - 1].to_vec();
    assert_eq!(code(classifier.classify_inputs(cut).await), "picture-size");
    assert_eq!(code(input_of(encoded(b"text")).await), "picture-format");
    assert_eq!(code(input_of(false_pixels(0, 0, 1)).await), "picture-empty");
}

#[wasm_bindgen_test]
async fn labels_backend_and_self_check_answer() {
    let classifier = classifier().await;
    assert_eq!(classifier.labels(), ["0", "1", "2", "3", "4", "5"]);
    let on_gpu = classifier.backend() == "webgpu";
    assert_eq!(on_gpu, cfg!(feature = "gpu"));
    assert!(on_gpu || classifier.backend() == "cpu");
    assert_eq!(classifier.self_check().await.unwrap(), 0.0);
}

#[wasm_bindgen_test]
async fn calls_may_overlap() {
    let classifier = classifier().await;
    let all = pictures::encoded();
    let a = classifier.classify(encoded(all[0].1), None);
    let b = classifier.classify(encoded(all[1].1), None);
    let (a, b) = (answer(a.await), answer(b.await));
    assert_eq!((a.width, b.width), (90, 90));
}

#[wasm_bindgen_test]
async fn a_wrong_file_is_refused_with_its_code() {
    let weights = network::small().with_detector(3);
    let file = weights.to_bytes(Precision::F32).unwrap();
    let blob = js_blob(&file).unchecked_into();
    assert!(Classifier::load(blob, None).await.is_ok());
    for (no_file, expected) in [
        (gone(), "file-unreadable"),
        (JsValue::from("weights"), "setting"),
    ] {
        let refused = Classifier::load(no_file.unchecked_into(), None).await;
        assert_eq!(code(refused), expected);
    }
    // The last float; behind it lies the checksum.
    let last = file.len() - 8..file.len() - 4;
    let edits: [(&str, &dyn Fn(&mut Vec<u8>)); 8] = [
        ("weights-format", &|f| f.clear()),
        ("weights-format", &|f| *f = b"<html>".to_vec()),
        ("weights-hash", &|f| f[file.len() / 2] ^= 1),
        ("weights-hash", &|f| f[last.start] ^= 1),
        ("weights-missing-tensor", &|f| {
            replace(f, "\"fc.bias\"", "\"fc.bia_\"");
        }),
        // Without the entry that says so, the network has no detector.
        ("weights-unknown-tensor", &|f| {
            replace(f, "finder", "finde_");
        }),
        ("weights-shape", &|f| {
            replace(f, "\"shape\":[6,128]", "\"shape\":[128,6]");
        }),
        ("weights-values", &|f| {
            f[last.clone()].copy_from_slice(&f32::NAN.to_le_bytes());
        }),
    ];
    for (expected, edit) in edits {
        let mut bytes = file.clone();
        edit(&mut bytes);
        let refused = Classifier::load(js_file(&bytes), None).await;
        assert_eq!(code(refused), expected);
    }
    // A refusal leaves nothing behind: the next file loads.
    load(&file).await;
}

/// Replaces text in the file's header by text of the same length.
fn replace(file: &mut [u8], from: &str, to: &str) {
    assert_eq!(from.len(), to.len());
    let at = file.windows(from.len()).position(|w| w == from.as_bytes());
    let at = at.expect("the text is in the header");
    file[at..at + to.len()].copy_from_slice(to.as_bytes());
}

#[wasm_bindgen_test]
async fn a_wrong_picture_is_refused_with_its_code_and_the_next_one_is_read() {
    let classifier = classifier().await;
    let (_, picture) = pictures::encoded()[0];
    for (wrong, expected) in [
        (false_pixels(0, 0, 0), "picture-empty"),
        (false_pixels(15, 2, 2), "picture-size"),
        (false_pixels(0, 50_000, 50_000), "picture-too-large"),
        (encoded(b"a text file named hand.jpg"), "picture-format"),
        (encoded(&picture[..picture.len() / 8]), "picture-broken"),
        (gone().unchecked_into(), "file-unreadable"),
        (JsValue::UNDEFINED.unchecked_into(), "setting"),
    ] {
        assert_eq!(code(classifier.classify(wrong, None).await), expected);
    }
    answer(classifier.classify(encoded(picture), None).await);
}

#[wasm_bindgen_test]
async fn a_device_that_computes_wrongly_is_found_out() {
    let wrong = network::small()
        .with_reference_logits(vec![100.0; 6])
        .unwrap();
    let file = wrong.to_bytes(Precision::F32).unwrap();
    let classifier = load(&file).await;
    assert_eq!(code(classifier.self_check().await), "self-check");
}

#[wasm_bindgen_test]
async fn weights_of_integers_answer_as_floats_do() {
    let file = network::small().fold().to_bytes(Precision::Int8).unwrap();
    let floats = Weights::from_bytes(&file).unwrap();
    let floats = floats.to_bytes(Precision::F32).unwrap();
    let fast = load(&file).await;
    let exact = Classifier::load(js_file(&floats), Some(true))
        .await
        .unwrap();
    // More than the engine runs together, so that there is a rest.
    let side = INPUT_SIDE as u32;
    let inputs: Vec<u8> = (0..11 * side * side)
        .flat_map(|at| [at * 31 % 255, at / side * 3 % 255, at * at % 253, 255])
        .map(|value| value as u8)
        .collect();
    let found = rows(&fast, inputs.clone()).await.concat();
    let expected = rows(&exact, inputs).await.concat();
    assert_eq!(found.len(), 11 * 6);
    let pairs = found.iter().zip(&expected);
    let gap = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    // The CPU quantizes what it multiplies integers with; WebGPU computes with floats either way.
    let on_cpu = fast.backend() == "cpu";
    assert!(!on_cpu || gap > 0.0, "arithmetic of two kinds");
    let tolerance = if on_cpu { 1e-3 } else { 1e-5 };
    assert!(gap < tolerance, "{gap}");
}

#[wasm_bindgen_test]
async fn numbers_that_are_not_finite_are_a_device_error() {
    // Finite weights whose product overflows.
    let small = network::small();
    let mut tensors: Tensors = small.tensors().clone();
    for tensor in tensors.values_mut().filter(|t| t.shape.len() == 4) {
        tensor.floats_mut().fill(1e30);
    }
    let huge = Weights::new(small.config().clone(), small.labels().to_vec(), tensors).unwrap();
    let file = huge.to_bytes(Precision::F32).unwrap();
    let classifier = load(&file).await;
    let (_, picture) = pictures::encoded()[0];
    let answered = classifier.classify(encoded(picture), None).await;
    assert_eq!(code(answered), "device");
}
