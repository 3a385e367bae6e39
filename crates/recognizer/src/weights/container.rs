//! A safetensors file on its way out, piece by piece.

use crate::error::{Error, Result};
use half::f16;
use safetensors::Dtype;
use safetensors::tensor::{Metadata, TensorInfo};
use std::borrow::Cow;
use std::collections::HashMap;

/// Readers align tensors to it.
const ALIGNMENT: usize = 8;

/// Numbers that are bytes beside what they are made from.
const CONVERTED_AT_ONCE: usize = 16 * 1024;

/// A file that is complete but for being written. Its length is known, and floats become bytes only
/// when their turn comes: whoever takes the pieces decides where they come to lie, and the file is
/// nowhere in memory before.
#[derive(Debug)]
pub struct Container<'a> {
    /// Its length and its text.
    header: Vec<u8>,
    /// In the order of their offsets.
    contents: Vec<Content<'a>>,
}

/// A tensor of a [`Container`].
#[derive(Debug)]
pub struct Stored<'a> {
    /// The type of its values in the file.
    pub dtype: Dtype,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its values.
    pub content: Content<'a>,
}

/// What a tensor's bytes are made from.
#[derive(Debug)]
pub enum Content<'a> {
    /// Written as they are.
    Floats(Cow<'a, [f32]>),
    /// Written with half the bits.
    Halves(Cow<'a, [f32]>),
    /// Bytes as they are.
    Bytes(Vec<u8>),
    /// A file in the file: a training's weights.
    File(Container<'a>),
}

impl<'a> Container<'a> {
    /// In the order that the format asks for: the widest types first, then by name.
    ///
    /// # Errors
    ///
    /// [`Error::WeightsFormat`] when shapes and contents don't fit each other.
    pub fn new(
        mut tensors: Vec<(String, Stored<'a>)>,
        metadata: HashMap<String, String>,
    ) -> Result<Self> {
        tensors.sort_by(|(left_name, left), (right_name, right)| {
            let by_type = right.dtype.cmp(&left.dtype);
            by_type.then_with(|| left_name.cmp(right_name))
        });
        let mut end = 0;
        let (infos, contents) = tensors
            .into_iter()
            .map(|(name, tensor)| {
                let start = end;
                end += tensor.content.byte_len();
                let info = TensorInfo {
                    dtype: tensor.dtype,
                    shape: tensor.shape,
                    data_offsets: (start, end),
                };
                ((name, info), tensor.content)
            })
            .unzip();
        let metadata = Metadata::new(Some(metadata), infos).map_err(unwritable)?;
        let mut text = serde_json::to_vec(&metadata).map_err(unwritable)?;
        text.resize(text.len().next_multiple_of(ALIGNMENT), b' ');
        let mut header = (text.len() as u64).to_le_bytes().to_vec();
        header.append(&mut text);
        Ok(Self { header, contents })
    }

    /// Bytes in all.
    pub fn byte_len(&self) -> usize {
        let contents = self.contents.iter().map(Content::byte_len);
        self.header.len() + contents.sum::<usize>()
    }

    /// Gives the bytes to `take` from the first to the last, in pieces.
    pub fn write(&self, take: &mut dyn FnMut(&[u8])) {
        take(&self.header);
        for content in &self.contents {
            content.write(take);
        }
    }

    /// The whole file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.byte_len());
        self.write(&mut |piece| bytes.extend_from_slice(piece));
        bytes
    }
}

impl Content<'_> {
    fn byte_len(&self) -> usize {
        match self {
            Self::Floats(values) => values.len() * size_of::<f32>(),
            Self::Halves(values) => values.len() * size_of::<f16>(),
            Self::Bytes(bytes) => bytes.len(),
            Self::File(file) => file.byte_len(),
        }
    }

    /// Numbers are little-endian.
    pub fn write(&self, take: &mut dyn FnMut(&[u8])) {
        match self {
            Self::Floats(values) => convert(values, f32::to_le_bytes, take),
            Self::Halves(values) => convert(values, |v| f16::from_f32(v).to_le_bytes(), take),
            Self::Bytes(bytes) => take(bytes),
            Self::File(file) => file.write(take),
        }
    }
}

/// Gives the bytes of `values` in small pieces.
fn convert<const N: usize>(
    values: &[f32],
    bytes: impl Fn(f32) -> [u8; N],
    take: &mut dyn FnMut(&[u8]),
) {
    let mut piece = Vec::with_capacity(CONVERTED_AT_ONCE * N);
    for values in values.chunks(CONVERTED_AT_ONCE) {
        piece.clear();
        for value in values {
            piece.extend_from_slice(&bytes(*value));
        }
        take(&piece);
    }
}

fn unwritable(error: impl std::fmt::Display) -> Error {
    Error::WeightsFormat {
        reason: error.to_string(),
    }
}
