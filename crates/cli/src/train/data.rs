//! What a training learns from and is scored on.

use super::composed::Composed;
use super::config::{Fingerprint, RunConfig, SCORED, Scenes, fingerprint};
use super::negatives::WithNegatives;
use crate::folder::Purpose;
use crate::output::{self, count};
use crate::{files, photos, sheet};
use anyhow::Result;
use signet_core::{Augmentation, AugmentationKey, Dataset, Example, Sample, Target, TrainingSet};
use signet_recognizer::{INPUT_SIDE, InputImage, Picture};
use signet_scenes::{Composer, Hands, dataset, procedural_hands};
use std::path::Path;
use std::process::ExitCode;

/// Not the pictures that the finished model is measured on: an epoch is chosen by these.
const SCORED_ROUND: u64 = 1;

/// Tiles of a contact sheet.
const TILES: usize = 192;

/// The pictures of a training.
pub struct Data {
    /// The photos, as the network would see them.
    photos: Dataset,
    /// Pictures without a sign.
    negatives: Vec<InputImage>,
    composer: Option<Composed>,
    validation: Vec<Dataset>,
    held_out: Vec<String>,
}

impl Data {
    /// Reads what a training was told to learn from.
    pub fn read(config: &RunConfig) -> Result<Self> {
        let labels = &config.labels;
        let sets = config.val.iter().map(std::slice::from_ref);
        let mut sets = sets.map(|folder| config.source(folder, Purpose::Validation));
        let training = config.source(&config.data, Purpose::Training);
        let (photos, negatives, validation, composed) = match &config.scenes {
            None => {
                let (photos, negatives) = training.load(labels)?;
                let sets = sets.map(|folder| Ok(folder.load(labels)?.0));
                (photos, negatives, sets.collect::<Result<Vec<_>>>()?, None)
            }
            Some(scenes) => {
                // Whole pictures, since hands are cut out of them before they are scaled.
                let read = training.read(labels, |picture| picture)?;
                let (mut validation, mut held_out) = (Vec::new(), Vec::new());
                sets.try_for_each(|folder| {
                    let pictures = folder.read(labels, |picture| picture)?.signs;
                    validation.push(inputs(labels, &pictures)?);
                    held_out.extend(pictures);
                    anyhow::Ok(())
                })?;
                let negatives = read.negatives.iter();
                let negatives = negatives.map(|picture| picture.to_input(INPUT_SIDE));
                (
                    inputs(labels, &read.signs)?,
                    negatives.collect(),
                    validation,
                    Some((scenes, read.signs, held_out)),
                )
            }
        };
        let validating: usize = validation.iter().map(Dataset::len).sum();
        let without = match negatives.len() {
            0 => String::new(),
            n => format!(" and {n} without a sign"),
        };
        output::line(format!(
            "{}{without} for training, {validating} for validation, labels {}",
            count(photos.len(), "picture"),
            labels.join(", ")
        ))?;
        name_unseen(&photos);
        let mut data = Self {
            photos,
            negatives,
            composer: None,
            validation,
            held_out: Vec::new(),
        };
        if let Some((scenes, pictures, held_out)) = composed {
            data.composer = Some(compose(labels, pictures, scenes)?);
            // Without validation folders there is nobody's hand to make suites of.
            if !held_out.is_empty() {
                let hands = Hands::of(&held_out);
                for suite in SCORED {
                    let cases = suite.cases(&hands, SCORED_ROUND)?;
                    data.validation.push(dataset(labels, &cases)?);
                }
            }
            if !scenes.photos.is_empty() {
                let sets = photos::validation(&scenes.photos, labels)?;
                let (names, sets): (Vec<_>, Vec<_>) = sets.into_iter().unzip();
                data.held_out = names;
                data.validation.extend(sets);
            }
        }
        Ok(data)
    }

    /// The sources of real photos that are held out.
    pub fn held_out(&self) -> &[String] {
        &self.held_out
    }

    /// By which a resumed training knows its pictures again.
    pub fn fingerprint(&self) -> Fingerprint {
        fingerprint(&self.photos, &self.negatives, &self.validation)
    }

    /// Whether there is anything that trains a detector.
    pub fn knows_signs(&self) -> bool {
        self.composer.is_some() || !self.negatives.is_empty()
    }

    /// The training set and the validation sets.
    pub fn into_sets(self) -> (Box<dyn TrainingSet>, Vec<Dataset>) {
        let training: Box<dyn TrainingSet> = match self.composer {
            Some(composer) if self.negatives.is_empty() => Box::new(composer),
            Some(composer) => Box::new(WithNegatives::new(composer, self.negatives)),
            None => Box::new(self.photos.with_negatives(self.negatives)),
        };
        (training, self.validation)
    }
}

/// Draws the first pictures that a training would learn from, framed in a colour for each label.
pub fn write_contact_sheet(config: &RunConfig, path: &Path) -> Result<ExitCode> {
    let scenes = config.scenes.clone().unwrap_or_default();
    let source = config.source(&config.data, Purpose::Training);
    let photos = source.read(&config.labels, |picture| picture)?.signs;
    let composer = compose(&config.labels, photos, &scenes)?;
    let indices: Vec<usize> = (0..TILES).collect();
    let key = AugmentationKey {
        augmentation: &Augmentation::NONE,
        seed: config.training.seed,
        epoch: 0,
    };
    let examples = composer.examples(&indices, Some(key));
    let tiles = examples.iter().map(|Example { input, target }| {
        let Target {
            label, presence, ..
        } = target;
        (input, label.or(presence.map(|_| usize::MAX)))
    });
    files::write(path, &sheet::png(tiles)?)?;
    output::line(format!("wrote {}", path.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn compose(labels: &[String], photos: Vec<(Picture, usize)>, scenes: &Scenes) -> Result<Composed> {
    let (labels, mix) = (labels.to_vec(), scenes.mix);
    let composer = Composer::new(labels, photos, procedural_hands(), mix, scenes.pictures)?;
    let (photos, cut) = composer.counts();
    output::line(format!("{cut} of {photos} hands could be cut out"))?;
    let mut composer = composer.with_augmentations(scenes.views);
    if !scenes.photos.is_empty() {
        let real = photos::training(&scenes.photos, composer.labels(), scenes.photos_of)?;
        output::line(format!(
            "{} with boxes or framed",
            count(real.len(), "real photo")
        ))?;
        composer = composer.with_real_photos(real, scenes.photos_share);
    }
    Ok(Composed::new(composer))
}

/// Photos as the network would see them.
fn inputs(labels: &[String], photos: &[(Picture, usize)]) -> Result<Dataset> {
    let samples = photos.iter().map(|(picture, label)| Sample {
        input: picture.to_input(INPUT_SIDE),
        label: *label,
    });
    Ok(Dataset::new(labels.to_vec(), samples.collect())?)
}

/// Warns of labels that no training picture shows.
fn name_unseen(photos: &Dataset) {
    let unseen = photos.labels().iter().enumerate().filter(|(index, _)| {
        let mut samples = photos.samples().iter();
        !samples.any(|sample| sample.label == *index)
    });
    let unseen: Vec<_> = unseen.map(|(_, label)| label.as_str()).collect();
    if !unseen.is_empty() {
        output::note(format_args!(
            "no training picture shows {}: the network can't learn these labels",
            unseen.join(", ")
        ));
    }
}
