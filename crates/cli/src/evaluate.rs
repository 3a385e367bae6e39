//! `signet evaluate`: how good a network is on labelled pictures.

use crate::device::DeviceChoice;
use crate::output::{self, count, percent};
use crate::{files, folder, plot, weights};
use anyhow::Result;
use indicatif::ProgressBar;
use serde::Serialize;
use signet_core::{Classifier, Dataset, Evaluation};
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Measure a network on folders of labelled pictures
///
/// Classifies every picture of all --data folders and compares with the folders' names: accuracy,
/// accuracy for each label, the confusion matrix (a row per true label) and the expected
/// calibration error over 15 bins. The labels are those of the weights file. A file that can't be
/// read as a picture is named and skipped; a folder whose name is none of the labels is an error.
#[derive(clap::Args)]
#[command(after_help = "Example:
  signet evaluate --weights signet.safetensors --data signs/val --plots plots

JSON: {images, accuracy, per_class: {LABEL: accuracy}, confusion: [[count]], ece, labels, skipped};
rows of `confusion` are the truth, columns the answers, both in the order of `labels`.")]
pub struct Args {
    /// The weights file, of any precision
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// Folders FOLDER/LABEL/IMAGE, taken together
    #[arg(long, value_name = "FOLDER", num_args = 1.., required = true)]
    data: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// A folder to draw the confusion matrix into, as confusion.svg
    #[arg(long, value_name = "FOLDER")]
    plots: Option<PathBuf>,
    /// Where to compute
    #[arg(long, value_enum, default_value_t)]
    device: DeviceChoice,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    evaluation: &'a Evaluation,
    /// Files that could not be read as pictures.
    skipped: usize,
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let classifier = weights::classifier(&self.weights, self.device)?;
        let pictures = folder::load(&self.data, classifier.labels())?;
        let evaluation = evaluate(&classifier, &pictures.dataset)?;
        if self.json {
            output::json(&Report {
                evaluation: &evaluation,
                skipped: pictures.skipped,
            })?;
        } else {
            output::line(table(&evaluation, pictures.skipped)?)?;
        }
        if let Some(folder) = self.plots {
            let path = folder.join("confusion.svg");
            files::write(&path, plot::confusion_matrix(&evaluation)?.as_bytes())?;
            eprintln!("drew {}", path.display());
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn evaluate(classifier: &Classifier, dataset: &Dataset) -> Result<Evaluation> {
    // indicatif shows it on a terminal only.
    let bar = ProgressBar::new(dataset.len() as u64);
    let mut predictions = Vec::with_capacity(dataset.len());
    for samples in dataset.samples().chunks(weights::BATCH) {
        let squares: Vec<_> = samples.iter().map(|s| s.square.clone()).collect();
        predictions.extend(pollster::block_on(classifier.classify(&squares))?);
        bar.inc(samples.len() as u64);
    }
    bar.finish_and_clear();
    let truths = dataset.samples().iter().map(|sample| sample.label);
    let answers = predictions.iter().map(|p| p.probabilities.as_slice());
    Ok(Evaluation::new(dataset.labels(), truths.zip(answers)))
}

fn table(evaluation: &Evaluation, skipped: usize) -> Result<String> {
    let Evaluation {
        labels, confusion, ..
    } = evaluation;
    let mut text = format!(
        "{}, {skipped} skipped\naccuracy {}, expected calibration error {}\n\n",
        count(evaluation.images, "picture"),
        percent(evaluation.accuracy),
        percent(evaluation.ece)
    );
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
