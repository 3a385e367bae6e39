//! Protocol buffers, written: a message knows its length before a byte of its tensors is written, so that these
//! stay where they are until their turn comes.
//!
//! No library does that. onnx-rs 0.1.3 copies each tensor three times on its way into the file, and leaves out an attribute whose
//! value is zero, such as the axis of a DequantizeLinear.

use signet_recognizer::HostTensor;
use signet_recognizer::weights::Content;

/// Values converted to bytes at a time.
const CONVERTED_AT_ONCE: usize = 64 * 1024;

const VARINT: u32 = 0;
const LENGTH_DELIMITED: u32 = 2;

/// A message under construction.
#[derive(Default, Clone)]
pub(super) struct Message<'a> {
    parts: Vec<Part<'a>>,
    len: usize,
}

#[derive(Clone)]
enum Part<'a> {
    Bytes(Vec<u8>),
    Values(Values<'a>),
}

/// A tensor's values, converted when they are written; little-endian.
#[derive(Clone, Copy)]
pub(super) enum Values<'a> {
    /// As float32.
    Floats(&'a HostTensor),
    /// As float16.
    Halves(&'a HostTensor),
    /// As int8.
    Integers(&'a [i8]),
}

impl Values<'_> {
    fn byte_len(&self) -> usize {
        match self {
            Self::Floats(tensor) => tensor.count() * 4,
            Self::Halves(tensor) => tensor.count() * 2,
            Self::Integers(values) => values.len(),
        }
    }

    fn write(&self, take: &mut dyn FnMut(&[u8])) {
        match self {
            Self::Floats(tensor) => {
                for range in tensor.pieces(CONVERTED_AT_ONCE) {
                    Content::Floats(tensor.floats_within(range)).write(take);
                }
            }
            Self::Halves(tensor) => {
                for range in tensor.pieces(CONVERTED_AT_ONCE) {
                    Content::Halves(tensor.floats_within(range)).write(take);
                }
            }
            Self::Integers(values) => {
                let mut piece = Vec::with_capacity(CONVERTED_AT_ONCE.min(values.len()));
                for values in values.chunks(CONVERTED_AT_ONCE) {
                    piece.clear();
                    piece.extend(values.iter().map(|value| value.cast_unsigned()));
                    take(&piece);
                }
            }
        }
    }
}

impl<'a> Message<'a> {
    /// Adds an integer.
    pub fn integer(mut self, field: u32, value: i64) -> Self {
        self.head(field, VARINT, value.cast_unsigned());
        self
    }

    /// Adds a text.
    pub fn text(self, field: u32, text: &str) -> Self {
        self.bytes(field, text.as_bytes())
    }

    /// Adds bytes.
    pub fn bytes(mut self, field: u32, bytes: &[u8]) -> Self {
        self.head(field, LENGTH_DELIMITED, bytes.len() as u64);
        self.push(bytes);
        self
    }

    /// Adds a message.
    pub fn message(mut self, field: u32, message: Message<'a>) -> Self {
        self.head(field, LENGTH_DELIMITED, message.len as u64);
        for part in message.parts {
            match part {
                Part::Bytes(bytes) => self.push(&bytes),
                Part::Values(values) => self.push_values(values),
            }
        }
        self
    }

    /// Adds a message for each of `messages`.
    pub fn messages(self, field: u32, messages: impl IntoIterator<Item = Message<'a>>) -> Self {
        let messages = messages.into_iter();
        messages.fold(self, |all, message| all.message(field, message))
    }

    /// Adds a tensor's values.
    pub fn values(mut self, field: u32, values: Values<'a>) -> Self {
        self.head(field, LENGTH_DELIMITED, values.byte_len() as u64);
        self.push_values(values);
        self
    }

    /// Length in bytes.
    pub fn byte_len(&self) -> usize {
        self.len
    }

    /// Passes the bytes to `take` in order, in pieces.
    pub fn write(&self, take: &mut dyn FnMut(&[u8])) {
        for part in &self.parts {
            match part {
                Part::Bytes(bytes) => take(bytes),
                Part::Values(values) => values.write(take),
            }
        }
    }

    fn push_values(&mut self, values: Values<'a>) {
        self.len += values.byte_len();
        self.parts.push(Part::Values(values));
    }

    fn push(&mut self, bytes: &[u8]) {
        self.len += bytes.len();
        match self.parts.last_mut() {
            Some(Part::Bytes(last)) => last.extend_from_slice(bytes),
            _ => self.parts.push(Part::Bytes(bytes.to_vec())),
        }
    }

    fn head(&mut self, field: u32, wire_type: u32, value: u64) {
        let mut head = Vec::with_capacity(12);
        varint(&mut head, u64::from(field << 3 | wire_type));
        varint(&mut head, value);
        self.push(&head);
    }
}

/// Seven bits a byte, the lowest first.
fn varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value > 127 {
        bytes.push(value as u8 | 128);
        value >>= 7;
    }
    bytes.push(value as u8);
}
