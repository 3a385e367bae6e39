//! What Keras has written answers as Keras does.

use crate::written::{self, largest_difference, picture, probabilities};
use serde_json::Value;
use signet_interop::Note;
use signet_interop::keras::import;
use signet_recognizer::Arithmetic;
use signet_recognizer::inspect::Inspector;

/// A file of the fixtures, unpacked.
pub fn fixture(name: &str) -> Vec<u8> {
    written::fixture("keras", name)
}

/// What Keras has predicted of the three pictures.
fn expected() -> Vec<(String, Vec<Vec<f32>>)> {
    let read = |which: &str| {
        let text = std::fs::read_to_string(
            written::folder("keras").join(format!("expected-{which}.json")),
        )
        .unwrap();
        let Value::Object(files) = serde_json::from_str(&text).unwrap() else {
            panic!("an object");
        };
        files.into_iter().filter(|(name, _)| name != "keras")
    };
    let rows = |value| serde_json::from_value(value).unwrap();
    ["3", "2", "2.13"]
        .into_iter()
        .flat_map(read)
        .map(|(name, value)| (name, rows(value)))
        .collect()
}

#[test]
fn every_file_that_keras_wrote_answers_as_keras_does() {
    let expected = expected();
    assert!(expected.len() >= 19);
    let mut failures = Vec::new();
    for (name, expected) in expected {
        let imported = match import(fixture(&name)) {
            Ok(imported) => imported,
            Err(error) => {
                failures.push(format!("{name}: {error}"));
                continue;
            }
        };
        let (found, tolerance) = if name.starts_with("applications") {
            let inspector = Inspector::on_cpu(&imported.weights, Arithmetic::Float32);
            {
                let largest = expected[0]
                    .iter()
                    .fold(0.0_f32, |most, f| most.max(f.abs()));
                let features = pollster::block_on(inspector.features(&[picture(0)], &[]));
                (features.unwrap(), 1e-5 * largest)
            }
        } else {
            (probabilities(&imported.weights), 1e-5)
        };
        let difference = largest_difference(&found, &expected);
        println!("{name}: {difference:.1e} {:?}", imported.notes);
        if difference.is_nan() || difference > tolerance {
            failures.push(format!("{name}: {difference}"));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn what_a_person_should_know_is_told() {
    let six = Note::LabelsNumbered { classes: 6 };
    for (name, expected) in [
        ("named-3.h5", vec![six.clone()]),
        (
            "unnamed-3.weights.h5",
            vec![six.clone(), Note::PreprocessingUnknown],
        ),
        (
            "no-bias-four-classes-3.keras",
            vec![Note::LabelsNumbered { classes: 4 }],
        ),
        (
            "applications-3.h5",
            vec![Note::FeaturesOnly, Note::BorderDiffers],
        ),
        (
            "applications-without-top-3.weights.h5",
            vec![Note::FeaturesOnly, Note::BorderDiffers],
        ),
    ] {
        assert_eq!(import(fixture(name)).unwrap().notes, expected, "{name}");
    }
    for name in ["training-3.keras", "training-2.h5"] {
        let notes = import(fixture(name)).unwrap().notes;
        assert!(
            matches!(&notes[0], Note::TrainingMode { layer } if layer.starts_with("batch_normalization")),
            "{name}: {notes:?}"
        );
    }
}
