//! Reading and writing whole files, with errors that name them.

use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Reads a file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Replaces a file in one move: whoever reads it meets the old content or the new one, never a
/// half, even if this process is killed on the way. Missing folders are made. A link is followed, and what is no
/// ordinary file (`/dev/stdout`, a named pipe) is written into: the move would put a file in its place.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if path.file_name().is_none() {
        bail!("{} is no name for a file", path.display());
    }
    if path.is_dir() {
        bail!("{} is a folder; give the name of a file", path.display());
    }
    if path.exists() && !path.is_file() {
        let device = File::options().write(true).open(path);
        return device
            .and_then(|mut device| device.write_all(bytes))
            .with_context(|| format!("cannot write into {}", path.display()));
    }
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    // In the same folder, since a file can't be renamed across file systems.
    let mut partial = target.clone().into_os_string();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let replace = || {
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = File::create(&partial)?;
        file.write_all(bytes)?;
        // Otherwise a power cut could leave the new name with empty content.
        file.sync_all()?;
        fs::rename(&partial, &target)
    };
    replace()
        .inspect_err(|_| drop(fs::remove_file(&partial)))
        .with_context(|| format!("cannot write {}", path.display()))
}
