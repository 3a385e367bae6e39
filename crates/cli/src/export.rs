//! `signet export`: the file that ships, and its manifest.

mod average;
mod calibration;

use crate::named::named;
use crate::output;
use crate::{files, weights};
use anyhow::{Context, Result, bail};
use serde::Serialize;
use serde_json::{Map, Value};
use signet_recognizer::weights::sha256;
use signet_recognizer::{
    Arithmetic, Calibration, Classifier, INPUT_SIDE, InputImage, Precision, Weights,
};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Write weights for use: folded, and in the precision of your choice
///
/// Folds batch norm into the convolutions and stores the kernels as 32-bit floats (exact), 16-bit
/// floats (half the size) or 8-bit integers with a scale per output channel (a quarter). The file
/// also gets the network's answer to a built-in reference picture, by which every device that
/// loads it proves that it computes rightly.
#[derive(clap::Args)]
#[command(after_help = "Example:
  signet export --weights run/best.safetensors --precision int8 --out signet.safetensors
  signet evaluate --weights signet.safetensors --data signs/val --json > metrics.json
  signet export --weights run/best.safetensors --precision int8 --out signet.safetensors \\
    --manifest manifest.json --metrics metrics.json --recipe \"signet train ...\"")]
pub struct Args {
    /// The weights file to start from; of several of one training the mean
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    weights: Vec<PathBuf>,
    /// How kernels are stored
    #[arg(long, value_name = "PRECISION",
          value_parser = named::<Precision, 3>(["f32", "f16", "int8"]))]
    precision: Precision,
    /// The weights file to write (safetensors)
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Folders FOLDER/LABEL/IMAGE of photos on plain bright backgrounds: fit temperature and
    /// threshold to what is composed of them, and fold both into the weights
    #[arg(long, value_name = "FOLDER", num_args = 1..)]
    calibrate: Vec<PathBuf>,
    /// Real photos with the hands' boxes (see signet train): fit temperature and threshold to those
    /// of people that no training saw as well
    #[arg(long, value_name = "INDEX", num_args = 1.., requires = "calibrate")]
    photos: Vec<PathBuf>,
    /// A manifest to write: file name, SHA-256, size, labels, precision, input convention
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// A JSON object to put into the manifest as `metrics`
    #[arg(long, value_name = "FILE", requires = "manifest")]
    metrics: Option<PathBuf>,
    /// How the weights were trained, to put into the manifest as `recipe`
    #[arg(long, value_name = "TEXT", requires = "manifest")]
    recipe: Option<String>,
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let metrics = self.metrics.as_deref().map(read_metrics).transpose()?;
        let mut weights = average::read(&self.weights)?.fold();
        let calibration = if self.calibrate.is_empty() {
            None
        } else {
            let sources = calibration::Sources {
                folders: &self.calibrate,
                photos: &self.photos,
            };
            let calibration = calibration::fit(&weights, self.precision, &sources)?;
            output::line(format!(
                "temperature {:.3}, threshold at a sign logit of {:.2}, both folded in",
                calibration.temperature, calibration.sign_logit
            ))?;
            weights = weights.calibrate(&calibration);
            Some(calibration)
        };
        let logits = reference_logits(&weights, self.precision)
            .with_context(|| format!("cannot export {}", self.weights[0].display()))?;
        let bytes = weights
            .with_reference_logits(logits)?
            .to_bytes(self.precision)?;
        files::write(&self.out, &bytes)?;
        output::line(format!(
            "wrote {}: {} bytes ({:.1} MiB)",
            self.out.display(),
            bytes.len(),
            bytes.len() as f64 / 1024.0 / 1024.0
        ))?;
        if let Some(path) = &self.manifest {
            let manifest = self.manifest_of(&bytes, metrics.unwrap_or_default(), calibration)?;
            let mut text = serde_json::to_vec_pretty(&manifest)?;
            text.push(b'\n');
            files::write(path, &text)?;
            output::line(format!("wrote {}", path.display()))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    /// What is to be known of the file before it is loaded.
    fn manifest_of(
        &self,
        bytes: &[u8],
        metrics: Map<String, Value>,
        calibration: Option<Calibration>,
    ) -> Result<Manifest> {
        let name = self.out.file_name().unwrap_or_default();
        Ok(Manifest {
            file: name.to_string_lossy().into_owned(),
            sha256: sha256(bytes),
            bytes: bytes.len(),
            labels: Weights::from_bytes(bytes)?.labels().to_vec(),
            precision: self.precision,
            input: InputConvention {
                width: INPUT_SIDE,
                height: INPUT_SIDE,
                channels: "RGB",
                range: [0, 1],
                layout: "NCHW",
                crop: "centre",
            },
            threshold: weights::THRESHOLD,
            calibration,
            metrics,
            recipe: self.recipe.clone().unwrap_or_default(),
        })
    }
}

/// The manifest beside a weights file.
#[derive(Serialize)]
struct Manifest {
    file: String,
    sha256: String,
    bytes: usize,
    labels: Vec<String>,
    precision: Precision,
    input: InputConvention,
    /// A sign that is less probable than this is answered with none.
    threshold: f32,
    /// What has been folded into the weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    calibration: Option<Calibration>,
    metrics: Map<String, Value>,
    recipe: String,
}

/// What the network takes.
#[derive(Serialize)]
struct InputConvention {
    width: usize,
    height: usize,
    channels: &'static str,
    range: [u8; 2],
    layout: &'static str,
    crop: &'static str,
}

/// The logits of the very numbers that the file will hold: they are read back from their stored
/// form, so that quantisation doesn't look like a device that computes wrongly.
fn reference_logits(weights: &Weights, precision: Precision) -> Result<Vec<f32>> {
    let stored = Weights::from_bytes(&weights.to_bytes(precision)?)?;
    let classifier = Classifier::on_cpu(&stored, Arithmetic::Fastest);
    let logits = pollster::block_on(classifier.logits(&[InputImage::reference()]))?;
    Ok(logits.concat())
}

fn read_metrics(path: &Path) -> Result<Map<String, Value>> {
    match serde_json::from_slice(&files::read(path)?) {
        Ok(Value::Object(metrics)) => Ok(metrics),
        Ok(_) => bail!("{} holds JSON but no object", path.display()),
        Err(error) => Err(error).with_context(|| format!("{} is not JSON", path.display())),
    }
}
