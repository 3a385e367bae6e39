//! Weights as a safetensors file.
//!
//! [`Precision`] says how kernels lie in it. The header's entry `signet` is JSON: network, labels,
//! preprocessing, reference logits. The input that the reference logits belong to is the tensor
//! `reference.picture`, so that any reader of the file can check itself. The tensor `signet.crc32` is
//! the CRC-32 of that JSON and of every other tensor's name and bytes, sorted by name: it detects damaged
//! copies. The SHA-256 of a manifest, which takes ten times as long, detects intent.

use super::checked::{Weights, expected_tensors};
use super::container::{Container, Content, Stored};
use super::stored::{
    Precision, add_differences, decode, decode_int4, difference, is_part, name_of_int4, refined,
    stored, unreadable,
};
use super::tensor::Tensors;
use crate::config::ResNetConfig;
use crate::detector::is_of_detector;
use crate::error::{Error, Result};
use crate::preprocess::{InputImage, PREPROCESSING};
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

const VERSION: u32 = 1;
const HEADER: &str = "signet";
const CHECKSUM: &str = "signet.crc32";
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

/// A weights file of stored tensors.
fn container(
    header: &Header,
    mut stored: Vec<(String, Stored<'static>)>,
) -> Result<Container<'static>> {
    let has_reference = header.reference_logits.is_some();
    let header = serde_json::to_string(header).map_err(unreadable)?;
    if has_reference {
        let input = InputImage::reference();
        let picture = Stored {
            dtype: Dtype::U8,
            shape: vec![input.side(), input.side(), 3],
            content: Content::Bytes(input.rgb().to_vec()),
        };
        stored.push((REFERENCE_INPUT.into(), picture));
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
        Ok(self.clone().into_container(precision)?.to_bytes())
    }

    /// The file that [`to_bytes`](Self::to_bytes) writes, to be written in pieces.
    ///
    /// # Errors
    ///
    /// As [`to_bytes`](Self::to_bytes).
    pub fn into_container(self, precision: Precision) -> Result<Container<'static>> {
        let header = self.header();
        let tensors = self.tensors.into_iter();
        let stored = tensors.flat_map(|(name, tensor)| stored(name, tensor, precision));
        container(&header, stored.collect())
    }

    /// As [`into_container`](Self::into_container) at [`Precision::Kept`], without the tensors that
    /// `is_known` says are in another file, whose weights [`from_bytes_beside`](Self::from_bytes_beside)
    /// is given then.
    ///
    /// # Errors
    ///
    /// As [`to_bytes`](Self::to_bytes).
    pub fn into_container_without(
        mut self,
        is_known: impl Fn(&str) -> bool,
    ) -> Result<Container<'static>> {
        self.tensors.retain(|name, _| !is_known(name));
        self.into_container(Precision::Kept)
    }

    /// As [`into_container_without`](Self::into_container_without) for weights that are near `others`,
    /// those of the other file: kernels of convolutions that are floats are stored as what they differ by,
    /// in 4 bits a weight, or where that is not as exact [refined](Self::refined).
    ///
    /// # Errors
    ///
    /// As [`to_bytes`](Self::to_bytes).
    pub fn into_container_near(
        self,
        others: &Self,
        is_known: impl Fn(&str) -> bool,
    ) -> Result<Container<'static>> {
        let header = self.header();
        let mut parts = Vec::new();
        for (name, tensor) in self.tensors {
            if is_known(&name) {
                continue;
            }
            let other = others.tensors.get(&name);
            match other.and_then(|other| difference(&name, &tensor, other)) {
                Some(differences) => parts.extend(differences),
                None => parts.extend(stored(name, refined(tensor), Precision::Kept)),
            }
        }
        container(&header, parts)
    }

    /// The CRC-32 of the tensors that `is_chosen` names, as a file at [`Precision::Kept`] has them.
    pub fn checksum(&self, is_chosen: impl Fn(&str) -> bool) -> u32 {
        let mut checksum = Checksum::of("");
        for (name, tensor) in &self.tensors {
            if is_chosen(name) {
                for (name, part) in stored(name.clone(), tensor.clone(), Precision::Kept) {
                    checksum.add(&name, |take| part.content.write(take));
                }
            }
        }
        u32::from_be_bytes(checksum.finish())
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
        Self::read(bytes, Tensors::new())
    }

    /// As [`from_bytes`](Self::from_bytes), where `others` has the tensors that the file
    /// [lacks](Self::into_container_without) or differs [little](Self::into_container_near) from.
    ///
    /// # Errors
    ///
    /// As [`from_bytes`](Self::from_bytes).
    pub fn from_bytes_beside(bytes: &[u8], others: &Self) -> Result<Self> {
        Self::read(bytes, others.tensors.clone())
    }

    /// Reads a file's tensors in addition to, or in place of, `tensors`.
    fn read(bytes: &[u8], mut tensors: Tensors) -> Result<Self> {
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
        header.network.validate()?;
        let detector = header.network.detector;
        tensors.retain(|name, _| detector || !is_of_detector(name));
        let file = SafeTensors::deserialize(bytes).map_err(unreadable)?;
        add_differences(&mut tensors, &file)?;
        for name in file.names() {
            if name == REFERENCE_INPUT {
                check_reference_input(&file)?;
            } else if name != CHECKSUM && !is_part(name) {
                tensors.insert(name.to_owned(), decode(name, &file)?);
            }
        }
        add_int4(&mut tensors, &header.network, &file)?;
        let parts = file.names().into_iter().filter(|name| is_part(name));
        let of_none =
            |name: &str| !tensors.contains_key(name.rsplit_once('.').unwrap_or_default().0);
        if let Some(name) = parts.into_iter().find(|name| of_none(name)) {
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

/// Reads the kernels that a file has as int4, which are of the network's shapes.
fn add_int4(tensors: &mut Tensors, network: &ResNetConfig, file: &SafeTensors<'_>) -> Result<()> {
    let parts = file.names();
    if !parts.iter().any(|part| name_of_int4(part).is_some()) {
        return Ok(());
    }
    let shapes: HashMap<_, _> = expected_tensors(network, true).collect();
    for part in parts {
        let Some(name) = name_of_int4(part) else {
            continue;
        };
        // Of no kernel, or of one that the file has twice.
        let shape = shapes.get(name).filter(|_| file.tensor(name).is_err());
        let shape = shape.ok_or_else(|| Error::WeightsUnknownTensor { name: part.into() })?;
        tensors.insert(name.to_owned(), decode_int4(name, shape, file)?);
    }
    Ok(())
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
