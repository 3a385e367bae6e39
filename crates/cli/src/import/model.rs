//! A model's file of another program.

use crate::files;
use crate::folder::{Purpose, Source};
use crate::output::{self, count};
use anyhow::{Context, Result};
use signet_interop::{model, statistics};
use signet_recognizer::{INPUT_SIDE, Precision, Weights};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Writes the weights of another program's model, with the batch norms' statistics of the pictures in folders where
/// there are any.
pub fn import(path: &Path, out: &Path, folders: &[PathBuf]) -> Result<ExitCode> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let imported = model::import(files::read(path)?, &name)
        .with_context(|| format!("cannot import {}", path.display()))?;
    let mut weights = imported.weights;
    if !folders.is_empty() {
        weights = with_statistics(weights, folders)
            .with_context(|| format!("cannot compute the statistics of {}", path.display()))?;
    }
    files::write(out, &weights.to_bytes(Precision::Kept)?)?;
    output::line(format!(
        "wrote {}: labels {}",
        out.display(),
        weights.labels().join(", ")
    ))?;
    for note in &imported.notes {
        output::line(format!("note: {note}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The same weights with the statistics of some of the pictures, spread over all.
fn with_statistics(weights: Weights, folders: &[PathBuf]) -> Result<Weights> {
    let source = Source {
        paths: folders,
        without_sign: &[],
        purpose: Purpose::Training,
    };
    let pictures = source.read(&source.find_labels()?, |picture| {
        picture.to_input(INPUT_SIDE)
    })?;
    let signs = pictures.signs.into_iter().map(|(input, _)| input);
    let all: Vec<_> = signs.chain(pictures.negatives).collect();
    let step = all.len().div_ceil(*statistics::PICTURES.end()).max(1);
    let some: Vec<_> = all.into_iter().step_by(step).collect();
    let weights = statistics::recompute(&weights, &some)?;
    let pictures = count(some.len(), "picture");
    output::line(format!(
        "computed the batch norms' statistics of {pictures}"
    ))?;
    Ok(weights)
}
