//! Real photos with the hands' boxes, by an index: FOLDER/index.tsv.

mod sources;

use crate::folder;
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use signet_core::{Dataset, Sample};
use signet_recognizer::weights::sha256;
use signet_recognizer::{INPUT_SIDE, NO_SIGN};
use signet_scenes::{Framing, PhotoSource, RealPhoto, RealPhotos};
use sources::{People, is_arguable, people};
use std::path::{Path, PathBuf};

/// The index in a folder.
const INDEX: &str = "index.tsv";

/// The columns that are read of an index.
const COLUMNS: [&str; 7] = ["file", "source", "label", "left", "top", "right", "bottom"];

/// Which people's photos.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Those that are trained on
    #[default]
    Training,
    /// Those that no training sees
    Validation,
    /// All of them
    All,
}

/// A line of an index.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    path: PathBuf,
    source: String,
    /// The index of the label; none where there is no sign.
    label: Option<usize>,
    /// Left, top, right, bottom in pixels, where a box is known.
    bounds: Option<[f32; 4]>,
}

/// The photos of a source.
pub struct Source {
    pub name: String,
    pub photos: Vec<RealPhoto>,
}

/// Reads the photos of one part of some indices, which are files or lie in folders, by source.
///
/// A file that isn't there or is no picture is an error: an index lists what there is.
pub fn read(indices: &[PathBuf], labels: &[String], part: Part) -> Result<Vec<Source>> {
    let mut entries = Vec::new();
    for index in indices {
        entries.extend(read_index(index, labels)?);
    }
    entries.retain(|entry| part == Part::All || entry.part() == Some(part));
    let photos = entries.par_iter().map(|entry| {
        let picture = folder::read_picture(&entry.path)
            .with_context(|| format!("cannot read {}", entry.path.display()))?;
        Ok(RealPhoto {
            picture,
            label: entry.label,
            framing: entry.bounds.map_or(Framing::Centred, Framing::Boxed),
        })
    });
    let photos: Vec<RealPhoto> = photos.collect::<Result<_>>()?;
    let mut sources: Vec<Source> = Vec::new();
    for (entry, photo) in entries.into_iter().zip(photos) {
        match sources
            .iter_mut()
            .find(|source| source.name == entry.source)
        {
            Some(source) => source.photos.push(photo),
            None => sources.push(Source {
                name: entry.source,
                photos: vec![photo],
            }),
        }
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(sources)
}

/// The photos to train on.
pub fn training(indices: &[PathBuf], labels: &[String], part: Part) -> Result<RealPhotos> {
    let sources = read(indices, labels, part)?;
    let sources = sources.into_iter().map(|Source { name, mut photos }| {
        let People { count, framed, .. } = people(&name);
        // A center crop may cut off a hand that is somewhere in a whole photo.
        photos.retain(|photo| {
            framed || photo.label.is_none() || matches!(photo.framing, Framing::Boxed(_))
        });
        PhotoSource {
            people: count,
            photos,
        }
    });
    Ok(RealPhotos::new(labels.len(), sources.collect())?)
}

/// A validation set for each source that is held out: its signs, cropped where they are.
pub fn validation(indices: &[PathBuf], labels: &[String]) -> Result<Vec<(String, Dataset)>> {
    let mut sets = Vec::new();
    for source in read(indices, labels, Part::Validation)? {
        let signs = source.photos.iter().filter_map(|photo| {
            let label = photo.label?;
            let input = photo.picture.input_of(photo.true_crop(), INPUT_SIDE);
            Some(Sample { input, label })
        });
        let signs: Vec<_> = signs.collect();
        if !signs.is_empty() {
            sets.push((source.name, Dataset::new(labels.to_vec(), signs)?));
        }
    }
    Ok(sets)
}

impl Entry {
    /// Which part a photo is of: whole sources where one person has many photos, otherwise by the
    /// file's name, which a person's photos share. None for arguable poses.
    fn part(&self) -> Option<Part> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        if is_arguable(&self.source, &name) {
            return None;
        }
        let held_out = people(&self.source).held_out.unwrap_or_else(|| {
            let hash = sha256(name.as_bytes());
            hash.starts_with(|digit: char| ('0'..'8').contains(&digit))
        });
        Some(if held_out {
            Part::Validation
        } else {
            Part::Training
        })
    }
}

