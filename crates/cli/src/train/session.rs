//! A training under way: steps, files after each epoch, an end by itself or by Ctrl-C.

use super::config::RunConfig;
use super::interrupt;
use super::progress::Progress;
use super::run_folder::RunFolder;
use anyhow::Result;
use signet_core::{Event, Moments, Trainer};
use std::process::ExitCode;

/// Trains to the end, or until Ctrl-C.
pub fn run(mut trainer: Trainer, out: &RunFolder, config: &RunConfig) -> Result<ExitCode> {
    interrupt::watch()?;
    let validation = config.validation_names();
    let epochs = trainer.config().epochs;
    let progress = Progress::new(epochs, validation.clone());
    let batches = trainer.batches();
    progress.begin_epoch(trainer.history().len() + 1, trainer.batch(), batches);
    loop {
        match pollster::block_on(trainer.step())? {
            Event::Start { .. } => {}
            Event::Features { done, total } => progress.looking("frozen part", done, total),
            Event::Validation { done, total, .. } => progress.looking("validation", done, total),
            Event::Batch {
                epoch,
                batch,
                batches,
                training,
            } => progress.batch(epoch, batch, batches, training),
            Event::Epoch(record) => {
                progress.epoch(&record);
                // Files in this order: whatever moment the process is killed at, the checkpoint
                // is no newer than the files that it would not write again.
                if record.best || config.keep_epochs {
                    let weights = pollster::block_on(trainer.weights())?;
                    if record.best {
                        out.write_weights("best.safetensors", &weights)?;
                    }
                    if config.keep_epochs {
                        let name = format!("epoch-{}.safetensors", record.epoch);
                        out.write_weights(&name, &weights)?;
                    }
                }
                out.write_history(trainer.history(), &validation)?;
                out.write_checkpoint(&pollster::block_on(trainer.checkpoint(Moments::Kept))?)?;
                if record.epoch < epochs {
                    progress.begin_epoch(record.epoch + 1, 0, batches);
                }
            }
            Event::Done => break,
        }
        let finished = trainer.history().len() == epochs;
        if interrupt::requested() && !finished {
            out.write_checkpoint(&pollster::block_on(trainer.checkpoint(Moments::Kept))?)?;
            progress.note(&format!(
                "stopped in epoch {} after {} of {batches} batches; go on with: \
                 signet train --out {} --resume",
                trainer.history().len() + 1,
                trainer.batch(),
                out.0.display()
            ));
            return Ok(ExitCode::from(interrupt::EXIT_CODE));
        }
    }
    let weights = pollster::block_on(trainer.weights())?;
    out.write_weights("last.safetensors", &weights)?;
    let best = trainer.history().iter().rev().find(|record| record.best);
    if let Some(best) = best {
        progress.note(&format!(
            "done: {}/best.safetensors is epoch {}",
            out.0.display(),
            best.epoch
        ));
    }
    Ok(ExitCode::SUCCESS)
}
