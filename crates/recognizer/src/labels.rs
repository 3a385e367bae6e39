//! The names of the classes. All are composed (NFC): two spellings of an accent are one label.
//!
//! Who chooses names for new classes lets [`clean`] have a look at them, and keeps to [`MOST_CLASSES`].
//! Pictures under the name [`NO_SIGN`](crate::NO_SIGN) show no sign: they train the detector, and are no
//! class of the network. The page's `library/labels.js` has the same rules, and both are held to tests/fixtures/labels.json.
//! Weights files with other labels are read all the same.

use crate::error::{Error, Result};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use unicode_normalization::UnicodeNormalization;

/// The longest label that a person can choose, in Unicode scalar values.
pub const LONGEST_LABEL: usize = 40;

/// As many classes a person can have.
pub const MOST_CLASSES: usize = 30;

/// Characters that show nothing, but for white space (Unicode's general category Cf).
const FORMATS: [RangeInclusive<char>; 21] = [
    '\u{ad}'..='\u{ad}',
    '\u{600}'..='\u{605}',
    '\u{61c}'..='\u{61c}',
    '\u{6dd}'..='\u{6dd}',
    '\u{70f}'..='\u{70f}',
    '\u{890}'..='\u{891}',
    '\u{8e2}'..='\u{8e2}',
    '\u{180e}'..='\u{180e}',
    '\u{200b}'..='\u{200f}',
    '\u{202a}'..='\u{202e}',
    '\u{2060}'..='\u{2064}',
    '\u{2066}'..='\u{206f}',
    '\u{feff}'..='\u{feff}',
    '\u{fff9}'..='\u{fffb}',
    '\u{110bd}'..='\u{110bd}',
    '\u{110cd}'..='\u{110cd}',
    '\u{13430}'..='\u{1343f}',
    '\u{1bca0}'..='\u{1bca3}',
    '\u{1d173}'..='\u{1d17a}',
    '\u{e0001}'..='\u{e0001}',
    '\u{e0020}'..='\u{e007f}',
];

/// The hand signs for 0 to 5, in the order of the logits.
pub fn digits() -> Vec<String> {
    (0..6).map(|digit| digit.to_string()).collect()
}

/// Whether signs of these labels mean the same in a mirror. Either hand shows the digits; of other signs nobody
/// knows.
pub fn same_in_a_mirror(labels: &[String]) -> bool {
    let digits = digits();
    labels.iter().all(|label| digits.contains(label))
}

/// The one spelling of a name whose accents are composed (NFC).
pub fn composed(name: &str) -> String {
    name.nfc().collect()
}

/// A label as it is kept, of a name that a person has chosen: composed, without control characters and
/// white space around it.
///
/// # Errors
///
/// [`Error::Setting`] for a name that shows nothing or is longer than [`LONGEST_LABEL`].
pub fn clean(name: &str) -> Result<String> {
    let spaced = name.nfc().map(|c| if c.is_control() { ' ' } else { c });
    let spaced: String = spaced.collect();
    let label = spaced.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let is_format = |c: char| FORMATS.iter().any(|range| range.contains(&c));
    let wrong = |reason| {
        Err(Error::Setting {
            name: "label",
            reason,
        })
    };
    let length = label.chars().count();
    if label.chars().all(|c| c.is_whitespace() || is_format(c)) {
        return wrong("it has no visible character".into());
    }
    if length > LONGEST_LABEL {
        return wrong(format!(
            "it has {length} characters, and {LONGEST_LABEL} are the most"
        ));
    }
    Ok(label.to_owned())
}

/// The labels of a network, composed, after a check that there is one per class, that none is empty and
/// no two are alike.
///
/// # Errors
///
/// [`Error::Setting`] that says which label is wrong.
pub fn checked(labels: &[String], classes: usize) -> Result<Vec<String>> {
    let wrong = |reason| {
        Err(Error::Setting {
            name: "labels",
            reason,
        })
    };
    if labels.len() != classes {
        return wrong(format!("{} given for {classes} classes", labels.len()));
    }
    let composed: Vec<String> = labels.iter().map(|label| composed(label)).collect();
    let mut known = BTreeSet::new();
    for (index, label) in composed.iter().enumerate() {
        if label.trim().is_empty() {
            return wrong(format!("label {} is empty", index + 1));
        }
        if !known.insert(label) {
            return wrong(format!("`{label}` is given twice"));
        }
    }
    Ok(composed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names, what becomes of each, and why: the page's test of its labels reads the same table.
    #[test]
    fn the_rules_for_labels_are_the_pages() {
        let table = include_str!("../../../tests/fixtures/labels.json");
        let table: Vec<[String; 3]> = serde_json::from_str(table).unwrap();
        for [name, expected, why] in table {
            let found = clean(&name).unwrap_or_else(|error| {
                let said = error.to_string();
                let codes = [
                    ("label-empty", "no visible character"),
                    ("label-long", "40 are the most"),
                ];
                let code = codes.iter().find(|(_, words)| said.contains(words));
                code.map_or(said.clone(), |(code, _)| (*code).to_owned())
            });
            assert_eq!(found, expected, "{name:?}: {why}");
        }
    }

    #[test]
    fn two_spellings_are_one_label() {
        let labels = ["e\u{301}", "\u{e9}"].map(String::from);
        assert!(checked(&labels, 2).is_err());
        assert_eq!(checked(&labels[..1], 1).unwrap(), labels[1..]);
    }
}
