//! `signet evaluate`: how good a network is on labelled pictures.

pub mod answers;
mod explain;
mod real;
mod suites;

use crate::device::DeviceChoice;
use crate::folder::{Pictures, Purpose, Source};
use crate::output::{self, count, percent};
use crate::photos::Part;
use crate::threads::Threads;
use crate::{plot, weights};
use anyhow::{Result, bail};
use serde::Serialize;
use signet_recognizer::{Evaluation, INPUT_SIDE, NO_SIGN, Prediction};
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Measure a network on folders of labelled pictures
///
/// Classifies every picture of all --data folders and compares with the folders' names: accuracy,
/// accuracy for each label, the confusion matrix (a row per true label) and the expected
/// calibration error over 15 bins. The labels are those of the weights file. A file that can't be
/// read as a picture is named and skipped; a folder whose name is none of the labels is an error.
/// Pictures in a folder `none` show no sign: of them the share is counted that would be answered with
/// one. Of an HDF5 file with both sets the test set is taken.
///
/// With --suite the pictures' hands are cut out and composed into harder pictures, seeded, so that
/// every run makes the same ones: a line for each suite.
///
/// With --suite real the --photos are answered in the center crop, with localization and in the
/// crops of the hands' boxes, by source, for people that no training saw.
///
/// With --explain maps of what speaks for an answer are tested on composed pictures whose hand lies off
/// the center: the pointing game, deletion, insertion, and the correlation with the map of the same
/// network with a random stage 5; beside them maps that ask no network.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  signet evaluate --weights signet.safetensors --data signs/val --plots plots
  signet evaluate --weights signet.safetensors --data frames --localise
  signet evaluate --weights signet.safetensors --data signs/val --suite all
  signet evaluate --weights signet.safetensors --suite real --photos hands
  signet evaluate --weights signet.safetensors --explain

