//! `signet lesion`: what each block's branch and skip are worth.

use crate::folder::{Purpose, Source, read_picture};
use crate::output::{self, count, percent};
use crate::weights;
use anyhow::{Context, Result, bail};
use indicatif::ProgressBar;
use pollster::block_on;
use rayon::prelude::*;
use serde::Serialize;
use signet_recognizer::inspect::{
    Cut, Inspector, PlaceKind, Scores, random_branches, read_sprite, single_cuts,
};
use signet_recognizer::{Arithmetic, INPUT_SIDE, InputImage};
use std::path::PathBuf;
use std::process::ExitCode;

/// How many identity blocks lose their branches at once.
const RANDOM: [usize; 3] = [2, 4, 6];

/// Cut a network's blocks and measure what is lost
///
/// Answers all pictures with the whole network, then without the branch F(x) and without the skip x
/// of each block in turn, then without the branches of 2, 4 and 6 identity blocks drawn from seeds.
/// The margin is the right label's logit less the best other, in the mean: it falls long before the
/// accuracy does. After Veit, Wilber and Belongie, arXiv:1605.06431.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  signet lesion --weights signet.safetensors --data signs/val
  signet lesion --weights signet.safetensors --check-set www/inside/check-set.jpg

JSON: {images, whole, blocks: [{block, kind, branch, skip}], random: [{count, seed, blocks, left}]}, where
`whole`, `branch`, `skip` and `left` are {right, accuracy, margin}.")]
pub struct Args {
    /// The weights file, of any precision
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// Folders FOLDER/LABEL/IMAGE or HDF5 files of the course, taken together
    #[arg(long, value_name = "FOLDER", num_args = 1.., required_unless_present = "check_set")]
    data: Vec<PathBuf>,
    /// A picture of tiles of 64x64 pixels, a row for each label (see signet check-set)
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    check_set: Option<PathBuf>,
    /// Seeds of each number of random branches
    #[arg(long, value_name = "N", default_value_t = 3)]
    seeds: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What is left of the network.
#[derive(Serialize)]
struct Left {
    right: usize,
    accuracy: f64,
    margin: f64,
}

#[derive(Serialize)]
struct Block {
    block: String,
    kind: PlaceKind,
    branch: Left,
    skip: Left,
}

#[derive(Serialize)]
struct Random {
    count: usize,
    seed: u64,
    blocks: Vec<String>,
    left: Left,
}

#[derive(Serialize)]
struct Report {
    images: usize,
    whole: Left,
    blocks: Vec<Block>,
    random: Vec<Random>,
}

impl From<Scores> for Left {
    fn from(scores: Scores) -> Self {
        Self {
            right: scores.right,
            accuracy: scores.accuracy(),
            margin: scores.mean_margin(),
        }
    }
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let weights = weights::read(&self.weights)?;
        let (inputs, truths) = self.read(weights.labels())?;
        if inputs.is_empty() {
            bail!("there is no picture of a sign to measure on");
        }
        let inspector = || Inspector::on_cpu(&weights, Arithmetic::Fastest);
        let first = inspector();
        let places = first.places();
        let singles = single_cuts(places);
        let draws = RANDOM
            .into_iter()
            .flat_map(|n| (0..self.seeds).map(move |seed| (n, seed)));
        let draws: Vec<_> = draws
            .map(|(n, seed)| (n, seed, random_branches(places, n, seed)))
            .collect();
        let singly = singles.iter().map(std::slice::from_ref);
        let drawn = draws.iter().map(|(_, _, cuts)| &cuts[..]);
        let all: Vec<&[Cut]> = std::iter::once(&[][..])
            .chain(singly)
            .chain(drawn)
            .collect();
        let bar = ProgressBar::new(all.len() as u64);
        let per_thread = all.len().div_ceil(rayon::current_num_threads());
        let scores = all.par_chunks(per_thread).map(|all| {
            let inspector = inspector();
            let scores = all.iter().map(|cuts| {
                let scores = block_on(inspector.score(&inputs, &truths, cuts));
                bar.inc(1);
                Ok(Left::from(scores?))
            });
            scores.collect::<Result<Vec<_>>>()
        });
        let scores = scores.collect::<Result<Vec<_>>>()?;
        bar.finish_and_clear();
        let mut scores = scores.into_iter().flatten();
        let mut next = || {
            scores
                .next()
                .context("each selection of cuts has its scores")
        };
        let whole = next()?;
        let blocks = singles.chunks(2).map(|pair| {
            let block = pair[0].block.clone();
            let place = places.iter().find(|place| place.name == block);
            Ok(Block {
                kind: place.context("a cut is of a block")?.kind,
                block,
                branch: next()?,
                skip: next()?,
            })
        });
        let blocks = blocks.collect::<Result<Vec<_>>>()?;
        let random = draws.iter().map(|(count, seed, cuts)| {
            Ok(Random {
                count: *count,
                seed: *seed,
                blocks: cuts.iter().map(|cut| cut.block.clone()).collect(),
                left: next()?,
            })
        });
        let report = Report {
            random: random.collect::<Result<_>>()?,
            images: inputs.len(),
            whole,
            blocks,
        };
        if self.json {
            output::json(&report)?;
        } else {
            print(&report)?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn read(&self, labels: &[String]) -> Result<(Vec<InputImage>, Vec<usize>)> {
        if let Some(path) = &self.check_set {
            let picture = read_picture(path);
            let picture = picture.with_context(|| format!("cannot read {}", path.display()))?;
            let (inputs, names) = read_sprite(&picture)?;
            let truths = names.iter().map(|name| {
                let index = labels.iter().position(|label| label == name);
                index.with_context(|| format!("the network has no label {name}"))
            });
            return Ok((inputs, truths.collect::<Result<_>>()?));
        }
        let source = Source {
            paths: &self.data,
            without_sign: &[],
            purpose: Purpose::Evaluation,
        };
        let read = source.read(labels, |picture| picture.to_input(INPUT_SIDE))?;
        Ok(read.signs.into_iter().unzip())
    }
}

fn print(report: &Report) -> Result<()> {
    let cells = |left: &Left| format!("{:>9} {:>7.2}", percent(left.accuracy), left.margin);
    output::line(format!(
        "{}\n\n{:8} {:13} {:^17}  {:^17}\n{:22} {:>9} {:>7}  {:>9} {:>7}",
        count(report.images, "picture"),
        "block",
        "kind",
        "without branch",
        "without skip",
        "",
        "accuracy",
        "margin",
        "accuracy",
        "margin"
    ))?;
    output::line(format!("{:22} {}", "whole", cells(&report.whole)))?;
    for block in &report.blocks {
        let kind = if block.kind == PlaceKind::Identity {
            "identity"
        } else {
            "convolutional"
        };
        let [branch, skip] = [&block.branch, &block.skip].map(cells);
        output::line(format!("{:8} {kind:13} {branch}  {skip}", block.block))?;
    }
    output::line("\nbranches of random identity blocks")?;
    for draw in &report.random {
        let blocks = draw.blocks.join(" ");
        output::line(format!("{:22} {}  {blocks}", draw.count, cells(&draw.left)))?;
    }
    Ok(())
}
