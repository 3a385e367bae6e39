//! Predictions of a small seeded network: the same natively and, by the tests of crates/wasm, in
//! the browser. `SIGNET_UPDATE=1` writes the file that both compare with.

#[path = "../../../tests/support/network.rs"]
mod network;
#[path = "../../../tests/support/pictures.rs"]
mod pictures;

use pollster::block_on;
use signet_recognizer::{Arithmetic, Classifier, INPUT_SIDE, Picture};
use std::collections::BTreeMap;

#[test]
fn predictions_are_those_that_the_browser_is_held_to() {
    let classifier = Classifier::on_cpu(&network::small(), Arithmetic::Fastest);
    let mut found: BTreeMap<String, Vec<f32>> = BTreeMap::new();
    let raw = pictures::raw().into_iter().map(|raw| {
        let picture = Picture::from_rgba(&raw.rgba, raw.width, raw.height).unwrap();
        (raw.name, picture)
    });
    let encoded = pictures::encoded().into_iter();
    let encoded = encoded.map(|(name, file)| (name, Picture::decode(file).unwrap()));
    for (name, picture) in raw.chain(encoded) {
        let input = picture.to_input(INPUT_SIDE);
        let prediction = block_on(classifier.classify(&[input])).unwrap().remove(0);
        assert_eq!(
            prediction.probability,
            prediction.probabilities.iter().copied().fold(0.0, f32::max)
        );
        found.insert(name.to_owned(), prediction.probabilities);
    }
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/fixtures/predictions.json"
    );
    if std::env::var_os("SIGNET_UPDATE").is_some() {
        std::fs::write(path, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
    }
    let expected: BTreeMap<String, Vec<f32>> =
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(found.len(), expected.len());
    for (name, probabilities) in &found {
        let pairs = probabilities.iter().zip(&expected[name]);
        let gap = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(gap < 1e-5, "{name}: {gap}");
    }
}

#[test]
fn a_batch_answers_like_its_pictures_one_by_one() {
    let classifier = Classifier::on_cpu(&network::small(), Arithmetic::Fastest);
    let inputs: Vec<_> = pictures::encoded()
        .iter()
        .map(|(_, file)| Picture::decode(file).unwrap().to_input(INPUT_SIDE))
        .collect();
    let together = block_on(classifier.classify(&inputs)).unwrap();
    for (input, prediction) in inputs.into_iter().zip(together) {
        let alone = block_on(classifier.classify(&[input])).unwrap().remove(0);
        let pairs = alone.probabilities.iter().zip(&prediction.probabilities);
        assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-5));
    }
    assert!(block_on(classifier.classify(&[])).unwrap().is_empty());
}
