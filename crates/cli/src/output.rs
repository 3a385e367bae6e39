//! Results on standard output, and notes on standard error.

use anyhow::Result;
use std::ffi::OsStr;
use std::fmt::Display;
use std::io::{ErrorKind, Write};

/// Prints a line, and reports failure where `println!` would panic.
pub fn line(text: impl Display) -> Result<()> {
    writeln!(std::io::stdout().lock(), "{text}")?;
    Ok(())
}

/// Prints text that others follow in the same line.
pub fn text(text: impl Display) -> Result<()> {
    write!(std::io::stdout().lock(), "{text}")?;
    Ok(())
}

/// A name for people to read: control characters, which could move a terminal's cursor, are escaped.
pub fn shown(name: impl AsRef<OsStr>) -> String {
    let name = name.as_ref().to_string_lossy();
    let escaped = name.chars().map(|letter| {
        if letter.is_control() {
            letter.escape_default().to_string()
        } else {
            letter.to_string()
        }
    });
    escaped.collect()
}

/// Prints a value as indented JSON.
pub fn json(value: &impl serde::Serialize) -> Result<()> {
    line(serde_json::to_string_pretty(value)?)
}

/// Prints a line beside the results. That nobody reads it, as in `signet train ... 2>&1 | head`, is no
/// failure.
pub fn note(text: impl Display) {
    // Fuzz tests would fill the log with thousands of them.
    if cfg!(test) {
        return;
    }
    let _ = writeln!(std::io::stderr().lock(), "{text}");
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
