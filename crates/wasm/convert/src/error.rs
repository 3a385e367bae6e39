//! Errors of other programs' files as JavaScript errors.

use signet_interop::Error;
use wasm_bindgen::JsValue;

/// The JavaScript `Error` of a refusal, with its `code`.
pub fn thrown(error: &Error) -> JsValue {
    let thrown = js_sys::Error::new(&error.to_string());
    // Setting a property of a fresh, extensible object can't fail.
    let _ = js_sys::Reflect::set(&thrown, &"code".into(), &error.code().into());
    thrown.into()
}
