//! Protocol buffers, read where they lie: a message is walked field by field, and nothing is kept but what is asked for.
//!
//! A library's reader keeps all that a file has: of a hundred megabytes of empty nodes that would be gigabytes, and onnx-rs
//! 0.1.3 also follows messages within messages to any depth.

use crate::error::{Error, Result};
use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

/// The most fields that a file may have. A ResNet-50 has some thousands.
const MOST_FIELDS: u32 = 300_000;

/// A tag and a length, or a tag and a number, are at most this long.
const HEAD: usize = 20;

/// Where a file lies: in this memory, or outside of it.
pub trait Source {
    /// Length in bytes.
    fn byte_len(&self) -> usize;

    /// The bytes of a range that lies within.
    fn read(&self, range: Range<usize>) -> Cow<'_, [u8]>;
}

impl Source for &[u8] {
    fn byte_len(&self) -> usize {
        self.len()
    }

    fn read(&self, range: Range<usize>) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self[range])
    }
}

/// A file, and how many fields of it have been read.
pub(super) struct Reader<'a> {
    source: &'a dyn Source,
    fields: Cell<u32>,
}

/// The rest of a message.
pub(super) struct Message<'a> {
    reader: &'a Reader<'a>,
    rest: Range<usize>,
}

/// A field's value.
pub(super) enum Value {
    /// A varint.
    Integer(u64),
    /// Four bytes, or eight, whose value is no whole number.
    Fixed(Range<usize>),
    /// A text, bytes, a message, or packed numbers.
    Bytes(Range<usize>),
}

impl<'a> Reader<'a> {
    pub fn new(source: &'a dyn Source) -> Self {
        Self {
            source,
            fields: Cell::new(0),
        }
    }

    /// The whole file.
    pub fn message(&'a self) -> Message<'a> {
        self.part(0..self.source.byte_len())
    }

    /// A message within.
    pub fn part(&'a self, range: Range<usize>) -> Message<'a> {
        Message {
            reader: self,
            rest: range,
        }
    }

    /// Bytes of the file.
    pub fn bytes(&self, range: Range<usize>) -> Cow<'_, [u8]> {
        self.source.read(range)
    }

    /// A text of at most `most` bytes.
    pub fn text(&self, range: Range<usize>, most: usize) -> Result<String> {
        if range.len() > most {
            return Err(wrong(format!("a text of {} bytes", range.len())));
        }
        let text = String::from_utf8(self.bytes(range).into_owned());
        text.map_err(|_| wrong("a text that is not UTF-8"))
    }

    /// Numbers that lie packed in a field, or one by one in several.
    pub fn integers(&self, value: Value, most: usize, into: &mut Vec<i64>) -> Result<()> {
        match value {
            Value::Integer(number) => into.push(number.cast_signed()),
            Value::Bytes(range) if range.len() <= most * 10 => {
                let bytes = self.bytes(range);
                let mut rest: &[u8] = &bytes;
                while !rest.is_empty() {
                    into.push(varint(&mut rest)?.cast_signed());
                }
            }
            _ => return Err(wrong("a list of numbers that is none, or too long")),
        }
        if into.len() > most {
            return Err(wrong(format!("a list of more than {most} numbers")));
        }
        Ok(())
    }
}

impl Message<'_> {
    /// The next field's number and value; none at the end.
    pub fn next(&mut self) -> Result<Option<(u32, Value)>> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let fields = self.reader.fields.get() + 1;
        self.reader.fields.set(fields);
        if fields > MOST_FIELDS {
            return Err(wrong(format!(
                "it has more than {MOST_FIELDS} fields, which no network of this kind needs"
            )));
        }
        let start = self.rest.start;
        let end = self.rest.end.min(start + HEAD);
        let head = self.reader.bytes(start..end);
        let mut rest: &[u8] = &head;
        let tag = varint(&mut rest)?;
        let number = u32::try_from(tag >> 3).map_err(|_| wrong("a field without a number"))?;
        let value = match tag & 7 {
            0 => {
                let number = varint(&mut rest)?;
                self.rest.start = end - rest.len();
                Value::Integer(number)
            }
            wire_type @ (1 | 5) => {
                let length = if wire_type == 1 { 8 } else { 4 };
                Value::Fixed(self.take(end - rest.len(), length)?)
            }
            2 => {
                let length = varint(&mut rest)?;
                Value::Bytes(self.take(end - rest.len(), length)?)
            }
            _ => return Err(wrong("a field of a kind that ONNX doesn't have")),
        };
        Ok(Some((number, value)))
    }

    fn take(&mut self, start: usize, length: u64) -> Result<Range<usize>> {
        let end = usize::try_from(length).ok();
        let end = end.and_then(|length| start.checked_add(length));
        let end = end.filter(|end| *end <= self.rest.end);
        let end = end.ok_or_else(|| wrong("it ends too soon, or a length in it is wrong"))?;
        self.rest.start = end;
        Ok(start..end)
    }
}

impl Value {
    /// The value as an integer.
    pub fn integer(&self) -> Result<i64> {
        match self {
            Self::Integer(number) => Ok(number.cast_signed()),
            _ => Err(wrong("a number that is none")),
        }
    }

    /// The value as the range of a text, of bytes or of a message.
    pub fn range(self) -> Result<Range<usize>> {
        match self {
            Self::Bytes(range) => Ok(range),
            _ => Err(wrong("a part that is a number")),
        }
    }
}

fn varint(rest: &mut &[u8]) -> Result<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, after) = rest
            .split_first()
            .ok_or_else(|| wrong("it ends within a number"))?;
        *rest = after;
        value |= u64::from(byte & 127) << shift;
        if byte < 128 {
            return Ok(value);
        }
    }
    Err(wrong("a number of more than 64 bits"))
}

/// The error of a file that is no ONNX.
pub(super) fn wrong(reason: impl Into<String>) -> Error {
    Error::OnnxFormat {
        reason: reason.into(),
    }
}
