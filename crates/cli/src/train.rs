//! `signet train`: its flags, and what they mean together.

mod composed;
mod config;
mod data;
mod interrupt;
mod negatives;
mod progress;
mod run_folder;
mod session;

use crate::device::DeviceChoice;
use crate::folder::Purpose;
use crate::named::named;
use crate::{output, weights};
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use config::{Fingerprint, RunConfig, Scenes};
use data::Data;
use run_folder::RunFolder;
use signet_core::{Augmentation, Schedule, Scope, TrainConfig, Trainer};
use signet_recognizer::labels;
use signet_scenes::Mix;
use std::fmt::Display;
use std::path::PathBuf;
use std::process::ExitCode;

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
    data: Vec<PathBuf>,
    /// Such folders or files to score after each epoch; with --resume, those of before
    #[arg(long, value_name = "FOLDER", num_args = 1..)]
    val: Vec<PathBuf>,
    /// Names of further folders of pictures without a sign, beside none: background, nothing
    #[arg(long, value_name = "LABEL", num_args = 1..)]
    without_sign: Vec<String>,
    /// The folder to keep the results in
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Weights to start from [default: none, a Glorot-uniform draw from --seed]; other labels get
    /// a fresh head, folded batch norms stay folded
    #[arg(long, value_name = "FILE")]
    init: Option<PathBuf>,
    /// Give --init its batch norms again where they are folded in, with the statistics of the first
    /// pictures: what ships is folded, and learns better with them
    #[arg(long = "unfold", requires = "init")]
    restore_batch_norm: bool,
    /// A whole recipe; the flags below then change single settings of it
    #[arg(long)]
    preset: Option<Preset>,
    #[arg(long, value_name = "PART", value_parser = named::<Scope, 3>(["head", "stage", "all"]),
          help = or("How much learns: the dense layer, stage 5 and the dense layer, or everything",
                    |config| word(&config.scope)))]
    scope: Option<Scope>,
    #[arg(long, value_name = "N",
          help = or("Passes over the training pictures", |config| config.epochs))]
    epochs: Option<usize>,
    #[arg(long, value_name = "N",
          help = or("Pictures in a step", |config| config.batch_size))]
    batch_size: Option<usize>,
    #[arg(long, value_name = "X",
          help = or("Adam's learning rate at the start", |config| config.learning_rate))]
    learning_rate: Option<f64>,
    #[arg(long, value_name = "CURVE",
          value_parser = named::<Schedule, 2>(["constant", "cosine"]),
          help = or("How the learning rate goes on: as it is, or to zero along half a cosine",
                    |config| word(&config.schedule)))]
    schedule: Option<Schedule>,
    #[arg(long, value_name = "X",
          help = or("Share of all steps over which the learning rate first rises from zero",
                    |config| config.warm_up))]
    warm_up: Option<f64>,
    #[arg(long, value_name = "X",
          help = or("Weight of a batch in batch norm's running statistics (Keras: 1 less this)",
                    |config| config.momentum))]
    momentum: Option<f64>,
    #[arg(long, value_name = "X",
          help = or("Share of the probability that is spread over all classes",
                    |config| config.label_smoothing))]
    label_smoothing: Option<f32>,
    /// Random changes to the training pictures [default: light]
    #[arg(long, value_name = "HOW")]
    augment: Option<Augment>,
    /// Composed pictures in an epoch, with --augment scenes [default: 8192]
    #[arg(long, value_name = "N")]
    pictures: Option<usize>,
    /// Shares of photos, cut-out hands, procedural hands, drawings and pictures without a sign, with
    /// --augment scenes [default: 0.16,0.34,0.26,0.11,0.13]
    #[arg(long, value_name = "SHARES")]
    mix: Option<Mix>,
    /// How often each composed picture is learned from, with --augment scenes: after the first time
    /// changed lightly at random, for devices that learn faster than pictures are composed
    /// [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    views: Option<u16>,
    /// Real photos with the hands' boxes, with --augment scenes: folders with an index.tsv, or such
    /// tables, whose columns are file, source, label (0 to 5 or none), left, top, right, bottom.
    /// Crops about the hands of some people are learned from, those of the others are scored after
    /// each epoch
    #[arg(long, value_name = "INDEX", num_args = 1..)]
    photos: Vec<PathBuf>,
    /// Share of these crops among the pictures [default: 0.5]
    #[arg(long, value_name = "X", value_parser = share)]
    photos_share: Option<f64>,
    /// Keep the weights of every epoch, as epoch-1.safetensors and so on: signet export takes the
    /// mean of several
    #[arg(long)]
    keep_epochs: bool,
    /// Write the first pictures that would be learned from into a PNG, and stop
    #[arg(long, value_name = "FILE")]
    contact_sheet: Option<PathBuf>,
    #[arg(long, value_name = "N",
          help = or("Where all randomness comes from", |config| config.seed))]
    seed: Option<u64>,
    /// Where to compute [default: flex]
    #[arg(long)]
    device: Option<DeviceChoice>,
    /// Compute with bfloat16 where it does no harm: faster on graphics cards, and on processors
    /// that have instructions for it, with --device libtorch or libtorch-cuda
    #[arg(long)]
    mixed_precision: bool,
    /// Go on from the checkpoint in --out, with its settings
    #[arg(long)]
    resume: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Preset {
    /// As taught with the SIGNS data: from scratch, Adam 0.001, 10 epochs of 32, plain pictures
    Reference,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum Augment {
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
    pub fn run(self) -> Result<ExitCode> {
        let out = RunFolder(self.out.clone());
        match (self.resume, out.has_checkpoint()) {
            (true, true) => self.resume(out),
            (false, false) => self.start(out),
            (true, false) => bail!(
                "{} has no checkpoint to go on from; leave out --resume to start a training there",
                self.out.display()
            ),
            (false, true) => bail!(
                "{} already holds a training; go on with it by --resume, or give another --out",
                self.out.display()
            ),
        }
    }

    fn start(&self, out: RunFolder) -> Result<ExitCode> {
        let base = match self.preset {
            Some(Preset::Reference) => TrainConfig::reference(),
            None => TrainConfig::default(),
        };
        let settings = self.over(base);
        settings.validate()?;
        let device = self.device.unwrap_or_default();
        // Before the pictures are read, since that takes longer.
        let opened = device.open()?;
        let mut config = RunConfig {
            training: settings.clone(),
            labels: Vec::new(),
            data: absolute(&self.data)?,
            val: absolute(&self.val)?,
            without_sign: self.without_sign.clone(),
            init: self.init.as_ref().map(std::path::absolute).transpose()?,
            device,
            scenes: None,
            keep_epochs: self.keep_epochs,
            held_out: Vec::new(),
            new_detector: false,
            pictures: Fingerprint::default(),
        };
        // As they were given: what is said of a folder is then said of its name.
        let labels = config.source(&self.data, Purpose::Training).find_labels()?;
        config.scenes = self.scenes(&labels)?;
        config.labels = labels.clone();
        if let Some(path) = &self.contact_sheet {
            return data::write_contact_sheet(&config, path);
        }
        let initial = weights::initial(self.init.as_deref(), &labels, settings.seed)?;
        config.new_detector = !initial.config().detector;
        let data = Data::read(&config)?;
        let initial = if data.knows_signs() {
            initial.with_detector(settings.seed)
        } else {
            initial.without_detector()
        };
        config.pictures = data.fingerprint();
        config.held_out = data.held_out().to_vec();
        out.write_config(&config)?;
        let (training, validation) = data.into_sets(config.new_detector);
        let initial = if self.restore_batch_norm {
            pollster::block_on(signet_core::restore_batch_norm(
                initial, &*training, &settings, &opened,
            ))?
        } else {
            initial
        };
        let trainer = Trainer::new(initial, training, validation, settings, &opened)?;
        session::run(trainer, &out, &config)
    }

    /// The composition that the flags ask for.
    fn scenes(&self, labels: &[String]) -> Result<Option<Scenes>> {
        if self.augment != Some(Augment::Scenes) {
            if self.pictures.is_some()
                || self.mix.is_some()
                || self.views.is_some()
                || self.contact_sheet.is_some()
                || !self.photos.is_empty()
                || self.photos_share.is_some()
            {
                bail!(
                    "--pictures, --mix, --views, --photos, --photos-share and --contact-sheet \
                     belong to --augment scenes"
                );
            }
            return Ok(None);
        }
        if labels != labels::digits() {
            bail!(
                "--augment scenes adds hands that show 0 to 5, and the pictures are labelled {}; \
                 use --augment light",
                labels.join(", ")
            );
        }
        Ok(Some(self.composing(Scenes::default())?))
    }

    /// `base` with every setting of the composition that a flag gives.
    fn composing(&self, base: Scenes) -> Result<Scenes> {
        Ok(Scenes {
            pictures: self.pictures.unwrap_or(base.pictures),
            mix: self.mix.unwrap_or(base.mix),
            views: self.views.map_or(base.views, usize::from),
            photos: if self.photos.is_empty() {
                base.photos
            } else {
                absolute(&self.photos)?
            },
            photos_share: self.photos_share.unwrap_or(base.photos_share),
        })
    }

    fn resume(&self, out: RunFolder) -> Result<ExitCode> {
        let mut config = out.read_config()?;
        let base = match self.preset {
            Some(Preset::Reference) => TrainConfig::reference(),
            None => config.training.clone(),
        };
        let mut differences = differences(&config.training, &self.over(base))?;
        let init = self.init.as_ref().map(std::path::absolute).transpose()?;
        let scenes = |given: Option<Augment>| given.map(|augment| augment == Augment::Scenes);
        if scenes(self.augment).is_some_and(|asked| asked != config.scenes.is_some()) {
            differences.push("other training pictures (--augment)".into());
        }
        let was = config.scenes.clone().unwrap_or_default();
        if self.composing(was.clone())? != was {
            differences.push(
                "other composed pictures (--pictures, --mix, --views, --photos, --photos-share)"
                    .into(),
            );
        }
        if !self.without_sign.is_empty() && self.without_sign != config.without_sign {
            differences.push("other pictures without a sign (--without-sign)".into());
        }
        if init.is_some() && init != config.init {
            differences.push("other weights to start from (--init)".into());
        }
        if !differences.is_empty() {
            bail!(
                "the training in {} was started with other settings than these: {}; leave those \
                 flags out, or give another --out",
                self.out.display(),
                differences.join(", ")
            );
        }
        if let Some(device) = self.device
            && device != config.device
        {
            output::note(format_args!(
                "the training was started on {}; on {device} its numbers will differ in the last \
                 digits",
                config.device
            ));
            config.device = device;
        }
        let opened = config.device.open()?;
        for (given, saved) in [(&self.data, &mut config.data), (&self.val, &mut config.val)] {
            if !given.is_empty() {
                *saved = absolute(given)?;
            }
        }
        let data = Data::read(&config)?;
        if data.fingerprint() != config.pictures {
            bail!(
                "the pictures are not those that the training in {out} was started with, in the \
                 same order, so it can't be continued exactly; bring them back, or start anew with \
                 --init {out}/best.safetensors and another --out",
                out = self.out.display()
            );
        }
        let (training, validation) = data.into_sets(config.new_detector);
        let trainer = Trainer::resume(&out.read_checkpoint()?, None, training, validation, &opened)
            .with_context(|| format!("cannot continue the training in {}", self.out.display()))?;
        output::line(format!(
            "continuing in epoch {} of {}",
            (trainer.history().len() + 1).min(trainer.config().epochs),
            trainer.config().epochs
        ))?;
        session::run(trainer, &out, &config)
    }

    /// `base` with every setting that a flag gives.
    fn over(&self, base: TrainConfig) -> TrainConfig {
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
}

/// A number from 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("a number from 0 to 1 is wanted".into()),
    }
}

/// Paths that mean the same from every working directory.
fn absolute(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let paths = paths.iter().map(std::path::absolute);
    Ok(paths.collect::<std::io::Result<_>>()?)
}

/// The settings in which `asked` is not what it was, in words.
fn differences(was: &TrainConfig, asked: &TrainConfig) -> Result<Vec<String>> {
    let (was, asked) = (serde_json::to_value(was)?, serde_json::to_value(asked)?);
    let settings = was.as_object().into_iter().flatten();
    let different = settings.filter(|(name, value)| asked[name.as_str()] != **value);
    Ok(different
        .map(|(name, value)| {
            let (name, asked) = (name.replace('_', " "), &asked[name.as_str()]);
            format!("{name} was {value} and not {asked}")
        })
        .collect())
}
