//! Labelled pictures from files of other programs: what is in them, and the pictures one at a time.
//!
//! 1. [`Samples::open`] opens a file and guesses what it is: a project of Teachable Machine, folders of pictures, pictures
//!    with their labels in their names, a data set as HDF5.
//! 2. [`Samples::guesses`] are the ways in which it can be read, the likeliest first. A person sees and corrects them.
//! 3. [`Samples::picture`] gives a picture's file, or its pixels.

mod classes;
mod file_names;
mod folders;
mod names;
mod teachable;
mod write;

pub use classes::{By, Class, Guess, PassedOver, Why};
pub use names::{LEFTOVERS, is_leftover};
pub use write::{LABELS_FILE, Written, samples_zip};

use crate::archive::{Archive, Limits, file_name, is_zip};
use crate::data_set::{DataSet, DataSets, Purpose, Set, is_hdf5};
use crate::error::{Error, Result};
use classes::Sorter;
use names::is_picture;
use signet_recognizer::Picture;

/// A picture of a file.
#[derive(Debug)]
pub enum Encoded {
    /// As its file has it: JPEG, PNG or another format.
    File(Vec<u8>),
    /// As pixels.
    Pixels(Picture),
}

/// An open file of labelled pictures.
pub struct Samples {
    guesses: Vec<Guess>,
    source: Source,
}

enum Source {
    Archive(Archive),
    DataSets {
        file: DataSets,
        /// As many as there are guesses.
        sets: Vec<(Set, String)>,
        /// The set that was read last.
        read: Option<(usize, DataSet)>,
    },
}

impl Samples {
    /// Opens a file that is called `name`.
    ///
    /// # Errors
    ///
    /// Those of [`Archive::open`] and [`DataSets::read`]; [`Error::SamplesKind`] for projects of sounds and poses;
    /// [`Error::SamplesNone`] where there are no labelled pictures.
    pub fn open(file: Vec<u8>, name: &str) -> Result<Self> {
        if is_zip(&file) {
            let mut archive = Archive::open(file, Limits::PICTURES)?;
            let guesses = guess_archive(&mut archive, name)?;
            let source = Source::Archive(archive);
            return Ok(Self { guesses, source });
        }
        if is_hdf5(&file) {
            return Self::open_data_sets(DataSets::open(file, name)?);
        }
        let reason = format!(
            "`{name}` is neither a zip archive, nor a project of Teachable Machine, nor an HDF5 file"
        );
        Err(Error::SamplesNone { reason })
    }

    fn open_data_sets(file: DataSets) -> Result<Self> {
        let sets = file.sets(Purpose::Training)?;
        let (mut guesses, mut read) = (Vec::new(), None);
        for (at, set) in sets.iter().enumerate() {
            let data = file.read(set, |_| Ok(()))?;
            let mut sorter = Sorter::default();
            for (index, name) in data.names.iter().enumerate() {
                sorter.add(name, index);
            }
            guesses.push(sorter.guess(By::DataSet, &data.pictures));
            read = Some((at, data));
        }
        let source = Source::DataSets { file, sets, read };
        Ok(Self { guesses, source })
    }

    /// The ways in which the file can be read, the likeliest first.
    pub fn guesses(&self) -> &[Guess] {
        &self.guesses
    }

    /// A picture of a guess by its index, none where there is no such.
    ///
    /// # Errors
    ///
    /// Those of [`Archive::read`] and [`DataSets::read`].
    pub fn picture(&mut self, guess: usize, index: usize) -> Result<Option<Encoded>> {
        match &mut self.source {
            Source::Archive(archive) => Ok(archive.read(index)?.map(Encoded::File)),
            Source::DataSets { file, sets, read } => {
                let Some(set) = sets.get(guess) else {
                    return Ok(None);
                };
                let data = match read {
                    Some((at, data)) if *at == guess => data,
                    other => {
                        let data = file.read(set, |_| Ok(()))?;
                        &mut other.insert((guess, data)).1
                    }
                };
                if index >= data.names.len() {
                    return Ok(None);
                }
                Ok(Some(Encoded::Pixels(data.picture(index)?)))
            }
        }
    }

    /// The name of a picture's file, where it has one.
    pub fn name(&self, index: usize) -> Option<&str> {
        match &self.source {
            Source::Archive(archive) => archive.names().nth(index),
            Source::DataSets { .. } => None,
        }
    }
}

/// What an archive may be.
fn guess_archive(archive: &mut Archive, name: &str) -> Result<Vec<Guess>> {
    if let Some(guess) = teachable::guess(archive)? {
        return Ok(vec![guess]);
    }
    let renamed = write::labels_of(archive)?;
    let mut pictures = Vec::new();
    let mut passed = classes::Passed::default();
    for (index, entry) in archive.names().enumerate() {
        if entry.split('/').any(is_leftover) {
            passed.add(Why::Leftover, entry);
        } else if !is_picture(entry) {
            if entry != LABELS_FILE || renamed.is_none() {
                passed.add(Why::NoPicture, entry);
            }
        } else {
            pictures.push((index, entry));
        }
    }
    if pictures.is_empty() {
        let count = archive.names().count();
        let reason = format!(
            "`{name}` has {count} files, none of them a picture; pictures are expected as LABEL/IMAGE, such as 3/photo.jpg"
        );
        return Err(Error::SamplesNone { reason });
    }
    let guesses = match renamed {
        Some(renamed) => vec![folders::as_written(&pictures, &renamed, &passed)],
        None => {
            let mut guesses = folders::guesses(&pictures, &passed);
            guesses.extend(file_names::guesses(&pictures, &passed));
            guesses.push(one_class(&pictures, name, &passed));
            classes::ranked(guesses)
        }
    };
    Ok(guesses)
}

/// All pictures as one class, which is named as the archive.
fn one_class(pictures: &[(usize, &str)], name: &str, passed: &classes::Passed) -> (u32, Guess) {
    let stem = file_name(name);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    // As Teachable Machine names the images of one of its classes.
    let stem = stem.strip_suffix("-samples").unwrap_or(stem);
    let mut sorter = Sorter::default();
    for (index, _) in pictures {
        sorter.add(stem, *index);
    }
    sorter.passed = passed.clone();
    (1, sorter.guess(By::OneClass, ""))
}

#[cfg(test)]
mod tests;
