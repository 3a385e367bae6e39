//! `signet predict`: the labels of single pictures.

use crate::device::DeviceChoice;
use crate::output::{self, count, percent};
use crate::{folder, weights};
use anyhow::Result;
use rayon::prelude::*;
use serde::Serialize;
use signet_core::{Classifier, Prediction, Square};
use std::path::PathBuf;
use std::process::ExitCode;

/// Tell which sign pictures show
///
/// Crops each picture's centre square, scales it to 64x64 and prints the most probable label with
/// its probability. A file that can't be read as a picture is named; the others are answered all
/// the same, and the exit status is 1.
#[derive(clap::Args)]
#[command(after_help = "Example:
  signet predict --weights signet.safetensors photo.jpg drawing.png

JSON: a list with an entry per file, in the order given: {file, label, probability,
probabilities}, where `probabilities` is an array of numbers in the order of the labels of the
weights file (0 to 5 for the signs). A file that can't be read: {file, error, code}.")]
pub struct Args {
    /// The weights file, of any precision
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// Pictures: JPEG, PNG, GIF (first frame), WebP or BMP
    #[arg(value_name = "IMAGE", required = true)]
    images: Vec<PathBuf>,
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
    Prediction(Prediction),
    Unreadable { error: String, code: &'static str },
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let classifier = weights::classifier(&self.weights, self.device)?;
        let mut answers = Vec::with_capacity(self.images.len());
        for files in self.images.chunks(weights::BATCH) {
            answers.extend(classify(&classifier, files)?);
        }
        let mut unreadable = 0;
        for answer in &answers {
            match &answer.outcome {
                Outcome::Unreadable { error, .. } => {
                    eprintln!("cannot read {}: {error}", answer.file);
                    unreadable += 1;
                }
                Outcome::Prediction(prediction) if !self.json => {
                    let share = percent(f64::from(prediction.probability));
                    output::line(format!("{}: {} ({share})", answer.file, prediction.label))?;
                }
                Outcome::Prediction(_) => {}
            }
        }
        if self.json {
            output::json(&answers)?;
        }
        if unreadable > 0 {
            eprintln!("{} not answered", count(unreadable, "unreadable file"));
            return Ok(ExitCode::FAILURE);
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Reads a batch of files and classifies those that are pictures.
fn classify(classifier: &Classifier, files: &[PathBuf]) -> Result<Vec<Answer>> {
    let read = files.par_iter().map(|path| folder::read_square(path));
    let read: Vec<Result<Square>> = read.collect();
    let squares: Vec<_> = read.iter().flatten().cloned().collect();
    let mut predictions = pollster::block_on(classifier.classify(&squares))?.into_iter();
    let answers = files.iter().zip(read).filter_map(|(path, square)| {
        let outcome = match square {
            Ok(_) => Outcome::Prediction(predictions.next()?),
            Err(error) => Outcome::Unreadable {
                code: code(&error),
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

/// Core's code for what it refused; what never came to core could not be opened.
fn code(error: &anyhow::Error) -> &'static str {
    let refused = error.downcast_ref::<signet_core::Error>();
    refused.map_or("file", signet_core::Error::code)
}
