//! The names of the classes.
//!
//! Who chooses names for new classes keeps to [`LONGEST_LABEL`] and [`MOST_CLASSES`], and leaves
//! [`NO_SIGN`](crate::NO_SIGN) alone; files with other labels are read all the same.

use crate::error::{Error, Result};

/// The longest label that a person can choose, in Unicode scalar values.
pub const LONGEST_LABEL: usize = 40;

/// As many classes a person can have.
pub const MOST_CLASSES: usize = 30;

/// The hand signs for 0 to 5, in the order of the logits.
pub fn digits() -> Vec<String> {
    (0..6).map(|digit| digit.to_string()).collect()
}

/// Checks that there is one label per class, that none is empty and no two are alike.
///
/// # Errors
///
/// [`Error::Setting`] that says which label is wrong.
pub fn validate(labels: &[String], classes: usize) -> Result<()> {
    let name = "labels";
    let wrong = |reason| Err(Error::Setting { name, reason });
    if labels.len() != classes {
        return wrong(format!("{} given for {classes} classes", labels.len()));
    }
    for (index, label) in labels.iter().enumerate() {
        if label.trim().is_empty() {
            return wrong(format!("label {} is empty", index + 1));
        }
        if labels[..index].contains(label) {
            return wrong(format!("`{label}` is given twice"));
        }
    }
    Ok(())
}
