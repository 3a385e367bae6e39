//! Metrics of predictions: accuracy, confusion, calibration.

use crate::classifier::argmax;
use serde::Serialize;
use std::collections::BTreeMap;

/// Bins of the expected calibration error.
pub const CALIBRATION_BINS: usize = 15;

/// Predictions of about the same confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CalibrationBin {
    /// Mean probability of the predicted labels.
    pub confidence: f64,
    /// Share of predictions that are right.
    pub accuracy: f64,
    /// How many predictions there are.
    pub images: usize,
}

/// Metrics of a classifier on labelled pictures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Pictures classified.
    pub images: usize,
    /// Share of pictures whose most probable label is the true one; 0 when there are no pictures.
    pub accuracy: f64,
    /// The same for the pictures of each label; labels without pictures are left out.
    pub per_class: BTreeMap<String, f64>,
    /// Counts: a row per true label, a column per predicted one, in the order of `labels`.
    pub confusion: Vec<Vec<usize>>,
    /// Expected calibration error: the mean distance between confidence and accuracy over
    /// [`CALIBRATION_BINS`] equal bins of confidence, weighted by their pictures (Guo et al.
    /// 2017, arXiv:1706.04599).
    pub ece: f64,
    /// The bins that have pictures, by rising confidence.
    #[serde(skip)]
    pub reliability: Vec<CalibrationBin>,
    /// The labels in the order of rows and columns.
    pub labels: Vec<String>,
}

impl Evaluation {
    /// Compares probabilities with the truth, an index into `labels` for each picture.
    ///
    /// # Panics
    ///
    /// Panics when a true or predicted index is not a label's.
    pub fn new<'a>(
        labels: &[String],
        answers: impl IntoIterator<Item = (usize, &'a [f32])>,
    ) -> Self {
        let mut confusion = vec![vec![0; labels.len()]; labels.len()];
        let mut bins = [(0_usize, 0.0_f64, 0_usize); CALIBRATION_BINS];
        for (truth, probabilities) in answers {
            let best = argmax(probabilities);
            confusion[truth][best] += 1;
            let confidence = f64::from(probabilities[best]);
            let bin = (confidence * CALIBRATION_BINS as f64).ceil() as usize;
            let (count, sum, right) = &mut bins[bin.clamp(1, CALIBRATION_BINS) - 1];
            *count += 1;
            *sum += confidence;
            *right += usize::from(best == truth);
        }
        let images: usize = confusion.iter().flatten().sum();
        let right: usize = (0..labels.len()).map(|label| confusion[label][label]).sum();
        let per_class = labels.iter().zip(&confusion).enumerate();
        let per_class = per_class.filter_map(|(index, (label, row))| {
            let total: usize = row.iter().sum();
            (total > 0).then(|| (label.clone(), row[index] as f64 / total as f64))
        });
        let gaps = bins
            .iter()
            .map(|&(_, sum, right)| (sum - right as f64).abs());
        let reliability = bins.iter().filter(|(count, ..)| *count > 0);
        let reliability = reliability.map(|&(images, sum, right)| CalibrationBin {
            confidence: sum / images as f64,
            accuracy: right as f64 / images as f64,
            images,
        });
        let share = |n: f64| if images == 0 { 0.0 } else { n / images as f64 };
        Self {
            images,
            accuracy: share(right as f64),
            per_class: per_class.collect(),
            ece: share(gaps.sum()),
            reliability: reliability.collect(),
            labels: labels.to_vec(),
            confusion,
        }
    }
}
