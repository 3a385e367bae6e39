//! Results on standard output, and notes on standard error.

use anyhow::Result;
use std::ffi::OsStr;
use std::fmt::Display;
use std::io::{ErrorKind, Write};

/// Prints lines for people to read, and reports failure where `println!` would panic. Labels, notes and names in
/// strangers' files can't move the terminal's cursor: control characters but for line breaks are escaped.
pub fn line(text: impl Display) -> Result<()> {
    data(lines(text) + "\n")
}

/// Prints what programs read, as it is.
pub fn data(text: impl Display) -> Result<()> {
    write!(std::io::stdout().lock(), "{text}")?;
    Ok(())
}

/// A name within a line: control characters are escaped, line breaks, too.
pub fn shown(name: impl AsRef<OsStr>) -> String {
    escaped(&name.as_ref().to_string_lossy(), |_| false)
}

/// Lines to read: line breaks stay.
fn lines(text: impl Display) -> String {
    escaped(&text.to_string(), |letter| letter == '\n')
}

/// A text whose control characters are escaped, but for some.
fn escaped(text: &str, is_kept: impl Fn(char) -> bool) -> String {
    let escape = |letter: char| {
        if letter.is_control() && !is_kept(letter) {
            letter.escape_default().to_string()
        } else {
            letter.to_string()
        }
    };
    text.chars().map(escape).collect()
}

/// Prints a value as indented JSON.
pub fn json(value: &impl serde::Serialize) -> Result<()> {
    data(format_args!("{}\n", serde_json::to_string_pretty(value)?))
}

/// Prints lines beside the results, escaped as [`line`] does. That nobody reads it, as in `signet train ... 2>&1 | head`, is no
/// failure.
pub fn note(text: impl Display) {
    // Fuzz tests would fill the log with thousands of them.
    if cfg!(test) {
        return;
    }
    let _ = writeln!(std::io::stderr().lock(), "{}", lines(text));
}

/// Whether the error is only that nobody reads any more, as in `signet summary | head`.
pub fn reader_is_gone(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let cause = cause.downcast_ref::<std::io::Error>();
        cause.is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
    })
}

/// A share as a percentage.
pub fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

/// A count with its noun: `1 picture`, `2 pictures`.
pub fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}
