//! Labelled pictures, from folders `FOLDER/LABEL/IMAGE` and from HDF5 files.

use crate::hdf5;
use crate::output::count;
use anyhow::{Context, Result, bail};
use rayon::prelude::*;
use signet_core::{Dataset, Sample};
use signet_recognizer::{INPUT_SIDE, Picture, labels};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const LAYOUT: &str = "pictures are expected as FOLDER/LABEL/IMAGE, such as FOLDER/3/photo.jpg";

/// Reads one picture.
pub fn read_picture(path: &Path) -> Result<Picture> {
    let bytes = fs::read(path).context("it cannot be opened")?;
    Ok(Picture::decode(&bytes)?)
}

/// The labels that the folders and files speak of: 0 to 5 when all are digits of these, so that a
/// set without a three still trains a network that knows six signs; otherwise their names, sorted.
pub fn find_labels(folders: &[PathBuf]) -> Result<Vec<String>> {
    let mut found = BTreeSet::new();
    for folder in folders {
        if is_hdf5(folder)? {
            found.extend(hdf5::find_labels(folder)?);
        } else {
            found.extend(label_folders(folder)?.into_iter().map(|(label, _)| label));
        }
    }
    let digits = labels::digits();
    if found.iter().all(|label| digits.contains(label)) {
        Ok(digits)
    } else {
        Ok(found.into_iter().collect())
    }
}

/// Reads all pictures of all folders and files, as the network sees them.
///
/// # Errors
///
/// As [`read`].
pub fn load(folders: &[PathBuf], labels: &[String]) -> Result<Dataset> {
    let (read, _) = read(folders, labels, |picture| picture.to_input(INPUT_SIDE))?;
    let samples = read
        .into_iter()
        .map(|(input, label)| Sample { input, label });
    Ok(Dataset::new(labels.to_vec(), samples.collect())?)
}

/// Reads all pictures of all folders and files and makes something of each. What can't be read is
/// named on standard error and skipped; how many that were is the second part of the answer.
///
/// A folder without label folders, with a label that is none of `labels`, or without a single
/// readable picture is an error; so is an HDF5 file with anything wrong in it.
pub fn read<T: Send>(
    folders: &[PathBuf],
    labels: &[String],
    make: impl Fn(Picture) -> T + Sync,
) -> Result<(Vec<(T, usize)>, usize)> {
    let mut made = Vec::new();
    let mut skipped = 0;
    for folder in folders {
        if is_hdf5(folder)? {
            made.extend(hdf5::read(folder, labels, &make)?);
            continue;
        }
        let files = labelled_files(folder, labels)?;
        let read = files
            .par_iter()
            .map(|(path, label)| Ok((make(read_picture(path)?), *label)));
        let read: Vec<Result<(T, usize)>> = read.collect();
        let before = made.len();
        for ((path, _), outcome) in files.iter().zip(read) {
            match outcome {
                Ok(labelled) => made.push(labelled),
                Err(error) => eprintln!("skipped {}: {error:#}", path.display()),
            }
        }
        let unreadable = files.len() - (made.len() - before);
        if unreadable > 0 {
            let files = count(unreadable, "unreadable file");
            eprintln!("{files} skipped in {}", folder.display());
        }
        skipped += unreadable;
        if made.len() == before {
            bail!(
                "{} has label folders but no picture that can be read; {LAYOUT} \
                 (JPEG, PNG, GIF, WebP or BMP)",
                folder.display()
            );
        }
    }
    Ok((made, skipped))
}

/// Whether this is an HDF5 file rather than a folder. Another file is an error; what isn't there is
/// left to those who want to list it.
fn is_hdf5(path: &Path) -> Result<bool> {
    if !path.is_file() {
        return Ok(false);
    }
    let found = hdf5::is_hdf5(path).with_context(|| format!("cannot read {}", path.display()))?;
    if !found {
        bail!(
            "{} is neither a folder nor an HDF5 file; {LAYOUT}, or in an HDF5 file such as the \
             course's train_signs.h5",
            path.display()
        );
    }
    Ok(true)
}

/// The files of a folder with the index of their label, sorted by path.
fn labelled_files(folder: &Path, labels: &[String]) -> Result<Vec<(PathBuf, usize)>> {
    let mut files = Vec::new();
    for (name, path) in label_folders(folder)? {
        let Some(label) = labels.iter().position(|label| *label == name) else {
            bail!(
                "{} is no known label: the labels are {}; {LAYOUT}",
                path.display(),
                labels.join(", ")
            );
        };
        files.extend(entries(&path)?.into_iter().map(|path| (path, label)));
    }
    Ok(files)
}

/// The label folders of a folder by name, sorted. Files beside them, such as a README, are no
/// concern of ours.
fn label_folders(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for path in entries(folder)? {
        if !path.is_dir() {
            continue;
        }
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            bail!(
                "{} cannot be a label: its name is not Unicode",
                path.display()
            );
        };
        found.push((name.to_owned(), path));
    }
    if found.is_empty() {
        bail!("{} has no label folders; {LAYOUT}", folder.display());
    }
    Ok(found)
}

/// What lies in a folder, sorted; hidden files such as `.DS_Store` are left out.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let list = || {
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if !entry.file_name().to_string_lossy().starts_with('.') {
                paths.push(entry.path());
            }
        }
        paths.sort();
        std::io::Result::Ok(paths)
    };
    list().with_context(|| format!("cannot list the folder {}", folder.display()))
}
