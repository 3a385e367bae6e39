//! Weights as a safetensors file, in float32, float16 or int8.
//!
//! int8 holds each kernel as integers in -127 to 127, with one float32 scale per output channel in
//! a second tensor, `NAME.scale`; biases and batch norms stay float32. The header's entry `signet` is
//! JSON: network, labels, preprocessing, reference logits. The input that the reference logits
//! belong to is the tensor `reference.picture`, so that any reader of the file can check itself. The
//! tensor `signet.crc32` is the CRC-32 of that JSON and of every other tensor's name and bytes, sorted by
//! name: it detects damaged copies. The SHA-256 of a manifest, which takes ten times as long,
//! detects intent.

use super::checked::Weights;
use super::container::{Container, Content, Stored};
use super::tensor::{HostTensor, Tensors};
use crate::config::ResNetConfig;
use crate::error::{Error, Result};
use crate::preprocess::{InputImage, PREPROCESSING};
use half::f16;
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::HashMap;

/// How kernels are stored in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// 32-bit floats: exact.
    F32,
    /// 16-bit floats: half the size.
    F16,
    /// 8-bit integers with a scale per output channel: a quarter.
    Int8,
}

const VERSION: u32 = 1;
const HEADER: &str = "signet";
const CHECKSUM: &str = "signet.crc32";
const KERNEL: &str = ".kernel";
const SCALE: &str = ".scale";
const REFERENCE_INPUT: &str = "reference.picture";

/// The header's entry [`HEADER`].
#[derive(Serialize, Deserialize)]
struct Header {
    version: u32,
    network: ResNetConfig,
    labels: Vec<String>,
    /// In words, for people: this version knows one preprocessing only.
    #[serde(default)]
    preprocessing: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference_logits: Option<Vec<f32>>,
}

/// Compares the SHA-256 of `bytes` with `expected` (hexadecimal).
///
/// # Errors
///
/// [`Error::WeightsHash`] with both hashes.
pub fn verify_sha256(bytes: &[u8], expected: &str) -> Result<()> {
    let found = sha256(bytes);
    if found.eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    Err(Error::WeightsHash {
        expected: expected.to_ascii_lowercase(),
        found,
    })
}

/// The SHA-256 of `bytes`, lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The CRC-32 of a header's entry and of tensors that are added sorted by name.
struct Checksum(crc32fast::Hasher);

impl Checksum {
    fn of(header: &str) -> Self {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(header.as_bytes());
        Self(hasher)
    }

    fn add(&mut self, name: &str, write: impl FnOnce(&mut dyn FnMut(&[u8]))) {
        self.0.update(name.as_bytes());
        write(&mut |bytes| self.0.update(bytes));
    }

    fn finish(self) -> [u8; 4] {
        self.0.finalize().to_be_bytes()
    }
}

/// A weights file of tensors, each a name, a shape and values.
fn container<'a>(
    header: &Header,
    tensors: impl Iterator<Item = (String, Vec<usize>, Cow<'a, [f32]>)>,
    precision: Precision,
) -> Result<Container<'a>> {
    let has_reference = header.reference_logits.is_some();
    let header = serde_json::to_string(header).map_err(unreadable)?;
    let mut stored: Vec<(String, Stored<'a>)> = Vec::new();
    let mut store = |name: String, dtype, shape, content| {
        let tensor = Stored {
            dtype,
            shape,
            content,
        };
        stored.push((name, tensor));
    };
    for (name, shape, values) in tensors {
        match precision {
            Precision::F16 if name.ends_with(KERNEL) => {
                store(name, Dtype::F16, shape, Content::Halves(values));
            }
            Precision::Int8 if name.ends_with(KERNEL) => {
                let (scales, integers) = quantize(&shape, &values);
                let (count, scales) = (vec![scales.len()], Content::Floats(scales.into()));
                store(format!("{name}{SCALE}"), Dtype::F32, count, scales);
                let bytes = integers.iter().flat_map(|n| n.to_le_bytes()).collect();
                store(name, Dtype::I8, shape, Content::Bytes(bytes));
            }
            _ => store(name, Dtype::F32, shape, Content::Floats(values)),
        }
    }
    if has_reference {
        let input = InputImage::reference();
        let shape = vec![input.side(), input.side(), 3];
        let bytes = Content::Bytes(input.rgb().to_vec());
        store(REFERENCE_INPUT.into(), Dtype::U8, shape, bytes);
    }
    stored.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut checksum = Checksum::of(&header);
    for (name, tensor) in &stored {
        checksum.add(name, |take| tensor.content.write(take));
    }
    let checksum = Stored {
        dtype: Dtype::U8,
        shape: vec![4],
        content: Content::Bytes(checksum.finish().to_vec()),
    };
    stored.push((CHECKSUM.into(), checksum));
    let metadata = HashMap::from([(HEADER.to_owned(), header)]);
    Container::new(stored, metadata)
}

impl Weights {
    /// Writes a file. The same weights give the same bytes.
    ///
    /// # Errors
    ///
    /// [`Error::WeightsFormat`] when safetensors can't hold them.
    pub fn to_bytes(&self, precision: Precision) -> Result<Vec<u8>> {
        let tensors = self
            .tensors
            .iter()
            .map(|(name, tensor)| (name.clone(), tensor.shape.clone(), tensor.floats()));
        Ok(container(&self.header(), tensors, precision)?.to_bytes())
    }

