//! The smallest network that has all layers of the real one, for short files; errors as refusals.
#![allow(dead_code)] // Not every test that includes this file needs all of it.

use crate::fuzz::Refusal;
use serde_json::Value;
use signet_recognizer::{Precision, ResNetConfig, StageConfig, Weights};

pub fn labels() -> Vec<String> {
    ["rock", "paper"].map(String::from).to_vec()
}

pub fn config() -> ResNetConfig {
    let whole = ResNetConfig::default();
    let stages = whole.stages.iter().map(|stage| StageConfig {
        filters: [1, 1, 2],
        identity_blocks: 0,
        ..*stage
    });
    ResNetConfig {
        stem: 2,
        stages: stages.collect(),
        classes: 2,
        detector: false,
    }
}

pub fn weights() -> Weights {
    Weights::initial(config(), labels(), 1).expect("a valid network")
}

/// The smallest network with a kernel that is large enough for 4 bits.
fn with_large_kernel() -> Weights {
    let mut config = config();
    config.stages[3].filters = [58, 58, 1];
    let weights = Weights::initial(config, labels(), 1).expect("a valid network");
    weights.fold()
}

/// Weights files of every precision, folded or not, with and without detector and reference logits.
pub fn files() -> Vec<Vec<u8>> {
    let files = [
        weights().to_bytes(Precision::F32),
        weights().fold().with_detector(1).to_bytes(Precision::Int8),
        weights()
            .fold()
            .with_reference_logits(vec![0.0; 2])
            .and_then(|weights| weights.to_bytes(Precision::F16)),
        weights()
            .fold()
            .refined(|name| name.contains('5'))
            .to_bytes(Precision::Kept),
        with_large_kernel().to_bytes(Precision::Int4),
    ];
    files
        .map(|file| file.expect("the file can be written"))
        .to_vec()
}

/// The header of a safetensors file, and its data.
pub fn parts(file: &[u8]) -> (Value, Vec<u8>) {
    let length = u64::from_le_bytes(file[..8].try_into().expect("eight bytes"));
    let (header, data) = file[8..].split_at(usize::try_from(length).expect("a short header"));
    let header = serde_json::from_slice(header).expect("a header is JSON");
    (header, data.to_vec())
}

/// A safetensors file of a header and its data.
pub fn file(header: &Value, data: &[u8]) -> Vec<u8> {
    let header = header.to_string();
    let length = (header.len() as u64).to_le_bytes();
    [&length, header.as_bytes(), data].concat()
}

impl From<signet_recognizer::Error> for Refusal {
    fn from(error: signet_recognizer::Error) -> Self {
        Self {
            code: error.code().into(),
            sentence: error.to_string(),
        }
    }
}
