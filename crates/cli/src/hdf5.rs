//! Labelled pictures from HDF5 files: the `train_signs.h5` and `test_signs.h5` of the course, and others
//! whose datasets have one meaning.

mod file;
mod names;
mod pixels;
mod truths;

use crate::output;
use anyhow::{Result, bail};
use file::{Open, texts, whole_numbers};
use names::{Role, Set, role};
use pixels::Layout;
use signet_recognizer::{Picture, labels};
use std::path::Path;
use truths::Class;

const LAYOUT: &str = "such a file holds pictures in train_set_x or test_set_x (uint8, \
                      [n, height, width, 3]), their labels in train_set_y or test_set_y (whole \
                      numbers, [n]) and, unless these are 0 to 5, the labels there are in \
                      list_classes";

/// Names of datasets that are listed where none is the one that is needed.
const LISTED: usize = 8;

/// What pictures are read for: it chooses the set of a file with several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be learned from.
    Training,
    /// To be scored on while training.
    Validation,
    /// To be measured on.
    Evaluation,
}

impl Purpose {
    /// The sets in the order in which they are preferred, and what is done with the one that is taken.
    fn sets(self) -> ([Set; 4], &'static str) {
        use Set::{Only, Test, Training, Validation};
        match self {
            Self::Training => ([Training, Only, Validation, Test], "learned from"),
            Self::Validation => ([Validation, Test, Only, Training], "scored"),
            Self::Evaluation => ([Test, Validation, Only, Training], "evaluated"),
        }
    }
}

/// The labels that a file speaks of.
pub fn find_labels(path: &Path) -> Result<Vec<String>> {
    let file = Open::new(path)?;
    if find(&file, Role::Classes)?.is_none() {
        let mut found = Vec::new();
        for name in &file.names {
            if let Some(Role::Labels(_)) = role(name) {
                found.extend(
                    file.with(name, |dataset, _| texts(dataset))?
                        .into_iter()
                        .flatten(),
                );
            }
        }
        if !found.is_empty() {
            return Ok(found.iter().map(|name| labels::composed(name)).collect());
        }
    }
    Ok(classes(&file)?
        .into_iter()
        .map(|(_, label)| label)
        .collect())
}

/// Reads the pictures of a set of a file, in its order, and makes something of each. Unlike a folder,
/// where a stray file is no wonder, one that is wrong anywhere is refused as a whole. `truth` tells which
/// of `known` a name is; the inner none is no sign.
pub fn read<T: Send>(
    path: &Path,
    purpose: Purpose,
    known: &[String],
    truth: &impl Fn(&str) -> Option<Option<usize>>,
    make: &(impl Fn(Picture) -> T + Sync),
) -> Result<Vec<(T, Option<usize>)>> {
    let file = Open::new(path)?;
    let classes = classes(&file)?;
    let (sets, done) = purpose.sets();
    let mut found = Vec::new();
    for set in sets {
        let pictures = find(&file, Role::Pictures(set))?;
        found.extend(pictures.map(|pictures| (set, pictures)));
    }
    let Some(&(set, pictures)) = found.first() else {
        let listed: Vec<&str> = file.names.iter().take(LISTED).map(String::as_str).collect();
        let listed = match listed.as_slice() {
            [] => "no dataset at all".into(),
            names => format!("only {}", names.join(", ")),
        };
        bail!("{} has {listed}; {LAYOUT}", path.display());
    };
    let others: Vec<&str> = found.iter().skip(1).map(|(_, name)| *name).collect();
    if !others.is_empty() {
        let (shown, others) = (path.display(), others.join(" and "));
        output::note(format_args!(
            "of {shown}, {pictures} is {done}, and {others} left alone"
        ));
    }
    let layout = file.with(pictures, Layout::of)?;
    let Some(labels) = find(&file, Role::Labels(set))? else {
        let expected = pictures.strip_suffix('x').map(|start| format!("{start}y"));
        bail!(
            "{} lacks {}, the labels of {pictures}: it is not there; {LAYOUT}",
            path.display(),
            expected.as_deref().unwrap_or("a dataset `labels`")
        );
    };
    let truths = file.with(labels, |dataset, shape| {
        let names = truths::names(dataset, shape, layout.count(), &classes, [pictures, labels])?;
        let mut truths = Vec::new();
        for (index, name) in names.iter().enumerate() {
            let Some(truth) = truth(name) else {
                bail!(
                    "entry {index} is {name}, which is no known label: the labels are {}",
                    known.join(", ")
                );
            };
            truths.push(truth);
        }
        Ok(truths)
    })?;
    if truths.is_empty() {
        bail!("{} has no picture in its datasets", path.display());
    }
    let made = file.with(pictures, |dataset, _| layout.pictures(dataset, make))?;
    Ok(made.into_iter().zip(truths).collect())
}

/// The dataset of a role.
fn find<'a>(file: &'a Open, wanted: Role) -> Result<Option<&'a str>> {
    let mut found = file.names.iter().filter(|name| role(name) == Some(wanted));
    let first = found.next();
    if let (Some(first), Some(second)) = (first, found.next()) {
        bail!(
            "{} has {first} and {second}, and either may be meant; leave one of them there",
            file.path.display()
        );
    }
    Ok(first.map(String::as_str))
}

/// What the numbers of the labels stand for: as in the course's code, `list_classes[y]`. Where the classes
/// are numbers themselves they stand for themselves, which is the same for 0 to 5 and the only thing that
/// can be meant by 1 to 6.
fn classes(file: &Open) -> Result<Vec<Class>> {
    let Some(name) = find(file, Role::Classes)? else {
        return Ok((0..).zip(labels::digits()).collect());
    };
    file.with(name, |dataset, _| {
        if let Some(names) = texts(dataset)? {
            let names = names.iter().map(|name| labels::composed(name));
            return Ok((0..).zip(names).collect());
        }
        let numbers = whole_numbers(dataset)?.into_iter();
        Ok(numbers.map(|number| (number, number.to_string())).collect())
    })
}

#[cfg(test)]
mod tests;
