//! Fitting temperature and threshold to composed pictures.

use crate::evaluate::answers;
use crate::folder;
use crate::suite::{Hands, Suite};
use anyhow::Result;
use signet_core::{Calibration, Classifier, Device, Precision, SIDE, Weights};
use std::path::PathBuf;

/// Not the pictures that the finished model is measured on.
const ROUND: u64 = 2;

/// Suites whose probabilities are to mean what they say.
const SUITES: [Suite; 3] = [Suite::Clean, Suite::Clutter, Suite::Dark];

/// Shares of signs refused and of other pictures answered that are equally bad.
const REFUSALS: f32 = 0.01;
const ALARMS: f32 = 0.02;

/// Fits a calibration for the very numbers that the file will hold.
pub fn fit(weights: &Weights, precision: Precision, folders: &[PathBuf]) -> Result<Calibration> {
    let stored = Weights::from_bytes(&weights.to_bytes(precision)?)?;
    let labels = stored.labels().to_vec();
    let classifier = Classifier::new(stored, &Device::flex());
    let (photos, _) = folder::read(folders, &labels, |picture| picture)?;
    let hands = Hands::of(&photos);
    let (mut known, mut signs, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for suite in SUITES.into_iter().chain([Suite::NoSign]) {
        let cases = suite.cases(&hands, ROUND)?;
        let squares: Vec<_> = cases.iter().map(|c| c.picture.to_square(SIDE)).collect();
        let predictions = answers::classify(&classifier, &squares)?;
        for (case, prediction) in cases.iter().zip(predictions) {
            let sign = prediction.sign.map(logit);
            match case.truth {
                Some(truth) => {
                    // Logarithms of the probabilities are the logits but for a constant.
                    let rows = prediction.probabilities.iter();
                    let row = rows.map(|p| p.max(f32::MIN_POSITIVE).ln()).collect();
                    known.push((truth, row));
                    signs.extend(sign);
                }
                None => others.extend(sign),
            }
        }
    }
    Ok(Calibration::fit(&known, &signs, &others, REFUSALS, ALARMS))
}

fn logit(probability: f32) -> f32 {
    let p = probability.clamp(1e-6, 1.0 - 1e-6);
    (p / (1.0 - p)).ln()
}
