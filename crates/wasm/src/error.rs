//! The recognizer's errors as JavaScript errors.

use signet_recognizer::Error;
use wasm_bindgen::JsValue;

/// An error on its way to JavaScript, where it is an `Error` with a `code`.
#[derive(Debug)]
pub struct Thrown(Error);

impl From<Error> for Thrown {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<Thrown> for JsValue {
    fn from(Thrown(error): Thrown) -> Self {
        let thrown = js_sys::Error::new(&error.to_string());
        // Setting a property of a fresh, extensible object can't fail.
        let _ = js_sys::Reflect::set(&thrown, &"code".into(), &error.code().into());
        thrown.into()
    }
}
