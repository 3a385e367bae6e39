//! `signet evaluate --explain`: tests of explanations, on composed pictures whose hand lies off the center
//! and has a known mask.

use crate::output::{self, percent};
use anyhow::Result;
use indicatif::ProgressBar;
use pollster::block_on;
use rayon::prelude::*;
use serde::Serialize;
use signet_recognizer::inspect::{HeatMap, Inspector, POINTING_MARGIN, Target, randomized_stage};
use signet_recognizer::{Arithmetic, Weights, argmax};
use signet_scenes::Placed;
use std::iter::zip;

/// The stage that is randomized, and the seed.
const RANDOMIZED: (usize, u64) = (5, 1);

/// The maps that are tested; the last three ask no network.
const MAPS: [&str; 5] = ["occlusion", "class map 8x8", "center", "edges", "random"];

/// Maps that ask the network.
const ASKING: usize = 2;

/// Shifts of the class map.
const SHIFTS: usize = 3;

/// The number of the first picture. The margin and the hands' size were chosen on pictures before it, the class
/// map's shifts and spread on pictures from 2000 on.
const FIRST: usize = 1000;

/// The four pixels around a cell's middle, and no others.
const STRICTLY: f32 = 1.0;

/// What the tests came to.
#[derive(Serialize)]
pub struct Report {
    pictures: usize,
    /// Share of the pictures whose label is found.
    accuracy: f64,
    maps: Vec<Row>,
}

/// A map's results, each the mean over the pictures.
#[derive(Serialize)]
struct Row {
    map: &'static str,
    /// Share of the pictures whose highest cell lies on the hand, within the pointing game's margin.
    pointing: f64,
    /// The same without a margin.
    strictly: f64,
    /// Areas under the curves of the explained class's probability.
    deletion: f64,
    insertion: f64,
    /// Rank correlation with the map of the network whose stage 5 is random; none for maps that ask
    /// no network.
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation: Option<f64>,
}

/// A picture's results, map by map: pointing with a margin and without, deletion, insertion, correlation.
struct Results {
    right: bool,
    maps: [[f64; 5]; MAPS.len()],
}

/// Explains the answers for so many pictures.
pub fn evaluate(weights: &Weights, pictures: usize) -> Result<Report> {
    let (stage, seed) = RANDOMIZED;
    let randomized = randomized_stage(weights.clone(), stage, seed);
    let bar = ProgressBar::new(pictures as u64);
    let numbers: Vec<usize> = (FIRST..FIRST + pictures).collect();
    let shares = numbers.par_chunks(pictures.div_ceil(rayon::current_num_threads()).max(1));
    let results = shares.map(|numbers| {
        let [whole, random] =
            [weights, &randomized].map(|it| Inspector::on_cpu(it, Arithmetic::Fastest));
        let results = numbers.iter().map(|&number| {
            let results = test(&whole, &random, number);
            bar.inc(1);
            results
        });
        results.collect::<Result<Vec<_>>>()
    });
    let results = results.collect::<Result<Vec<_>>>()?;
    let results: Vec<Results> = results.into_iter().flatten().collect();
    bar.finish_and_clear();
    Ok(Report::new(&results))
}

/// Tests the maps of a picture's answer.
fn test(whole: &Inspector, random: &Inspector, number: usize) -> Result<Results> {
    let placed = Placed::off_center(number);
    let input = &placed.input;
    let answer = block_on(whole.answers(std::slice::from_ref(input), &[]))?.remove(0);
    let class = argmax(&answer.logits);
    let asking = |inspector: &Inspector| -> Result<[HeatMap; ASKING]> {
        let target = Target::Class(class);
        Ok([
            block_on(inspector.occlusion_map(input, &[], target))?,
            block_on(inspector.evidence(input, &[], target, SHIFTS))?.heat_map(),
        ])
    };
    let (of_whole, of_random) = (asking(whole)?, asking(random)?);
    let correlations = zip(&of_whole, &of_random).map(|(map, other)| map.correlation(other));
    let correlations: Vec<f64> = correlations.collect();
    let plain = [
        HeatMap::center(),
        HeatMap::edges(input),
        HeatMap::random(number as u64),
    ];
    let mut results = Results {
        right: class == placed.label,
        maps: [[0.0; 5]; MAPS.len()],
    };
    let maps = of_whole.iter().chain(&plain);
    for (index, (map, results)) in zip(maps, &mut results.maps).enumerate() {
        let points = |margin| f64::from(map.points_into(margin, |x, y| placed.covers(x, y)));
        *results = [
            points(POINTING_MARGIN),
            points(STRICTLY),
            block_on(whole.deletion(input, map, class))?,
            block_on(whole.insertion(input, map, class))?,
            correlations.get(index).copied().unwrap_or(0.0),
        ];
    }
    Ok(results)
}

impl Report {
    fn new(results: &[Results]) -> Self {
        let count = results.len().max(1) as f64;
        let rows = MAPS.into_iter().enumerate().map(|(index, map)| {
            let mean = |at: usize| {
                let values = results.iter().map(|results| results.maps[index][at]);
                values.sum::<f64>() / count
            };
            Row {
                map,
                pointing: mean(0),
                strictly: mean(1),
                deletion: mean(2),
                insertion: mean(3),
                correlation: (index < ASKING).then(|| mean(4)),
            }
        });
        Self {
            pictures: results.len(),
            accuracy: results.iter().filter(|results| results.right).count() as f64 / count,
            maps: rows.collect(),
        }
    }
}

/// Prints the report as a table or as JSON.
pub fn print(report: &Report, json: bool) -> Result<()> {
    if json {
        return output::json(&serde_json::json!({ "explain": report }));
    }
    output::line(format!(
        "{} composed pictures with the hand off the center, {} read right\n\n{:14} {:>9} {:>9} {:>9} {:>10} {:>12}",
        report.pictures,
        percent(report.accuracy),
        "map",
        "pointing",
        "strictly",
        "deletion",
        "insertion",
        "correlation"
    ))?;
    for row in &report.maps {
        let correlation = row
            .correlation
            .map_or("-".into(), |value| format!("{value:.3}"));
        output::line(format!(
            "{:14} {:>9.3} {:>9.3} {:>9.3} {:>10.3} {:>12}",
            row.map, row.pointing, row.strictly, row.deletion, row.insertion, correlation
        ))?;
    }
    Ok(())
}
