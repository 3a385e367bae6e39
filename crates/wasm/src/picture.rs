//! Pictures that come in, and the inputs that the network reads of them.

use crate::error::Thrown;
use crate::file::bytes_of;
use js_sys::{Uint8Array, Uint8ClampedArray};
use serde::Serialize;
use signet_recognizer::{Error, INPUT_SIDE, InputImage, Picture};
use tsify::{Ts, Tsify};
use wasm_bindgen::Clamped;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, ImageData};

#[wasm_bindgen]
extern "C" {
    /// A picture: pixels with their size, or an encoded file (JPEG, PNG, GIF of which the first frame
    /// is taken, WebP, BMP).
    #[wasm_bindgen(typescript_type = "ImageData | Blob | Uint8Array")]
    pub type JsPicture;
}

/// Side of an input, in pixels.
const SIDE: u32 = INPUT_SIDE as u32;

/// Bytes of an input in red, green, blue, alpha.
const BYTES: usize = INPUT_SIDE * INPUT_SIDE * 4;

/// What the network reads of a picture.
#[derive(Serialize, Tsify)]
pub struct Input {
    /// 64 x 64 pixels.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "ImageData")]
    pub input: ImageData,
    /// Width of the picture as it was given, upright, in pixels.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

/// What the network reads of a picture's center. Throws `picture-format`, `picture-broken`, `picture-cut`,
/// `picture-empty`, `picture-size`, `picture-too-large` or `file-unreadable`.
#[wasm_bindgen(js_name = inputOf)]
pub async fn input_of(picture: JsPicture) -> Result<Ts<Input>, Thrown> {
    let picture = read(&picture).await?;
    let input = Input {
        input: image_data(&picture.to_input(INPUT_SIDE))?,
        width: picture.width(),
        height: picture.height(),
    };
    Ok(input.into_ts()?)
}

/// Pixels as they are, or a file decoded. The module decodes itself and asks no canvas: the network
/// must read the same bytes in each browser as in its training.
pub async fn read(picture: &JsPicture) -> Result<Picture, Thrown> {
    if let Some(pixels) = picture.dyn_ref::<ImageData>() {
        let Clamped(rgba) = pixels.data();
        return Ok(Picture::from_rgba(&rgba, pixels.width(), pixels.height())?);
    }
    if picture.is_instance_of::<Blob>() || picture.is_instance_of::<Uint8Array>() {
        return Ok(Picture::decode(&bytes_of(picture).await?)?);
    }
    let reason = "it is neither ImageData nor a file";
    Err(Thrown::setting("picture", reason))
}

/// An input for a canvas, in memory of JavaScript's: an `ImageData` made of a slice is a view of the
/// module's memory, which changes, and is copied whole when it is sent from a worker.
pub fn image_data(input: &InputImage) -> Result<ImageData, Thrown> {
    let rgba = Uint8ClampedArray::from(input.to_rgba().as_slice());
    ImageData::new_with_js_u8_clamped_array_and_sh(&rgba, SIDE, SIDE).map_err(|_| {
        Error::Device {
            reason: "the browser makes no ImageData".into(),
        }
        .into()
    })
}

/// Inputs that lie one after another, in red, green, blue, alpha.
///
/// # Errors
///
/// [`Error::PictureSize`] where the last one is not whole.
pub fn split_inputs(rgba: &[u8]) -> Result<Vec<InputImage>, Error> {
    rgba.chunks(BYTES)
        .map(|bytes| Ok(Picture::from_rgba(bytes, SIDE, SIDE)?.to_input(INPUT_SIDE)))
        .collect()
}
