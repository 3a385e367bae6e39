//! Labelled pictures, from folders `FOLDER/LABEL/IMAGE` and from HDF5 files.

mod listing;
mod walk;

use crate::output::{self, count};
use anyhow::{Context, Result, bail};
use listing::{LAYOUT, list};
use rayon::prelude::*;
use signet_core::{Dataset, Sample};
use signet_interop::data_set::DataSets;
use signet_recognizer::labels::{self, MOST_CLASSES};
use signet_recognizer::{INPUT_SIDE, InputImage, NO_SIGN, Picture};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

pub use signet_interop::data_set::Purpose;
pub use walk::Walk;

/// Reads one picture.
pub fn read_picture(path: &Path) -> Result<Picture> {
    let bytes = fs::read(path).context("it cannot be opened")?;
    Ok(Picture::decode(&bytes)?)
}

/// Folders and files of labelled pictures, and how they are read.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// Folders FOLDER/LABEL/IMAGE and HDF5 files, taken together.
    pub paths: &'a [PathBuf],
    /// Labels of pictures without a sign, beside [`NO_SIGN`].
    pub without_sign: &'a [String],
    /// What the pictures are read for, by which the set of a file with several is chosen.
    pub purpose: Purpose,
}

/// What was made of the pictures of a source.
pub struct Pictures<T> {
    /// Of those that show a sign, with the indices of their labels.
    pub signs: Vec<(T, usize)>,
    /// Of those without a sign.
    pub negatives: Vec<T>,
    /// How many files could not be read.
    pub skipped: usize,
}

impl Source<'_> {
    /// The labels that the folders and files speak of: 0 to 5 when all are digits of these, so that a
    /// set without a three still trains a network that knows six signs; otherwise their names, sorted.
    ///
    /// # Errors
    ///
    /// Names that can't be labels, which the page would refuse as well, and more of them than it takes.
    pub fn find_labels(&self) -> Result<Vec<String>> {
        let mut found = BTreeSet::new();
        for path in self.paths {
            let names = if is_hdf5(path)? {
                open_hdf5(path)?.labels()?
            } else {
                let labels = list(path)?.labels.into_iter();
                labels.map(|(name, _)| name).collect()
            };
            for name in names.iter().filter(|name| !self.shows_no_sign(name)) {
                let label = labels::clean(name);
                found.insert(
                    label.with_context(|| {
                        format!("`{name}` in {} can't be a label", path.display())
                    })?,
                );
            }
        }
        let digits = labels::digits();
        if found.iter().all(|label| digits.contains(label)) {
            return Ok(digits);
        }
        if found.len() > MOST_CLASSES {
            let count = found.len();
            bail!(
                "there are {count} labels, and {MOST_CLASSES} are the most that a network can learn"
            );
        }
        Ok(found.into_iter().collect())
    }

    fn shows_no_sign(&self, name: &str) -> bool {
        let mut names = self.without_sign.iter();
        name == NO_SIGN || names.any(|other| labels::composed(other) == name)
    }

    /// Reads all pictures as the network sees them: those with a sign, and those without.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn load(&self, labels: &[String]) -> Result<(Dataset, Vec<InputImage>)> {
        let read = self.read(labels, |picture| picture.to_input(INPUT_SIDE))?;
        let samples = read.signs.into_iter();
        let samples = samples.map(|(input, label)| Sample { input, label });
        let signs = Dataset::new(labels.to_vec(), samples.collect())?;
        Ok((signs, read.negatives))
    }

    /// Reads all pictures of all folders and files and makes something of each. What can't be read and
    /// what is passed over is named on standard error.
    ///
    /// # Errors
    ///
    /// A folder without label folders, with a label that is none of `labels`, or without a single
    /// readable picture; an HDF5 file with anything wrong in it.
    pub fn read<T: Send>(
        &self,
        labels: &[String],
        make: impl Fn(Picture) -> T + Sync,
    ) -> Result<Pictures<T>> {
        let mut all = Pictures {
            signs: Vec::new(),
            negatives: Vec::new(),
            skipped: 0,
        };
        // A network that was trained with such a class knows it as a label.
        let truth = |name: &str| {
            let clean = labels::clean(name);
            let is_named = |label: &String| label == name || clean.as_ref() == Ok(label);
            let label = labels.iter().position(is_named);
            label
                .map(Some)
                .or_else(|| self.shows_no_sign(name).then_some(None))
        };
        for path in self.paths {
            if is_hdf5(path)? {
                all.read_hdf5(path, self.purpose, labels, &truth, &make)?;
            } else {
                all.read_folder(path, labels, &truth, &make)?;
            }
        }
        Ok(all)
    }
}

