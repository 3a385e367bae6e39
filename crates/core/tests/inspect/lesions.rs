//! Cuts of blocks, what they cost, and what the network answers without any.

use crate::{close, floats, forward, inputs, kinds};
use burn::tensor::Device;
use pollster::block_on;
use signet_core::ResNet;
use signet_recognizer::inspect::{Cut, Inspector, random_branches, single_cuts};
use signet_recognizer::{Arithmetic, Classifier};
use std::iter::zip;

#[test]
fn lesions_are_burns_modules_with_the_same_parts_left_out() {
    let inputs = inputs(9);
    for (weights, tolerance) in kinds() {
        let burn = ResNet::load(weights.clone(), 0.0, &Device::flex());
        let inspector = Inspector::on_cpu(&weights, Arithmetic::Fastest);
        let singles = single_cuts(inspector.places());
        assert_eq!(singles.len(), 32);
        let mut all: Vec<Vec<Cut>> = singles.iter().map(|cut| vec![cut.clone()]).collect();
        all.extend([2, 6, 40].map(|count| random_branches(inspector.places(), count, 5)));
        assert_eq!(all[33].len(), 6);
        assert_eq!(all[34].len(), 12, "all identity blocks");
        all.push(singles[10..12].to_vec());
        for cuts in all {
            let (map, rows) = forward(&burn, &inputs, &cuts);
            let answers = block_on(inspector.answers(&inputs, &cuts)).unwrap();
            let largest = rows
                .iter()
                .flatten()
                .fold(1e-3_f32, |most, v| most.max(v.abs()));
            for (answer, row) in zip(&answers, &rows) {
                for (found, expected) in zip(&answer.logits, row) {
                    close(*found, *expected, tolerance * largest, &cuts);
                }
                let presence = 1.0 / (1.0 + (-row[6]).exp());
                close(
                    answer.presence.unwrap(),
                    presence,
                    tolerance * largest.max(1.0),
                    &cuts,
                );
            }
            let [_, channels, ..] = map.dims();
            let found = block_on(inspector.maps(&inputs[8], &cuts, &["5c"]))
                .unwrap()
                .remove(0);
            assert_eq!(found.size, [channels, 2, 2]);
            let expected = floats(map.narrow(0, 8, 1));
            let largest = expected.iter().fold(1e-3_f32, |most, v| most.max(v.abs()));
            for (found, expected) in zip(found.values, expected) {
                close(found, expected, tolerance * largest, &cuts);
            }
        }
    }
}

#[test]
fn without_cuts_answers_and_features_are_the_classifiers_to_the_bit() {
    let inputs = inputs(11);
    for (weights, _) in kinds() {
        let classifier = Classifier::on_cpu(&weights, Arithmetic::Fastest);
        let expected = block_on(classifier.classify(&inputs)).unwrap();
        let logits = block_on(classifier.logits(&inputs)).unwrap();
        let inspector = Inspector::on_cpu(&weights, Arithmetic::Fastest);
        let answers = block_on(inspector.answers(&inputs, &[])).unwrap();
        for (found, (expected, logits)) in zip(answers, zip(expected, logits)) {
            assert_eq!(found.logits, logits);
            assert_eq!(
                (found.label, found.probabilities),
                (expected.label, expected.probabilities)
            );
            assert_eq!(found.presence, expected.presence);
            let mut sorted = logits;
            sorted.sort_by(f32::total_cmp);
            assert_eq!(found.margin, sorted[5] - sorted[4]);
        }
    }
}

#[test]
fn scores_count_and_measure_margins() {
    let inputs = inputs(4);
    let (weights, _) = &kinds()[0];
    let inspector = Inspector::on_cpu(weights, Arithmetic::Fastest);
    let answers = block_on(inspector.answers(&inputs, &[])).unwrap();
    let classes: Vec<usize> = answers
        .iter()
        .map(|answer| answer.label.parse().unwrap())
        .collect();
    let mut truths = classes.clone();
    truths[2] = (truths[2] + 1) % 6;
    let scores = block_on(inspector.score(&inputs, &truths, &[])).unwrap();
    assert_eq!((scores.right, scores.answers), (3, classes));
    assert_eq!(scores.margins[0], answers[0].margin);
    assert!(scores.margins[2] < 0.0);
}
