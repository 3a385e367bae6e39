//! What is written for Keras comes back as it was. Keras itself reads it in tests/interop.

use crate::fixtures::fixture;
use crate::written::{largest_difference, probabilities};
use signet_interop::Note;
use signet_interop::keras::{Format, export, import};
use signet_recognizer::{Precision, Weights};

#[test]
fn every_format_comes_back_with_labels_and_answers() {
    let trained = import(fixture("named-3.h5")).unwrap().weights;
    let labels = ["nul", "één", "twee", "drie", "vier", "<b>vijf</b>"]
        .map(String::from)
        .to_vec();
    let trained = Weights::new(trained.config().clone(), labels, trained.into_tensors()).unwrap();
    let shipped = trained.clone().fold().with_detector(1);
    let shipped = Weights::from_bytes(&shipped.to_bytes(Precision::Int8).unwrap()).unwrap();
    for (which, weights) in [("with batch norm", trained), ("folded, int8", shipped)] {
        let expected = probabilities(&weights.clone().without_detector());
        for format in [Format::Keras, Format::Weights, Format::H5] {
            let imported = import(export(weights.clone(), format).unwrap()).unwrap();
            assert_eq!(
                imported.weights.labels(),
                weights.labels(),
                "{which}, {format:?}"
            );
            let told: &[Note] = if format == Format::Weights {
                &[Note::PreprocessingUnknown]
            } else {
                &[]
            };
            assert_eq!(imported.notes, told, "{which}, {format:?}");
            let difference = largest_difference(&probabilities(&imported.weights), &expected);
            assert!(difference <= 1e-5, "{which}, {format:?}: {difference}");
            if !weights.is_folded() {
                assert_eq!(imported.weights.tensors(), weights.tensors(), "{format:?}");
            }
        }
    }
}
