//! Files that come in: a `Blob`, or bytes.

use crate::error::Thrown;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

#[wasm_bindgen]
extern "C" {
    /// A file. A `Blob` is read piece by piece, so that it is in memory once and not twice.
    #[wasm_bindgen(typescript_type = "Blob | Uint8Array")]
    pub type JsFile;
}

/// Bytes of a blob that are read at a time.
const PIECE: usize = 4 << 20;

/// The bytes of a file.
///
/// # Errors
///
/// [`Thrown::FileUnreadable`] where a blob's file is gone, [`Thrown::setting`] for anything that is
/// neither a blob nor bytes.
pub async fn bytes_of(file: &JsValue) -> Result<Vec<u8>, Thrown> {
    if let Some(bytes) = file.dyn_ref::<Uint8Array>() {
        return Ok(bytes.to_vec());
    }
    let blob = file.dyn_ref::<Blob>();
    let blob = blob.ok_or_else(|| Thrown::setting("file", "it is neither a Blob nor bytes"))?;
    // Sizes of memory are whole numbers, and a blob's size is one as a float.
    let size = blob.size() as usize;
    let mut bytes = vec![0; size];
    for (index, piece) in bytes.chunks_mut(PIECE).enumerate() {
        let start = index * PIECE;
        let part = blob.slice_with_f64_and_f64(start as f64, (start + piece.len()) as f64);
        let part = part.map_err(Thrown::FileUnreadable)?;
        let buffer = JsFuture::from(part.array_buffer()).await;
        let read = Uint8Array::new(&buffer.map_err(Thrown::FileUnreadable)?);
        if read.length() as usize != piece.len() {
            return Err(Thrown::FileUnreadable("it is shorter now".into()));
        }
        read.copy_to(piece);
    }
    Ok(bytes)
}
