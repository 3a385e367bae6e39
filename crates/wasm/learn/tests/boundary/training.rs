//! Training through the boundary, held to what native training came to.

use crate::bars::{CHECK, LEARN, bars, fine_tuning};
use crate::network;
use crate::support::{code, gone, js_blob, js_file, load, object, weights};
use js_sys::{Array, Object, Reflect, Uint8Array, Uint32Array};
use serde_json::{Value, json};
use signet_core::{Dataset, EpochRecord};
use signet_recognizer::{InputImage, Precision, Weights};
use signet_wasm::bytes_of;
use signet_wasm_learn::{TrainPictures, TrainSettings, Trainer};
use std::collections::BTreeMap;
use tsify::Ts;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Blob;

/// How far a loss may be from the native one, as a share: what the order of sums makes of a few
/// steps of Adam.
const TOLERANCE: f64 = 0.02;

/// The scopes that are run: on the software adapter of WebGPU the whole network takes minutes.
const SCOPES: &[&str] = if cfg!(feature = "gpu") {
    &["head", "stage"]
} else {
    &["head", "stage", "all"]
};

/// As the page hands them over.
fn pictures(training: &Dataset, validation: &Dataset) -> Ts<TrainPictures> {
    let object = Object::new();
    let set = |name: &str, value: JsValue| {
        Reflect::set(&object, &name.into(), &value).unwrap();
    };
    let labels = training.labels().iter().map(JsValue::from);
    set("labels", labels.collect::<Array>().into());
    for (name, indices, dataset) in [
        ("training", "trainingLabels", training),
        ("validation", "validationLabels", validation),
    ] {
        let rgba: Vec<u8> = dataset.inputs().flat_map(|input| input.to_rgba()).collect();
        let without = dataset.negatives().iter().map(|_| dataset.labels().len());
        let labels = dataset.samples().iter().map(|sample| sample.label);
        let labels: Vec<u32> = labels.chain(without).map(|label| label as u32).collect();
        set(name, Uint8Array::from(rgba.as_slice()).into());
        set(indices, Uint32Array::from(labels.as_slice()).into());
    }
    Ts::new_unchecked(object.into())
}

fn usual() -> Ts<TrainPictures> {
    pictures(&bars(LEARN, 0), &bars(CHECK, 1000))
}

fn settings(scope: &str, changes: Value) -> Ts<TrainSettings> {
    let config = fine_tuning(serde_json::from_value(json!(scope)).unwrap());
    let mut settings = json!({
        "scope": scope, "epochs": config.epochs, "batchSize": config.batch_size,
        "learningRate": config.learning_rate, "augmentation": false, "seed": config.seed,
    });
    for (name, value) in changes.as_object().unwrap() {
        settings[name] = value.clone();
    }
    object(&settings)
}

async fn start(scope: &str, changes: Value) -> Trainer {
    let settings = settings(scope, changes);
    let started = Trainer::start(js_file(&weights()), usual(), settings);
    started.await.unwrap()
}

async fn step(trainer: &mut Trainer) -> Value {
    serde_wasm_bindgen::from_value(trainer.step().await.unwrap()).unwrap()
}

/// To the end; what was told on the way.
async fn finish(trainer: &mut Trainer) -> Vec<Value> {
    let mut events = Vec::new();
    loop {
        let event = step(trainer).await;
        if event["kind"] == "done" {
            return events;
        }
        events.push(event);
    }
}

fn history(trainer: &Trainer) -> Vec<EpochRecord> {
    serde_wasm_bindgen::from_value(trainer.history().unwrap()).unwrap()
}

async fn bytes(blob: Blob) -> Vec<u8> {
    bytes_of(&blob).await.unwrap()
}

async fn best_weights(trainer: &Trainer) -> Vec<u8> {
    bytes(trainer.best_weights().await.unwrap().unwrap()).await
}

#[wasm_bindgen_test]
async fn each_scope_ends_like_native_training() {
    let expected = include_str!("../../../../../tests/fixtures/training.json");
    let expected: BTreeMap<String, Vec<EpochRecord>> = serde_json::from_str(expected).unwrap();
    for name in SCOPES {
        let mut trainer = start(name, json!({})).await;
        let events = finish(&mut trainer).await;
        let kinds: Vec<_> = events.iter().map(|e| e["kind"].as_str().unwrap()).collect();
        let count = |kind| kinds.iter().filter(|k| **k == kind).count();
        assert_eq!((count("epoch"), count("batch")), (3, 9), "{name}");
        assert_eq!(count("start"), 1, "{name}");
        assert_eq!(count("features") > 0, *name != "all", "{name}");
        let found = history(&trainer);
        for (found, expected) in found.iter().zip(&expected[*name]) {
            let pairs = [
                (found.training, expected.training),
                (found.validation[0], expected.validation[0]),
            ];
            for (a, b) in pairs {
                let gap = (a.loss - b.loss).abs() / b.loss.max(0.1);
                assert!(gap < TOLERANCE, "{name}: {found:?} is not {expected:?}");
                assert_eq!(a.accuracy, b.accuracy, "{name}");
            }
        }
        // What it learned serves: the file loads, proves itself and answers.
        let weights = best_weights(&trainer).await;
        let classifier = load(&weights).await;
        assert!(classifier.self_check().await.unwrap() < 0.01);
        assert!(Weights::from_bytes(&weights).unwrap().is_folded());
    }
}