    /// The file that [`to_bytes`](Self::to_bytes) writes, to be written in pieces.
    ///
    /// # Errors
    ///
    /// As [`to_bytes`](Self::to_bytes).
    pub fn into_container(self, precision: Precision) -> Result<Container<'static>> {
        let header = self.header();
        let tensors = self.tensors.into_iter();
        let tensors = tensors.map(|(name, tensor)| {
            let shape = tensor.shape.clone();
            (name, shape, tensor.into_floats().into())
        });
        container(&header, tensors, precision)
    }

    fn header(&self) -> Header {
        Header {
            version: VERSION,
            network: self.config.clone(),
            labels: self.labels.clone(),
            preprocessing: PREPROCESSING.into(),
            reference_logits: self.reference_logits.clone(),
        }
    }

    /// Reads a file that [`to_bytes`](Self::to_bytes) wrote, of any precision.
    ///
    /// # Errors
    ///
    /// [`Error::WeightsFormat`] when `bytes` are no such file, what [`Weights::new`] refuses, and
    /// [`Error::WeightsHash`] when the file was altered after it was written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(unreadable)?;
        let text = metadata.metadata().as_ref().and_then(|all| all.get(HEADER));
        let text = text.ok_or_else(|| Error::WeightsFormat {
            reason: format!("its header has no `{HEADER}` entry, so Signet did not write it"),
        })?;
        let header: Header = serde_json::from_str(text).map_err(unreadable)?;
        if header.version != VERSION {
            return Err(Error::WeightsFormat {
                reason: format!("version {}, where this reads {VERSION}", header.version),
            });
        }
        let file = SafeTensors::deserialize(bytes).map_err(unreadable)?;
        let mut tensors = Tensors::new();
        for name in file.names() {
            if name == REFERENCE_INPUT {
                check_reference_input(&file)?;
            } else if name != CHECKSUM && !name.ends_with(SCALE) {
                tensors.insert(name.to_owned(), decode(name, &file)?);
            }
        }
        let mut scales = file
            .names()
            .into_iter()
            .filter_map(|name| Some((name, name.strip_suffix(SCALE)?)));
        if let Some((name, _)) = scales.find(|(_, kernel)| !tensors.contains_key(*kernel)) {
            let name = name.to_owned();
            return Err(Error::WeightsUnknownTensor { name });
        }
        let mut weights = Self::new(header.network, header.labels, tensors)?;
        if let Some(logits) = header.reference_logits {
            weights = weights.with_reference_logits(logits)?;
        }
        // The checksum comes last, so that the errors before it can name a tensor.
        if let Ok(stored) = file.tensor(CHECKSUM) {
            let mut contents = file.tensors();
            contents.retain(|(name, _)| name != CHECKSUM);
            contents.sort_by(|(a, _), (b, _)| a.cmp(b));
            let mut checksum = Checksum::of(text);
            for (name, view) in &contents {
                checksum.add(name, |take| take(view.data()));
            }
            let found = checksum.finish();
            if found != stored.data() {
                return Err(Error::WeightsHash {
                    expected: hexadecimal(stored.data()),
                    found: hexadecimal(&found),
                });
            }
        }
        Ok(weights)
    }
}

/// The stored logits belong to one input: a file with another reference input is not for this version.
fn check_reference_input(file: &SafeTensors<'_>) -> Result<()> {
    let view = file.tensor(REFERENCE_INPUT).map_err(unreadable)?;
    if view.dtype() == Dtype::U8 && view.data() == InputImage::reference().rgb() {
        return Ok(());
    }
    Err(unreadable(
        "its reference picture is not the one of this version",
    ))
}

fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::WeightsFormat {
        reason: error.to_string(),
    }
}

/// Symmetric quantization per output channel: scale = max |w| / 127, integer = round(w / scale).
fn quantize(shape: &[usize], kernel: &[f32]) -> (Vec<f32>, Vec<i8>) {
    let per_channel = kernel.len() / shape[0];
    let mut integers = Vec::with_capacity(kernel.len());
    let scales = kernel.chunks(per_channel).map(|row| {
        let largest = row.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
        let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        let quantized = row.iter().map(|w| (w / scale).round());
        integers.extend(quantized.map(|n| n.clamp(-127.0, 127.0) as i8));
        scale
    });
    (scales.collect(), integers)
}

/// Reads one tensor of a file.
fn decode(name: &str, file: &SafeTensors<'_>) -> Result<HostTensor> {
    let view = file.tensor(name).map_err(unreadable)?;
    let shape = view.shape().to_vec();
    let data = match view.dtype() {
        Dtype::F32 => decode_f32(view.data()),
        Dtype::F16 => {
            let (pairs, _) = view.data().as_chunks();
            let halves = pairs.iter().map(|pair| f16::from_le_bytes(*pair));
            halves.map(f16::to_f32).collect()
        }
        Dtype::I8 => {
            let scale_name = format!("{name}{SCALE}");
            let Ok(scale) = file.tensor(&scale_name) else {
                return Err(Error::WeightsMissingTensor { name: scale_name });
            };
            let channels = shape.first().copied().unwrap_or(0);
            if scale.dtype() != Dtype::F32 || scale.shape() != [channels] || channels == 0 {
                return Err(Error::WeightsShape {
                    name: scale_name,
                    expected: format!("F32 [{channels}]"),
                    found: format!("{:?} {:?}", scale.dtype(), scale.shape()),
                });
            }
            let integers = view.data().iter().map(|&byte| byte as i8).collect();
            let scales = decode_f32(scale.data());
            return Ok(HostTensor::of_integers(shape, integers, scales));
        }
        other => {
            return Err(Error::WeightsShape {
                name: name.to_owned(),
                expected: "F32, F16 or I8".into(),
                found: format!("{other:?}"),
            });
        }
    };
    Ok(HostTensor::new(shape, data))
}

pub(super) fn decode_f32(bytes: &[u8]) -> Vec<f32> {
    let (words, _) = bytes.as_chunks();
    words.iter().map(|word| f32::from_le_bytes(*word)).collect()
}
