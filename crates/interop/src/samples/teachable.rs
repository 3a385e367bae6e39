//! Projects of Teachable Machine: a stored zip of `CLASS-!-N.jpg`, in the order of the classes, and `manifest.json`.
//!
//! Of the manifest the type alone is read. What else is in it, such as a secret of the person's by which a published model
//! can be changed, is never kept, shown or logged.

use super::classes::{By, Guess, Sorter, Why};
use super::names::{is_leftover, is_picture};
use crate::archive::Archive;
use crate::error::{Error, Result};
use serde::Deserialize;

const MANIFEST: &str = "manifest.json";

/// Between a class and the number of a picture.
const SEPARATOR: &str = "-!-";

/// As much of a type is shown that nobody knows.
const SHOWN: usize = 40;

/// What is read of a manifest.
#[derive(Deserialize)]
struct Manifest {
    #[serde(rename = "type")]
    kind: String,
}

/// The guess for an archive that is such a project; none for others.
pub(super) fn guess(archive: &mut Archive) -> Result<Option<Guess>> {
    let Some(at) = archive.find(MANIFEST) else {
        return Ok(None);
    };
    let manifest = archive.read(at)?.unwrap_or_default();
    // Other archives have a manifest, too.
    let Ok(Manifest { kind }) = serde_json::from_slice(&manifest) else {
        return Ok(None);
    };
    match kind.as_str() {
        "image" => {}
        "pose" => {
            return Err(Error::SamplesKind {
                kind: "poses".into(),
            });
        }
        "audio" => {
            return Err(Error::SamplesKind {
                kind: "sounds".into(),
            });
        }
        other => {
            let shown: String = other
                .chars()
                .filter(|c| !c.is_control())
                .take(SHOWN)
                .collect();
            let kind = format!("something that it calls `{shown}`");
            return Err(Error::SamplesKind { kind });
        }
    }
    let mut sorter = Sorter::default();
    let mut found = 0;
    for (index, name) in archive.names().enumerate() {
        if index == at {
            continue;
        }
        match name.rsplit_once(SEPARATOR) {
            _ if name.split('/').any(is_leftover) => sorter.passed.add(Why::Leftover, name),
            _ if !is_picture(name) => sorter.passed.add(Why::NoPicture, name),
            Some((class, _)) => {
                sorter.add(class, index);
                found += 1;
            }
            None => sorter.passed.add(Why::NoLabel, name),
        }
    }
    if found == 0 {
        let reason = "this project of Teachable Machine has no pictures yet".into();
        return Err(Error::SamplesNone { reason });
    }
    Ok(Some(sorter.guess_in_order(By::TeachableMachine, "")))
}
