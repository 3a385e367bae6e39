//! Writing a safetensors file piece by piece.

use crate::error::{Error, Result};
use half::f16;
use safetensors::Dtype;
use safetensors::tensor::{Metadata, TensorInfo};
use std::borrow::Cow;
use std::collections::HashMap;

/// Readers rely on tensors that start at multiples of this many bytes.
const ALIGNMENT: usize = 8;

/// Values converted to bytes at a time.
const CONVERTED_AT_ONCE: usize = 16 * 1024;

/// A safetensors file that is not written yet. Its length is known. [`write`](Self::write) converts
/// values to bytes in small pieces, so that the file is never in memory as a whole.
#[derive(Debug)]
pub struct Container<'a> {
    /// The header's length and its JSON.
    header: Vec<u8>,
    /// The tensors' values, by rising offset.
    contents: Vec<Content<'a>>,
}

/// A tensor of a [`Container`].
#[derive(Debug)]
pub struct Stored<'a> {
    /// The type of the values in the file.
    pub dtype: Dtype,
    /// The shape.
    pub shape: Vec<usize>,
    /// The values.
    pub content: Content<'a>,
}

/// What a tensor's bytes are made from.
#[derive(Debug)]
pub enum Content<'a> {
    /// Written as float32.
    Floats(Cow<'a, [f32]>),
    /// Written as float16.
    Halves(Cow<'a, [f32]>),
    /// Written unchanged.
    Bytes(Vec<u8>),
    /// Another file, such as the weights within a checkpoint.
    File(Container<'a>),
}

impl<'a> Container<'a> {
    /// Puts the tensors in the order that the format asks for: the widest types first, then by name.
    ///
    /// # Errors
    ///
    /// [`Error::WeightsFormat`] when a shape does not fit its content.
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

    /// Length of the file in bytes.
    pub fn byte_len(&self) -> usize {
        let contents = self.contents.iter().map(Content::byte_len);
        self.header.len() + contents.sum::<usize>()
    }

    /// Passes the file's bytes to `take` in order, in pieces.
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

    /// Passes the bytes to `take` in pieces; values are little-endian.
    pub fn write(&self, take: &mut dyn FnMut(&[u8])) {
        match self {
            Self::Floats(values) => convert(values, f32::to_le_bytes, take),
            Self::Halves(values) => convert(values, |v| f16::from_f32(v).to_le_bytes(), take),
            Self::Bytes(bytes) => take(bytes),
            Self::File(file) => file.write(take),
        }
    }
}

/// Passes the bytes of `values` to `take` in pieces of [`CONVERTED_AT_ONCE`] values.
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
