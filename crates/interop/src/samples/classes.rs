//! Pictures sorted into classes, and what was passed over.

use serde::Serialize;
use signet_recognizer::NO_SIGN;
use signet_recognizer::labels::{LONGEST_LABEL, clean, composed};
use std::cmp::Ordering;
use std::collections::HashMap;

/// Files that are named of those that were passed over for one reason.
const NAMED: usize = 3;

/// Ways to read an archive that are worth a choice.
const WAYS: usize = 4;

/// By what pictures were told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// A project of Teachable Machine.
    TeachableMachine,
    /// The folder that a picture lies in.
    Folder,
    /// A folder further out.
    OuterFolder,
    /// A part of the file's name.
    FileName,
    /// Nothing: all are of one class.
    OneClass,
    /// The labels of a data set.
    DataSet,
}

/// Why a file was passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// A system or a program has left it behind.
    Leftover,
    /// It is no picture by its name.
    NoPicture,
    /// It lies beside those that have a label.
    NoLabel,
}

/// Pictures of one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Class {
    /// Its label, as it would be kept.
    pub label: String,
    /// Whether the pictures show no sign.
    pub is_no_sign: bool,
    /// The indices of its pictures.
    pub pictures: Vec<usize>,
}

/// Files that were passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PassedOver {
    /// Why.
    pub why: Why,
    /// How many.
    pub count: usize,
    /// The names of the first of them.
    pub names: Vec<String>,
}

/// A way in which a file can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Guess {
    /// By what its pictures are told apart.
    pub by: By,
    /// Of a data set: its path in the file.
    pub detail: String,
    /// The classes, those of a sign first, each sorted by its label.
    pub classes: Vec<Class>,
    /// What was passed over.
    pub passed_over: Vec<PassedOver>,
}

/// What was passed over so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Passed(HashMap<Why, (usize, Vec<String>)>);

impl Passed {
    pub fn add(&mut self, why: Why, name: &str) {
        let (count, names) = self.0.entry(why).or_default();
        *count += 1;
        if names.len() < NAMED {
            names.push(name.to_owned());
        }
    }
}

/// Sorts pictures into classes.
#[derive(Default)]
pub(super) struct Sorter {
    classes: Vec<Class>,
    /// The place of the class of a name.
    places: HashMap<String, usize>,
    pub passed: Passed,
}

impl Sorter {
    /// A picture whose class has some name.
    pub fn add(&mut self, name: &str, picture: usize) {
        if let Some(class) = self
            .places
            .get(name)
            .and_then(|at| self.classes.get_mut(*at))
        {
            class.pictures.push(picture);
            return;
        }
        let label = label_of(name);
        // Two names can be one label.
        let at = self.classes.iter().position(|class| class.label == label);
        let at = at.unwrap_or(self.classes.len());
        match self.classes.get_mut(at) {
            Some(class) => class.pictures.push(picture),
            None => self.classes.push(Class {
                is_no_sign: label == NO_SIGN,
                label,
                pictures: vec![picture],
            }),
        }
        self.places.insert(name.to_owned(), at);
    }

    /// The classes in the order in which they were met.
    pub fn guess_in_order(self, by: By, detail: &str) -> Guess {
        let passed = self.passed.0.into_iter();
        let mut passed_over: Vec<PassedOver> = passed
            .map(|(why, (count, names))| PassedOver { why, count, names })
            .collect();
        passed_over.sort_by_key(|passed| passed.why);
        Guess {
            by,
            detail: detail.to_owned(),
            classes: self.classes,
            passed_over,
        }
    }

    /// The classes sorted by their labels.
    pub fn guess(mut self, by: By, detail: &str) -> Guess {
        self.classes.sort_by(|a, b| {
            let no_sign = a.is_no_sign.cmp(&b.is_no_sign);
            no_sign.then_with(|| compare(&a.label, &b.label))
        });
        self.guess_in_order(by, detail)
    }
}

/// By number where both are numbers, and else by text.
fn compare(a: &str, b: &str) -> Ordering {
    match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    }
}

/// A name as a label: as it would be kept, shortened where it is too long.
pub(super) fn label_of(name: &str) -> String {
    if name.eq_ignore_ascii_case(NO_SIGN) {
        return NO_SIGN.to_owned();
    }
    let short = || {
        composed(name)
            .chars()
            .take(LONGEST_LABEL)
            .collect::<String>()
    };
    clean(name)
        .or_else(|_| clean(&short()))
        .unwrap_or_else(|_| "?".to_owned())
}

/// The likeliest first; of several with the same classes the first alone.
pub(super) fn ranked(mut guesses: Vec<(u32, Guess)>) -> Vec<Guess> {
    guesses.sort_by_key(|(likely, _)| std::cmp::Reverse(*likely));
    let mut kept: Vec<Guess> = Vec::new();
    for (_, guess) in guesses {
        if kept.len() < WAYS && kept.iter().all(|other| other.classes != guess.classes) {
            kept.push(guess);
        }
    }
    kept
}
