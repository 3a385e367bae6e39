//! An explanation in words.

use super::explanation::{Explanation, PRESENCE};
use crate::output::percent;
use signet_recognizer::argmax;
use signet_recognizer::inspect::{Answer, WINDOWS};

/// The places of a 2 x 2 map, row by row.
const QUADRANTS: [&str; 4] = ["upper left", "upper right", "lower left", "lower right"];

/// Windows' places across and down, in thirds.
const THIRDS: [[&str; 3]; 3] = [
    ["upper left", "top", "upper right"],
    ["left", "middle", "right"],
    ["lower left", "bottom", "lower right"],
];

/// The answer, what speaks for a label and where, and what hiding a part changes: a line each.
pub fn words(answer: &Answer, threshold: f32, labels: &[String], why: &Explanation) -> String {
    let Explanation {
        label,
        coarse,
        occlusion,
        ..
    } = why;
    let best = argmax(&answer.logits);
    let mut lines = vec![match answer.presence {
        Some(presence) if presence < threshold => format!(
            "The answer is that there is no sign (presence {}); of the labels {} is the most probable.",
            percent(f64::from(presence)),
            labels[best]
        ),
        _ => format!(
            "The answer is {} with {} (margin {:.2}).",
            labels[best],
            percent(f64::from(answer.probabilities[best])),
            answer.margin
        ),
    }];
    let what = match label.as_str() {
        PRESENCE => "a sign being there".to_owned(),
        label => label.to_owned(),
    };
    let parts: Vec<String> = QUADRANTS
        .iter()
        .zip(&coarse.cells)
        .map(|(place, cell)| format!("{place} {cell:+.2}"))
        .collect();
    lines.push(format!(
        "Evidence for {what}: {}, bias {:+.2}; together the logit {:.2}.",
        parts.join(", "),
        coarse.bias,
        coarse.logit
    ));
    let positive: f32 = coarse.cells.iter().filter(|cell| **cell > 0.0).sum();
    let most = argmax(&coarse.cells);
    lines.push(if positive > 0.0 {
        let share = coarse.cells[most] / positive;
        let part = if share > 0.5 {
            "Most"
        } else {
            "The largest part"
        };
        format!(
            "{part} of the evidence for {what}: {}, {}.",
            QUADRANTS[most],
            percent(f64::from(share))
        )
    } else {
        format!("No part of the picture speaks for {what}.")
    });
    let window = argmax(occlusion);
    let third = |at: usize| at * 3 / WINDOWS;
    let place = THIRDS[third(window / WINDOWS)][third(window % WINDOWS)];
    lines.push(if occlusion[window] > 0.0 {
        format!(
            "Hiding the window at column {}, row {} of {WINDOWS} ({place}) lowers the logit the most: by {:.2}.",
            window % WINDOWS + 1,
            window / WINDOWS + 1,
            occlusion[window]
        )
    } else {
        format!("Hiding no window lowers the logit for {what}.")
    });
    lines.join("\n") + "\n"
}
