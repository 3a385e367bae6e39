//! The boundary in a real browser, in a dedicated worker as on the page: each call, each error
//! code, and predictions equal to the native ones.
//!
//! `wasm-pack test --headless --chrome crates/wasm`; with `--no-default-features --features gpu-train`
//! the same cases run on WebGPU.

#![cfg(target_arch = "wasm32")]

#[path = "../../../../tests/support/bars.rs"]
mod bars;
#[path = "../../../../tests/support/network.rs"]
mod network;
#[path = "../../../../tests/support/pictures.rs"]
mod pictures;
mod training;

use js_sys::Reflect;
use signet_recognizer::weights::sha256;
use signet_recognizer::{Picture, Precision, INPUT_SIDE, Tensors, Weights};
use signet_wasm::{Classifier, square_of_file, square_of_pixels};
use std::collections::BTreeMap;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Probabilities may differ from the native ones by the order of float32 sums.
const TOLERANCE: f32 = 1e-4;

fn file() -> Vec<u8> {
    network::small().to_bytes(Precision::F32).unwrap()
}

async fn classifier() -> Classifier {
    Classifier::load(file(), None, None).await.unwrap()
}

/// What JavaScript gets: an `Error` with this code.
fn code<T>(result: Result<T, impl Into<JsValue>>) -> String {
    let Err(error) = result else {
        panic!("this should have failed");
    };
    let error: JsValue = error.into();
    assert!(error.is_instance_of::<js_sys::Error>());
    let message = Reflect::get(&error, &"message".into()).unwrap();
    assert!(message.as_string().is_some_and(|text| text.len() > 10));
    let code = Reflect::get(&error, &"code".into()).unwrap();
    code.as_string().unwrap()
}

fn expected<T: serde::de::DeserializeOwned>(json: &str) -> BTreeMap<String, T> {
    serde_json::from_str(json).unwrap()
}

#[wasm_bindgen_test]
fn preprocessing_gives_the_native_bytes() {
    let expected = expected::<String>(include_str!("../../../../tests/fixtures/preprocess.json"));
    for raw in pictures::raw() {
        let picture = Picture::from_rgba(&raw.rgba, raw.width, raw.height).unwrap();
        let hash = sha256(picture.to_input(INPUT_SIDE).rgb());
        assert_eq!(hash, expected[raw.name], "{}", raw.name);
    }
    for (name, file) in pictures::encoded() {
        let picture = Picture::decode(file).unwrap();
        assert_eq!(
            sha256(picture.to_input(INPUT_SIDE).rgb()),
            expected[name],
            "{name}"
        );
    }
}

#[wasm_bindgen_test]
async fn predictions_equal_the_native_ones() {
    let expected =
        expected::<Vec<f32>>(include_str!("../../../../tests/fixtures/predictions.json"));
    let classifier = classifier().await;
    for raw in pictures::raw() {
        let (width, height) = (raw.width, raw.height);
        let found = classifier.classify_pixels(raw.rgba, width, height).await;
        let found = found.unwrap();
        assert_eq!((found.width, found.height), (width, height));
        assert_eq!(found.view().length(), 64 * 64 * 4);
        same(raw.name, &found.probabilities(), &expected[raw.name]);
        let best = found.probabilities().iter().copied().fold(0.0, f32::max);
        assert_eq!(found.probability(), best);
        let index: usize = found.label().parse().unwrap();
        assert_eq!(found.probabilities()[index], best);
    }
    for (name, file) in pictures::encoded() {
        let found = classifier.classify_file(file.to_vec()).await.unwrap();
        assert_eq!((found.width, found.height), (90, 60), "{name}");
        same(name, &found.probabilities(), &expected[name]);
    }
}

#[wasm_bindgen_test]
async fn a_finder_answers_with_a_sign_and_where_it_looked() {
    let weights = network::small().with_detector(3);
    let file = weights.to_bytes(Precision::F32).unwrap();
    let classifier = Classifier::load(file, None, None).await.unwrap();
    assert!(classifier.has_detector());
    let frame = pictures::raw()
        .into_iter()
        .find(|raw| raw.name == "a frame");
    let frame = frame.unwrap();
    let (width, height) = (frame.width, frame.height);
    let rgba = || frame.rgba.clone();

    let centre = classifier.classify_pixels(rgba(), width, height).await;
    let centre = centre.unwrap();
    assert_eq!(centre.window(), [80, 0, 480]);
    assert!(
        centre
            .presence()
            .is_some_and(|sign| (0.0..=1.0).contains(&sign))
    );

    let window = [500, 400, 100];
    let part = classifier.classify_window(rgba(), width, height, &window);
    let part = part.await.unwrap();
    assert_eq!(part.window(), [500, 380, 100], "it was moved inside");
    assert_ne!(part.view().to_vec(), centre.view().to_vec());

    // The person's square is where the next frame is looked at.
    classifier.track(Some(window.to_vec())).unwrap();
    let next = classifier.follow_pixels(rgba(), width, height).await;
    assert_eq!(next.unwrap().window(), part.window());
    classifier.track(None).unwrap();
    let next = classifier.follow_pixels(rgba(), width, height).await;
    assert_eq!(next.unwrap().window(), centre.window());
    assert_eq!(code(classifier.track(Some(vec![1, 2]))), "setting");

    let (_, small) = pictures::encoded()[0];
    let found = classifier.locate_file(small.to_vec()).await.unwrap();
    let [left, top, side] = found.window()[..] else {
        panic!("three numbers");
    };
    assert!(left + side <= 90 && top + side <= 60);
}

