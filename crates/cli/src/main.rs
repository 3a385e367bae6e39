//! `signet`: train, evaluate and use the hand-sign ResNet-50 from the command line.
//!
//! `signet --help` gives the workflow. Every command is a module named after it; `folder` and
//! `hdf5` read labelled pictures, `weights` reads and proves networks, `files` writes, `device`
//! chooses.

// wgpu's types nest deeper than the compiler's default limit when it checks that they are `Send`.
#![cfg_attr(feature = "wgpu", recursion_limit = "256")]

mod args;
mod bench;
mod device;
mod evaluate;
mod export;
mod files;
mod folder;
mod hdf5;
mod import;
mod named;
mod output;
mod photos;
mod plot;
mod predict;
mod sheet;
mod summary;
mod train;
mod weights;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match args::Cli::parse().command.run() {
        Ok(code) => code,
        Err(error) if output::reader_is_gone(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            for cause in error.chain().skip(1) {
                eprintln!("  because {cause}");
            }
            ExitCode::FAILURE
        }
    }
}