JSON: {images, accuracy, per_class: {LABEL: accuracy}, confusion: [[count]], ece, labels, refused,
skipped, negatives, false_alarms}; rows of `confusion` are the truth, columns the answers, both in the order of `labels`;
`accuracy` counts the most probable label, `refused` is the share of pictures that would be
answered with none; `negatives` counts the pictures without a sign, `false_alarms` is the share of
them that would be answered with one. With --suite: {suites: [{suite, images, accuracy, ece, refused, false_alarms,
per_class, groups}]}; of `no-sign` only images and false_alarms mean anything. With --suite real:
{real: {images, views: [{view, photos, mean_of_sources, sources: {SOURCE: {images, right, forced,
refused}}, ece, negatives, false_alarms, confusion}], framed: {images, center, localized}, boxed,
found}}; the views are center, localized and box. With --explain: {explain: {pictures, accuracy, maps:
[{map, pointing, strictly, deletion, insertion, correlation}]}}; `correlation` is of maps that ask the network.")]
pub struct Args {
    /// The weights file, of any precision
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// Folders FOLDER/LABEL/IMAGE or HDF5 files of the course, taken together
    #[arg(long, value_name = "FOLDER", num_args = 1.., required_unless_present_any = ["photos", "explain"])]
    data: Vec<PathBuf>,
    /// Names of further folders of pictures without a sign, beside none: background, nothing
    #[arg(long, value_name = "LABEL", num_args = 1..)]
    without_sign: Vec<String>,
    /// Compose test suites of the pictures' hands, all of them by `all`
    #[arg(long, value_name = "SUITE", num_args = 1.., value_parser = suites::parser())]
    suite: Vec<suites::Choice>,
    /// Real photos with the hands' boxes, for --suite real: folders with an index.tsv, or such
    /// tables (see signet train)
    #[arg(long, value_name = "INDEX", num_args = 1.., requires = "suite")]
    photos: Vec<PathBuf>,
    /// Whose photos
    #[arg(long, value_enum, default_value_t = Part::Validation, requires = "photos")]
    part: Part,
    /// A table to write of every crop that localization looked at, to fit its score to
    #[arg(long, value_name = "FILE", requires = "photos")]
    candidates: Option<PathBuf>,
    /// Test explanations on composed pictures
    #[arg(long, conflicts_with_all = ["data", "suite", "photos", "localise", "plots"])]
    explain: bool,
    /// Pictures that are composed
    #[arg(long, value_name = "N", default_value_t = 300, requires = "explain")]
    pictures: usize,
    /// Look for the hand in each picture, instead of at its centre square; the suite `anywhere` is
    /// always searched
    #[arg(long)]
    localise: bool,
    /// A sign that is less probable than this is answered with none
    #[arg(long, value_name = "X", default_value_t = weights::THRESHOLD)]
    threshold: f32,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// A folder to draw into: confusion.svg and reliability.svg; with --suite a reliability
    /// diagram and a sheet of the worst mistakes for each
    #[arg(long, value_name = "FOLDER")]
    plots: Option<PathBuf>,
    /// Where to compute
    #[arg(long, value_enum, default_value_t)]
    device: DeviceChoice,
    #[command(flatten)]
    threads: Threads,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    evaluation: &'a Evaluation,
    /// Share of the pictures in which no sign was seen.
    refused: f64,
    /// Files that could not be read as pictures.
    skipped: usize,
    /// Pictures without a sign.
    negatives: usize,
    /// Share of these in which a sign was seen.
    false_alarms: f64,
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        if self.explain {
            let report = explain::evaluate(&weights::read(&self.weights)?, self.pictures)?;
            explain::print(&report, self.json)?;
            return Ok(ExitCode::SUCCESS);
        }
        // Explanations are tested on a thread for each share of the pictures instead.
        self.threads.start();
        let classifier = weights::classifier(&self.weights, self.device)?;
        let labels = classifier.labels().to_vec();
        if self
            .suite
            .iter()
            .any(|choice| matches!(choice, suites::Choice::Real))
        {
            if self.photos.is_empty() || self.suite.len() > 1 {
                bail!("the suite real stands alone, and wants --photos");
            }
            let settings = real::Settings {
                threshold: self.threshold,
                part: self.part,
                plots: self.plots.as_deref(),
                candidates: self.candidates.as_deref(),
            };
            let report = real::evaluate(&classifier, &self.photos, &settings)?;
            real::print(&report, self.json)?;
            return Ok(ExitCode::SUCCESS);
        }
        if self.data.is_empty() {
            bail!("--photos belong to --suite real; other suites want --data");
        }
        let source = Source {
            paths: &self.data,
            without_sign: &self.without_sign,
            purpose: Purpose::Evaluation,
        };
        if !self.suite.is_empty() {
            let photos = source.read(&labels, |picture| picture)?.signs;
            let suites = suites::chosen(&self.suite);
            let settings = suites::Settings {
                threshold: self.threshold,
                localise: self.localise,
                plots: self.plots.as_deref(),
            };
            let reports = suites::evaluate(&classifier, &photos, &suites, &settings)?;
            suites::print(&reports, self.json)?;
            return Ok(ExitCode::SUCCESS);
        }
        let (truths, mut predictions, skipped) = if self.localise {
            let (pictures, truths, skipped) = flat(source.read(&labels, |picture| picture)?);
            let (found, _) = answers::localize(&classifier, pictures.iter())?;
            (truths, found, skipped)
        } else {
            let read = source.read(&labels, |picture| picture.to_input(INPUT_SIDE))?;
            let (inputs, truths, skipped) = flat(read);
            (truths, answers::classify(&classifier, &inputs)?, skipped)
        };
        let negatives = predictions.split_off(truths.len());
        let is_refused = |p: &&Prediction| p.answer(self.threshold) == NO_SIGN;
        let share = |part: usize, of: &[Prediction]| part as f64 / of.len().max(1) as f64;
        let refused = predictions.iter().filter(is_refused).count();
        let alarms = negatives.len() - negatives.iter().filter(is_refused).count();
        let answers = predictions.iter().map(|p| p.probabilities.as_slice());
        let report = Report {
            evaluation: &Evaluation::new(&labels, truths.into_iter().zip(answers)),
            refused: share(refused, &predictions),
            skipped,
            negatives: negatives.len(),
            false_alarms: share(alarms, &negatives),
        };
        if self.json {
            output::json(&report)?;
        } else {
            output::line(table(&report)?)?;
        }
        let evaluation = report.evaluation;
        if let Some(folder) = &self.plots {
            let svg = plot::confusion_matrix(evaluation)?;
            plot::save(folder, "confusion.svg", &svg)?;
            plot::save(folder, "reliability.svg", &plot::reliability(evaluation)?)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Those with a sign and then those without, the labels of the first, and how many files were skipped.
fn flat<T>(read: Pictures<T>) -> (Vec<T>, Vec<usize>, usize) {
    let (mut all, truths): (Vec<T>, Vec<usize>) = read.signs.into_iter().unzip();
    all.extend(read.negatives);
    (all, truths, read.skipped)
}

fn table(report: &Report) -> Result<String> {
    let evaluation = report.evaluation;
    let Evaluation {
        labels, confusion, ..
    } = evaluation;
    let mut text = format!(
        "{}, {} skipped\naccuracy {}, expected calibration error {}, refused {}\n",
        count(evaluation.images, "picture"),
        report.skipped,
        percent(evaluation.accuracy),
        percent(evaluation.ece),
        percent(report.refused),
    );
    if report.negatives > 0 {
        let (negatives, alarms) = (report.negatives, percent(report.false_alarms));
        writeln!(text, "{negatives} without a sign, false alarms {alarms}")?;
    }
    text.push('\n');
    let widest = labels.iter().map(|label| label.chars().count()).max();
    let name = widest.unwrap_or(0).max("true".len());
    let cell = widest.unwrap_or(0).max(5) + 1;
    writeln!(text, "{:name$}  {:>9}  predicted", "true", "accuracy")?;
    write!(text, "{:name$}  {:>9}", "", "")?;
    for label in labels {
        write!(text, "{label:>cell$}")?;
    }
    for (label, row) in labels.iter().zip(confusion) {
        let accuracy = evaluation.per_class.get(label);
        let accuracy = accuracy.map_or_else(|| "no picture".into(), |share| percent(*share));
        write!(text, "\n{label:name$}  {accuracy:>9}")?;
        for count in row {
            write!(text, "{count:>cell$}")?;
        }
    }
    Ok(text)
}
