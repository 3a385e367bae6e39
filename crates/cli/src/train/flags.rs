//! The flags of `signet train`, and what they change of settings.

use super::config::Scenes;
use crate::device::DeviceChoice;
use crate::named::named;
use crate::photos::Part;
use anyhow::Result;
use clap::ValueEnum;
use signet_core::{Augmentation, Schedule, Scope, TrainConfig};
use signet_scenes::Mix;
use std::fmt::Display;
use std::path::PathBuf;

/// Train a network on folders of labelled pictures
///
/// Learns from all --data folders together, scores every --val folder on its own after each
/// epoch, and keeps in the --out folder: best.safetensors (the best epoch by mean validation
/// accuracy, then loss), last.safetensors (at the end), checkpoint.safetensors (to go on from),
/// history.csv, curves.svg and config.json. Ctrl-C finishes the batch and writes the checkpoint;
/// the same command with --resume then continues exactly as if it had never stopped. A second
/// Ctrl-C quits at once.
///
/// Pictures in a folder `none` show no sign: with them the network also learns to say so. Of an HDF5
/// file with both sets --data takes train_set_* and --val takes test_set_*. What can't be read as a
/// picture is named and skipped.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  signet train --data signs/train --val signs/val --init imagenet.safetensors --out run
  signet train --data signs/train --val signs/val --out reference --preset reference
  signet train --out run --resume")]