impl<T: Send> Pictures<T> {
    fn push(&mut self, made: T, label: Option<usize>) {
        match label {
            Some(label) => self.signs.push((made, label)),
            None => self.negatives.push(made),
        }
    }

    fn read_hdf5(
        &mut self,
        path: &Path,
        purpose: Purpose,
        known: &[String],
        truth: &impl Fn(&str) -> Option<Option<usize>>,
        make: &(impl Fn(Picture) -> T + Sync),
    ) -> Result<()> {
        let file = open_hdf5(path)?;
        let mut sets = file.sets(purpose)?.into_iter();
        let Some(set) = sets.next() else {
            return Ok(());
        };
        let others: Vec<String> = sets.map(|(_, name)| name).collect();
        if !others.is_empty() {
            let (shown, others) = (path.display(), others.join(" and "));
            let done = match purpose {
                Purpose::Training => "learned from",
                Purpose::Validation => "scored",
                Purpose::Evaluation => "evaluated",
            };
            output::note(format_args!(
                "of {shown}, {} is {done}, and {others} left alone",
                set.1
            ));
        }
        let mut truths = Vec::new();
        let data = file.read(&set, |names| {
            for (index, name) in names.iter().enumerate() {
                let Some(truth) = truth(name) else {
                    return Err(format!(
                        "entry {index} is {name}, which is no known label: the labels are {}",
                        known.join(", ")
                    ));
                };
                truths.push(truth);
            }
            Ok(())
        })?;
        let indices = (0..truths.len()).into_par_iter();
        let made: Vec<Result<T>> = indices
            .map(|index| Ok(make(data.picture(index)?)))
            .collect();
        for (made, truth) in made.into_iter().zip(truths) {
            self.push(made?, truth);
        }
        Ok(())
    }

    fn read_folder(
        &mut self,
        folder: &Path,
        labels: &[String],
        truth: &impl Fn(&str) -> Option<Option<usize>>,
        make: &(impl Fn(Picture) -> T + Sync),
    ) -> Result<()> {
        let shown = folder.display();
        let listing = list(folder)?;
        if !listing.passed.is_empty() {
            let passed = listing.passed.join(", ");
            output::note(format_args!(
                "passed over in {shown}: {passed} (no pictures for a label there)"
            ));
        }
        let mut files = Vec::new();
        for (name, paths) in listing.labels {
            let Some(label) = truth(&name) else {
                bail!(
                    "{} is no known label: the labels are {}; {LAYOUT}",
                    folder.join(name).display(),
                    labels.join(", ")
                );
            };
            files.extend(paths.into_iter().map(|path| (path, label)));
        }
        let read = files.par_iter();
        let read: Vec<Result<T>> = read
            .map(|(path, _)| Ok(make(read_picture(path)?)))
            .collect();
        let mut unreadable = 0;
        for ((path, label), outcome) in files.iter().zip(read) {
            match outcome {
                Ok(made) => self.push(made, *label),
                Err(error) => {
                    output::note(format_args!("skipped {}: {error:#}", path.display()));
                    unreadable += 1;
                }
            }
        }
        if unreadable > 0 {
            let files = count(unreadable, "unreadable file");
            output::note(format_args!("{files} skipped in {shown}"));
        }
        self.skipped += unreadable;
        if unreadable == files.len() {
            bail!(
                "{shown} has label folders but no picture that can be read; {LAYOUT} (JPEG, PNG, \
                 GIF, WebP or BMP)"
            );
        }
        Ok(())
    }
}

fn open_hdf5(path: &Path) -> Result<DataSets> {
    let shown = path.display().to_string();
    let bytes = fs::read(path).with_context(|| format!("cannot read the HDF5 file {shown}"))?;
    Ok(DataSets::open(bytes, &shown)?)
}

/// Whether this is an HDF5 file rather than a folder. Another file is an error; what isn't there is
/// left to those who want to list it.
fn is_hdf5(path: &Path) -> Result<bool> {
    if !path.is_file() {
        return Ok(false);
    }
    let found = hdf5_pure::is_hdf5(path);
    if !found.with_context(|| format!("cannot read {}", path.display()))? {
        bail!(
            "{} is neither a folder nor an HDF5 file; {LAYOUT}, or in an HDF5 file such as the \
             course's train_signs.h5",
            path.display()
        );
    }
    Ok(true)
}
