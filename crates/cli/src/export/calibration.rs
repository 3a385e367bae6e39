//! Fitting temperature and threshold to composed pictures and to real photos.

mod real;

use crate::evaluate::answers::{self, logit, logits};
use crate::folder::{Purpose, Source};
use anyhow::Result;
use signet_recognizer::{Arithmetic, Calibration, Classifier, INPUT_SIDE, Precision, Weights};
use signet_scenes::{Hands, Suite};
use std::path::PathBuf;

/// Not the pictures that the finished model is measured on. Several rounds, since the threshold
/// hangs on the few that are hardest.
const ROUNDS: std::ops::Range<u64> = 2..5;

/// Suites whose probabilities are to mean what they say.
const SUITES: [Suite; 3] = [Suite::Clean, Suite::Clutter, Suite::Dark];

/// Share of pictures without a sign that may be taken for one.
const ALARMS: f32 = 0.02;

/// What a calibration is fitted to.
pub struct Sources<'a> {
    /// Folders of photos that pictures are composed of.
    pub folders: &'a [PathBuf],
    /// Indices of real photos.
    pub photos: &'a [PathBuf],
}

/// Fits a calibration for the very numbers that the file will hold.
pub fn fit(weights: &Weights, precision: Precision, sources: &Sources) -> Result<Calibration> {
    let stored = Weights::from_bytes(&weights.to_bytes(precision)?)?;
    let labels = stored.labels().to_vec();
    let classifier = Classifier::on_cpu(&stored, Arithmetic::Fastest);
    let folders = Source {
        paths: sources.folders,
        without_sign: &[],
        purpose: Purpose::Validation,
    };
    let photos = folders.read(&labels, |picture| picture)?.signs;
    let hands = Hands::of(&photos);
    let (mut known, mut others) = (Vec::new(), Vec::new());
    let suites = SUITES.into_iter().chain([Suite::NoSign]);
    let suites = suites.flat_map(|suite| ROUNDS.map(move |round| (suite, round)));
    for (suite, round) in suites {
        let cases = suite.cases(&hands, round)?;
        let inputs: Vec<_> = cases
            .iter()
            .map(|c| c.picture.to_input(INPUT_SIDE))
            .collect();
        let predictions = answers::classify(&classifier, &inputs)?;
        for (case, prediction) in cases.iter().zip(predictions) {
            match case.truth {
                Some(truth) => known.push((truth, logits(&prediction))),
                None => others.extend(prediction.presence.map(logit)),
            }
        }
    }
    let composed = Calibration::fit(&known, &others, ALARMS);
    if sources.photos.is_empty() {
        return Ok(composed);
    }
    real::fit(&classifier, sources.photos, &composed, known, ALARMS)
}
