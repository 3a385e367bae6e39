//! The names of entries: text in whatever encoding, of folders and a file.

use crate::error::{Error, Result};

/// The longest name that is read, in bytes.
const LONGEST: usize = 1000;

/// The name of an entry, with `/` between its folders. `decode` is asked where the bytes are no UTF-8: the format's
/// other encoding is CP437. Programs that write UTF-8 without the flag for it are more than those that write letters of
/// CP437 that happen to be UTF-8.
pub(super) fn name_of<T: AsRef<str>>(
    raw: &[u8],
    decode: impl FnOnce() -> Option<T>,
) -> Result<String> {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => Some(name.to_owned()),
        Err(_) => decode().map(|name| name.as_ref().to_owned()),
    };
    let Some(name) = name else {
        return refuse("a name that is no text".into());
    };
    // Some programs for Windows write their own separator.
    let name = name.replace('\\', "/");
    if name.len() > LONGEST {
        let length = name.len();
        return refuse(format!("a name of {length} bytes"));
    }
    let is_drive = name.as_bytes().get(1) == Some(&b':');
    if name.is_empty() || name.contains('\0') {
        return refuse("a name that is empty, or has a zero in it".into());
    }
    if name.starts_with('/') || is_drive {
        return refuse(format!("`{name}` names a place outside of the archive"));
    }
    if name.split('/').any(|part| part == "..") {
        return refuse(format!("`{name}` leads out of the archive"));
    }
    let parts = name.split('/').filter(|part| *part != ".");
    Ok(parts.collect::<Vec<_>>().join("/"))
}

fn refuse(reason: String) -> Result<String> {
    Err(Error::ArchiveNames { reason })
}

/// The folders of a name, from the outermost on.
pub fn folders(name: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = name.split('/').collect();
    parts.pop();
    parts
}

/// The name without its folders.
pub fn file_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
