//! Labels in the names of files: `0a1b_3L.png` of Kaggle's data set "fingers", `three_12.jpg`.

use super::classes::{By, Guess, Passed, Sorter, Why};
use crate::archive::file_name;
use signet_recognizer::labels::MOST_CLASSES;
use std::collections::HashMap;

/// Fewer pictures of a label than this, on average, and the name is only a name.
const LEAST: usize = 3;

/// The label in a file's name, where it has one.
type LabelOf = fn(&str) -> Option<&str>;

/// The guesses by the end of a name and by its beginning, with how likely each is.
pub(super) fn guesses(pictures: &[(usize, &str)], passed: &Passed) -> Vec<(u32, Guess)> {
    let ways: [(u32, LabelOf); 2] = [(60, fingers), (20, beginning)];
    let ways = ways.into_iter();
    ways.filter_map(|(likely, label)| {
        let guess = guess(pictures, label, passed)?;
        Some((likely, guess))
    })
    .collect()
}

fn guess(
    pictures: &[(usize, &str)],
    label: fn(&str) -> Option<&str>,
    passed: &Passed,
) -> Option<Guess> {
    let mut sorter = Sorter::default();
    sorter.passed = passed.clone();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for (index, name) in pictures {
        let file = file_name(name);
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        match label(stem) {
            Some(label) => {
                sorter.add(label, *index);
                *counts.entry(label).or_default() += 1;
            }
            None => sorter.passed.add(Why::NoLabel, name),
        }
    }
    let found: usize = counts.values().sum();
    let is_told = counts.len() > 1 && counts.len() <= MOST_CLASSES + 1;
    let is_enough = found * 2 >= pictures.len() && found >= LEAST * counts.len();
    (is_told && is_enough).then(|| sorter.guess(By::FileName, ""))
}

/// The number of fingers before the hand, left or right: `3` of `0a1b_3L`.
fn fingers(stem: &str) -> Option<&str> {
    let (_, end) = stem.rsplit_once(['_', '-'])?;
    let label = end.strip_suffix(['L', 'R'])?;
    let is_digit = label.len() == 1 && label.bytes().all(|byte| byte.is_ascii_digit());
    is_digit.then_some(label)
}

/// What stands before a number: `three` of `three_12`, `A` of `A (3)`.
fn beginning(stem: &str) -> Option<&str> {
    let rest = stem.trim_end_matches(|c: char| c.is_ascii_digit() || c == ')');
    if rest.len() == stem.len() {
        return None;
    }
    let label = rest.trim_end_matches([' ', '_', '-', '(', '.']);
    (!label.is_empty() && label.len() < rest.len()).then_some(label)
}
