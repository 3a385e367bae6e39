//! Archives for JavaScript.

use crate::error::thrown;
use js_sys::{Array, Reflect, Uint8Array};
use signet_interop::archive::{Named, write_zip};
use signet_wasm::Thrown;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A file for an archive; its name has `/` between its folders. */
export interface ZipEntry { name: string; bytes: Uint8Array }
"#;

#[wasm_bindgen]
extern "C" {
    /// Files for an archive.
    #[wasm_bindgen(typescript_type = "ZipEntry[]")]
    pub type ZipEntries;
}

/// A zip of files, stored and not compressed. The same files give the same bytes. Throws `setting` for what is no such list,
/// `archive-format` where two files have one name.
#[wasm_bindgen(js_name = writeZip)]
pub fn write(entries: ZipEntries) -> Result<Vec<u8>, JsValue> {
    let wrong = |reason: &str| JsValue::from(Thrown::setting("entries", reason));
    let list = entries.dyn_into::<Array>();
    let list = list.map_err(|_| wrong("it is no list"))?;
    let mut files = Vec::new();
    for entry in list.iter() {
        let name = Reflect::get(&entry, &"name".into()).ok();
        let name = name.and_then(|name| name.as_string());
        let bytes = Reflect::get(&entry, &"bytes".into()).ok();
        let bytes = bytes.and_then(|bytes| bytes.dyn_into::<Uint8Array>().ok());
        let (Some(name), Some(bytes)) = (name, bytes) else {
            return Err(wrong("an entry has no name or no bytes"));
        };
        files.push(Named {
            name,
            bytes: bytes.to_vec(),
        });
    }
    write_zip(&files).map_err(|error| thrown(&error))
}