fn read_index(path: &Path, labels: &[String]) -> Result<Vec<Entry>> {
    let file = if path.is_dir() {
        path.join(INDEX)
    } else {
        path.to_owned()
    };
    let text = std::fs::read_to_string(&file)
        .with_context(|| format!("cannot read the index {}", file.display()))?;
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let columns = COLUMNS.map(|name| header.iter().position(|column| *column == name));
    let mut entries = Vec::new();
    for (number, line) in lines.enumerate() {
        let cells: Vec<&str> = line.split('\t').collect();
        let entry = entry(folder, columns, &cells, labels);
        entries.push(entry.with_context(|| format!("{}, line {}", file.display(), number + 2))?);
    }
    if entries.is_empty() {
        bail!(
            "{} lists no photo; an index is a table with tabs between the columns {}",
            file.display(),
            COLUMNS.join(", ")
        );
    }
    Ok(entries)
}

fn entry(
    folder: &Path,
    columns: [Option<usize>; 7],
    cells: &[&str],
    labels: &[String],
) -> Result<Entry> {
    let mut values = [""; 7];
    for ((value, column), name) in values.iter_mut().zip(columns).zip(COLUMNS) {
        let cell = column.and_then(|column| cells.get(column).copied());
        *value = cell.with_context(|| format!("it has no {name}"))?;
    }
    let [file, source, label, bounds @ ..] = values;
    let label = match label {
        NO_SIGN => None,
        label => {
            let known = labels.iter().position(|known| known == label);
            Some(known.with_context(|| format!("{label} is none of {}", labels.join(", ")))?)
        }
    };
    let bounds = if bounds.iter().all(|number| number.is_empty()) {
        None
    } else {
        let mut edges = [0.0_f32; 4];
        for (edge, text) in edges.iter_mut().zip(bounds) {
            *edge = text
                .parse()
                .with_context(|| format!("{text} is not a number of pixels"))?;
        }
        let [left, top, right, bottom] = edges;
        if !(left < right && top < bottom && edges.iter().all(|edge| edge.is_finite())) {
            bail!("its box has no area");
        }
        Some(edges)
    };
    Ok(Entry {
        path: folder.join(file),
        source: source.to_owned(),
        label,
        bounds,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(source: &str, file: &str) -> Entry {
        Entry {
            path: PathBuf::from(source).join("3").join(file),
            source: source.into(),
            label: Some(3),
            bounds: None,
        }
    }

    #[test]
    fn a_person_is_in_one_part_whatever_the_label_and_the_source() {
        let names: Vec<_> = (0..400).map(|n| format!("three2_{n:05}.jpg")).collect();
        let part = |source: &str, name: &str| entry(source, name).part();
        let held_out = names
            .iter()
            .filter(|name| part("hagrid", name) == Some(Part::Validation))
            .count();
        assert!((160..240).contains(&held_out), "{held_out}");
        for name in &names {
            assert_eq!(part("hagrid", name), part("hagrid-extra", name));
            assert_eq!(part("lionel", name), part("lionel-wide", name));
            assert_eq!(part("subhi", name), part("subhi-crop", name));
            assert_eq!(part("lionel", name), Some(Part::Validation));
            // Photos of an unknown source count as one person's.
            assert_eq!(part("my-photos", name), Some(Part::Training));
        }
        assert_eq!(part("hagrid-extra", "like_1.jpg"), None);
    }

    #[test]
    fn an_index_says_what_is_wrong_with_it() {
        let folder = std::env::temp_dir().join(format!("signet-index-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let labels = signet_recognizer::labels::digits();
        let refusal = |text: &str| {
            std::fs::write(folder.join(INDEX), text).unwrap();
            format!("{:#}", read_index(&folder, &labels).unwrap_err())
        };
        let header = COLUMNS.join("\t");
        assert!(refusal("").contains("lists no photo"));
        assert!(refusal("file\tsource\na\tb").contains("line 2: it has no label"));
        let line = |rest: &str| format!("{header}\n{rest}");
        assert!(refusal(&line("a\tb\t7\t\t\t\t")).contains("7 is none of 0"));
        assert!(refusal(&line("a\tb\t3\t1\tx\t3\t4")).contains("x is not a number of pixels"));
        assert!(refusal(&line("a\tb\t3\t5\t1\t5\t4")).contains("no area"));
        std::fs::write(
            folder.join(INDEX),
            line("a\tb\tnone\t\t\t\t\nc\tb\t3\t1\t2\t3\t4.5"),
        )
        .unwrap();
        let entries = read_index(&folder, &labels).unwrap();
        assert_eq!((entries[0].label, entries[0].bounds), (None, None));
        assert_eq!(entries[1].bounds, Some([1.0, 2.0, 3.0, 4.5]));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
