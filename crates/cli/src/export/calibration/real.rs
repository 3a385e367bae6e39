//! The part of a calibration that real photos have.

use crate::evaluate::answers::{self, logit, logits};
use crate::photos::{self, Part};
use anyhow::Result;
use signet_recognizer::{Calibration, Classifier, INPUT_SIDE};
use std::path::PathBuf;

/// Share of the real hands that may be refused.
const REFUSALS: f32 = 0.01;

/// Fits temperature and threshold to composed and real pictures. `alarms` is the share of pictures
/// without a sign that may be taken for one.
///
/// The temperature is fitted to both together, real photos in the center crop and in the crop of
/// the box; each kind counts for as much as the other. The threshold is the one of composed
/// negatives, or that of real ones if it is higher, unless it would refuse too many real hands:
/// what people hold before a camera is mostly a hand.
pub fn fit(
    classifier: &Classifier,
    indices: &[PathBuf],
    composed: &Calibration,
    mut known: Vec<(usize, Vec<f32>)>,
    alarms: f32,
) -> Result<Calibration> {
    let (mut real, mut others, mut signs) = (Vec::new(), Vec::new(), Vec::new());
    for source in photos::read(indices, classifier.labels(), Part::Validation)? {
        let crops = source.photos.iter().flat_map(|photo| {
            [photo.picture.center_crop(), photo.true_crop()]
                .map(|crop| photo.picture.input_of(crop, INPUT_SIDE))
        });
        let predictions = answers::classify(classifier, &crops.collect::<Vec<_>>())?;
        for (photo, pair) in source.photos.iter().zip(predictions.chunks(2)) {
            let presences = pair.iter().filter_map(|p| p.presence.map(logit));
            match photo.label {
                Some(label) => {
                    real.extend(pair.iter().map(|p| (label, logits(p))));
                    // A center crop may cut off the hand; the crop of the box doesn't.
                    signs.extend(presences.skip(1));
                }
                None => others.extend(presences.take(1)),
            }
        }
    }
    let times = (known.len() / real.len().max(1)).max(1);
    for _ in 0..times {
        known.extend_from_slice(&real);
    }
    let both = Calibration::fit(&known, &others, alarms);
    let wanted = both.sign_logit.max(composed.sign_logit);
    signs.sort_by(f32::total_cmp);
    let most = signs.get((REFUSALS * signs.len() as f32) as usize);
    Ok(Calibration {
        temperature: both.temperature,
        sign_logit: most.map_or(wanted, |most| wanted.min(*most)),
    })
}