fn same(name: &str, found: &[f32], expected: &[f32]) {
    let pairs = found.iter().zip(expected);
    let gap = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(gap < TOLERANCE, "{name}: {gap}");
}

#[wasm_bindgen_test]
async fn squares_are_what_predictions_show_and_answer_alike() {
    let classifier = classifier().await;
    let (_, file) = pictures::encoded()[0];
    let input = square_of_file(file).unwrap();
    assert_eq!((input.width, input.height), (90, 60));
    let found = classifier.classify_file(file.to_vec()).await.unwrap();
    assert_eq!(input.view().to_vec(), found.view().to_vec());
    let raw = &pictures::raw()[6];
    let other = square_of_pixels(&raw.rgba, raw.width, raw.height).unwrap();
    let both = [input.view().to_vec(), other.view().to_vec()].concat();
    let probabilities = classifier.classify_squares(both.clone()).await.unwrap();
    same(
        "the first of two",
        &probabilities[..6],
        &found.probabilities(),
    );
    assert_eq!(probabilities.len(), 12);
    let cut = both[..both.len() - 1].to_vec();
    assert_eq!(code(classifier.classify_squares(cut).await), "picture-size");
    assert_eq!(code(square_of_file(b"text")), "picture-format");
    assert_eq!(code(square_of_pixels(&[], 0, 1)), "picture-empty");
}

#[wasm_bindgen_test]
async fn labels_backend_and_self_check_answer() {
    let classifier = classifier().await;
    assert_eq!(classifier.labels(), ["0", "1", "2", "3", "4", "5"]);
    let backend = if cfg!(feature = "gpu") {
        "webgpu"
    } else {
        "cpu"
    };
    assert_eq!(classifier.backend(), backend);
    assert_eq!(classifier.self_check().await.unwrap(), 0.0);
}

#[wasm_bindgen_test]
async fn calls_may_overlap() {
    let classifier = classifier().await;
    let (first, second) = (Picture::decode, pictures::encoded());
    assert!(first(second[0].1).is_ok());
    let a = classifier.classify_file(second[0].1.to_vec());
    let b = classifier.classify_file(second[1].1.to_vec());
    let (a, b) = (a.await.unwrap(), b.await.unwrap());
    assert_eq!((a.width, b.width), (90, 90));
}

#[wasm_bindgen_test]
async fn a_wrong_file_is_refused_with_its_code() {
    let file = file();
    let hash = sha256(&file);
    assert!(
        Classifier::load(file.clone(), Some(hash.clone()), None)
            .await
            .is_ok()
    );
    let mut altered = file.clone();
    altered[file.len() / 2] ^= 1;
    assert_eq!(
        code(Classifier::load(altered.clone(), Some(hash), None).await),
        "weights-hash"
    );
    assert_eq!(
        code(Classifier::load(b"<html>".to_vec(), None, None).await),
        "weights-format"
    );
    assert_eq!(
        code(Classifier::load(Vec::new(), None, None).await),
        "weights-format"
    );

    let edits: [(&str, fn(&mut Vec<u8>)); 5] = [
        ("weights-hash", |f| {
            let end = f.len() - 4;
            f[end - 4] ^= 1;
        }),
        ("weights-missing-tensor", |f| {
            replace(f, "\"fc.bias\"", "\"fc.bia_\"")
        }),
        ("weights-unknown-tensor", |f| insert_tensor(f)),
        ("weights-shape", |f| {
            replace(f, "\"shape\":[6,128]", "\"shape\":[128,6]")
        }),
        ("weights-values", |f| {
            // The last float; behind it lies the checksum.
            let end = f.len() - 4;
            f[end - 4..end].copy_from_slice(&f32::NAN.to_le_bytes());
        }),
    ];
    for (expected, edit) in edits {
        let mut bytes = file.clone();
        edit(&mut bytes);
        assert_eq!(
            code(Classifier::load(bytes.clone(), None, None).await),
            expected
        );
    }
    // A refusal leaves nothing behind: the next file loads.
    assert!(Classifier::load(file, None, None).await.is_ok());
}

