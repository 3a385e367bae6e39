//! Zip archives, read with distrust and written.
//!
//! An [`Archive`] is opened whole or refused: a name that leads out of the archive, two entries of one name, entries
//! that lie over each other, a content that is out of proportion to the file. What is in an entry is decompressed when
//! it is asked for, one entry at a time.

mod broken;
mod names;
mod write;

pub use names::{file_name, folders};
pub use write::{Named, ZipFiles, write_zip};

use crate::error::{Error, Result};
use broken::broken;
use std::collections::HashSet;
use std::fmt::Display;
use std::io::{Cursor, Read};
use zip::read::{Config, OwnedZipFileEntry};
use zip::unstable::read::ZipIterable;
use zip::{CompressionMethod, ZipReadOptions};

/// The most bytes that a deflated byte becomes.
const DEFLATE: u64 = 1032;

/// Contents of fewer bytes in all are in proportion, however small their file is.
const SMALL: u64 = 64 << 20;

/// What an archive may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Entries, folders among them.
    pub entries: usize,
    /// Bytes of one entry, decompressed.
    pub entry_bytes: u64,
    /// Bytes of all entries, decompressed.
    pub total_bytes: u64,
    /// Bytes of all entries, decompressed, for each byte of the file, where these are more than 64 MB.
    pub ratio: u64,
}

impl Limits {
    /// For pictures.
    pub const PICTURES: Self = Self {
        entries: 50_000,
        entry_bytes: 64 << 20,
        total_bytes: 2 << 30,
        ratio: 100,
    };

    /// For a model: a few large entries.
    pub const MODEL: Self = Self {
        entries: 1000,
        entry_bytes: 1 << 30,
        total_bytes: 1 << 30,
        ratio: 100,
    };
}

/// Whether a file starts as a zip archive does. An empty archive has nothing to read, and is none.
pub fn is_zip(file: &[u8]) -> bool {
    file.starts_with(b"PK\x03\x04")
}

/// A file in an archive.
struct Entry {
    name: String,
    header: OwnedZipFileEntry,
}

/// An open archive.
pub struct Archive {
    file: Cursor<Vec<u8>>,
    entries: Vec<Entry>,
    limits: Limits,
}

impl Archive {
    /// Opens an archive.
    ///
    /// # Errors
    ///
    /// [`Error::ArchiveFormat`] for what is no archive or a damaged one, [`Error::ArchiveEncrypted`],
    /// [`Error::ArchiveNames`] and [`Error::ArchiveTooLarge`].
    pub fn open(file: Vec<u8>, limits: Limits) -> Result<Self> {
        let length = file.len() as u64;
        let file = Cursor::new(file);
        let mut list = ZipIterable::try_new(file, Config::default()).map_err(broken)?;
        if list.len() > limits.entries {
            let (found, most) = (list.len(), limits.entries);
            return Err(too_large(format!("{found} files, and {most} are the most")));
        }
        let mut entries = Vec::new();
        let mut seen = HashSet::new();
        let mut places = Vec::new();
        let mut total = 0_u64;
        for header in list.files().map_err(broken)? {
            let header = OwnedZipFileEntry::from(header.map_err(broken)?);
            let name = names::name_of(header.name_raw(), || header.name().ok())?;
            places.push((header.header_start(), header.compressed_size()));
            if header.is_dir() || name.ends_with('/') {
                continue;
            }
            if !seen.insert(name.clone()) {
                let reason = format!("two files are named `{name}`");
                return Err(Error::ArchiveNames { reason });
            }
            if header.encrypted() {
                return Err(Error::ArchiveEncrypted { name });
            }
            // A size that can't be is a lie to whoever sums them up.
            if header.size() > header.compressed_size().saturating_mul(DEFLATE) + 64 {
                let (size, packed) = (header.size(), header.compressed_size());
                let reason = format!("`{name}` claims {size} bytes, made of {packed}");
                return Err(too_large(reason));
            }
            total = total.saturating_add(header.size());
            entries.push(Entry { name, header });
        }
        if total > limits.total_bytes {
            let most = limits.total_bytes;
            return Err(too_large(format!("{total} bytes, and {most} are the most")));
        }
        if total > SMALL && total / length.max(1) > limits.ratio {
            let reason = format!("{total} bytes in a file of {length}, as only a trap has");
            return Err(too_large(reason));
        }
        require_apart(places)?;
        let file = std::mem::take(list.files().map_err(broken)?.reader_mut());
        Ok(Self {
            file,
            entries,
            limits,
        })
    }

