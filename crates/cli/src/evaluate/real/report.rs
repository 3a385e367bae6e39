//! What the suite `real` came to, as a table and as JSON.

use super::case::{Case, VIEWS, View};
use crate::output::{self, percent};
use anyhow::Result;
use serde::Serialize;
use signet_recognizer::{Crop, Evaluation, NO_SIGN, Prediction};
use std::collections::BTreeMap;

/// Shares of the photos with a sign.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Shares {
    /// Photos with a sign.
    images: usize,
    /// Answered with the right label.
    right: f64,
    /// The most probable label is right, were no refusal allowed.
    forced: f64,
    /// Answered with none.
    refused: f64,
}

/// One view's figures.
#[derive(Debug, Serialize)]
pub struct ViewReport {
    view: View,
    /// Every photo counts alike.
    photos: Shares,
    /// Every source counts alike.
    mean_of_sources: Shares,
    sources: BTreeMap<String, Shares>,
    /// Expected calibration error of the most probable label.
    ece: f64,
    /// Photos without a sign.
    negatives: usize,
    /// Share of these answered with a label.
    false_alarms: f64,
    confusion: Vec<Vec<usize>>,
}

/// Hands that the center crop frames already.
#[derive(Debug, Serialize)]
struct Framed {
    images: usize,
    /// Share answered right in the center crop.
    center: f64,
    /// Share answered right with localization.
    localized: f64,
}

/// The whole report.
#[derive(Debug, Serialize)]
pub struct Report {
    images: usize,
    views: Vec<ViewReport>,
    framed: Framed,
    /// Hands with a box.
    boxed: usize,
    /// Share of these whose found crop has an intersection over union of 0.5 or more with the crop
    /// of the box.
    found: f64,
}

impl Report {
    pub fn new(labels: &[String], names: &[String], cases: &[Case], threshold: f32) -> Self {
        let views = (0..VIEWS.len()).map(|at| view(at, labels, names, cases, threshold));
        let framed: Vec<_> = cases.iter().filter(|case| case.framed).collect();
        let right = |at: usize| {
            let right = framed.iter().filter(|case| {
                let truth = case.truth.map(|truth| labels[truth].as_str());
                truth == Some(case.predictions[at].answer(threshold))
            });
            share(right.count(), framed.len())
        };
        let boxed: Vec<_> = cases
            .iter()
            .filter(|case| case.boxed && case.truth.is_some())
            .collect();
        let found = boxed.iter().filter(|case| {
            let [_, found, truth] = case.crops;
            overlap(found, truth) >= 0.5
        });
        Self {
            images: cases.len(),
            views: views.collect(),
            framed: Framed {
                images: framed.len(),
                center: right(0),
                localized: right(1),
            },
            boxed: boxed.len(),
            found: share(found.count(), boxed.len()),
        }
    }
}

