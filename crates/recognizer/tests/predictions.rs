//! Predictions of a small seeded network: the same natively and, by the tests of crates/wasm, in
//! the browser.

#[path = "../../../tests/support/fixture.rs"]
mod fixture;
#[path = "../../../tests/support/network.rs"]
mod network;
#[path = "../../../tests/support/pictures.rs"]
mod pictures;

use pollster::block_on;
use signet_recognizer::{Arithmetic, Classifier, INPUT_SIDE, Picture, Precision, Weights};
use std::collections::BTreeMap;

#[test]
fn predictions_are_those_that_the_browser_is_held_to() {
    let classifier = Classifier::on_cpu(&network::small(), Arithmetic::Fastest);
    let mut found: BTreeMap<String, Vec<f32>> = BTreeMap::new();
    for (name, picture) in pictures::decoded() {
        let input = picture.to_input(INPUT_SIDE);
        let prediction = block_on(classifier.classify(&[input])).unwrap().remove(0);
        assert_eq!(
            prediction.probability,
            prediction.probabilities.iter().copied().fold(0.0, f32::max)
        );
        found.insert(name.to_owned(), prediction.probabilities);
    }
    let expected = fixture::expected("predictions.json", &found);
    assert_eq!(found.len(), expected.len());
    for (name, probabilities) in &found {
        let pairs = probabilities.iter().zip(&expected[name]);
        let gap = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(gap < 1e-5, "{name}: {gap}");
    }
}

#[test]
fn a_batch_is_classified_like_its_inputs_one_by_one_to_the_bit() {
    let integers = network::small().fold().to_bytes(Precision::Int8).unwrap();
    let integers = Weights::from_bytes(&integers).unwrap();
    for weights in [network::small(), integers] {
        a_batch_equals_its_inputs(&Classifier::on_cpu(&weights, Arithmetic::Fastest));
    }
}

fn a_batch_equals_its_inputs(classifier: &Classifier) {
    let inputs: Vec<_> = pictures::encoded()
        .iter()
        .map(|(_, file)| Picture::decode(file).unwrap().to_input(INPUT_SIDE))
        .collect();
    let together = block_on(classifier.classify(&inputs)).unwrap();
    for (input, prediction) in inputs.into_iter().zip(together) {
        let alone = block_on(classifier.classify(&[input])).unwrap().remove(0);
        assert_eq!(alone, prediction);
    }
    assert!(block_on(classifier.classify(&[])).unwrap().is_empty());
}
