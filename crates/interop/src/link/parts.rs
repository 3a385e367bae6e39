//! Parts of a link's bytes: numbers, texts and rows of a dense layer.

use crate::error::{Error, Result};

/// One row of a dense layer with a scale and int8.
pub struct Row {
    scale: f32,
    pub bias: f32,
    integers: Vec<i8>,
}

impl Row {
    pub fn of(values: &[f32], bias: f32) -> Self {
        let largest = values.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
        let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        let integers = values.iter().map(|w| (w / scale).round() as i8);
        Self {
            scale,
            bias,
            integers: integers.collect(),
        }
    }

    pub fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.scale.to_le_bytes());
        bytes.extend(self.bias.to_le_bytes());
        bytes.extend(self.integers.iter().map(|n| *n as u8));
    }

    pub fn read(reader: &mut Reader<'_>, features: usize) -> Result<Self> {
        Ok(Self {
            scale: reader.float()?,
            bias: reader.float()?,
            integers: reader.slice(features)?.iter().map(|n| *n as i8).collect(),
        })
    }

    pub fn values(&self) -> impl Iterator<Item = f32> {
        self.integers.iter().map(|n| f32::from(*n) * self.scale)
    }
}

/// What is left of a link.
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn slice(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or_else(cut_short)?;
        self.0 = rest;
        Ok(taken)
    }

    pub fn take<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk().ok_or_else(cut_short)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub fn byte(&mut self) -> Result<u8> {
        Ok(self.take::<1>()?[0])
    }

    pub fn float(&mut self) -> Result<f32> {
        Ok(f32::from_le_bytes(self.take()?))
    }

    pub fn text(&mut self) -> Result<String> {
        let length = usize::from(self.byte()?);
        let bytes = self.slice(length)?.to_vec();
        String::from_utf8(bytes).map_err(|_| wrong("one of its texts is not UTF-8"))
    }
}

/// A text behind its length. No label of 40 characters has more than 160 bytes.
pub fn text(bytes: &mut Vec<u8>, text: &str) {
    bytes.push(text.len() as u8);
    bytes.extend(text.as_bytes());
}

/// The error of what is no link.
pub fn wrong(reason: &str) -> Error {
    Error::LinkFormat {
        reason: reason.into(),
    }
}

/// The error of a link that ends too soon.
pub fn cut_short() -> Error {
    wrong("it is cut short")
}
