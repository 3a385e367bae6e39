//! Many pictures through a classifier, with a progress bar.

use crate::weights::BATCH;
use anyhow::Result;
use indicatif::ProgressBar;
use signet_core::{Classifier, Picture, Prediction, Square};

/// Classifies squares, in batches.
pub fn classify(classifier: &Classifier, squares: &[Square]) -> Result<Vec<Prediction>> {
    // indicatif shows it on a terminal only.
    let bar = ProgressBar::new(squares.len() as u64);
    let mut predictions = Vec::with_capacity(squares.len());
    for squares in squares.chunks(BATCH) {
        predictions.extend(pollster::block_on(classifier.classify(squares))?);
        bar.inc(squares.len() as u64);
    }
    bar.finish_and_clear();
    Ok(predictions)
}

/// Looks for the hand in every picture.
pub fn locate(classifier: &Classifier, pictures: &[Picture]) -> Result<Vec<Prediction>> {
    let bar = ProgressBar::new(pictures.len() as u64);
    let mut predictions = Vec::with_capacity(pictures.len());
    for picture in pictures {
        predictions.push(pollster::block_on(classifier.locate(picture))?.prediction);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(predictions)
}
