//! Reading the reference's tensors, and comparing with them.
#![allow(dead_code, unused_imports, missing_docs)] // Not every test that includes this file needs all of it.

#[path = "network.rs"]
mod network;

use safetensors::{Dtype, SafeTensors};
use signet_recognizer::{HostTensor, Tensors, Weights, labels};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A path below tests/fixtures/reference.
pub fn reference(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures/reference")
        .join(name)
}

pub fn json(name: &str) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(reference(name)).unwrap()).unwrap()
}

/// The tensors of a file of the reference, by the reference's names, as floats.
pub fn tensors(name: &str) -> BTreeMap<String, HostTensor> {
    let bytes = std::fs::read(reference(name)).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    file.tensors()
        .into_iter()
        .map(|(name, view)| {
            let words = view.data().chunks_exact(4);
            let words = words.map(|w| [w[0], w[1], w[2], w[3]]);
            let data = match view.dtype() {
                Dtype::F32 => words.map(f32::from_le_bytes).collect(),
                Dtype::I32 => words.map(|w| i32::from_le_bytes(w) as f32).collect(),
                other => panic!("{name} is {other:?}"),
            };
            let shape = view.shape().to_vec();
            (name, HostTensor::new(shape, data))
        })
        .collect()
}

/// A tensor of the reference in our layout: channels before height and width, output first.
pub fn ours(leaf: &str, tensor: &HostTensor) -> HostTensor {
    let order: &[usize] = match (leaf, tensor.shape.len()) {
        ("kernel", 4) => &[3, 2, 0, 1],
        ("kernel", 2) => &[1, 0],
        (_, 4) => &[0, 3, 1, 2],
        _ => return tensor.clone(),
    };
    permute(tensor, order)
}

fn permute(tensor: &HostTensor, order: &[usize]) -> HostTensor {
    let shape: Vec<usize> = order.iter().map(|&axis| tensor.shape[axis]).collect();
    let stride = |axis: usize| tensor.shape[axis + 1..].iter().product::<usize>();
    let strides: Vec<usize> = order.iter().map(|&axis| stride(axis)).collect();
    let count = tensor.count();
    let floats = tensor.floats();
    let data = (0..count).map(|mut index| {
        let mut at = 0;
        for (side, stride) in shape.iter().zip(&strides).rev() {
            at += index % side * stride;
            index /= side;
        }
        floats[at]
    });
    HostTensor::new(shape.clone(), data.collect())
}

/// The name in our weights files of a parameter of the reference.
pub fn our_name(name: &str) -> String {
    name.replace("/moving_mean", ".running_mean")
        .replace("/moving_variance", ".running_variance")
        .replace('/', ".")
}

/// Parameters of the reference whose names begin with `prefix`, in our names and layout.
pub fn parameters(file: &BTreeMap<String, HostTensor>, prefix: &str) -> Tensors {
    file.iter()
        .filter_map(|(name, tensor)| {
            let name = name.strip_prefix(prefix)?;
            let leaf = name.rsplit('/').next()?;
            Some((our_name(name), ours(leaf, tensor)))
        })
        .collect()
}

pub use network::{narrow as tiny_config, narrowed, small as small_weights};

pub fn tiny_weights() -> Weights {
    let tensors = parameters(&tensors("tiny_weights.safetensors"), "");
    Weights::new(tiny_config(), labels::digits(), tensors).unwrap()
}

/// The largest absolute difference.
pub fn difference(a: &HostTensor, b: &HostTensor) -> f32 {
    assert_eq!(a.shape, b.shape);
    let (a, b) = (a.floats(), b.floats());
    let pairs = a.iter().zip(b.iter());
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// The largest absolute value.
pub fn magnitude(tensor: &HostTensor) -> f32 {
    tensor
        .floats()
        .iter()
        .fold(0.0, |most, v| v.abs().max(most))
}

/// Prints a rung of the ladder and holds it to its tolerance.
pub fn rung(device: &str, what: &str, difference: f32, tolerance: f32) {
    println!("parity {device:>5}  {what:<44} {difference:9.2e}  (at most {tolerance:.0e})");
    assert!(
        difference <= tolerance,
        "{what} on {device}: {difference} is more than {tolerance}"
    );
}