fn view(
    at: usize,
    labels: &[String],
    names: &[String],
    cases: &[Case],
    threshold: f32,
) -> ViewReport {
    let signs: Vec<(usize, usize, &Prediction)> = cases
        .iter()
        .filter_map(|case| Some((case.source, case.truth?, &case.predictions[at])))
        .collect();
    let of = |source: Option<usize>| {
        let of = |(own, ..): &&(usize, usize, &Prediction)| source.is_none_or(|s| s == *own);
        let images = signs.iter().filter(of).count();
        let part = |is: &dyn Fn(&str, &Prediction) -> bool| {
            let hits = signs.iter().filter(of);
            let hits = hits.filter(|(_, truth, p)| is(&labels[*truth], p));
            share(hits.count(), images)
        };
        Shares {
            images,
            right: part(&|truth, p| p.answer(threshold) == truth),
            forced: part(&|truth, p| p.label == truth),
            refused: part(&|_, p| p.answer(threshold) == NO_SIGN),
        }
    };
    let sources = names.iter().enumerate();
    let sources: BTreeMap<String, Shares> = sources
        .map(|(at, name)| (name.clone(), of(Some(at))))
        .filter(|(_, shares)| shares.images > 0)
        .collect();
    let mean = |value: &dyn Fn(&Shares) -> f64| {
        sources.values().map(value).sum::<f64>() / sources.len().max(1) as f64
    };
    let evaluation = signs
        .iter()
        .map(|(_, truth, p)| (*truth, p.probabilities.as_slice()));
    let evaluation = Evaluation::new(labels, evaluation);
    let negatives = cases.iter().filter(|case| case.truth.is_none());
    let alarms = negatives
        .clone()
        .filter(|case| case.predictions[at].answer(threshold) != NO_SIGN);
    ViewReport {
        view: VIEWS[at],
        photos: of(None),
        mean_of_sources: Shares {
            images: signs.len(),
            right: mean(&|shares| shares.right),
            forced: mean(&|shares| shares.forced),
            refused: mean(&|shares| shares.refused),
        },
        ece: evaluation.ece,
        negatives: negatives.clone().count(),
        false_alarms: share(alarms.count(), negatives.count()),
        confusion: evaluation.confusion,
        sources,
    }
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// Intersection over union of two crops.
pub fn overlap(a: Crop, b: Crop) -> f64 {
    let length = |a: u32, a_side: u32, b: u32, b_side: u32| {
        let to = (a + a_side).min(b + b_side);
        f64::from(to.saturating_sub(a.max(b)))
    };
    let both = length(a.left, a.side, b.left, b.side) * length(a.top, a.side, b.top, b.side);
    let area = |crop: Crop| f64::from(crop.side) * f64::from(crop.side);
    both / (area(a) + area(b) - both).max(1.0)
}

/// Prints a report as a table or as JSON.
pub fn print(report: &Report, json: bool) -> Result<()> {
    if json {
        return output::json(&serde_json::json!({ "real": report }));
    }
    output::line(format!(
        "{:10} {:18} {:>6} {:>8} {:>8} {:>8} {:>7} {:>13}",
        "view", "source", "photos", "right", "forced", "refused", "ECE", "false alarms"
    ))?;
    for view in &report.views {
        let line = |source: &str, shares: &Shares, rest: [String; 2]| {
            let [ece, alarms] = rest;
            output::line(format!(
                "{:10} {source:18} {:>6} {:>8} {:>8} {:>8} {ece:>7} {alarms:>13}",
                view.view.name(),
                shares.images,
                percent(shares.right),
                percent(shares.forced),
                percent(shares.refused),
            ))
        };
        for (source, shares) in &view.sources {
            line(source, shares, [String::new(), String::new()])?;
        }
        line(
            "mean over sources",
            &view.mean_of_sources,
            [String::new(), String::new()],
        )?;
        let alarms = format!("{} of {}", percent(view.false_alarms), view.negatives);
        line("over photos", &view.photos, [percent(view.ece), alarms])?;
    }
    let Framed {
        images,
        center,
        localized,
    } = &report.framed;
    output::line(format!(
        "{images} hands framed in the center: {} right in the center crop, {} with localization",
        percent(*center),
        percent(*localized)
    ))?;
    output::line(format!(
        "{} of {} boxes found (IoU 0.5 or more)",
        percent(report.found),
        report.boxed
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crop(left: u32, top: u32, side: u32) -> Crop {
        Crop { left, top, side }
    }

    #[test]
    fn overlap_is_intersection_over_union() {
        assert_eq!(overlap(crop(3, 4, 10), crop(3, 4, 10)), 1.0);
        assert_eq!(overlap(crop(0, 0, 10), crop(10, 0, 10)), 0.0);
        // 50 of 150 pixels.
        assert!((overlap(crop(0, 0, 10), crop(5, 0, 10)) - 1.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn sources_count_alike_in_the_mean_and_refusals_are_not_right() {
        let labels = signet_recognizer::labels::digits();
        let prediction = |label: usize, presence: f32| {
            let mut probabilities = vec![0.02; 6];
            probabilities[label] = 0.9;
            Prediction {
                label: labels[label].clone(),
                probability: 0.9,
                probabilities,
                presence: Some(presence),
                bounding_box: None,
            }
        };
        let case = |source, truth, label, presence| Case {
            source,
            truth,
            predictions: [0.9, presence, 0.9].map(|presence| prediction(label, presence)),
            crops: [crop(0, 0, 10), crop(0, 0, 10), crop(0, 0, 8)],
            boxed: true,
            framed: truth.is_some(),
        };
        let cases = [
            case(0, Some(1), 1, 0.9),
            case(0, Some(1), 2, 0.9),
            case(0, Some(1), 2, 0.9),
            case(1, Some(3), 3, 0.1),
            case(1, None, 3, 0.1),
        ];
        let names = ["a".to_owned(), "b".to_owned()];
        let report = Report::new(&labels, &names, &cases, 0.5);
        let [center, localized, _] = &report.views[..] else {
            panic!("three views")
        };
        assert_eq!(center.photos.right, 0.5);
        assert!((center.mean_of_sources.right - 2.0 / 3.0).abs() < 1e-9);
        assert_eq!(
            (localized.photos.right, localized.photos.forced),
            (0.25, 0.5)
        );
        assert_eq!(localized.sources["b"].refused, 1.0);
        assert_eq!((center.false_alarms, localized.false_alarms), (1.0, 0.0));
        assert_eq!((report.framed.images, report.boxed), (4, 4));
        // 64 of 100 pixels.
        assert_eq!(report.found, 1.0);
    }
}
