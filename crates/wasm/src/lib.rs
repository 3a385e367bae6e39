//! The browser's door to core: convert, call, convert.
//!
//! One crate, five modules. `signet_cpu` classifies on the processor, `signet_cpu_relaxed` likewise
//! where the browser has relaxed SIMD, `signet_gpu` on WebGPU. `signet_cpu_learn` and
//! `signet_gpu_learn` do so, too, and learn there, on burn's Flex and WebGPU.
//! Where they do the same they have the same surface: a [`Classifier`], a `Trainer`, and pictures as
//! the network sees them.
//! Errors cross as JavaScript `Error`s with a `code`.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod device;
mod error;
mod inputs;

#[cfg(feature = "gpu")]
pub use device::gpu;
pub use error::Thrown;
pub use inputs::{View, input_of_file, input_of_pixels, split_inputs};

use js_sys::Uint8Array;
use signet_recognizer::{Arithmetic, Crop, Detection, Error, Picture, Track, Weights, weights};
use std::cell::Cell;
use wasm_bindgen::prelude::*;

/// Sends the text of a panic to the console before the module dies of it.
#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// A network with its weights on this module's device.
#[wasm_bindgen]
pub struct Classifier {
    network: signet_recognizer::Classifier,
    /// Where the hand was in the last frame of the video.
    track: Cell<Track>,
}

#[wasm_bindgen]
impl Classifier {
    /// Checks a weights file and puts the network on this module's device.
    ///
    /// `sha256` (hexadecimal) is compared first when it is given. With `float32` the processor
    /// computes with floats even where it could with integers. Throws `weights-hash`,
    /// `weights-format`, `weights-missing-tensor`, `weights-unknown-tensor`, `weights-shape`,
    /// `weights-values` or `device`, and then leaves nothing behind.
    pub async fn load(
        file: Vec<u8>,
        sha256: Option<String>,
        float32: Option<bool>,
    ) -> Result<Classifier, Thrown> {
        if let Some(expected) = sha256 {
            weights::verify_sha256(&file, &expected)?;
        }
        let weights = Weights::from_bytes(&file)?;
        // The network is packed where the file was: memory that a module has asked for it keeps.
        drop(file);
        let arithmetic = match float32 {
            Some(true) => Arithmetic::Float32,
            _ => Arithmetic::Fastest,
        };
        Ok(Self {
            network: device::classifier(&weights, arithmetic).await?,
            track: Cell::default(),
        })
    }

    /// The labels, in the order of every prediction's `probabilities`.
    #[wasm_bindgen(getter)]
    pub fn labels(&self) -> Vec<String> {
        self.network.labels().to_vec()
    }

