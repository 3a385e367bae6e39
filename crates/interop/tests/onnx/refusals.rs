//! Other networks, and files that are none: each is refused with a sentence that names what doesn't fit.

use crate::network::small;
use pollster::block_on;
use signet_interop::onnx::{Kind, export};
use signet_interop::{Error, Note, model};

fn file() -> Vec<u8> {
    block_on(export(small(), Kind::Float32, 0.5)).unwrap()
}

fn refused(bytes: Vec<u8>, name: &str) -> Error {
    model::import(bytes, name).expect_err("it is refused")
}

/// The file with one text in the place of another of the same length, everywhere.
fn with(mut bytes: Vec<u8>, old: &[u8], new: &[u8]) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let mut found = 0;
    for at in 0..bytes.len() - old.len() {
        if bytes[at..].starts_with(old) {
            bytes[at..at + new.len()].copy_from_slice(new);
            found += 1;
        }
    }
    assert!(found > 0, "no {}", old.escape_ascii());
    bytes
}

/// The attributes of a convolution as they are written: its kernel's shape, strides and padding.
fn conv(kernel: u8, stride: u8, pads: u8) -> Vec<u8> {
    let attribute = |name: &str, values: &[u8]| {
        let mut body = vec![0x0a, name.len() as u8];
        body.extend(name.as_bytes());
        body.extend(values.iter().flat_map(|value| [0x40, *value]));
        body.extend([0xa0, 0x01, 7]);
        let mut field = vec![0x2a, body.len() as u8];
        field.extend(body);
        field
    };
    [
        attribute("kernel_shape", &[kernel; 2]),
        attribute("strides", &[stride; 2]),
        attribute("pads", &[pads; 4]),
    ]
    .concat()
}

#[test]
fn torchvisions_resnet50_is_refused_for_the_stride_on_its_3x3_convolution() {
    // The same shapes with the stride moved from the 1x1 to the 3x3 convolution.
    let moved = with(file(), &conv(3, 1, 1), &conv(3, 2, 1));
    let error = refused(moved, "resnet50.onnx");
    assert_eq!(error.code(), "onnx-network");
    let said = error.to_string();
    for part in [
        "res2a_branch2b",
        "stride is on its 3x3 convolution",
        "torchvision",
    ] {
        assert!(said.contains(part), "no {part} in: {said}");
    }
}

#[test]
fn another_network_is_refused_at_the_first_node_that_does_not_fit() {
    for (old, new, node, reason) in [
        (conv(7, 2, 3), conv(7, 2, 2), "conv1", "padding"),
        (conv(1, 2, 0), conv(1, 1, 0), "res3a_branch2a", "stride"),
        (b"Relu".to_vec(), b"Tanh".to_vec(), "conv1_relu", "Tanh"),
        (
            b"MaxPool".to_vec(),
            b"MinPool".to_vec(),
            "pool1",
            "a max pooling",
        ),
        (b"Gemm".to_vec(), b"Gimm".to_vec(), "fc6", "the dense layer"),
        (
            b"GlobalAveragePool".to_vec(),
            b"GlobalMaximumPool".to_vec(),
            "avg_pool",
            "average pooling",
        ),
    ] {
        let said = refused(with(file(), &old, &new), "a.onnx").to_string();
        assert!(
            said.contains(node) && said.contains(reason),
            "{node}, {reason}: {said}"
        );
    }
}

#[test]
fn a_file_of_another_program_with_this_network_is_read_and_says_what_it_does_not_tell() {
    // Without the names by which this project's own files are known.
    let mut bytes = file();
    for key in ["labels", "preprocessing"] {
        let other: String = key.chars().rev().collect();
        bytes = with(bytes, key.as_bytes(), other.as_bytes());
    }
    let imported = model::import(bytes, "a.onnx").unwrap();
    assert_eq!(
        imported.notes,
        [
            Note::LabelsNumbered { classes: 6 },
            Note::PreprocessingUnknown
        ]
    );
    assert_eq!(imported.weights.tensors(), small().fold().tensors());
    assert_eq!(imported.weights.labels(), ["0", "1", "2", "3", "4", "5"]);
}

#[test]
fn what_is_no_onnx_file_is_refused_by_what_it_is() {
    let zip = b"PK\x03\x04\x00\x00\x08\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x10\x00\x00\x00resnet50/data.pkl".to_vec();
    for (bytes, name, code) in [
        (zip, "resnet50.pth", "model-pytorch"),
        (b"Dear Signet,".to_vec(), "letter.txt", "model-format"),
        (Vec::new(), "empty", "model-format"),
        (Vec::new(), "empty.onnx", "onnx-format"),
        (b"Dear Signet,".to_vec(), "letter.onnx", "onnx-format"),
        (file()[..100].to_vec(), "cut.onnx", "onnx-format"),
        // Fields without end, each of two bytes.
        ([0x40, 0].repeat(1 << 20), "many.onnx", "onnx-format"),
    ] {
        let error = refused(bytes, name);
        assert_eq!(error.code(), code, "{name}: {error}");
    }
}
