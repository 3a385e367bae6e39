//! `signet predict`: the labels of single pictures.

mod answer;
mod csv;
mod format;
mod pictures;

use crate::device::DeviceChoice;
use crate::output::{self, count};
use crate::threads::Threads;
use crate::weights;
use answer::{Answer, Outcome};
use anyhow::Result;
use format::{Format, Writer};
use pictures::{Place, Places};
use rayon::prelude::*;
use signet_recognizer::{Classifier, Crop, INPUT_SIDE, NO_SIGN, Picture, Prediction};
use std::path::PathBuf;
use std::process::ExitCode;

/// Tell which sign pictures show
///
/// Crops each picture's centre square, scales it to 64x64 and prints the most probable label, or none
/// where there is no sign; then the presence, which is the probability that there is a sign at all,
/// and the most probable label with its probability if there is. With --localise the hand is looked for
/// in the whole picture first. Answers are written as they come. A file that can't be read as a picture
/// is named; the others are answered all the same, and the exit status is 1.
#[derive(clap::Args)]
#[command(after_help = "Example:
  signet predict --weights signet.safetensors photo.jpg drawing.png
  signet predict --weights signet.safetensors --format csv photos > answers.csv
  ffmpeg -i film.mp4 -frames:v 1 -f image2pipe -c:v png - | signet predict --weights signet.safetensors -

Of a folder all pictures are answered, those in folders within it as well; what is passed over there, being
no picture, is said on standard error. A link to a folder within it is passed over.

JSON: a list with an entry per file, in the order given: {file, label, class, probability,
probabilities}, where `probabilities` is an array of numbers in the order of the labels of the
weights file (0 to 5 for the signs), `probability` the largest of them and `class` its label.
Weights with a detector add `presence`, the probability that there is a sign at all, also under its
older name `sign`; below the threshold `label` is none and not the class. With
--localise `window` is the crop that was classified, in pixels, and `second_hand`, where there is a sign and a smaller
hand beside it was seen, the crop around that one. A file that can't be read: {file,
error, code}. JSON lines are these entries, one a line. CSV has a header: file, label, class, presence,
probability, a column per label, with --localise left, top and side, then error and code; a cell that a
spreadsheet would take for a formula has an apostrophe in front.")]
pub struct Args {
    /// The weights file, of any precision
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// Pictures: JPEG, PNG, GIF (first frame), WebP or BMP; folders of them; - for one on standard input
    #[arg(value_name = "IMAGE|FOLDER|-", required = true)]
    images: Vec<PathBuf>,
    /// Look for the hand in the whole picture, instead of at its centre square
    #[arg(long)]
    localise: bool,
    /// A sign that is less probable than this is answered with none
    #[arg(long, value_name = "X", default_value_t = weights::THRESHOLD)]
    threshold: f32,
    /// How answers are written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Print JSON: --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Where to compute
    #[arg(long, value_enum, default_value_t)]
    device: DeviceChoice,
    #[command(flatten)]
    threads: Threads,
}

/// Pictures that are looked through for a hand together: each takes as long as twenty others.
const LOCALISED: usize = 4;

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let places = Places::new(&self.images)?;
        self.threads.start();
        let classifier = weights::classifier(&self.weights, self.device)?;
        let labels = classifier.labels().to_vec();
        let format = if self.json { Format::Json } else { self.format };
        let has_detector = classifier.has_detector();
        let mut writer = Writer::new(format, &labels, has_detector, self.localise);
        let mut unreadable = 0;
        let mut batch = Vec::new();
        let most = if self.localise {
            LOCALISED
        } else {
            weights::BATCH
        };
        for place in places {
            match place {
                Ok(place) => batch.push(place),
                Err((folder, error)) => {
                    let folder = output::shown(&folder);
                    output::note(format_args!("cannot read {folder}: {error:#}"));
                    unreadable += 1;
                }
            }
            if batch.len() == most {
                unreadable += self.answer(&classifier, &batch, &mut writer)?;
                batch.clear();
            }
        }
        unreadable += self.answer(&classifier, &batch, &mut writer)?;
        writer.finish()?;
        if unreadable > 0 {
            output::note(format_args!(
                "{} not answered",
                count(unreadable, "unreadable file")
            ));
            return Ok(ExitCode::FAILURE);
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Writes the answers for a batch, and says how many places could not be read.
    fn answer(
        &self,
        classifier: &Classifier,
        batch: &[Place],
        writer: &mut Writer<'_>,
    ) -> Result<usize> {
        let mut unreadable = 0;
        for answer in self.classify(classifier, batch)? {
            if let Outcome::Unreadable { error, .. } = &answer.outcome {
                let file = output::shown(&answer.file);
                output::note(format_args!("cannot read {file}: {error}"));
                unreadable += 1;
            }
            writer.write(&answer)?;
        }
        Ok(unreadable)
    }

    /// Reads a batch of places and classifies those that have pictures.
    fn classify(&self, classifier: &Classifier, places: &[Place]) -> Result<Vec<Answer>> {
        let read = places.par_iter().map(Place::read);
        let read: Vec<Result<Picture>> = read.collect();
        let pictures = read.iter().flatten();
        let found: Vec<(Prediction, Option<Crop>, Option<Crop>)> = if self.localise {
            let found = pictures.map(|picture| {
                let found = pollster::block_on(classifier.localize(picture))?;
                Ok((found.prediction, Some(found.crop), found.second_hand))
            });
            found.collect::<Result<_>>()?
        } else {
            let inputs: Vec<_> = pictures
                .map(|picture| picture.to_input(INPUT_SIDE))
                .collect();
            let predictions = pollster::block_on(classifier.classify(&inputs))?;
            let alone = predictions.into_iter().map(|p| (p, None, None));
            alone.collect()
        };
        let mut found = found.into_iter();
        let answers = places.iter().zip(&read).filter_map(|(place, picture)| {
            let outcome = match picture {
                Ok(_) => {
                    let (mut prediction, crop, second_hand) = found.next()?;
                    let answer = prediction.answer(self.threshold).to_owned();
                    let second_hand = second_hand.filter(|_| answer != NO_SIGN);
                    let class = std::mem::replace(&mut prediction.label, answer);
                    // It refers to the input, of which the reader knows nothing.
                    prediction.bounding_box = None;
                    Outcome::Prediction {
                        presence: prediction.presence,
                        prediction,
                        class,
                        crop,
                        second_hand,
                    }
                }
                Err(error) => Outcome::Unreadable {
                    code: code(error),
                    error: format!("{error:#}"),
                },
            };
            Some(Answer {
                file: place.name(),
                outcome,
            })
        });
        Ok(answers.collect())
    }
}

/// The recognizer's code for what it refused; a file that could not be opened has `file`.
fn code(error: &anyhow::Error) -> &'static str {
    let refused = error.downcast_ref::<signet_recognizer::Error>();
    refused.map_or("file", signet_recognizer::Error::code)
}
