//! Files that leave, as `Blob`s.

use js_sys::{Array, Uint8Array};
use signet_recognizer::{Container, Error};
use signet_wasm::Thrown;
use wasm_bindgen::JsValue;
use web_sys::Blob;

/// Bytes that JavaScript holds of a file at a time.
const PIECE: u32 = 4 << 20;

/// A file as a `Blob`. It is written into the browser's storage of blobs piece by piece, and is never
/// whole in memory: what a module has once allocated it keeps, and a file is as large as the network.
///
/// # Errors
///
/// `device` where the browser has no room for it.
pub fn blob_of(file: &Container<'_>) -> Result<Blob, Thrown> {
    let mut writer = Writer {
        buffer: Uint8Array::new_with_length(PIECE),
        filled: 0,
        parts: Array::new(),
    };
    let mut written = Ok(());
    file.write(&mut |bytes| {
        if written.is_ok() {
            written = writer.write(bytes);
        }
    });
    let blob = written.and_then(|()| writer.finish());
    blob.map_err(|thrown| {
        let reason = format!("no room for a file: {thrown:?}");
        Error::Device { reason }.into()
    })
}

struct Writer {
    /// Filled again and again: a blob copies it.
    buffer: Uint8Array,
    filled: u32,
    /// Blobs, which the whole one refers to.
    parts: Array,
}

impl Writer {
    fn write(&mut self, mut bytes: &[u8]) -> Result<(), JsValue> {
        while !bytes.is_empty() {
            let room = (PIECE - self.filled) as usize;
            let (now, rest) = bytes.split_at(bytes.len().min(room));
            let end = self.filled + now.len() as u32;
            self.buffer.subarray(self.filled, end).copy_from(now);
            self.filled = end;
            if self.filled == PIECE {
                self.flush()?;
            }
            bytes = rest;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), JsValue> {
        let filled = self.buffer.subarray(0, self.filled);
        let part = Blob::new_with_u8_array_sequence(&Array::of1(&filled))?;
        self.parts.push(&part);
        self.filled = 0;
        Ok(())
    }

    fn finish(mut self) -> Result<Blob, JsValue> {
        self.flush()?;
        Blob::new_with_blob_sequence(&self.parts)
    }
}
