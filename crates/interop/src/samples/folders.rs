//! Pictures in folders: FOLDER/LABEL/IMAGE, wherever the labels are.

use super::classes::{By, Guess, Passed, Sorter, Why, label_of};
use crate::archive::folders;
use signet_recognizer::NO_SIGN;
use signet_recognizer::labels::{MOST_CLASSES, digits};
use std::collections::{BTreeMap, HashSet};

/// How far out from a picture labels are looked for.
const DEPTH: usize = 3;

/// Folders that say what pictures are for, and not what they show.
const SETS: [&str; 10] = [
    "train",
    "training",
    "val",
    "valid",
    "validation",
    "dev",
    "test",
    "testing",
    "eval",
    "all",
];

pub(super) fn is_set(name: &str) -> bool {
    SETS.iter().any(|set| name.eq_ignore_ascii_case(set))
}

/// The guesses for each level of folders, with how likely each is.
pub(super) fn guesses(pictures: &[(usize, &str)], passed: &Passed) -> Vec<(u32, Guess)> {
    let level = |level| guess(pictures, level, passed);
    (0..DEPTH).filter_map(level).collect()
}

/// Labels are the folders that have `level` more folders between them and a picture.
fn guess(pictures: &[(usize, &str)], level: usize, passed: &Passed) -> Option<(u32, Guess)> {
    let mut sorter = Sorter::default();
    sorter.passed = passed.clone();
    let (mut names, mut found) = (HashSet::new(), 0);
    for (index, name) in pictures {
        match folders(name).iter().rev().nth(level) {
            Some(folder) => {
                sorter.add(folder, *index);
                names.insert(*folder);
                found += 1;
            }
            None => sorter.passed.add(Why::NoLabel, name),
        }
    }
    // A few pictures may lie beside the folders.
    if found == 0 || found * 2 < pictures.len() || names.iter().all(|name| is_set(name)) {
        return None;
    }
    let digits = digits();
    let is_known = |name: &&str| digits.contains(&label_of(name)) || label_of(name) == NO_SIGN;
    let likely = if names.iter().all(is_known) {
        100
    } else if names.len() > MOST_CLASSES + 1 {
        5
    } else if names.len() == 1 {
        10
    } else {
        // Who sorts pictures once more within the labels does so for some: the folder beside a picture is the label.
        50 - 5 * u32::try_from(level).unwrap_or(DEPTH as u32)
    };
    let by = if level == 0 {
        By::Folder
    } else {
        By::OuterFolder
    };
    Some((likely, sorter.guess(by, "")))
}

/// Folders as this crate writes them, whose labels are told in a file of their own: in the order in which they lie there.
pub(super) fn as_written(
    pictures: &[(usize, &str)],
    renamed: &BTreeMap<String, String>,
    passed: &Passed,
) -> Guess {
    let mut sorter = Sorter::default();
    sorter.passed = passed.clone();
    for (index, name) in pictures {
        match folders(name).last() {
            Some(folder) => {
                let label = renamed.get(*folder).map_or(*folder, String::as_str);
                sorter.add(label, *index);
            }
            None => sorter.passed.add(Why::NoLabel, name),
        }
    }
    sorter.guess_in_order(By::Folder, "")
}
