//! Archives of files as they are: pictures and weights are packed already.

use super::broken::broken;
use crate::error::Result;
use std::io::{Cursor, Seek, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A file for an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named<B> {
    /// Its name, with `/` between its folders.
    pub name: String,
    /// What is in it.
    pub bytes: B,
}

/// An archive that is written file by file, stored and not compressed. The same files give the same bytes: no time is in it.
pub struct ZipFiles<W: Write + Seek>(ZipWriter<W>);

impl<W: Write + Seek> ZipFiles<W> {
    /// An archive that is written to `out`.
    pub fn new(out: W) -> Self {
        Self(ZipWriter::new(out))
    }

    /// Begins a file, to which what is written goes from then on. `is_large`: it may have more than 4 GB.
    ///
    /// # Errors
    ///
    /// [`Error::ArchiveFormat`](crate::Error::ArchiveFormat) where another file has the name, or there are more than the
    /// format holds.
    pub fn begin(&mut self, name: &str, is_large: bool) -> Result<&mut (dyn Write + '_)> {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        let begun = self.0.start_file(name, stored.large_file(is_large));
        begun.map_err(broken)?;
        Ok(&mut self.0)
    }

    /// Ends the archive.
    ///
    /// # Errors
    ///
    /// [`Error::ArchiveFormat`](crate::Error::ArchiveFormat) where it can't be written.
    pub fn finish(self) -> Result<W> {
        self.0.finish().map_err(broken)
    }
}

/// An archive of files, as [`ZipFiles`] writes it.
///
/// # Errors
///
/// As [`ZipFiles::begin`].
pub fn write_zip<B: AsRef<[u8]>>(files: &[Named<B>]) -> Result<Vec<u8>> {
    let mut zip = ZipFiles::new(Cursor::new(Vec::new()));
    for Named { name, bytes } in files {
        let bytes = bytes.as_ref();
        let file = zip.begin(name, u32::try_from(bytes.len()).is_err())?;
        let written = file.write_all(bytes);
        written.map_err(|error| broken(error.into()))?;
    }
    Ok(zip.finish()?.into_inner())
}
