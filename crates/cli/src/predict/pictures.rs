//! The pictures that `signet predict` is given: files, folders, standard input.

use crate::folder::{Walk, read_picture};
use anyhow::{Context, Result, bail};
use signet_recognizer::Picture;
use std::io::Read;
use std::path::PathBuf;

/// The word for standard input.
const STANDARD_INPUT: &str = "-";

/// Bytes that are read of standard input, at most: more than any picture has that is decoded.
const MOST_BYTES: u64 = 1 << 30;

/// Where a picture is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In a file.
    File(PathBuf),
    /// On standard input.
    StandardInput,
}

impl Place {
    /// Its name in answers.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::StandardInput => STANDARD_INPUT.into(),
        }
    }

    /// Reads and decodes the picture.
    pub fn read(&self) -> Result<Picture> {
        match self {
            Self::File(path) => read_picture(path),
            Self::StandardInput => {
                let mut bytes = Vec::new();
                let input = std::io::stdin().lock();
                let read = input.take(MOST_BYTES + 1).read_to_end(&mut bytes);
                read.context("standard input cannot be read")?;
                if bytes.len() as u64 > MOST_BYTES {
                    bail!("standard input has more than {} MB", MOST_BYTES / 1_000_000);
                }
                Ok(Picture::decode(&bytes)?)
            }
        }
    }
}

/// The places in the order given, those in folders found one by one.
pub struct Places<'a> {
    given: std::slice::Iter<'a, PathBuf>,
    folder: Option<(PathBuf, Walk, bool)>,
}

impl<'a> Places<'a> {
    /// # Errors
    ///
    /// Standard input twice, which has one picture.
    pub fn new(given: &'a [PathBuf]) -> Result<Self> {
        let is_input = |path: &&PathBuf| path.as_os_str() == STANDARD_INPUT;
        if given.iter().filter(is_input).count() > 1 {
            bail!("standard input (-) has one picture: give it once");
        }
        Ok(Self {
            given: given.iter(),
            folder: None,
        })
    }
}

impl Iterator for Places<'_> {
    /// A place, or a folder with why it has no picture.
    type Item = Result<Place, (PathBuf, anyhow::Error)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((folder, walk, has_pictures)) = &mut self.folder {
                match walk.next() {
                    Some(Ok(file)) => {
                        *has_pictures = true;
                        return Some(Ok(Place::File(file)));
                    }
                    Some(Err(error)) => {
                        *has_pictures = true;
                        return Some(Err((folder.clone(), error)));
                    }
                    None => {
                        let (folder, has_pictures) = (folder.clone(), *has_pictures);
                        self.folder = None;
                        if !has_pictures {
                            return Some(Err((folder, anyhow::anyhow!("it has no pictures"))));
                        }
                    }
                }
                continue;
            }
            let path = self.given.next().cloned()?;
            if path.as_os_str() == STANDARD_INPUT {
                return Some(Ok(Place::StandardInput));
            }
            if !path.is_dir() {
                return Some(Ok(Place::File(path)));
            }
            let walk = Walk::new(&path);
            self.folder = Some((path, walk, false));
        }
    }
}
