//! ONNX files with any damage.

use crate::fuzz::{Outcome, Refusal, Target, in_proportion};
use pollster::block_on;
use signet_interop::model;
use signet_interop::onnx::{Kind, export};
use signet_recognizer::{ResNetConfig, StageConfig, Weights};

/// The smallest network that has all layers of the real one.
fn tiny() -> Weights {
    let whole = ResNetConfig::default();
    let stages = whole.stages.iter().map(|stage| StageConfig {
        filters: [1, 1, 2],
        identity_blocks: 0,
        ..*stage
    });
    let config = ResNetConfig {
        stem: 2,
        stages: stages.collect(),
        classes: 2,
        detector: false,
    };
    let labels = ["rock", "paper"].map(String::from).to_vec();
    Weights::initial(config, labels, 1).expect("a valid network")
}

fn read(file: &[u8]) -> Outcome {
    let refusal = |error: signet_interop::Error| Refusal {
        code: error.code().into(),
        sentence: error.to_string(),
    };
    let imported = model::import(file.to_vec(), "a.onnx").map_err(refusal)?;
    assert!(!imported.weights.labels().is_empty());
    Ok(())
}

#[test]
fn files_with_changes_are_read_or_refused() {
    let weights = [
        tiny(),
        tiny().fold().with_detector(1),
        tiny().fold().refined(|name| name.contains('5')),
    ];
    let kinds = [Kind::Float32, Kind::Int8];
    let files = weights.iter().flat_map(|weights| {
        kinds.map(|kind| block_on(export(weights.clone(), kind, 0.5)).expect("it is written"))
    });
    let target = Target {
        name: "onnx",
        cases: 3000,
        read,
        memory: in_proportion,
    };
    target.fuzz(files.collect(), |_| {});
}