    /// Whether it says if there is a sign and where.
    #[wasm_bindgen(getter, js_name = hasFinder)]
    pub fn has_detector(&self) -> bool {
        self.network.has_detector()
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
        Ok(self.network.self_check().await?)
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

    /// As `classifyPixels`, but of any part of the picture: the square with this upper left corner
    /// and side, in pixels, moved into the picture where it reaches beyond it.
    #[wasm_bindgen(js_name = classifyWindow)]
    pub async fn classify_window(
        &self,
        rgba: Vec<u8>,
        width: u32,
        height: u32,
        window: &[u32],
    ) -> Result<Prediction, Thrown> {
        let window = window_of(window)?;
        let picture = Picture::from_rgba(&rgba, width, height)?;
        let found = self.network.classify_crop(&picture, window).await?;
        Ok(Prediction::new(found, &picture))
    }

    /// Looks for the hand in the whole picture: some twenty times the work of `classifyPixels`.
    /// Throws as that.
    #[wasm_bindgen(js_name = locatePixels)]
    pub async fn locate_pixels(
        &self,
        rgba: Vec<u8>,
        width: u32,
        height: u32,
    ) -> Result<Prediction, Thrown> {
        self.localize(Picture::from_rgba(&rgba, width, height)?)
            .await
    }

    /// As `locatePixels`, of an encoded picture. Throws as `classifyFile`.
    #[wasm_bindgen(js_name = locateFile)]
    pub async fn locate_file(&self, file: Vec<u8>) -> Result<Prediction, Thrown> {
        self.localize(Picture::decode(&file)?).await
    }

    /// Classifies the next frame of a video where the hand was in the last one, and looks for it in
    /// a few places more while there is none: at most three times the work of `classifyPixels`,
    /// and as much while the hand is in sight. Throws as that.
    #[wasm_bindgen(js_name = followPixels)]
    pub async fn follow_pixels(
        &self,
        rgba: Vec<u8>,
        width: u32,
        height: u32,
    ) -> Result<Prediction, Thrown> {
        let picture = Picture::from_rgba(&rgba, width, height)?;
        let mut track = self.track.get();
        let found = self.network.track(&picture, &mut track).await?;
        self.track.set(track);
        Ok(Prediction::new(found, &picture))
    }

    /// Where the next frame is looked at: a square given by its upper left corner and side in
    /// pixels, or, without one, wherever there is a hand.
    pub fn track(&self, window: Option<Vec<u32>>) -> Result<(), Thrown> {
        self.track.set(match window {
            Some(window) => Track::at(window_of(&window)?),
            None => Track::default(),
        });
        Ok(())
    }

    /// The probabilities of any number of inputs: 64 x 64 pixels of red, green, blue, alpha
    /// each, one after another. A row for each, in the order of `labels`. Throws `picture-size`
    /// or `device`.
    #[wasm_bindgen(js_name = classifySquares)]
    pub async fn classify_squares(&self, rgba: Vec<u8>) -> Result<Vec<f32>, Thrown> {
        let inputs = split_inputs(&rgba)?;
        let answers = self.network.classify(&inputs).await?;
        Ok(answers.into_iter().flat_map(|a| a.probabilities).collect())
    }
}

impl Classifier {
    async fn classify(&self, picture: Picture) -> Result<Prediction, Thrown> {
        let found = self
            .network
            .classify_crop(&picture, picture.center_crop())
            .await?;
        Ok(Prediction::new(found, &picture))
    }

    async fn localize(&self, picture: Picture) -> Result<Prediction, Thrown> {
        let found = self.network.localize(&picture).await?;
        Ok(Prediction::new(found, &picture))
    }
}

/// `[left, top, side]`.
fn window_of(numbers: &[u32]) -> Result<Crop, Error> {
    match *numbers {
        [left, top, side] if side > 0 => Ok(Crop { left, top, side }),
        _ => Err(Error::Setting {
            name: "window",
            reason: format!("{numbers:?} is not left, top and a side above 0"),
        }),
    }
}

/// An answer for one picture.
#[wasm_bindgen]
pub struct Prediction {
    found: Detection,
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
        self.found.prediction.label.clone()
    }

    /// Its probability, 0 to 1.
    #[wasm_bindgen(getter)]
    pub fn probability(&self) -> f32 {
        self.found.prediction.probability
    }

    /// The probability of every label, in the order of the classifier's `labels`.
    #[wasm_bindgen(getter)]
    pub fn probabilities(&self) -> Vec<f32> {
        self.found.prediction.probabilities.clone()
    }

    /// The probability that there is a sign at all; undefined where the network has no detector.
    #[wasm_bindgen(getter)]
    pub fn sign(&self) -> Option<f32> {
        self.found.prediction.presence
    }

    /// The part of the picture that the answer is about: left, top and side of a square, in pixels.
    #[wasm_bindgen(getter)]
    pub fn window(&self) -> Vec<u32> {
        let Crop { left, top, side } = self.found.crop;
        vec![left, top, side]
    }

    /// What the model saw: 64 x 64 pixels of red, green, blue, alpha.
    #[wasm_bindgen(getter)]
    pub fn view(&self) -> Uint8Array {
        Uint8Array::from(self.view.as_slice())
    }
}

impl Prediction {
    fn new(found: Detection, picture: &Picture) -> Self {
        Self {
            view: found.input.to_rgba(),
            found,
            width: picture.width(),
            height: picture.height(),
        }
    }
}
