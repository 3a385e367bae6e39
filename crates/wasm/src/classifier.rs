//! A network with its weights on this module's device.

use crate::device;
use crate::error::Thrown;
use crate::file::{JsFile, bytes_of};
use crate::picture::{JsPicture, read, split_inputs};
use crate::prediction::{CropRequest, InputAnswer, InputAnswers, Prediction};
use signet_recognizer::{Arithmetic, Track, Weights};
use std::cell::RefCell;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;
use web_sys::Performance;

#[wasm_bindgen]
extern "C" {
    /// The clock of the window or of the worker.
    #[wasm_bindgen(thread_local_v2, js_name = performance)]
    static PERFORMANCE: Performance;
}

/// A network with its weights on this module's device. Calls may overlap.
#[wasm_bindgen]
pub struct Classifier {
    network: signet_recognizer::Classifier,
    tracks: RefCell<Tracks>,
}

/// Where the hand was in the last frame of each video, the one that was asked about last at the end.
#[derive(Default)]
struct Tracks(Vec<(u32, Track)>);

impl Tracks {
    /// So many are kept: a video that takes turns with more begins anew at each turn.
    const MOST: usize = 16;

    fn of(&self, video: u32) -> Track {
        let found = self.0.iter().find(|(known, _)| *known == video);
        found.map_or_else(Track::default, |(_, track)| *track)
    }

    fn set(&mut self, video: u32, track: Track) {
        self.0.retain(|(known, _)| *known != video);
        if self.0.len() == Self::MOST {
            self.0.remove(0);
        }
        self.0.push((video, track));
    }
}

/// The video of whoever names none.
const ONLY_VIDEO: u32 = 0;

#[wasm_bindgen]
impl Classifier {
    /// Checks a weights file and puts the network on this module's device.
    ///
    /// With `float32` the CPU computes with floats even where it could with integers. Throws
    /// `weights-format`, `weights-hash`, `weights-missing-tensor`, `weights-unknown-tensor`,
    /// `weights-shape`, `weights-values`, `file-unreadable` or `device`, and then leaves nothing behind.
    pub async fn load(weights: JsFile, float32: Option<bool>) -> Result<Classifier, Thrown> {
        let file = bytes_of(&weights).await?;
        let weights = Weights::from_bytes(&file)?;
        // The network is packed where the file was: memory that a module has asked for it keeps.
        drop(file);
        let arithmetic = match float32 {
            Some(true) => Arithmetic::Float32,
            _ => Arithmetic::Fastest,
        };
        Ok(Self {
            network: device::classifier(&weights, arithmetic).await?,
            tracks: RefCell::default(),
        })
    }

    /// The labels, in the order of every prediction's `probabilities`.
    #[wasm_bindgen(getter)]
    pub fn labels(&self) -> Vec<String> {
        self.network.labels().to_vec()
    }

    /// Whether the network says if there is a sign, and where.
    #[wasm_bindgen(getter, js_name = hasDetector)]
    pub fn has_detector(&self) -> bool {
        self.network.has_detector()
    }

    /// The device that computes.
    #[wasm_bindgen(getter, unchecked_return_type = "\"cpu\" | \"webgpu\"")]
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

    /// Classifies a picture, or the part of it that `crop` asks for; without, its center. Throws
    /// `picture-format`, `picture-broken`, `picture-cut`, `picture-empty`, `picture-size`, `picture-too-large`,
    /// `file-unreadable`, `setting` or `device`.
    pub async fn classify(
        &self,
        picture: JsPicture,
        crop: Option<Ts<CropRequest>>,
    ) -> Result<Ts<Prediction>, Thrown> {
        let start = PERFORMANCE.with(Performance::now);
        let crop = crop.as_ref().map(CropRequest::read).transpose()?;
        let crop = crop.filter(|_| self.has_detector());
        let request = crop.unwrap_or(CropRequest::Center);
        let mut picture = read(&picture).await?;
        if request == CropRequest::Anywhere {
            picture = picture.into_rgb();
        }
        let network = &self.network;
        let found = match request {
            CropRequest::Center => {
                let center = picture.center_crop();
                network.classify_crop(&picture, center).await?
            }
            CropRequest::Box { crop } => {
                let crop = crop.try_into()?;
                self.tracks.borrow_mut().set(ONLY_VIDEO, Track::at(crop));
                network.classify_crop(&picture, crop).await?
            }
            CropRequest::Anywhere => network.localize(&picture).await?,
            CropRequest::Track { fresh, video } => {
                let video = video.unwrap_or(ONLY_VIDEO);
                let mut track = if fresh {
                    Track::default()
                } else {
                    self.tracks.borrow().of(video)
                };
                let found = network.track(&picture, &mut track).await?;
                self.tracks.borrow_mut().set(video, track);
                found
            }
        };
        let latency = PERFORMANCE.with(Performance::now) - start;
        Ok(Prediction::new(found, &picture, latency)?.into_ts()?)
    }

    /// Classifies any number of inputs: 64 x 64 pixels of red, green, blue, alpha each, one after
    /// another. Throws `picture-size` or `device`.
    #[wasm_bindgen(js_name = classifyInputs)]
    pub async fn classify_inputs(&self, rgba: Vec<u8>) -> Result<Ts<InputAnswers>, Thrown> {
        let answers = self.network.classify(&split_inputs(&rgba)?).await?;
        let answers = answers.into_iter().map(|answer| InputAnswer {
            probabilities: answer.probabilities,
            presence: answer.presence,
        });
        Ok(InputAnswers(answers.collect()).into_ts()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signet_recognizer::Crop;

    #[test]
    fn a_video_goes_on_where_its_own_hand_was_and_begins_anew_behind_many_others() {
        let track = |left| {
            Track::at(Crop {
                left,
                top: 0,
                side: 64,
            })
        };
        let mut tracks = Tracks::default();
        tracks.set(1, track(1));
        for video in 2..=16 {
            tracks.set(video, track(video));
            tracks.set(1, track(100 + video));
        }
        assert_eq!(tracks.of(1), track(116));
        assert_eq!(tracks.of(2), track(2));
        tracks.set(17, track(17));
        assert_eq!(tracks.of(2), Track::default());
        assert_eq!(tracks.of(1), track(116));
    }
}