pub struct Args {
    /// Folders FOLDER/LABEL/IMAGE or HDF5 files of the course to learn from; with --resume, those
    /// of before
    #[arg(long, value_name = "FOLDER", num_args = 1.., required_unless_present = "resume")]
    pub(super) data: Vec<PathBuf>,
    /// Such folders or files to score after each epoch; with --resume, those of before
    #[arg(long, value_name = "FOLDER", num_args = 1..)]
    pub(super) val: Vec<PathBuf>,
    /// Names of further folders of pictures without a sign, beside none: background, nothing
    #[arg(long, value_name = "LABEL", num_args = 1..)]
    pub(super) without_sign: Vec<String>,
    /// The folder to keep the results in
    #[arg(long, value_name = "FOLDER")]
    pub(super) out: PathBuf,
    /// Weights to start from [default: none, a Glorot-uniform draw from --seed]; other labels get
    /// a fresh head, folded batch norms stay folded
    #[arg(long, value_name = "FILE")]
    pub(super) init: Option<PathBuf>,
    /// Give --init its batch norms again where they are folded in, with the statistics of the first
    /// pictures: what ships is folded, and learns better with them
    #[arg(long = "unfold", requires = "init")]
    pub(super) restore_batch_norm: bool,
    /// A whole recipe; the flags below then change single settings of it
    #[arg(long)]
    pub(super) preset: Option<Preset>,
    #[arg(long, value_name = "PART", value_parser = named::<Scope, 3>(["head", "stage", "all"]),
          help = or("How much learns: the dense layer, stage 5 and the dense layer, or everything",
                    |config| word(&config.scope)))]
    pub(super) scope: Option<Scope>,
    #[arg(long, value_name = "N",
          help = or("Passes over the training pictures", |config| config.epochs))]
    pub(super) epochs: Option<usize>,
    #[arg(long, value_name = "N",
          help = or("Pictures in a step", |config| config.batch_size))]
    pub(super) batch_size: Option<usize>,
    #[arg(long, value_name = "X",
          help = or("Adam's learning rate at the start", |config| config.learning_rate))]
    pub(super) learning_rate: Option<f64>,
    #[arg(long, value_name = "CURVE",
          value_parser = named::<Schedule, 2>(["constant", "cosine"]),
          help = or("How the learning rate goes on: as it is, or to zero along half a cosine",
                    |config| word(&config.schedule)))]
    pub(super) schedule: Option<Schedule>,
    #[arg(long, value_name = "X",
          help = or("Share of all steps over which the learning rate first rises from zero",
                    |config| config.warm_up))]
    pub(super) warm_up: Option<f64>,
    #[arg(long, value_name = "X",
          help = or("Weight of a batch in batch norm's running statistics (Keras: 1 less this)",
                    |config| config.momentum))]
    pub(super) momentum: Option<f64>,
    #[arg(long, value_name = "X",
          help = or("Share of the probability that is spread over all classes",
                    |config| config.label_smoothing))]
    pub(super) label_smoothing: Option<f32>,
    /// Random changes to the training pictures [default: light]
    #[arg(long, value_name = "HOW")]
    pub(super) augment: Option<Augment>,
    /// Composed pictures in an epoch, with --augment scenes [default: 8192]
    #[arg(long, value_name = "N")]
    pub(super) pictures: Option<usize>,
    /// Shares of photos, cut-out hands, procedural hands, drawings and pictures without a sign, with
    /// --augment scenes [default: 0.16,0.34,0.26,0.11,0.13]
    #[arg(long, value_name = "SHARES")]
    pub(super) mix: Option<Mix>,
    /// How often each composed picture is learned from, with --augment scenes: after the first time
    /// changed lightly at random, for devices that learn faster than pictures are composed
    /// [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) views: Option<u16>,
    /// Real photos with the hands' boxes, with --augment scenes: folders with an index.tsv, or such
    /// tables, whose columns are file, source, label (0 to 5 or none), left, top, right, bottom.
    /// Crops about the hands of some people are learned from, those of the others are scored after
    /// each epoch
    #[arg(long, value_name = "INDEX", num_args = 1..)]
    pub(super) photos: Vec<PathBuf>,
    /// Whose photos are learned from [default: training]; with `all` nobody is held out, and the
    /// scores of these photos say nothing of strangers
    #[arg(long, value_enum, value_name = "PART")]
    pub(super) photos_of: Option<Part>,
    /// Share of these crops among the pictures [default: 0.5]
    #[arg(long, value_name = "X", value_parser = share)]
    pub(super) photos_share: Option<f64>,
    /// Keep the weights of every epoch, as epoch-1.safetensors and so on: signet export takes the
    /// mean of several
    #[arg(long)]
    pub(super) keep_epochs: bool,
    /// Write the first pictures that would be learned from into a PNG, and stop
    #[arg(long, value_name = "FILE")]
    pub(super) contact_sheet: Option<PathBuf>,
    #[arg(long, value_name = "N",
          help = or("Where all randomness comes from", |config| config.seed))]
    pub(super) seed: Option<u64>,
    /// Where to compute [default: flex]
    #[arg(long)]
    pub(super) device: Option<DeviceChoice>,
    /// Compute with bfloat16 where it does no harm: faster on graphics cards, and on processors
    /// that have instructions for it, with --device libtorch or libtorch-cuda
    #[arg(long)]
    pub(super) mixed_precision: bool,
    /// Go on from the checkpoint in --out, with its settings
    #[arg(long)]
    pub(super) resume: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Preset {
    /// As taught with the SIGNS data: from scratch, Adam 0.001, 10 epochs of 32, plain pictures
    Reference,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Augment {
    /// Flips, small rotations, zooms and shifts, changes of light and colour
    Light,
    /// The hands are cut out and composed with other surroundings, lights and cameras, beside
    /// procedural hands, drawings and pictures without a sign; the network also learns to say
    /// that there is no sign, and where the hand is. Wants photos on plain bright backgrounds,
    /// labelled 0 to 5
    Scenes,
    /// The pictures as they are
    None,
}

impl Augment {
    fn augmentation(self) -> Augmentation {
        match self {
            Self::Light | Self::Scenes => Augmentation::LIGHT,
            Self::None => Augmentation::NONE,
        }
    }
}

/// A help text with the default of core's recipe behind it.
fn or<T: Display>(text: &str, default: impl Fn(&TrainConfig) -> T) -> String {
    format!("{text} [default: {}]", default(&TrainConfig::default()))
}

/// The word for a setting in JSON, which is also the one on the command line.
fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

impl Args {
    /// `base` with every setting that a flag gives.
    pub(super) fn over(&self, base: TrainConfig) -> TrainConfig {
        TrainConfig {
            epochs: self.epochs.unwrap_or(base.epochs),
            batch_size: self.batch_size.unwrap_or(base.batch_size),
            learning_rate: self.learning_rate.unwrap_or(base.learning_rate),
            schedule: self.schedule.unwrap_or(base.schedule),
            warm_up: self.warm_up.unwrap_or(base.warm_up),
            momentum: self.momentum.unwrap_or(base.momentum),
            mixed_precision: self.mixed_precision || base.mixed_precision,
            scope: self.scope.unwrap_or(base.scope),
            augmentation: self
                .augment
                .map_or(base.augmentation, Augment::augmentation),
            label_smoothing: self.label_smoothing.unwrap_or(base.label_smoothing),
            seed: self.seed.unwrap_or(base.seed),
            ..base
        }
    }

    /// `base` with every setting of the composition that a flag gives.
    pub(super) fn composing(&self, base: Scenes) -> Result<Scenes> {
        Ok(Scenes {
            pictures: self.pictures.unwrap_or(base.pictures),
            mix: self.mix.unwrap_or(base.mix),
            views: self.views.map_or(base.views, usize::from),
            photos: if self.photos.is_empty() {
                base.photos
            } else {
                absolute(&self.photos)?
            },
            photos_of: self.photos_of.unwrap_or(base.photos_of),
            photos_share: self.photos_share.unwrap_or(base.photos_share),
        })
    }
}

/// A number from 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("a number from 0 to 1 is wanted".into()),
    }
}

/// Paths that mean the same from every working directory.
pub(super) fn absolute(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let paths = paths.iter().map(std::path::absolute);
    Ok(paths.collect::<std::io::Result<_>>()?)
}