#[wasm_bindgen_test]
async fn random_forms_of_each_picture_are_the_same_each_time() {
    let mut ends = Vec::new();
    for (augmentation, forms) in [(false, 1), (true, 6), (true, 6)] {
        let mut trainer = start("head", json!({ "augmentation": augmentation })).await;
        let events = finish(&mut trainer).await;
        let features = events.iter().rfind(|event| event["kind"] == "features");
        assert_eq!(features.unwrap()["total"], LEARN * forms + CHECK);
        ends.push(best_weights(&trainer).await);
    }
    assert!(ends[0] != ends[1]);
    assert_eq!(ends[1], ends[2]);
}

#[wasm_bindgen_test]
async fn a_training_goes_on_from_its_checkpoint_with_its_best_weights() {
    let mut trainer = start("head", json!({})).await;
    while step(&mut trainer).await["kind"] != "epoch" {}
    let checkpoint = bytes(trainer.checkpoint().await.unwrap()).await;
    let best = best_weights(&trainer).await;
    drop(trainer);

    let blob = js_blob(&checkpoint).unchecked_into();
    let start = || js_file(&weights());
    let resumed = Trainer::resume(blob, start(), usual()).await;
    let mut resumed = resumed.unwrap();
    assert_eq!(history(&resumed).len(), 1);
    assert_eq!(best_weights(&resumed).await, best);
    finish(&mut resumed).await;
    assert_eq!(history(&resumed).len(), 3);

    let fewer = self::pictures(&bars(LEARN - 1, 0), &bars(CHECK, 1000));
    let refused = Trainer::resume(js_file(&checkpoint), start(), fewer).await;
    assert_eq!(code(refused), "setting");
    let half = js_file(&checkpoint[..checkpoint.len() / 2]);
    let refused = Trainer::resume(half, start(), usual()).await;
    assert_eq!(code(refused), "weights-format");
    let refused = Trainer::resume(gone().unchecked_into(), start(), usual()).await;
    assert_eq!(code(refused), "file-unreadable");
}

/// Pictures of other labels, and as many without a sign.
fn renamed(negatives: usize) -> Dataset {
    let names = ["rock", "paper", "scissors"].map(String::from).to_vec();
    let mut samples = bars(LEARN, 0).samples().to_vec();
    samples.iter_mut().for_each(|sample| sample.label %= 3);
    let walls = vec![InputImage::from_fn(64, |x, _| [180, 150, x as u8]); negatives];
    Dataset::new(names, samples).unwrap().with_negatives(walls)
}

#[wasm_bindgen_test]
async fn other_labels_have_a_detector_where_pictures_without_a_sign_train_it() {
    let plain = network::small().fold();
    let detects = plain.clone().with_detector(3);
    for (weights, negatives) in [(&plain, 4), (&detects, 4), (&detects, 0), (&plain, 0)] {
        let training = renamed(negatives);
        let sets = pictures(&training, &training);
        let file = js_file(&weights.to_bytes(Precision::F32).unwrap());
        let started = Trainer::start(file, sets, settings("head", json!({}))).await;
        let mut trainer = started.unwrap();
        finish(&mut trainer).await;
        let best = Weights::from_bytes(&best_weights(&trainer).await).unwrap();
        assert_eq!(best.labels(), training.labels());
        assert_eq!(best.config().detector, negatives > 0);
        if negatives > 0 {
            let initial = weights.clone().with_blank_detector();
            let stays = |name: &str| best.tensors()[name] == initial.tensors()[name];
            assert!(!stays("sign.bias") && stays("region.kernel"));
        }
    }
}

#[wasm_bindgen_test]
async fn other_labels_get_a_head_of_their_own() {
    let training = renamed(0);
    let names = training.labels().to_vec();
    let none = Dataset::new(names.clone(), vec![]).unwrap();
    let pictures = pictures(&training, &none);
    let settings = settings("head", json!({}));
    let started = Trainer::start(js_file(&weights()), pictures, settings).await;
    let mut trainer = started.unwrap();
    // With nothing to validate with, the start has no score.
    assert!(trainer.best_weights().await.unwrap().is_none());
    finish(&mut trainer).await;
    assert!(history(&trainer)[2].validation.is_empty());
    let classifier = load(&best_weights(&trainer).await).await;
    assert_eq!(classifier.labels(), names);
}

#[wasm_bindgen_test]
async fn a_diverged_training_says_so_and_nonsense_is_refused() {
    let mut trainer = start("head", json!({ "learningRate": 1e38 })).await;
    let error = loop {
        match trainer.step().await {
            Ok(event) => {
                let kind = Reflect::get(&event, &"kind".into()).unwrap();
                assert_ne!(kind, "done", "it went through");
            }
            Err(error) => break code(Err::<JsValue, _>(error)),
        }
    };
    assert_eq!(error, "not-finite");

    for (changes, expected) in [
        (json!({ "epochs": 0 }), "setting"),
        (json!({ "batchSize": 0 }), "setting"),
        (json!({ "learningRate": -1 }), "setting"),
        (json!({ "scope": "everything" }), "setting"),
        (json!({ "seed": "a" }), "setting"),
    ] {
        let settings = settings("head", changes);
        let refused = Trainer::start(js_file(&weights()), usual(), settings).await;
        assert_eq!(code(refused), expected);
    }
    let settings = || settings("head", json!({}));
    let nothing = object(&json!({}));
    let refused = Trainer::start(js_file(&weights()), nothing, settings()).await;
    assert_eq!(code(refused), "setting");
    let pictures = usual();
    let broken = Uint8Array::from(&[1, 2, 3][..]);
    Reflect::set(&pictures.js_value(), &"training".into(), &broken.into()).unwrap();
    let refused = Trainer::start(js_file(&weights()), pictures, settings()).await;
    assert_eq!(code(refused), "picture-size");
    let refused = Trainer::start(js_file(b"<html>"), usual(), settings()).await;
    assert_eq!(code(refused), "weights-format");
}
