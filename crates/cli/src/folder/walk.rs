//! All pictures in a folder and the folders in it, whatever these are called.

use super::listing::{entries, is_leftover, is_picture};
use crate::output;
use anyhow::Result;
use std::path::{Path, PathBuf};

/// How far below the folder that is given pictures are looked for.
const DEPTH: usize = 32;

/// Names in a note.
const NAMED: usize = 5;

/// The pictures, sorted within each folder, files before folders. A folder is listed when its turn comes, and
/// what is passed over in it is said then: files that are no pictures, what systems leave behind, and links to
/// folders, which may lead round in a circle.
pub struct Walk {
    /// Folders to be listed, the next one last, and their depth.
    open: Vec<(PathBuf, usize)>,
    /// Pictures of the folder that was listed last, the next one last.
    files: Vec<PathBuf>,
}

impl Walk {
    pub fn new(folder: &Path) -> Self {
        Self {
            open: vec![(folder.to_owned(), 0)],
            files: Vec::new(),
        }
    }

    fn list(&mut self, folder: &Path, depth: usize) -> Result<()> {
        let (folders, files) = entries(folder)?;
        let (mut files, others): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|file| is_picture(file));
        let (folders, passed): (Vec<_>, Vec<_>) = folders
            .into_iter()
            .partition(|path| !path.is_symlink() && !is_leftover(path) && depth < DEPTH);
        let passed: Vec<_> = others.iter().chain(&passed).collect();
        if !passed.is_empty() {
            let names = passed
                .iter()
                .take(NAMED)
                .filter_map(|path| path.file_name());
            let names: Vec<_> = names.map(output::shown).collect();
            let more = passed.len().saturating_sub(NAMED);
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            output::note(format_args!(
                "passed over in {}: {}{more} (no pictures)",
                output::shown(folder),
                names.join(", ")
            ));
        }
        files.reverse();
        self.files = files;
        let folders = folders.into_iter().rev();
        self.open.extend(folders.map(|folder| (folder, depth + 1)));
        Ok(())
    }
}

impl Iterator for Walk {
    /// A picture's path, or why a folder could not be listed.
    type Item = Result<PathBuf>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(file) = self.files.pop() {
                return Some(Ok(file));
            }
            let (folder, depth) = self.open.pop()?;
            if let Err(error) = self.list(&folder, depth) {
                return Some(Err(error));
            }
        }
    }
}
