//! `signet predict`: the labels of single pictures.

use crate::device::DeviceChoice;
use crate::output::{self, count, percent};
use crate::{folder, weights};
use anyhow::Result;
use rayon::prelude::*;
use serde::Serialize;
use signet_recognizer::{Classifier, Crop, INPUT_SIDE, Picture, Prediction};
use std::path::PathBuf;
use std::process::ExitCode;

/// Tell which sign pictures show
///
/// Crops each picture's centre square, scales it to 64x64 and prints the most probable label, or none
/// where there is no sign; then the presence, which is the probability that there is a sign at all,
/// and the most probable label's probability if there is. With --localise the hand is looked for in the
/// whole picture first. A file that can't be read as a picture is named; the others are answered
/// all the same, and the exit status is 1.
#[derive(clap::Args)]
#[command(after_help = "Example:
  signet predict --weights signet.safetensors photo.jpg drawing.png

JSON: a list with an entry per file, in the order given: {file, label, class, probability,
probabilities}, where `probabilities` is an array of numbers in the order of the labels of the
weights file (0 to 5 for the signs), `probability` the largest of them and `class` its label.
Weights with a detector add `presence`, the probability that there is a sign at all, also under its
older name `sign`; below the threshold `label` is none and not the class. With
--localise `window` is the crop that was classified, in pixels. A file that can't be read: {file,
error, code}.")]
pub struct Args {
    /// The weights file, of any precision
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// Pictures: JPEG, PNG, GIF (first frame), WebP or BMP
    #[arg(value_name = "IMAGE", required = true)]
    images: Vec<PathBuf>,
    /// Look for the hand in the whole picture, instead of at its centre square
    #[arg(long)]
    localise: bool,
    /// A sign that is less probable than this is answered with none
    #[arg(long, value_name = "X", default_value_t = weights::THRESHOLD)]
    threshold: f32,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Where to compute
    #[arg(long, value_enum, default_value_t)]
    device: DeviceChoice,
}

/// The outcome for one file.
#[derive(Serialize)]
struct Answer {
    file: String,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Outcome {
    Prediction {
        #[serde(flatten)]
        prediction: Prediction,
        /// The most probable label, also where the answer is none.
        class: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        presence: Option<f32>,
        #[serde(rename = "window", skip_serializing_if = "Option::is_none")]
        crop: Option<Crop>,
    },
    Unreadable {
        error: String,
        code: &'static str,
    },
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let classifier = weights::classifier(&self.weights, self.device)?;
        let mut answers = Vec::with_capacity(self.images.len());
        for files in self.images.chunks(weights::BATCH) {
            answers.extend(self.classify(&classifier, files)?);
        }
        let mut unreadable = 0;
        for answer in &answers {
            match &answer.outcome {
                Outcome::Unreadable { error, .. } => {
                    output::note(format_args!("cannot read {}: {error}", answer.file));
                    unreadable += 1;
                }
                Outcome::Prediction {
                    prediction,
                    class,
                    presence,
                    ..
                } if !self.json => {
                    let presence = presence.map(|p| format!("presence {}, ", share(p)));
                    output::line(format!(
                        "{}: {} ({}probability of {class}: {})",
                        answer.file,
                        prediction.label,
                        presence.unwrap_or_default(),
                        share(prediction.probability),
                    ))?;
                }
                Outcome::Prediction { .. } => {}
            }
        }
        if self.json {
            output::json(&answers)?;
        }
        if unreadable > 0 {
            output::note(format_args!(
                "{} not answered",
                count(unreadable, "unreadable file")
            ));
            return Ok(ExitCode::FAILURE);
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Reads a batch of files and classifies those that are pictures.
    fn classify(&self, classifier: &Classifier, files: &[PathBuf]) -> Result<Vec<Answer>> {
        let read = files.par_iter().map(|path| folder::read_picture(path));
        let read: Vec<Result<Picture>> = read.collect();
        let pictures = read.iter().flatten();
        let found: Vec<(Prediction, Option<Crop>)> = if self.localise {
            let found = pictures.map(|picture| {
                let found = pollster::block_on(classifier.localize(picture))?;
                Ok((found.prediction, Some(found.crop)))
            });
            found.collect::<Result<_>>()?
        } else {
            let inputs: Vec<_> = pictures
                .map(|picture| picture.to_input(INPUT_SIDE))
                .collect();
            let predictions = pollster::block_on(classifier.classify(&inputs))?;
            predictions.into_iter().map(|p| (p, None)).collect()
        };
        let mut found = found.into_iter();
        let answers = files.iter().zip(&read).filter_map(|(path, picture)| {
            let outcome = match picture {
                Ok(_) => {
                    let (mut prediction, crop) = found.next()?;
                    let answer = prediction.answer(self.threshold).to_owned();
                    let class = std::mem::replace(&mut prediction.label, answer);
                    // It refers to the input, of which the reader knows nothing.
                    prediction.bounding_box = None;
                    Outcome::Prediction {
                        presence: prediction.presence,
                        prediction,
                        class,
                        crop,
                    }
                }
                Err(error) => Outcome::Unreadable {
                    code: code(error),
                    error: format!("{error:#}"),
                },
            };
            Some(Answer {
                file: path.display().to_string(),
                outcome,
            })
        });
        Ok(answers.collect())
    }
}

fn share(probability: f32) -> String {
    percent(f64::from(probability))
}

/// The recognizer's code for what it refused; a file that could not be opened has `file`.
fn code(error: &anyhow::Error) -> &'static str {
    let refused = error.downcast_ref::<signet_recognizer::Error>();
    refused.map_or("file", signet_recognizer::Error::code)
}
