//! Samples as a zip of folders, with the pictures as they were kept.

use super::folders::is_set;
use super::names::is_leftover;
use crate::archive::{Archive, Named, write_zip};
use crate::error::{Error, Result};
use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use serde::{Deserialize, Serialize};
use signet_recognizer::{INPUT_SIDE, InputImage};
use std::collections::{BTreeMap, HashSet};

/// The file that tells the labels of the folders, where a name had to be another.
pub const LABELS_FILE: &str = "labels.json";

/// The most bytes of such a file.
const LONGEST: usize = 64 << 10;

/// The longest name of a folder, in bytes.
const LONGEST_FOLDER: usize = 100;

/// A sample to be written.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    /// The index of its label.
    pub label: usize,
    /// What the network reads.
    pub input: &'a InputImage,
}

/// The labels of folders.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Labels {
    /// The version of this file, 1.
    signet: u32,
    /// The label of each folder.
    labels: BTreeMap<String, String>,
}

/// A zip of LABEL/NUMBER.png, in the order of the labels and of their samples. A label that is no name for a folder on
/// every system has another one, and [`LABELS_FILE`] tells which.
///
/// # Errors
///
/// [`Error::SamplesNone`] without samples; [`Error::ArchiveFormat`] where a picture can't be written.
pub fn samples_zip(labels: &[String], samples: &[Written<'_>]) -> Result<Vec<u8>> {
    if samples.is_empty() {
        let reason = "there is nothing to write".into();
        return Err(Error::SamplesNone { reason });
    }
    let folders = folders_of(labels);
    let mut files = Vec::new();
    if labels != folders.as_slice() {
        let labels = folders
            .iter()
            .cloned()
            .zip(labels.iter().cloned())
            .collect();
        let labels = serde_json::to_vec_pretty(&Labels { signet: 1, labels });
        files.push(Named {
            name: LABELS_FILE.to_owned(),
            bytes: labels.map_err(|error| unwritten(&error))?,
        });
    }
    for (label, folder) in folders.iter().enumerate() {
        let own = samples.iter().filter(|sample| sample.label == label);
        for (sample, number) in own.zip(1..) {
            files.push(Named {
                name: format!("{folder}/{number:04}.png"),
                bytes: png(sample.input)?,
            });
        }
    }
    write_zip(&files)
}

/// What a file of labels tells, where an archive has one that was written here.
pub(super) fn labels_of(archive: &mut Archive) -> Result<Option<BTreeMap<String, String>>> {
    let Some(at) = archive.find(LABELS_FILE) else {
        return Ok(None);
    };
    let file = archive.read(at)?.unwrap_or_default();
    if file.len() > LONGEST {
        return Ok(None);
    }
    // Anybody may call a file of theirs so.
    let read: Option<Labels> = serde_json::from_slice(&file).ok();
    Ok(read
        .filter(|labels| labels.signet == 1)
        .map(|labels| labels.labels))
}

/// A folder for each label: its name, where every system can have a folder of that name beside the others, and where
/// nobody takes it for something else.
fn folders_of(labels: &[String]) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut folders = Vec::new();
    for label in labels {
        let safe = safe(label);
        let name = |number: usize| match number {
            1 => safe.clone(),
            _ => format!("{safe} {number}"),
        };
        // Some systems don't tell capital letters from small ones.
        let free = (1..)
            .map(name)
            .find(|name| taken.insert(name.to_lowercase()));
        folders.push(free.unwrap_or(safe));
    }
    folders
}

fn safe(label: &str) -> String {
    const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
    let is_unsafe = |c: char| c.is_control() || "<>:\"/\\|?*".contains(c);
    let mut name = String::new();
    for c in label.chars() {
        if name.len() + c.len_utf8() > LONGEST_FOLDER {
            break;
        }
        name.push(if is_unsafe(c) { '_' } else { c });
    }
    let name = name.trim_end_matches(['.', ' ']);
    let small = name.to_lowercase();
    let device = small.trim_end_matches(|c: char| c.is_ascii_digit());
    if name.is_empty() || is_leftover(name) || is_set(name) || RESERVED.contains(&device) {
        return format!("label {}", name.trim_start_matches('.'))
            .trim_end()
            .to_owned();
    }
    name.to_owned()
}

fn png(input: &InputImage) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let side = INPUT_SIDE as u32;
    PngEncoder::new(&mut bytes)
        .write_image(input.rgb(), side, side, ExtendedColorType::Rgb8)
        .map_err(|error| unwritten(&error))?;
    Ok(bytes)
}

fn unwritten(error: &dyn std::fmt::Display) -> Error {
    Error::ArchiveFormat {
        reason: format!("it was not written, {error}"),
    }
}
