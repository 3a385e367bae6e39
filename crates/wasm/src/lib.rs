//! The browser's door to core: convert, call, convert.
//!
//! One crate, two modules: `signet_cpu` computes on burn's Flex, `signet_gpu` on WebGPU. Both
//! have the same surface: a [`Classifier`], a [`Trainer`], and pictures as the network sees them.
//! Errors cross as JavaScript `Error`s with a `code`.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod device;
mod error;
mod squares;
mod trainer;

pub use squares::{View, square_of_file, square_of_pixels};
pub use trainer::Trainer;

use error::Thrown;
use js_sys::Uint8Array;
use signet_core::{Picture, SIDE, Weights, weights};
use wasm_bindgen::prelude::*;

/// Sends the text of a panic to the console before the module dies of it.
#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// A network with its weights on this module's device.
#[wasm_bindgen]
pub struct Classifier(signet_core::Classifier);

#[wasm_bindgen]
impl Classifier {
    /// Checks a weights file and puts the network on this module's device.
    ///
    /// `sha256` (hexadecimal) is compared first when it is given. Throws `weights-hash`,
    /// `weights-format`, `weights-missing-tensor`, `weights-unknown-tensor`, `weights-shape`,
    /// `weights-values` or `device`, and then leaves nothing behind.
    pub async fn load(weights: &[u8], sha256: Option<String>) -> Result<Classifier, Thrown> {
        // Read before the first await: the bytes are only lent until then.
        if let Some(expected) = sha256 {
            weights::verify_sha256(weights, &expected)?;
        }
        let weights = Weights::from_bytes(weights)?;
        let device = device::open().await?;
        Ok(Self(signet_core::Classifier::new(weights, &device)))
    }

    /// The labels, in the order of every prediction's `probabilities`.
    #[wasm_bindgen(getter)]
    pub fn labels(&self) -> Vec<String> {
        self.0.labels().to_vec()
    }

    /// `"cpu"` or `"webgpu"`.
    #[wasm_bindgen(getter)]
    pub fn backend(&self) -> String {
        device::NAME.to_owned()
    }

    /// Classifies the built-in reference picture and resolves to the largest difference from the
    /// logits stored with the weights. Throws `self-check` when that is beyond rounding, or
    /// `device`. It warms the device up, too.
    #[wasm_bindgen(js_name = selfCheck)]
    pub async fn self_check(&self) -> Result<f32, Thrown> {
        Ok(self.0.self_check().await?)
    }

    /// Classifies raw pixels: `width` x `height` of red, green, blue, alpha, row by row. The
    /// centre square is what the model sees. Throws `picture-empty`, `picture-size`,
    /// `picture-too-large` or `device`.
    #[wasm_bindgen(js_name = classifyPixels)]
    pub async fn classify_pixels(
        &self,
        rgba: Vec<u8>,
        width: u32,
        height: u32,
    ) -> Result<Prediction, Thrown> {
        self.classify(Picture::from_rgba(&rgba, width, height)?)
            .await
    }

    /// Classifies an encoded picture: JPEG, PNG, GIF (its first frame), WebP or BMP. Throws
    /// `picture-format` for anything else, `picture-broken`, `picture-empty`,
    /// `picture-too-large` or `device`.
    #[wasm_bindgen(js_name = classifyFile)]
    pub async fn classify_file(&self, file: Vec<u8>) -> Result<Prediction, Thrown> {
        self.classify(Picture::decode(&file)?).await
    }

    /// The probabilities of any number of squares: 64 x 64 pixels of red, green, blue, alpha
    /// each, one after another. A row for each, in the order of `labels`. Throws `picture-size`
    /// or `device`.
    #[wasm_bindgen(js_name = classifySquares)]
    pub async fn classify_squares(&self, rgba: Vec<u8>) -> Result<Vec<f32>, Thrown> {
        let squares = squares::split(&rgba)?;
        let answers = self.0.classify(&squares).await?;
        Ok(answers.into_iter().flat_map(|a| a.probabilities).collect())
    }
}

impl Classifier {
    async fn classify(&self, picture: Picture) -> Result<Prediction, Thrown> {
        let square = picture.to_square(SIDE);
        let view = square.to_rgba();
        let answers = self.0.classify(&[square]).await?;
        let answer = answers.into_iter().next().ok_or(Thrown::no_answer())?;
        Ok(Prediction {
            answer,
            view,
            width: picture.width(),
            height: picture.height(),
        })
    }
}

/// An answer for one picture.
#[wasm_bindgen]
pub struct Prediction {
    answer: signet_core::Prediction,
    view: Vec<u8>,
    /// Width of the picture as it was given, upright, in pixels.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

#[wasm_bindgen]
impl Prediction {
    /// The most probable label.
    #[wasm_bindgen(getter)]
    pub fn label(&self) -> String {
        self.answer.label.clone()
    }

    /// Its probability, 0 to 1.
    #[wasm_bindgen(getter)]
    pub fn probability(&self) -> f32 {
        self.answer.probability
    }

    /// The probability of every label, in the order of the classifier's `labels`.
    #[wasm_bindgen(getter)]
    pub fn probabilities(&self) -> Vec<f32> {
        self.answer.probabilities.clone()
    }

    /// What the model saw: 64 x 64 pixels of red, green, blue, alpha.
    #[wasm_bindgen(getter)]
    pub fn view(&self) -> Uint8Array {
        Uint8Array::from(self.view.as_slice())
    }
}
