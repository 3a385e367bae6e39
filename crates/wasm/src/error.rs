//! Errors of the recognizer and of the browser as JavaScript errors.

use signet_recognizer::Error;
use wasm_bindgen::JsValue;

/// An error on its way to JavaScript, where it is an `Error` with a `code`.
#[derive(Debug)]
pub enum Thrown {
    /// What the recognizer refuses; its code is the recognizer's.
    Recognizer(Error),
    /// `file-unreadable`: a `Blob` whose file is gone, with the browser's own error as the `cause`.
    FileUnreadable(JsValue),
}

impl From<Error> for Thrown {
    fn from(error: Error) -> Self {
        Self::Recognizer(error)
    }
}

/// `setting`: an object of JavaScript that is not of its declared type, which the error names.
impl From<tsify::Error> for Thrown {
    fn from(error: tsify::Error) -> Self {
        Self::setting("object", error)
    }
}

impl Thrown {
    /// `setting`: an argument that is not of its declared type.
    pub fn setting(name: &'static str, reason: impl std::fmt::Display) -> Self {
        let reason = reason.to_string();
        Self::Recognizer(Error::Setting { name, reason })
    }
}

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> Self {
        let (code, error) = match thrown {
            Thrown::Recognizer(error) => {
                let thrown = js_sys::Error::new(&error.to_string());
                (error.code(), thrown)
            }
            Thrown::FileUnreadable(cause) => {
                let thrown = js_sys::Error::new("the file can't be read any more");
                thrown.set_cause(&cause);
                ("file-unreadable", thrown)
            }
        };
        // Setting a property of a fresh, extensible object can't fail.
        let _ = js_sys::Reflect::set(&error, &"code".into(), &code.into());
        error.into()
    }
}
