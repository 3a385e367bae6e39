//! What the library says of an archive.

use crate::error::Error;
use zip::result::ZipError;

/// The error for it.
pub(super) fn broken(error: ZipError) -> Error {
    Error::ArchiveFormat {
        reason: error.to_string(),
    }
}
