//! `signet export`: the file that ships, and its manifest.

mod average;
mod calibration;
mod feedback;
mod format;

use crate::named::named;
use crate::output;
use crate::{files, weights};
use anyhow::{Context, Result, bail};
use format::Format;
use serde::Serialize;
use serde_json::{Map, Value};
use signet_recognizer::weights::sha256;
use signet_recognizer::{Calibration, INPUT_SIDE, Precision, Weights};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Write weights for use: folded, and in the precision of your choice
///
/// Folds batch norm into the convolutions and stores the kernels as 32-bit floats (exact), 16-bit
/// floats (half the size), 8-bit integers with a scale per output channel (a quarter) or, the large ones,
/// 4-bit integers with a factor for each 64 weights as well (an eighth); 4 bits are best rounded with
/// --error-feedback. The file also gets the network's answer to a built-in reference picture, by which every device that
/// loads it proves that it computes rightly. With --format onnx, or onnx-int8, it is for other
/// programs: it is read again and run before it is written.
#[derive(clap::Args)]
#[command(after_help = "Example:
  signet export --weights run/best.safetensors --precision int8 --out signet.safetensors
  signet evaluate --weights signet.safetensors --data signs/val --json > metrics.json
  signet export --weights run/best.safetensors --precision int8 --out signet.safetensors \\
    --manifest manifest.json --metrics metrics.json --recipe \"signet train ...\"
  signet export --weights run/best.safetensors --precision int4 --error-feedback signs/train \\
    --calibrate signs/val --photos hands --out signet.safetensors
  signet export --weights signet.safetensors --format onnx --out signet.onnx

Formats: onnx is float32 and read by every program that reads ONNX; onnx-int8 is a quarter of it, for those
that dequantize per channel (onnxruntime, onnxruntime-web, tract from 0.23.9 on). Both have the input
`pixels`, [batch, 3, 64, 64], RGB in 0 to 1, and labels, preprocessing, threshold and reference logits in
their metadata. keras, keras-weights and keras-h5 are float32, without the detector, and have batch norms that
do nothing, so that the course's notebook loads them, if it doesn't call batch norm with training=True.")]
pub struct Args {
    /// The weights file to start from; of several of one training the mean
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    weights: Vec<PathBuf>,
    /// How kernels are stored in a safetensors file
    #[arg(long, value_name = "PRECISION",
          value_parser = named::<Precision, 4>(["f32", "f16", "int8", "int4"]))]
    precision: Option<Precision>,
    /// What to write: Signet's own file, or one for other programs
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Folders FOLDER/LABEL/IMAGE of photos on plain bright backgrounds: fit temperature and
    /// threshold to what is composed of them, and fold both into the weights
    #[arg(long, value_name = "FOLDER", num_args = 1..)]
    calibrate: Vec<PathBuf>,
    /// Folders FOLDER/LABEL/IMAGE of photos on plain bright backgrounds that were trained on: round
    /// to 4 bits so that each layer's outputs for what is composed of them change least
    #[arg(long, value_name = "FOLDER", num_args = 1..)]
    error_feedback: Vec<PathBuf>,
    /// Real photos with the hands' boxes (see signet train): calibrate with those of people that no
    /// training saw, and round with those of the others, as well
    #[arg(long, value_name = "INDEX", num_args = 1..)]
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
        let precision = self.format.precision(self.precision)?;
        if self.manifest.is_some() && self.format != Format::Safetensors {
            bail!("--manifest is for a safetensors file: leave it out, or --format");
        }
        if precision != Precision::Int4 && !self.error_feedback.is_empty() {
            bail!("--error-feedback is for --precision int4");
        }
        if !self.photos.is_empty() && self.calibrate.is_empty() && self.error_feedback.is_empty() {
            bail!("--photos are for --calibrate or --error-feedback");
        }
        let mut weights = average::read(&self.weights)?.fold();
        if !self.error_feedback.is_empty() {
            weights = feedback::round(weights, &self.error_feedback, &self.photos)?;
        }
        let calibration = if self.calibrate.is_empty() {
            None
        } else {
            let sources = calibration::Sources {
                folders: &self.calibrate,
                photos: &self.photos,
            };
            let calibration = calibration::fit(&weights, precision, &sources)?;
            output::line(format!(
                "temperature {:.3}, threshold at a sign logit of {:.2}, both folded in",
                calibration.temperature, calibration.sign_logit
            ))?;
            weights = weights.calibrate(&calibration);
            Some(calibration)
        };
        let bytes = self
            .format
            .write(weights, precision)
            .with_context(|| format!("cannot export {}", self.weights[0].display()))?;
        files::write(&self.out, &bytes)?;
        output::line(format!(
            "wrote {}: {} bytes ({:.1} MiB)",
            self.out.display(),
            bytes.len(),
            bytes.len() as f64 / 1024.0 / 1024.0
        ))?;
        if let Some(path) = &self.manifest {
            let manifest =
                self.manifest_of(&bytes, precision, metrics.unwrap_or_default(), calibration)?;
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
        precision: Precision,
        metrics: Map<String, Value>,
        calibration: Option<Calibration>,
    ) -> Result<Manifest> {
        let name = self.out.file_name().unwrap_or_default();
        Ok(Manifest {
            file: name.to_string_lossy().into_owned(),
            sha256: sha256(bytes),
            bytes: bytes.len(),
            labels: Weights::from_bytes(bytes)?.labels().to_vec(),
            precision,
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

fn read_metrics(path: &Path) -> Result<Map<String, Value>> {
    match serde_json::from_slice(&files::read(path)?) {
        Ok(Value::Object(metrics)) => Ok(metrics),
        Ok(_) => bail!("{} holds JSON but no object", path.display()),
        Err(error) => Err(error).with_context(|| format!("{} is not JSON", path.display())),
    }
}
