//! What lies in a folder of label folders, and where the label folders are if not there.

use anyhow::{Context, Result, bail};
use signet_interop::samples;
use signet_recognizer::labels;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

pub const LAYOUT: &str = "pictures are expected as FOLDER/LABEL/IMAGE, such as FOLDER/3/photo.jpg";

/// How far below a folder label folders are looked for.
const DEPTH: usize = 3;

/// Folders that are named where several would do.
const NAMED: usize = 3;

/// The label folders of a folder.
pub struct Listing {
    /// Their names, composed, and their files, sorted by path.
    pub labels: Vec<(String, Vec<PathBuf>)>,
    /// What was passed over, by its path within the folder.
    pub passed: Vec<String>,
}

/// Lists the folders in a folder that hold pictures. Files beside them, such as a README, are no concern
/// of ours.
///
/// # Errors
///
/// Where no folder holds a picture, with the folders to give instead if there are any; where a name is
/// not Unicode.
pub fn list(folder: &Path) -> Result<Listing> {
    let mut found = Listing {
        labels: Vec::new(),
        passed: Vec::new(),
    };
    let (folders, files) = entries(folder)?;
    let mut deeper = Vec::new();
    for path in folders {
        let (within, files) = entries(&path)?;
        let shown = path.strip_prefix(folder).unwrap_or(&path).display();
        if is_leftover(&path) || !files.iter().any(|file| is_picture(file)) {
            found.passed.push(shown.to_string());
            if !is_leftover(&path) {
                deeper.extend(label_parents(&path, DEPTH));
            }
            continue;
        }
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            bail!(
                "{} cannot be a label: its name is not Unicode",
                path.display()
            );
        };
        let passed = within
            .iter()
            .map(|path| path.strip_prefix(folder).unwrap_or(path));
        found
            .passed
            .extend(passed.map(|path| path.display().to_string()));
        found.labels.push((labels::composed(name), files));
    }
    // A folder of samples beside train and val is no set of a single label.
    if found.labels.is_empty() || (found.labels.len() == 1 && !deeper.is_empty()) {
        refuse(
            folder,
            &deeper,
            &found.passed,
            files.iter().any(|file| is_picture(file)),
        )?;
    }
    Ok(found)
}

/// Says what to give instead of a folder without label folders.
fn refuse(folder: &Path, deeper: &[PathBuf], passed: &[String], is_flat: bool) -> Result<()> {
    let shown = folder.display();
    let name = |path: &PathBuf| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    let digits = labels::digits();
    if deeper
        .iter()
        .filter_map(name)
        .any(|name| digits.contains(&name))
    {
        bail!(
            "the pictures in {shown} lie a folder too deep, in folders within the labels'; {LAYOUT}"
        );
    }
    if !deeper.is_empty() {
        let named = deeper.iter().take(NAMED);
        let named: Vec<_> = named.map(|path| path.display().to_string()).collect();
        let named = named.join(" or ");
        bail!("{shown} has no label folders, but they are further down: give {named}; {LAYOUT}");
    }
    if is_flat {
        let parent = folder
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        bail!(
            "{shown} has no label folders, and pictures of its own: if all show the sign that it is \
             named after, give {}; otherwise sort them into folders; {LAYOUT}",
            parent.display()
        );
    }
    if passed.is_empty() {
        bail!("{shown} has no label folders; {LAYOUT}");
    }
    bail!(
        "{shown} has label folders but no picture that can be read; {LAYOUT} (JPEG, PNG, GIF, WebP \
         or BMP)"
    )
}

/// Folders from here on down, the highest first of each branch, that have label folders.
fn label_parents(folder: &Path, depth: usize) -> Vec<PathBuf> {
    let Ok((folders, _)) = entries(folder) else {
        return Vec::new();
    };
    let inner = folders.iter().filter(|path| !is_leftover(path));
    let holds_pictures = |path: &&PathBuf| {
        entries(path).is_ok_and(|(_, files)| files.iter().any(|file| is_picture(file)))
    };
    if inner.clone().any(|path| holds_pictures(&path)) {
        return vec![folder.to_owned()];
    }
    if depth == 0 {
        return Vec::new();
    }
    let mut found = BTreeSet::new();
    for path in inner {
        found.extend(label_parents(path, depth - 1));
    }
    found.into_iter().collect()
}

pub(super) fn is_leftover(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    samples::is_leftover(&name.to_string_lossy())
}

/// Whether a file starts like a picture of any format, readable or not.
pub(super) fn is_picture(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(32).read_to_end(&mut start));
    read.is_ok() && image::guess_format(&start).is_ok()
}

/// Folders and files in a folder, each sorted; hidden ones such as `.DS_Store` and `._photo.jpg`, and files
/// that are left over, are left out.
pub(super) fn entries(folder: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>)> {
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
    let paths = list().with_context(|| format!("cannot list the folder {}", folder.display()))?;
    let (folders, mut files): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.is_dir());
    files.retain(|path| !is_leftover(path));
    Ok((folders, files))
}
