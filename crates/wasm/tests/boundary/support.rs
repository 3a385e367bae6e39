//! The boundary as JavaScript meets it: values in, plain objects and errors out.
#![allow(dead_code)] // Not every test that includes this file needs all of it.

use crate::network;
use js_sys::{Array, JSON, Reflect, Uint8Array, Uint8ClampedArray};
use serde::Deserialize;
use serde_json::Value;
use signet_recognizer::Precision;
use signet_wasm::{Classifier, Crop, CropRequest, JsFile, JsPicture, Prediction, Thrown};
use tsify::{Ts, Tsify};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, ImageData};

/// A small network's weights file.
pub fn weights() -> Vec<u8> {
    network::small().to_bytes(Precision::F32).unwrap()
}

/// Bytes as a file.
pub fn js_file(bytes: &[u8]) -> JsFile {
    Uint8Array::from(bytes).unchecked_into()
}

pub fn js_blob(bytes: &[u8]) -> JsValue {
    let parts = Array::of1(&Uint8Array::from(bytes));
    Blob::new_with_u8_array_sequence(&parts).unwrap().into()
}

/// An encoded picture.
pub fn encoded(bytes: &[u8]) -> JsPicture {
    Uint8Array::from(bytes).unchecked_into()
}

/// Pixels with their size.
pub fn pixels(rgba: &[u8], width: u32, height: u32) -> JsPicture {
    let rgba = Uint8ClampedArray::from(rgba);
    let data = ImageData::new_with_js_u8_clamped_array_and_sh(&rgba, width, height);
    data.unwrap().unchecked_into()
}

/// An `ImageData` that says of itself what no browser's would.
pub fn false_pixels(bytes: u32, width: u32, height: u32) -> JsPicture {
    let script = format!(
        "Object.create(ImageData.prototype, {{ data: {{ value: new Uint8ClampedArray({bytes}) }}, \
         width: {{ value: {width} }}, height: {{ value: {height} }} }})"
    );
    js_sys::eval(&script).unwrap().unchecked_into()
}

/// A `Blob` whose file is gone.
pub fn gone() -> JsValue {
    let script = "Object.create(Blob.prototype, { size: { value: 9 }, slice: { value: () => \
        ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) }) } })";
    js_sys::eval(script).unwrap()
}

/// A plain object of JavaScript.
pub fn object<T: Tsify>(value: &Value) -> Ts<T> {
    Ts::new_unchecked(JSON::parse(&value.to_string()).unwrap())
}

pub fn request(value: Value) -> Option<Ts<CropRequest>> {
    Some(object(&value))
}

/// A `Prediction` as it was given.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    pub label: String,
    pub probability: f32,
    pub probabilities: Vec<f32>,
    pub presence: Option<f32>,
    pub crop: Option<Crop>,
    pub width: u32,
    pub height: u32,
    pub latency_ms: f64,
    #[serde(skip)]
    pub input: Vec<u8>,
}

pub fn answer(prediction: Result<Ts<Prediction>, Thrown>) -> Answer {
    let value = prediction.unwrap().js_value();
    Answer {
        input: input(&value),
        ..serde_wasm_bindgen::from_value(value).unwrap()
    }
}

/// The bytes of a field `input`, 64 x 64 pixels.
pub fn input(value: &JsValue) -> Vec<u8> {
    let data = Reflect::get(value, &"input".into()).unwrap();
    let data = data.dyn_into::<ImageData>().unwrap();
    let own = Reflect::get(&data, &"data".into()).unwrap();
    let own = own.dyn_into::<js_sys::Uint8ClampedArray>().unwrap();
    assert_eq!(
        own.buffer().byte_length(),
        own.length(),
        "no view of the module's memory"
    );
    assert_eq!((data.width(), data.height()), (64, 64));
    data.data().0
}

/// What JavaScript gets: an `Error` with this code.
pub fn code<T>(result: Result<T, impl Into<JsValue>>) -> String {
    let Err(error) = result else {
        panic!("this should have failed");
    };
    let error: JsValue = error.into();
    assert!(error.is_instance_of::<js_sys::Error>());
    let message = Reflect::get(&error, &"message".into()).unwrap();
    assert!(message.as_string().is_some_and(|text| text.len() > 10));
    let code = Reflect::get(&error, &"code".into()).unwrap();
    code.as_string().unwrap()
}

pub async fn load(bytes: &[u8]) -> Classifier {
    Classifier::load(js_file(bytes), None).await.unwrap()
}
