//! The suites' table, figures and pictures of mistakes.

use super::answers;
use crate::output::{self, percent};
use crate::{plot, sheet};
use anyhow::Result;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use serde::Serialize;
use signet_recognizer::{Classifier, Evaluation, INPUT_SIDE, NO_SIGN, Picture, Prediction};
use signet_scenes::{Case, Hands, SUITES, Suite};
use std::collections::BTreeMap;
use std::path::Path;

/// The word for all suites.
const ALL: &str = "all";

/// The word for the suite of real photos.
const REAL: &str = "real";

/// Mistakes on a sheet.
const WORST: usize = 64;

/// A suite, or all of them.
#[derive(Debug, Clone, Copy)]
pub enum Choice {
    /// Every suite.
    All,
    /// This one.
    One(Suite),
    /// Real photos with boxes, by an index.
    Real,
}

/// Parses a suite's name or `all`.
pub fn parser() -> impl TypedValueParser<Value = Choice> {
    let names = SUITES.map(|(_, name, about)| PossibleValue::new(name).help(about));
    let all = PossibleValue::new(ALL).help("Every one of them");
    let real = PossibleValue::new(REAL).help("The --photos, of people that no training saw");
    let names = names.into_iter().chain([all, real]);
    PossibleValuesParser::new(names).map(|name| {
        if name == REAL {
            return Choice::Real;
        }
        // Every name but `all` is a suite's.
        let suite = SUITES.iter().find(|(_, own, _)| *own == name);
        suite.map_or(Choice::All, |suite| Choice::One(suite.0))
    })
}

/// The suites of some choices, each once, in the order of the table.
pub fn chosen(choices: &[Choice]) -> Vec<Suite> {
    let suites = SUITES.map(|(suite, ..)| suite).into_iter();
    let is_chosen = |suite: &Suite| {
        choices.iter().any(|choice| match choice {
            Choice::All => true,
            Choice::One(one) => one == suite,
            Choice::Real => false,
        })
    };
    suites.filter(is_chosen).collect()
}

/// How suites are answered and drawn.
pub struct Settings<'a> {
    pub threshold: f32,
    pub localise: bool,
    pub plots: Option<&'a Path>,
}

/// What a suite came to.
#[derive(Debug, Serialize)]
pub struct Report {
    suite: Suite,
    images: usize,
    /// Of the pictures with a sign; the most probable label counts.
    accuracy: f64,
    ece: f64,
    /// Share of the signs that would be answered with none.
    refused: f64,
    /// Share of the pictures without a sign that would be answered with a label.
    false_alarms: f64,
    per_class: BTreeMap<String, f64>,
    /// Accuracy by handedness, side of the hand and skin, where they are known.
    groups: BTreeMap<&'static str, f64>,
}

/// Answers the pictures of suites.
pub fn evaluate(
    classifier: &Classifier,
    photos: &[(Picture, usize)],
    suites: &[Suite],
    settings: &Settings,
) -> Result<Vec<Report>> {
    let hands = Hands::of(photos);
    let mut reports = Vec::new();
    for &suite in suites {
        let cases = suite.cases(&hands, 0)?;
        let predictions = if settings.localise || suite.is_of_frames() {
            answers::localize(classifier, cases.iter().map(|case| &case.picture))?.0
        } else {
            let inputs = cases.iter().map(|case| case.picture.to_input(INPUT_SIDE));
            answers::classify(classifier, &inputs.collect::<Vec<_>>())?
        };
        let report = Report::new(suite, classifier.labels(), &cases, &predictions, settings);
        if let Some(folder) = settings.plots {
            draw(folder, suite, classifier.labels(), &cases, &predictions)?;
        }
        reports.push(report);
    }
    Ok(reports)
}

impl Report {
    fn new(
        suite: Suite,
        labels: &[String],
        cases: &[Case],
        predictions: &[Prediction],
        settings: &Settings,
    ) -> Self {
        let evaluation = evaluation(labels, cases, predictions);
        let share = |of: &dyn Fn(&Case) -> bool, is: &dyn Fn(&Case, &Prediction) -> bool| {
            let pairs = cases.iter().zip(predictions);
            let (all, hit) = pairs
                .filter(|(case, _)| of(case))
                .fold((0, 0), |(all, hit), (case, p)| {
                    (all + 1, hit + usize::from(is(case, p)))
                });
            f64::from(u32::try_from(hit).unwrap_or(u32::MAX)) / f64::from(all.max(1))
        };
        let refuses = |p: &Prediction| p.answer(settings.threshold) == NO_SIGN;
        let mut groups = BTreeMap::new();
        for group in cases.iter().flat_map(|case| &case.groups) {
            groups.entry(*group).or_insert_with(|| {
                share(&|case| case.groups.contains(group), &|case, p| {
                    case.truth.is_some_and(|truth| labels[truth] == p.label)
                })
            });
        }
        Self {
            suite,
            images: cases.len(),
            accuracy: evaluation.accuracy,
            ece: evaluation.ece,
            refused: share(&|case| case.truth.is_some(), &|_, p| refuses(p)),
            false_alarms: share(&|case| case.truth.is_none(), &|_, p| !refuses(p)),
            per_class: evaluation.per_class,
            groups,
        }
    }
}

/// Over the cases that show a sign.
fn evaluation(labels: &[String], cases: &[Case], predictions: &[Prediction]) -> Evaluation {
    let pairs = cases.iter().zip(predictions);
    let signs = pairs.filter_map(|(case, p)| Some((case.truth?, p.probabilities.as_slice())));
    Evaluation::new(labels, signs)
}

/// Prints the reports as a table or as JSON.
pub fn print(reports: &[Report], json: bool) -> Result<()> {
    if json {
        return output::json(&serde_json::json!({ "suites": reports }));
    }
    output::line(format!(
        "{:14} {:>8} {:>10} {:>8} {:>9} {:>13}",
        "suite", "pictures", "accuracy", "ECE", "refused", "false alarms"
    ))?;
    for report in reports {
        let signs = report.suite != Suite::NoSign;
        let cell = |shown: bool, share: f64| {
            if shown { percent(share) } else { "-".into() }
        };
        output::line(format!(
            "{:14} {:>8} {:>10} {:>8} {:>9} {:>13}",
            report.suite.to_string(),
            report.images,
            cell(signs, report.accuracy),
            cell(signs, report.ece),
            cell(signs, report.refused),
            cell(!signs, report.false_alarms),
        ))?;
        for (group, accuracy) in &report.groups {
            output::line(format!("  {group:12} {:>19}", percent(*accuracy)))?;
        }
    }
    Ok(())
}

fn draw(
    folder: &Path,
    suite: Suite,
    labels: &[String],
    cases: &[Case],
    predictions: &[Prediction],
) -> Result<()> {
    if suite != Suite::NoSign {
        let svg = plot::reliability(&evaluation(labels, cases, predictions))?;
        plot::save(folder, &format!("reliability-{suite}.svg"), &svg)?;
    }
    // How sure the network was of what is wrong.
    let mistake = |case: &Case, p: &Prediction| match case.truth {
        Some(truth) if labels[truth] != p.label => Some(p.probability),
        Some(_) => None,
        None => p.presence.filter(|sign| *sign >= 0.5),
    };
    let pairs = cases.iter().zip(predictions);
    let mistakes = pairs.filter_map(|(case, p)| {
        let tile = || (case.picture.to_input(INPUT_SIDE), case.truth);
        mistake(case, p).map(|sure| (sure, tile()))
    });
    sheet::save_mistakes(folder, &suite.to_string(), WORST, mistakes)
}
