//! Files in JavaScript's memory, of which this module's has a piece at a time: memory that a module has asked for never goes back.

use js_sys::Uint8Array;
use signet_interop::onnx::Source;
use std::borrow::Cow;
use std::io::{Error, ErrorKind, Result, Seek, SeekFrom, Write};
use std::ops::Range;

/// A file that is written. Lengths of arrays fit 32 bits.
pub struct Outside {
    bytes: Uint8Array,
    len: u32,
    /// Where is written next.
    at: u32,
}

impl Outside {
    /// A file of about so many bytes: a longer one is copied.
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            bytes: Uint8Array::new_with_length(capacity as u32),
            len: 0,
            at: 0,
        }
    }

    /// What was written.
    pub fn into_bytes(self) -> Uint8Array {
        self.bytes.subarray(0, self.len)
    }

    /// Appends bytes.
    pub fn put(&mut self, piece: &[u8]) {
        let end = self.at + piece.len() as u32;
        if end > self.bytes.length() {
            let larger = Uint8Array::new_with_length(end.max(self.len.saturating_mul(2)));
            larger.set(&self.bytes, 0);
            self.bytes = larger;
        }
        self.bytes.subarray(self.at, end).copy_from(piece);
        self.at = end;
        self.len = self.len.max(end);
    }
}

impl Write for Outside {
    fn write(&mut self, piece: &[u8]) -> Result<usize> {
        self.put(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Seek for Outside {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => i64::try_from(place).ok(),
            SeekFrom::Current(by) => i64::from(self.at).checked_add(by),
            SeekFrom::End(by) => i64::from(self.len).checked_add(by),
        };
        let place = place.and_then(|place| u32::try_from(place).ok());
        self.at = place
            .filter(|place| *place <= self.len)
            .ok_or_else(|| Error::from(ErrorKind::InvalidInput))?;
        Ok(u64::from(self.at))
    }
}

impl Source for Outside {
    fn byte_len(&self) -> usize {
        self.len as usize
    }

    fn read(&self, range: Range<usize>) -> Cow<'_, [u8]> {
        let part = self.bytes.subarray(range.start as u32, range.end as u32);
        Cow::Owned(part.to_vec())
    }
}