    /// The names of the files, in the archive's order. Folders are none.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    /// The place of a file of this name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.names().position(|found| found == name)
    }

    /// The content of a file by its place, none where the archive has fewer.
    ///
    /// # Errors
    ///
    /// [`Error::ArchiveFormat`] where it is damaged or packed in a way that is not read,
    /// [`Error::ArchiveTooLarge`].
    pub fn read(&mut self, index: usize) -> Result<Option<Vec<u8>>> {
        let Some(Entry { name, header }) = self.entries.get(index) else {
            return Ok(None);
        };
        self.limits.require(name, header)?;
        let content = header.as_ref();
        let content = content.with_reader(&mut self.file, ZipReadOptions::new());
        let content = content.map_err(|error| damaged(name, error))?;
        // As much as is there: a size may be a lie.
        let expected = header.size().min(header.compressed_size());
        let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or_default());
        // One more than there may be tells that there are more.
        let mut content = content.take(header.size() + 1);
        content
            .read_to_end(&mut bytes)
            .map_err(|error| damaged(name, error))?;
        if bytes.len() as u64 != header.size() {
            return Err(damaged(name, "its size differs"));
        }
        Ok(Some(bytes))
    }

    /// As [`read`](Self::read), for the last file that is asked for: a stored one takes the archive's place in memory.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn into_content(mut self, index: usize) -> Result<Option<Vec<u8>>> {
        let Some(Entry { name, header }) = self.entries.get(index) else {
            return Ok(None);
        };
        if header.compression() != CompressionMethod::Stored
            || header.size() != header.compressed_size()
        {
            return self.read(index);
        }
        self.limits.require(name, header)?;
        let content = header.as_ref();
        let content = content.with_reader(&mut self.file, ZipReadOptions::new());
        let content = content.map_err(|error| damaged(name, error))?;
        let start = content.data_start().unwrap_or(u64::MAX);
        drop(content);
        let mut bytes = self.file.into_inner();
        let end = start.saturating_add(header.size()).min(bytes.len() as u64);
        // No longer than the file by now.
        let start = start.min(end) as usize;
        bytes.truncate(end as usize);
        bytes.copy_within(start.., 0);
        bytes.truncate(bytes.len() - start);
        if bytes.len() as u64 != header.size() || crc32fast::hash(&bytes) != header.crc32() {
            return Err(damaged(name, "its checksum is wrong"));
        }
        Ok(Some(bytes))
    }
}

impl Limits {
    /// Refuses a file that is too large, or packed in a way that is not read.
    fn require(&self, name: &str, header: &OwnedZipFileEntry) -> Result<()> {
        let most = self.entry_bytes;
        if header.size() > most {
            let size = header.size();
            let reason = format!("`{name}`, of {size} bytes; {most} are the most for a file");
            return Err(too_large(reason));
        }
        match header.compression() {
            CompressionMethod::Stored | CompressionMethod::Deflated => Ok(()),
            method => Err(Error::ArchiveFormat {
                reason: format!(
                    "`{name}` is packed by {method}: make the archive anew with the usual method, Deflate"
                ),
            }),
        }
    }
}

fn damaged(name: &str, what: impl Display) -> Error {
    Error::ArchiveFormat {
        reason: format!("`{name}` is damaged ({what})"),
    }
}

/// Refuses entries that lie over each other: one content that counts many times over.
fn require_apart(mut places: Vec<(u64, u64)>) -> Result<()> {
    places.sort_unstable();
    let is_over = places.windows(2).any(|pair| {
        let [(start, length), (next, _)] = *pair else {
            return false;
        };
        start.saturating_add(length) > next
    });
    if is_over {
        let reason = "its files lie over each other, as only a trap's do".into();
        return Err(Error::ArchiveFormat { reason });
    }
    Ok(())
}

fn too_large(reason: String) -> Error {
    Error::ArchiveTooLarge { reason }
}

#[cfg(test)]
mod tests;
