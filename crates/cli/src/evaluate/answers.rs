//! Many pictures through a classifier, with a progress bar.

use crate::weights::BATCH;
use anyhow::Result;
use indicatif::ProgressBar;
use signet_recognizer::{Classifier, Crop, InputImage, Picture, Prediction};

/// Classifies inputs, in batches.
pub fn classify(classifier: &Classifier, inputs: &[InputImage]) -> Result<Vec<Prediction>> {
    // indicatif shows it on a terminal only.
    let bar = ProgressBar::new(inputs.len() as u64);
    let mut predictions = Vec::with_capacity(inputs.len());
    for inputs in inputs.chunks(BATCH) {
        predictions.extend(pollster::block_on(classifier.classify(inputs))?);
        bar.inc(inputs.len() as u64);
    }
    bar.finish_and_clear();
    Ok(predictions)
}

/// Looks for the hand in every picture: the predictions, and the crops that they are of.
pub fn localize<'a>(
    classifier: &Classifier,
    pictures: impl ExactSizeIterator<Item = &'a Picture>,
) -> Result<(Vec<Prediction>, Vec<Crop>)> {
    let bar = ProgressBar::new(pictures.len() as u64);
    let found = pictures.map(|picture| {
        let found = pollster::block_on(classifier.localize(picture))?;
        bar.inc(1);
        Ok((found.prediction, found.crop))
    });
    let found = found.collect::<Result<Vec<_>>>()?;
    bar.finish_and_clear();
    Ok(found.into_iter().unzip())
}

/// Logarithms of the probabilities are the logits but for a constant.
pub fn logits(prediction: &Prediction) -> Vec<f32> {
    let rows = prediction.probabilities.iter();
    rows.map(|p| p.max(f32::MIN_POSITIVE).ln()).collect()
}

/// The log odds of a presence.
pub fn logit(probability: f32) -> f32 {
    let p = probability.clamp(1e-6, 1.0 - 1e-6);
    (p / (1.0 - p)).ln()
}