/// Replaces text in the file's header by text of the same length.
fn replace(file: &mut [u8], from: &str, to: &str) {
    assert_eq!(from.len(), to.len());
    let at = file.windows(from.len()).position(|w| w == from.as_bytes());
    let at = at.expect("the text is in the header");
    file[at..at + to.len()].copy_from_slice(to.as_bytes());
}

/// Writes the file anew with one tensor more.
fn insert_tensor(file: &mut Vec<u8>) {
    let (_, metadata) = safetensors::SafeTensors::read_metadata(file).unwrap();
    let parsed = safetensors::SafeTensors::deserialize(file).unwrap();
    let mut views = parsed.tensors();
    let extra = views[0].1.clone();
    views.push(("res9a_branch1.kernel".into(), extra));
    *file = safetensors::serialize(views, metadata.metadata().clone()).unwrap();
}

#[wasm_bindgen_test]
async fn a_wrong_picture_is_refused_with_its_code_and_the_next_one_is_read() {
    let classifier = classifier().await;
    let pixels = |bytes: Vec<u8>, w, h| classifier.classify_pixels(bytes, w, h);
    assert_eq!(code(pixels(vec![], 0, 0).await), "picture-empty");
    assert_eq!(code(pixels(vec![0; 15], 2, 2).await), "picture-size");
    assert_eq!(
        code(pixels(vec![], 50_000, 50_000).await),
        "picture-too-large"
    );
    let text = b"a text file named hand.jpg".to_vec();
    assert_eq!(code(classifier.classify_file(text).await), "picture-format");
    let (_, picture) = pictures::encoded()[0];
    let half = picture[..picture.len() / 8].to_vec();
    assert_eq!(code(classifier.classify_file(half).await), "picture-broken");
    assert!(classifier.classify_file(picture.to_vec()).await.is_ok());
}

#[wasm_bindgen_test]
async fn a_device_that_computes_wrongly_is_found_out() {
    let wrong = network::small()
        .with_reference_logits(vec![100.0; 6])
        .unwrap();
    let file = wrong.to_bytes(Precision::F32).unwrap();
    let classifier = Classifier::load(file, None, None).await.unwrap();
    assert_eq!(code(classifier.self_check().await), "self-check");
}

#[wasm_bindgen_test]
async fn weights_of_integers_answer_as_floats_do() {
    let file = network::small().fold().to_bytes(Precision::Int8).unwrap();
    let floats = Weights::from_bytes(&file).unwrap();
    let floats = floats.to_bytes(Precision::F32).unwrap();
    let fast = Classifier::load(file, None, None).await.unwrap();
    let exact = Classifier::load(floats, None, Some(true)).await.unwrap();
    // More than the engine runs together, so that there is a rest.
    let side = INPUT_SIDE as u32;
    let inputs: Vec<u8> = (0..11 * side * side)
        .flat_map(|at| [at * 31 % 255, at / side * 3 % 255, at * at % 253, 255])
        .map(|value| value as u8)
        .collect();
    let found = fast.classify_squares(inputs.clone()).await.unwrap();
    let expected = exact.classify_squares(inputs).await.unwrap();
    assert_eq!(found.len(), 11 * 6);
    let pairs = found.iter().zip(&expected);
    let gap = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    // The processor rounds what it multiplies integers with; WebGPU computes with floats either way.
    let on_cpu = fast.backend() == "cpu";
    assert!(!on_cpu || gap > 0.0, "arithmetic of two kinds");
    let tolerance = if on_cpu { 1e-3 } else { 1e-5 };
    assert!(gap < tolerance, "{gap}");
}

#[wasm_bindgen_test]
async fn numbers_that_are_none_are_a_device_error() {
    // Finite weights whose product overflows.
    let small = network::small();
    let mut tensors: Tensors = small.tensors().clone();
    for tensor in tensors
        .values_mut()
        .filter(|tensor| tensor.shape.len() == 4)
    {
        tensor.floats_mut().fill(1e30);
    }
    let huge = Weights::new(small.config().clone(), small.labels().to_vec(), tensors).unwrap();
    let file = huge.to_bytes(Precision::F32).unwrap();
    let classifier = Classifier::load(file, None, None).await.unwrap();
    let (_, picture) = pictures::encoded()[0];
    assert_eq!(
        code(classifier.classify_file(picture.to_vec()).await),
        "device"
    );
}
