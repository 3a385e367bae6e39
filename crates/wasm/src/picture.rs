//! Pictures that come in, and the inputs that the network reads of them.

use crate::error::Thrown;
use crate::file::bytes_of;
use js_sys::{Function, Uint8Array, Uint8ClampedArray};
use serde::Serialize;
use signet_recognizer::{Error, INPUT_SIDE, InputImage, Picture};
use std::cell::RefCell;
use std::panic::PanicHookInfo;
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

/// Pixels as they are, of which one crop or a few are looked at, or a file decoded. The module decodes
/// itself and asks no canvas: the network must read the same bytes in each browser as in its training.
pub async fn read(picture: &JsPicture) -> Result<Picture, Thrown> {
    if let Some(pixels) = picture.dyn_ref::<ImageData>() {
        let Clamped(rgba) = pixels.data();
        return Ok(Picture::from_frame(rgba, pixels.width(), pixels.height())?);
    }
    if picture.is_instance_of::<Blob>() || picture.is_instance_of::<Uint8Array>() {
        return decode(&bytes_of(picture).await?);
    }
    let reason = "it is neither ImageData nor a file";
    Err(Thrown::setting("picture", reason))
}

thread_local! {
    /// What the decoder at work has panicked with: nothing so far; none while no decoder is at work.
    static DECODER: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Notes a decoder's panic, which is told with its picture. Returns whether it was a decoder's.
pub fn note_panic(panic: &PanicHookInfo) -> bool {
    DECODER.with_borrow_mut(|decoder| {
        let said = decoder.as_mut();
        said.map(|said| *said = panic.to_string()).is_some()
    })
}

/// Decodes a file. Nothing unwinds in WebAssembly: a panic is a trap. JavaScript, by way of which the
/// decoder is called, catches it as an exception, so that it costs the picture and not the module.
///
/// # Errors
///
/// `picture-...`.
pub fn decode(file: &[u8]) -> Result<Picture, Thrown> {
    let mut picture = None;
    let mut decode = || picture = Some(Picture::decode(file));
    let decoder = ScopedClosure::<dyn FnMut()>::borrow_mut_aborting(&mut decode);
    DECODER.set(Some(String::new()));
    let called = decoder.as_ref().unchecked_ref::<Function>();
    let called = called.call0(&JsValue::NULL);
    drop(decoder);
    let panic = DECODER.take().filter(|said| !said.is_empty());
    match (picture, panic) {
        (Some(picture), _) => Ok(picture?),
        (None, Some(reason)) => Err(Error::PictureBroken { reason }.into()),
        // The trap is no panic but the end of the memory or of the stack: the module's end, too.
        (None, None) => wasm_bindgen::throw_val(called.err().unwrap_or_default()),
    }
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
