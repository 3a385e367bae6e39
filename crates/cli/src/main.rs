//! `signet`: train, evaluate and use the hand-sign ResNet-50 from the command line.
//!
//! `signet --help` gives the workflow. Every command is a module named after it; `folder` reads
//! labelled pictures, `weights` reads and proves networks, `files` writes, `device` and `threads` choose.

// Both panic where nobody reads any more: `output` prints.
#![deny(clippy::print_stderr, clippy::print_stdout)]
// wgpu's types nest deeper than the compiler's default limit when it checks that they are `Send`.
#![cfg_attr(feature = "wgpu", recursion_limit = "256")]

mod args;
mod bench;
mod check_set;
mod device;
mod evaluate;
mod explain;
mod export;
mod files;
mod folder;
mod import;
mod lesion;
mod named;
mod output;
mod photos;
mod plot;
mod predict;
mod scale;
mod sheet;
mod summary;
mod threads;
mod train;
mod weights;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    // What panics while a picture is decoded becomes an error that names the file.
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !signet_recognizer::is_decoding() {
            report(panic);
        }
    }));
    match args::Cli::parse().command.run() {
        Ok(code) => code,
        Err(error) if output::reader_is_gone(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::note(format_args!("error: {error}"));
            for cause in error.chain().skip(1) {
                output::note(format_args!("  because {cause}"));
            }
            ExitCode::FAILURE
        }
    }
}
