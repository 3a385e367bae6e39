//! Training, as the page drives it.

use crate::blob::blob_of;
use crate::device;
use crate::events::object;
use crate::settings::{TrainPictures, TrainSettings};
use signet_core::{Moments, initialize_head};
use signet_recognizer::Weights;
use signet_wasm::{JsFile, Thrown, bytes_of};
use tsify::Ts;
use wasm_bindgen::prelude::*;
use web_sys::Blob;

/// A network in training, a step at a time.
///
/// One call at a time: a call during another one throws.
#[wasm_bindgen]
pub struct Trainer(signet_core::Trainer);

#[wasm_bindgen]
impl Trainer {
    /// Starts from a weights file, with batch norm folded. A label that the weights know keeps its part
    /// of the head; a new one starts as what its first pictures are taken for. Without pictures that show
    /// no sign the detector stays as it came, and goes where the labels change. Throws `weights-...`,
    /// `file-unreadable`, `setting`, `picture-size` or `device`.
    pub async fn start(
        weights: JsFile,
        pictures: Ts<TrainPictures>,
        settings: Ts<TrainSettings>,
    ) -> Result<Trainer, Thrown> {
        let (training, validation) = pictures.to_rust()?.into_sets()?;
        let config = settings.to_rust()?.for_labels(training.labels());
        let file = bytes_of(&weights).await?;
        let weights = Weights::from_bytes(&file)?.fold();
        drop(file);
        let device = device::open().await?;
        let weights = if !training.negatives().is_empty() {
            weights.with_blank_detector()
        } else if weights.labels() != training.labels() {
            weights.without_detector()
        } else {
            weights
        };
        let weights = initialize_head(weights, &training).await?;
        let mut trainer =
            signet_core::Trainer::new(weights, training, validation, config, &device)?;
        device::extract_features(&mut trainer).await?;
        Ok(Self(trainer))
    }

    /// Goes on where `checkpoint` was taken, with the same pictures in the same order; `start` is the file
    /// that the training started from. Throws as `start`.
    pub async fn resume(
        checkpoint: JsFile,
        start: JsFile,
        pictures: Ts<TrainPictures>,
    ) -> Result<Trainer, Thrown> {
        let (training, validation) = pictures.to_rust()?.into_sets()?;
        let start = Weights::from_bytes(&bytes_of(&start).await?)?.fold();
        let checkpoint = bytes_of(&checkpoint).await?;
        let device = device::open().await?;
        let mut trainer =
            signet_core::Trainer::resume(&checkpoint, Some(start), training, validation, &device)?;
        drop(checkpoint);
        device::extract_features(&mut trainer).await?;
        Ok(Self(trainer))
    }

    /// Does one piece of work (the features of a few pictures, a batch, the scores of a few validation
    /// pictures) and tells what. Throws `not-finite` or `device`; the best weights are still there then.
    #[wasm_bindgen(unchecked_return_type = "TrainEvent")]
    pub async fn step(&mut self) -> Result<JsValue, Thrown> {
        object(&self.0.step().await?)
    }

    /// The finished epochs.
    #[wasm_bindgen(unchecked_return_type = "EpochRecord[]")]
    pub fn history(&self) -> Result<JsValue, Thrown> {
        object(&self.0.history())
    }

    /// The weights of the best epoch so far, or those it started from when no epoch was as good, as a
    /// file with labels, preprocessing and self-check: what isn't trained as it came, what is trained in
    /// a precision that keeps its answers. `undefined` while there are none. Throws `device`.
    #[wasm_bindgen(js_name = bestWeights)]
    pub async fn best_weights(&self) -> Result<Option<Blob>, Thrown> {
        let file = self.0.best_file().await?;
        file.as_ref().map(blob_of).transpose()
    }

    /// What `resume` needs besides the weights of the start and the pictures: what is trained, of the best
    /// epoch and as it differs from it now, and no moments of the optimizer. Throws `device`.
    pub async fn checkpoint(&self) -> Result<Blob, Thrown> {
        let file = self.0.checkpoint(Moments::Dropped).await?;
        blob_of(&file)
    }
}
