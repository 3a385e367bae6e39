//! The suite `real`: photos of people that no training saw, in the center crop, with localization,
//! and in the crop that the hand's box gives.

mod candidates;
mod case;
mod report;

use super::answers;
use crate::photos::{self, Part};
use crate::{plot, sheet};
use anyhow::{Result, bail};
use case::{Case, VIEWS};
use report::Report;
use signet_recognizer::{Classifier, Crop, Evaluation, INPUT_SIDE, NO_SIGN, Picture};
use signet_scenes::{Framing, RealPhoto};
use std::path::{Path, PathBuf};

pub use report::print;

/// Mistakes on a sheet.
const WORST: usize = 192;

/// What is asked for.
pub struct Settings<'a> {
    pub threshold: f32,
    pub part: Part,
    pub plots: Option<&'a Path>,
    pub candidates: Option<&'a Path>,
}

/// Answers photos and reports.
pub fn evaluate(
    classifier: &Classifier,
    indices: &[PathBuf],
    settings: &Settings,
) -> Result<Report> {
    let labels = classifier.labels();
    let sources = photos::read(indices, labels, settings.part)?;
    let mut cases = Vec::new();
    let mut shown = Vec::new();
    let mut names = Vec::new();
    if let Some(path) = settings.candidates {
        candidates::write(classifier, &sources, path)?;
    }
    for (source, photos::Source { name, photos }) in sources.into_iter().enumerate() {
        names.push(name);
        for (photo, answered) in answer(classifier, source, photos)? {
            cases.push(answered);
            shown.push(photo);
        }
    }
    if cases.is_empty() {
        bail!("the index lists no photo of the people asked for (--part)");
    }
    if let Some(folder) = settings.plots {
        draw(folder, labels, &cases, &shown, settings.threshold)?;
    }
    Ok(Report::new(labels, &names, &cases, settings.threshold))
}

fn answer(
    classifier: &Classifier,
    source: usize,
    photos: Vec<RealPhoto>,
) -> Result<Vec<(Picture, Case)>> {
    let crops = |crop: &dyn Fn(&RealPhoto) -> Crop| {
        let inputs = photos
            .iter()
            .map(|photo| photo.picture.input_of(crop(photo), INPUT_SIDE));
        answers::classify(classifier, &inputs.collect::<Vec<_>>())
    };
    let center = crops(&|photo| photo.picture.center_crop())?;
    let boxed = crops(&RealPhoto::true_crop)?;
    let (found, crops) = answers::localize(classifier, photos.iter().map(|p| &p.picture))?;
    let predictions = center.into_iter().zip(found).zip(boxed);
    let answered = photos.into_iter().zip(crops).zip(predictions);
    let cases = answered.map(|((photo, crop), ((center, found), boxed))| {
        let case = Case {
            source,
            truth: photo.label,
            predictions: [center, found, boxed],
            crops: [photo.picture.center_crop(), crop, photo.true_crop()],
            boxed: matches!(photo.framing, Framing::Boxed(_)),
            framed: is_framed(&photo),
        };
        (photo.picture, case)
    });
    Ok(cases.collect())
}

/// Whether the center crop shows the whole hand, at half of the crop's side or more.
fn is_framed(photo: &RealPhoto) -> bool {
    let Framing::Boxed([left, top, right, bottom]) = photo.framing else {
        return photo.label.is_some();
    };
    let crop = photo.picture.center_crop();
    let [from_x, from_y, side] = [crop.left, crop.top, crop.side].map(|pixels| pixels as f32);
    // Boxes of detectors are a few pixels off.
    let slack = 0.04 * side;
    photo.label.is_some()
        && (right - left).max(bottom - top) >= 0.5 * side
        && left >= from_x - slack
        && top >= from_y - slack
        && right <= from_x + side + slack
        && bottom <= from_y + side + slack
}

/// Reliability diagrams, and sheets of the mistakes that the network was surest of. For nobody
/// else's eyes: they show people.
fn draw(
    folder: &Path,
    labels: &[String],
    cases: &[Case],
    shown: &[Picture],
    threshold: f32,
) -> Result<()> {
    for (at, view) in VIEWS.iter().enumerate() {
        let name = view.name();
        let signs = cases.iter().filter_map(|case| {
            let prediction = &case.predictions[at];
            Some((case.truth?, prediction.probabilities.as_slice()))
        });
        let svg = plot::reliability(&Evaluation::new(labels, signs))?;
        plot::save(folder, &format!("reliability-real-{name}.svg"), &svg)?;
        let mistakes = cases.iter().zip(shown).filter_map(|(case, picture)| {
            let prediction = &case.predictions[at];
            let truth = case.truth.map_or(NO_SIGN, |truth| labels[truth].as_str());
            let wrong = prediction.answer(threshold) != truth;
            let input = || picture.input_of(case.crops[at], INPUT_SIDE);
            let tile = wrong.then(|| (input(), Some(case.truth.unwrap_or(usize::MAX))))?;
            Some((prediction.probability, tile))
        });
        sheet::save_mistakes(folder, &format!("real-{name}"), WORST, mistakes)?;
    }
    Ok(())
}
