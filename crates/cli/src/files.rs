//! Reading and writing whole files, with errors that name them.

use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// Reads a file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Replaces a file in one move: whoever reads it meets the old content or the new one, never a
/// half, even if this process is killed on the way. Missing folders are made.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let Some(name) = path.file_name() else {
        bail!("{} is no name for a file", path.display());
    };
    if path.is_dir() {
        bail!("{} is a folder; give the name of a file", path.display());
    }
    // In the same folder, since a file can't be renamed across file systems.
    let mut partial = name.to_owned();
    partial.push(".partial");
    let partial = path.with_file_name(partial);
    let replace = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = File::create(&partial)?;
        file.write_all(bytes)?;
        // Otherwise a power cut could leave the new name with empty content.
        file.sync_all()?;
        fs::rename(&partial, path)
    };
    replace()
        .inspect_err(|_| drop(fs::remove_file(&partial)))
        .with_context(|| format!("cannot write {}", path.display()))
}
