//! `signet train`: a training is started, or gone on with.

mod composed;
mod config;
mod data;
mod flags;
mod interrupt;
mod negatives;
mod progress;
mod run_folder;
mod session;

use crate::folder::Purpose;
use crate::{output, weights};
use anyhow::{Context, Result, bail};
use config::{Fingerprint, RunConfig, Scenes};
use data::Data;
use flags::{Augment, Preset, absolute};
use run_folder::RunFolder;
use signet_core::{TrainConfig, Trainer};
use signet_recognizer::labels;
use std::process::ExitCode;

pub use flags::Args;

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
        let data = Data::read(&config)?;
        let initial = match (config.scenes.is_some(), data.knows_signs()) {
            (true, _) => initial.with_detector(settings.seed),
            (false, true) => initial.with_blank_detector(),
            (false, false) => initial.without_detector(),
        };
        config.pictures = data.fingerprint();
        config.held_out = data.held_out().to_vec();
        out.write_config(&config)?;
        let (training, validation) = data.into_sets();
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
                || self.photos_of.is_some()
                || self.photos_share.is_some()
            {
                bail!(
                    "--pictures, --mix, --views, --photos, --photos-of, --photos-share and \
                     --contact-sheet belong to --augment scenes"
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
                "other composed pictures (--pictures, --mix, --views, --photos, --photos-of, --photos-share)"
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
        let (training, validation) = data.into_sets();
        let trainer = Trainer::resume(&out.read_checkpoint()?, None, training, validation, &opened)
            .with_context(|| format!("cannot continue the training in {}", self.out.display()))?;
        output::line(format!(
            "continuing in epoch {} of {}",
            (trainer.history().len() + 1).min(trainer.config().epochs),
            trainer.config().epochs
        ))?;
        session::run(trainer, &out, &config)
    }
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
