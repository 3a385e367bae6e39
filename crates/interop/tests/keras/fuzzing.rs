//! Keras' files with any damage.

use crate::fixtures::fixture;
use crate::fuzz::{Outcome, Refusal, Target, in_proportion};
use signet_interop::keras::{Format, export, import};
use signet_interop::model;

fn read(file: &[u8]) -> Outcome {
    let refusal = |error: signet_interop::Error| Refusal {
        code: error.code().into(),
        sentence: error.to_string(),
    };
    let imported = model::import(file.to_vec(), "a.h5").map_err(refusal)?;
    assert!(!imported.weights.labels().is_empty());
    Ok(())
}

#[test]
fn files_with_changes_are_read_or_refused() {
    let names = [
        "shortcut-first-weights-2.h5",
        "subclassed-3.weights.h5",
        "float16-3.weights.h5",
        "no-bias-four-classes-3.keras",
        "training-2.h5",
    ];
    let mut files: Vec<Vec<u8>> = names.map(fixture).into();
    let weights = import(fixture("named-2.h5")).unwrap().weights;
    files
        .extend([Format::Keras, Format::H5].map(|format| export(weights.clone(), format).unwrap()));
    let target = Target {
        name: "keras",
        cases: 600,
        read,
        memory: in_proportion,
    };
    target.fuzz(files, |_| {});
}
