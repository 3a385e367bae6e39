//! Labelled pictures of other programs for JavaScript: a file is opened, looked into, and closed.

use crate::error::thrown;
use js_sys::{Uint8Array, Uint32Array};
use signet_interop::samples::{Encoded, Samples, Written, samples_zip};
use signet_interop::{FileKind, kind_of};
use signet_recognizer::INPUT_SIDE;
use signet_wasm::{JsFile, Thrown, bytes_of, decode, split_inputs};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What a file is that a person brings. */
export type FileKind = "project" | "model" | "samples" | "other";

/** Pictures of one label, by their indices. */
export interface SampleClass { label: string; isNoSign: boolean; pictures: number[] }

/** Files that were passed over, with the names of the first of them. */
export interface PassedOver { why: "leftover" | "no-picture" | "no-label"; count: number; names: string[] }

/** A way in which a file of samples can be read. `detail` is the path of a data set. */
export interface Guess {
  by: "teachable-machine" | "folder" | "outer-folder" | "file-name" | "one-class" | "data-set";
  detail: string;
  classes: SampleClass[];
  passedOver: PassedOver[];
}
"#;

#[wasm_bindgen]
extern "C" {
    /// The name of a kind of files.
    #[wasm_bindgen(typescript_type = "FileKind")]
    pub type JsFileKind;
    /// Ways to read a file.
    #[wasm_bindgen(typescript_type = "Guess[]")]
    pub type Guesses;
}

thread_local! {
    /// The file that is open.
    static OPEN: RefCell<Option<Samples>> = const { RefCell::new(None) };
}

/// What a file is, by what is in it. Throws `file-unreadable`.
#[wasm_bindgen(js_name = fileKind)]
pub async fn file_kind(file: JsFile, name: String) -> Result<JsFileKind, Thrown> {
    let kind = match kind_of(bytes_of(&file).await?, &name) {
        FileKind::Project => "project",
        FileKind::Model => "model",
        FileKind::Samples => "samples",
        FileKind::Other => "other",
    };
    Ok(JsValue::from_str(kind).unchecked_into())
}

/// Opens a file of samples in the place of another that is open, and tells the ways in which it can be read, the
/// likeliest first. Throws `archive-...`, `samples-...`, `data-set` or `file-unreadable`.
#[wasm_bindgen(js_name = openSamples)]
pub async fn open_samples(file: JsFile, name: String) -> Result<Guesses, JsValue> {
    OPEN.take();
    let bytes = bytes_of(&file).await?;
    let samples = Samples::open(bytes, &name).map_err(|error| thrown(&error))?;
    let guesses = serde_wasm_bindgen::to_value(samples.guesses())?;
    OPEN.set(Some(samples));
    Ok(guesses.unchecked_into())
}

/// A picture of the file that is open.
fn picture(guess: usize, index: usize) -> Result<Encoded, JsValue> {
    let picture = OPEN.with_borrow_mut(|open| match open {
        Some(samples) => samples.picture(guess, index),
        None => Ok(None),
    });
    let picture = picture.map_err(|error| thrown(&error))?;
    picture.ok_or_else(|| Thrown::setting("picture", "there is none open of that index").into())
}

/// What the network reads of a picture: 64 x 64 pixels of its center, in red, green, blue, alpha. Throws `archive-...`
/// and `picture-...`.
#[wasm_bindgen(js_name = sampleInput)]
pub fn sample_input(guess: usize, index: usize) -> Result<Vec<u8>, JsValue> {
    let picture = match picture(guess, index)? {
        Encoded::File(file) => decode(&file)?,
        Encoded::Pixels(picture) => picture,
    };
    Ok(picture.to_input(INPUT_SIDE).to_rgba())
}

/// A picture's file as it is, which a browser may read where this module doesn't. Throws `archive-...`, and `setting` for
/// a picture that is no file of its own.
#[wasm_bindgen(js_name = sampleFile)]
pub fn sample_file(guess: usize, index: usize) -> Result<Vec<u8>, JsValue> {
    match picture(guess, index)? {
        Encoded::File(file) => Ok(file),
        Encoded::Pixels(_) => Err(Thrown::setting("picture", "it is no file").into()),
    }
}

/// Lets go of the file that is open.
#[wasm_bindgen(js_name = closeSamples)]
pub fn close_samples() {
    OPEN.take();
}

/// A zip of LABEL/NUMBER.png of samples: their inputs one after another in red, green, blue, alpha, and the index of the
/// label of each. Throws `setting`, `picture-size` and `samples-none`.
#[wasm_bindgen(js_name = samplesZip)]
pub fn write(
    labels: Vec<String>,
    label_of: Uint32Array,
    inputs: Uint8Array,
) -> Result<Vec<u8>, JsValue> {
    let label_of = label_of.to_vec();
    let inputs = split_inputs(&inputs.to_vec()).map_err(Thrown::from)?;
    if inputs.len() != label_of.len() {
        return Err(Thrown::setting("labels", "there is not one for each sample").into());
    }
    let samples = label_of.iter().zip(&inputs);
    let samples: Vec<Written<'_>> = samples
        .map(|(label, input)| Written {
            label: *label as usize,
            input,
        })
        .collect();
    samples_zip(&labels, &samples).map_err(|error| thrown(&error))
}
