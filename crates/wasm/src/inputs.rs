//! Pictures as the network sees them, 64 x 64 pixels: what teaching keeps of a picture.

use crate::error::Thrown;
use js_sys::Uint8Array;
use signet_recognizer::{Error, INPUT_SIDE, InputImage, Picture};
use wasm_bindgen::prelude::*;

/// Bytes of a square in red, green, blue, alpha.
const BYTES: usize = INPUT_SIDE * INPUT_SIDE * 4;

/// What the network sees of a picture.
#[wasm_bindgen]
pub struct View {
    rgba: Vec<u8>,
    /// Width of the picture as it was given, upright, in pixels.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

#[wasm_bindgen]
impl View {
    /// 64 x 64 pixels of red, green, blue, alpha.
    #[wasm_bindgen(getter)]
    pub fn view(&self) -> Uint8Array {
        Uint8Array::from(self.rgba.as_slice())
    }
}

impl View {
    fn of(picture: &Picture) -> Self {
        Self {
            rgba: picture.to_input(INPUT_SIDE).to_rgba(),
            width: picture.width(),
            height: picture.height(),
        }
    }
}

/// What the network sees of raw pixels. Throws as `Classifier.classifyPixels`.
#[wasm_bindgen(js_name = squareOfPixels)]
pub fn input_of_pixels(rgba: &[u8], width: u32, height: u32) -> Result<View, Thrown> {
    Ok(View::of(&Picture::from_rgba(rgba, width, height)?))
}

/// What the network sees of an encoded picture. Throws as `Classifier.classifyFile`.
#[wasm_bindgen(js_name = squareOfFile)]
pub fn input_of_file(file: &[u8]) -> Result<View, Thrown> {
    Ok(View::of(&Picture::decode(file)?))
}

/// Squares that lie one after another.
pub fn split_inputs(rgba: &[u8]) -> Result<Vec<InputImage>, Error> {
    let side = u32::try_from(INPUT_SIDE).unwrap_or(u32::MAX);
    rgba.chunks(BYTES)
        .map(|bytes| Ok(Picture::from_rgba(bytes, side, side)?.to_input(INPUT_SIDE)))
        .collect()
}
