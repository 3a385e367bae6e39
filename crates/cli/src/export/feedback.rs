//! The pictures that kernels are rounded to 4 bits for.

use crate::folder::{Purpose, Source};
use crate::output::{self, count, percent};
use crate::photos::{self, Part};
use anyhow::{Result, bail};
use signet_recognizer::{INPUT_SIDE, InputImage, Weights};
use signet_scenes::{Hands, Suite};
use std::path::PathBuf;

/// Not the pictures of any test or calibration.
const ROUND: u64 = 5;

/// What pictures are composed of the photos.
const SUITES: [Suite; 7] = [
    Suite::Clean,
    Suite::Clutter,
    Suite::Dark,
    Suite::Small,
    Suite::DrawnOutline,
    Suite::OtherFingers,
    Suite::NoSign,
];

/// Pictures of a suite, at most. More of them change the errors by less than a hundredth.
const OF_EACH: usize = 60;

/// Real photos, at most, each in the center crop and in the crop of its box.
const REAL: usize = 150;

/// Rounds the large kernels to 4 bits by error feedback, and says what it has cost.
pub fn round(weights: Weights, folders: &[PathBuf], indices: &[PathBuf]) -> Result<Weights> {
    let inputs = inputs(weights.labels(), folders, indices)?;
    output::line(format!(
        "rounding to 4 bits for {}",
        count(inputs.len(), "picture")
    ))?;
    let mut layers = Vec::new();
    let weights = weights.with_error_feedback(&inputs, |layer| {
        output::note(format_args!(
            "{}: error of the outputs {}, {} by rounding alone",
            layer.name,
            percent(layer.with_feedback),
            percent(layer.alone)
        ));
        layers.push(layer);
    });
    if layers.is_empty() {
        bail!("no kernel of this network is large enough for 4 bits");
    }
    let mean = |share: fn(&signet_recognizer::RoundedLayer) -> f64| {
        percent(layers.iter().map(share).sum::<f64>() / layers.len() as f64)
    };
    output::line(format!(
        "mean error of the outputs of {}: {}, {} by rounding alone",
        count(layers.len(), "layer"),
        mean(|layer| layer.with_feedback),
        mean(|layer| layer.alone)
    ))?;
    Ok(weights)
}

fn inputs(labels: &[String], folders: &[PathBuf], indices: &[PathBuf]) -> Result<Vec<InputImage>> {
    let folders = Source {
        paths: folders,
        without_sign: &[],
        purpose: Purpose::Training,
    };
    let photos = folders.read(labels, |picture| picture)?.signs;
    let hands = Hands::of(&photos);
    let mut inputs = Vec::new();
    for suite in SUITES {
        let cases = suite.cases(&hands, ROUND)?;
        let some = evenly(&cases, OF_EACH);
        inputs.extend(some.map(|case| case.picture.to_input(INPUT_SIDE)));
    }
    if indices.is_empty() {
        return Ok(inputs);
    }
    let sources = photos::read(indices, labels, Part::Training)?;
    for source in &sources {
        for photo in evenly(&source.photos, REAL.div_ceil(sources.len())) {
            let crops = [photo.picture.center_crop(), photo.true_crop()];
            inputs.extend(crops.map(|crop| photo.picture.input_of(crop, INPUT_SIDE)));
        }
    }
    Ok(inputs)
}

/// At most so many, spread over all.
fn evenly<T>(all: &[T], most: usize) -> impl Iterator<Item = &T> {
    all.iter().step_by(all.len().div_ceil(most).max(1))
}
