//! What is written comes back.

use crate::network::small;
use pollster::block_on;
use signet_interop::model;
use signet_interop::onnx::{Export, Kind, export};
use signet_recognizer::{Arithmetic, Classifier, InputImage, Precision, Weights};

/// The answers of the reference picture: the logits, and the presence where there is one.
fn answer(weights: &Weights) -> (Vec<f32>, Option<f32>) {
    let classifier = Classifier::on_cpu(weights, Arithmetic::Float32);
    let inputs = [InputImage::reference()];
    let logits = block_on(classifier.logits(&inputs)).unwrap().concat();
    let prediction = block_on(classifier.classify(&inputs)).unwrap().remove(0);
    (logits, prediction.presence)
}

fn written(weights: &Weights, kind: Kind) -> Vec<u8> {
    block_on(export(weights.clone(), kind, 0.5)).unwrap()
}

fn read(bytes: Vec<u8>) -> Weights {
    let imported = model::import(bytes, "a.onnx").unwrap();
    assert_eq!(imported.notes, [], "a file of this project says all");
    imported.weights
}

/// A folded network with reference logits, as an exported file has it.
fn shipped(precision: Precision) -> Weights {
    let folded = small().fold().with_detector(3);
    let stored = Weights::from_bytes(&folded.to_bytes(precision).unwrap()).unwrap();
    let logits = answer(&stored).0;
    stored.with_reference_logits(logits).unwrap()
}

#[test]
fn float32_and_int8_come_back_exactly_and_int8_stays_int8() {
    let int8 = shipped(Precision::Int8);
    let back = read(written(&int8, Kind::Int8));
    assert_eq!(back, int8);
    for (name, tensor) in int8.tensors() {
        assert_eq!(back.tensors()[name].integers(), tensor.integers(), "{name}");
    }
    let kept = |weights: &Weights| weights.to_bytes(Precision::Kept).unwrap();
    assert_eq!(kept(&back), kept(&int8), "also the bytes of a weights file");

    // As floats the same numbers.
    let back = read(written(&int8, Kind::Float32));
    assert_eq!(back, int8);
    assert!(back.tensors().values().all(|tensor| !tensor.is_quantized()));

    let floats = shipped(Precision::F32);
    assert_eq!(read(written(&floats, Kind::Float32)), floats);
}

#[test]
fn a_network_without_a_detector_and_with_batch_norm_is_written_folded() {
    let weights = small();
    let back = read(written(&weights, Kind::Float32));
    assert_eq!(back.tensors(), weights.clone().fold().tensors());
    assert_eq!(back.labels(), weights.labels());
    let (logits, presence) = answer(&back);
    assert_eq!(presence, None);
    let told = back.reference_logits().unwrap();
    assert!(told.iter().zip(&logits).all(|(a, b)| (a - b).abs() < 1e-5));
}

#[test]
fn floats_are_rounded_to_int8_as_a_weights_file_rounds_them() {
    let back = read(written(&shipped(Precision::F32), Kind::Int8));
    let rounded = shipped(Precision::Int8);
    for (name, tensor) in rounded.tensors() {
        if tensor.shape.len() == 4 {
            assert_eq!(back.tensors()[name].integers(), tensor.integers(), "{name}");
        }
    }
}

#[test]
fn a_fine_tuned_kernel_keeps_in_an_int8_file_what_int8_would_lose() {
    let refined = shipped(Precision::F32).refined(|name| name.starts_with("res5"));
    let bytes = written(&refined, Kind::Int8);
    let whole = written(&refined, Kind::Float32);
    assert!(bytes.len() < whole.len() * 6 / 10);
    let back = read(bytes);
    for (name, tensor) in refined.tensors() {
        let wanted = tensor.floats();
        let scale = wanted.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
        let found = back.tensors()[name].floats();
        let apart = found.iter().zip(wanted.iter());
        let apart = apart.fold(0.0_f32, |most, (a, b)| most.max((a - b).abs()));
        // float16 rounds to 2^-11 of a weight, int8 to 2^-8 of the largest.
        let allowed = if tensor.is_refined() { 4.9e-4 } else { 4e-3 };
        assert!(apart <= allowed * scale, "{name}: {apart} of {scale}");
    }
    assert_eq!(read(whole).tensors(), refined.tensors());
}

#[test]
fn the_length_is_known_before_and_the_pieces_are_small() {
    let export = block_on(Export::new(shipped(Precision::Int8), Kind::Int8, 0.5)).unwrap();
    let (mut length, mut largest) = (0, 0);
    export.write(&mut |piece| {
        length += piece.len();
        largest = largest.max(piece.len());
    });
    assert_eq!(length, export.byte_len());
    assert!(largest <= 128 << 10, "{largest}");
}

#[test]
fn a_file_that_is_not_what_was_written_is_not_handed_over() {
    let bytes = written(&shipped(Precision::Int8), Kind::Int8);
    // A kernel, a scale, a label, an operation, the end.
    let at = |text: &str| {
        let found = bytes
            .windows(text.len())
            .position(|part| part == text.as_bytes());
        found.unwrap_or_else(|| panic!("no {text}"))
    };
    let kernel = at("res3a_branch2b.kernel.int8") + 200;
    for (place, what) in [
        (bytes.len() / 2, "a weight in the middle"),
        (kernel, "around a kernel"),
        (at("[\"0\",\"1\"") + 2, "a label"),
        (at("Relu"), "an operation"),
    ] {
        let mut damaged = bytes.clone();
        damaged[place] ^= 1;
        let export = Export::new(shipped(Precision::Int8), Kind::Int8, 0.5);
        let checked = block_on(block_on(export).unwrap().check(&damaged.as_slice()));
        if damaged != bytes {
            let refused = checked.map_err(|error| error.code());
            assert_eq!(refused, Err("export-wrong"), "{what}");
        }
    }
    let export = block_on(Export::new(shipped(Precision::Int8), Kind::Int8, 0.5)).unwrap();
    let cut = &bytes[..bytes.len() - 9];
    assert!(block_on(export.check(&cut)).is_err());
}
