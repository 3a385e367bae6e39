//! What PyTorch has written answers as PyTorch does.

use crate::network::narrow;
use crate::written::{self, largest_difference, probabilities};
use signet_interop::{Error, Imported, Note, Result, model};

fn fixture(name: &str) -> Vec<u8> {
    written::fixture("pytorch", name)
}

/// Reads a file of the fixtures. Without an entry that says so a file has the whole network, and theirs is narrow.
fn import(mut file: Vec<u8>) -> Result<Imported> {
    let mut network = narrow();
    for stage in &mut network.stages {
        stage.identity_blocks = 1;
    }
    let field = |number: u8, bytes: &[u8]| {
        let length = bytes.len();
        let head = [number << 3 | 2, length as u8 | 128, (length >> 7) as u8];
        [&head, bytes].concat()
    };
    let network = serde_json::to_vec(&network).unwrap();
    let entry = [field(1, b"signet_network"), field(2, &network)].concat();
    file.extend(field(14, &entry));
    model::import(file, "a.onnx")
}

#[test]
fn files_of_both_exporters_answer_as_pytorch_does() {
    let expected = written::folder("pytorch").join("expected.json");
    let expected = std::fs::read_to_string(expected).unwrap();
    let expected: Vec<Vec<f32>> = serde_json::from_str(&expected).unwrap();
    for name in ["torchscript.onnx", "dynamo.onnx"] {
        let imported = import(fixture(name)).unwrap();
        let told = [
            Note::LabelsNumbered { classes: 6 },
            Note::PreprocessingUnknown,
        ];
        assert_eq!(imported.notes, told, "{name}");
        let difference = largest_difference(&probabilities(&imported.weights), &expected);
        assert!(difference <= 1e-5, "{name}: {difference}");
    }
}

#[test]
fn tensors_that_are_written_once_are_read_wherever_they_belong() {
    let file = fixture("torchscript.onnx");
    let identities = file.windows(9).filter(|part| part == b"Identity_");
    assert!(identities.count() >= 4, "equal biases are named by nodes");
    let weights = import(file).unwrap().weights;
    let biases = weights.tensors().iter();
    let biases = biases.filter(|(name, _)| name.starts_with("res") && name.ends_with(".bias"));
    let zeros = biases.filter(|(_, bias)| bias.floats().iter().all(|value| *value == 0.0));
    assert!(zeros.count() >= 6, "those of batch norms that were fresh");
}

#[test]
fn features_that_an_index_picks_are_refused_with_what_to_do() {
    let Err(Error::OnnxNetwork { node, reason }) = import(fixture("adaptive.onnx")) else {
        panic!("it is refused");
    };
    assert!(node.contains("as_strided"), "{node}");
    assert!(reason.contains("dynamo=False"), "{reason}");
}
