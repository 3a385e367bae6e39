//! Ctrl-C: the first asks for a tidy end, the second ends the process.

use crate::output;
use anyhow::{Context, Result};
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit status of a process that was interrupted, by the shells' convention.
pub const EXIT_CODE: u8 = 130;

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// Takes over Ctrl-C from here on.
pub fn watch() -> Result<()> {
    ctrlc::set_handler(|| {
        if REQUESTED.swap(true, Ordering::SeqCst) {
            std::process::exit(i32::from(EXIT_CODE));
        }
        output::note("\nstopping after this batch; Ctrl-C once more quits at once");
    })
    .context("cannot listen for Ctrl-C")
}

/// Whether Ctrl-C was pressed.
pub fn requested() -> bool {
    REQUESTED.load(Ordering::SeqCst)
}
