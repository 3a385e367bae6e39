//! What names of files tell: pictures, and what systems and programs leave behind.

use crate::archive::file_name;

/// Names of folders and files that are no one's samples, beside hidden ones such as `.DS_Store` and `._photo.jpg`.
pub const LEFTOVERS: [&str; 8] = [
    "__MACOSX",
    "$RECYCLE.BIN",
    "System Volume Information",
    "__pycache__",
    "lost+found",
    "@eaDir",
    "Thumbs.db",
    "desktop.ini",
];

/// Whether a folder or a file is such, by its name without the folders that it is in.
pub fn is_leftover(name: &str) -> bool {
    let mut leftovers = LEFTOVERS.iter();
    name.starts_with('.') || leftovers.any(|leftover| name.eq_ignore_ascii_case(leftover))
}

/// Whether a name is that of a picture. What is in it is found out by who decodes it, also a browser.
pub(super) fn is_picture(name: &str) -> bool {
    const ENDS: [&str; 10] = [
        "jpg", "jpeg", "jfif", "png", "gif", "webp", "bmp", "avif", "heic", "svg",
    ];
    let end = file_name(name).rsplit_once('.').map(|(_, end)| end);
    end.is_some_and(|end| ENDS.iter().any(|known| end.eq_ignore_ascii_case(known)))
}
