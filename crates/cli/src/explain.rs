//! `signet explain`: what the network sees in a picture, and what speaks for its answer.

mod drawing;
mod explanation;
mod words;

use crate::folder::read_picture;
use crate::threads::Threads;
use crate::{files, output, weights};
use anyhow::{Context, Result, bail};
use explanation::{Explanation, PRESENCE};
use pollster::block_on;
use serde::Serialize;
use signet_recognizer::inspect::{Answer, Cut, HeatMap, Inspector, Part, Target, WINDOWS};
use signet_recognizer::{Arithmetic, Classifier, Crop, INPUT_SIDE, NO_SIGN, argmax};
use std::path::PathBuf;
use std::process::ExitCode;

/// Shifts of the fine class map.
const SHIFTS: usize = 3;

/// Show what a network sees in a picture, and what speaks for its answer
///
/// Writes into a folder: input.png, what the network reads; quadrants.png and class-map.png, the evidence
/// for a label, whose cells and the bias add up to its logit, from one input and from 9 shifted ones, with their
/// mirror images where all labels are digits;
/// occlusion.png, how much lower the logit is with a window of 16 pixels hidden behind the blurred
/// picture; for each place of the network the activation maps as NAME.png; and all of it in
/// explanation.txt and explanation.json. Orange speaks for the label, blue against it.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  signet explain --weights signet.safetensors photo.jpg --out explained
  signet explain --weights signet.safetensors photo.jpg --label 3 --cut 2b:skip --out explained

JSON: {file, crop, answer: {label, probabilities, logits, presence, margin}, cuts, label, logit, bias, quadrants,
class_map: {logit, cells}, occlusion, words}; cells and windows row by row, `quadrants` 2 x 2,
`class_map` 8 x 8, `occlusion` 7 x 7.")]
pub struct Args {
    /// The weights file, of any precision
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// A picture: JPEG, PNG, GIF (first frame), WebP or BMP
    #[arg(value_name = "IMAGE")]
    image: PathBuf,
    /// The folder to write into
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// The label that is explained, instead of the answer; sign for the presence of any
    #[arg(long, value_name = "LABEL")]
    label: Option<String>,
    /// Blocks' parts that are left out, such as 2b:branch or 4a:skip
    #[arg(long, value_name = "BLOCK:PART", num_args = 1.., value_parser = cut)]
    cut: Vec<Cut>,
    /// Look for the hand in the whole picture, instead of at its centre square
    #[arg(long)]
    localise: bool,
    /// A sign that is less probable than this is answered with none
    #[arg(long, value_name = "X", default_value_t = weights::THRESHOLD)]
    threshold: f32,
    #[command(flatten)]
    threads: Threads,
}

/// What is written as JSON.
#[derive(Serialize)]
struct Report<'a> {
    file: String,
    crop: Crop,
    answer: &'a Answer,
    cuts: &'a [Cut],
    label: &'a str,
    logit: f32,
    bias: f32,
    quadrants: &'a [f32],
    class_map: ClassMap<'a>,
    occlusion: &'a [f32],
    words: &'a str,
}

#[derive(Serialize)]
struct ClassMap<'a> {
    logit: f32,
    cells: &'a [f32],
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let weights = weights::read(&self.weights)?;
        self.threads.start();
        let picture = read_picture(&self.image);
        let picture = picture.with_context(|| format!("cannot read {}", self.image.display()))?;
        let mut crop = picture.center_crop();
        if self.localise {
            let classifier = Classifier::on_cpu(&weights, Arithmetic::Fastest);
            crop = block_on(classifier.localize(&picture))?.crop;
        }
        let input = picture.input_of(crop, INPUT_SIDE);
        let inspector = Inspector::on_cpu(&weights, Arithmetic::Fastest);
        let answer =
            block_on(inspector.answers(std::slice::from_ref(&input), &self.cut))?.remove(0);
        let (label, target) = self.target(&inspector, &answer)?;
        let explanation = Explanation {
            label,
            coarse: block_on(inspector.evidence(&input, &self.cut, target, 1))?,
            fine: block_on(inspector.evidence(&input, &self.cut, target, SHIFTS))?,
            occlusion: block_on(inspector.occlusion(
                &input,
                &self.cut,
                target,
                0,
                WINDOWS * WINDOWS,
            ))?,
        };
        let words = words::words(&answer, self.threshold, inspector.labels(), &explanation);
        let Explanation {
            label,
            coarse,
            fine,
            occlusion,
        } = &explanation;
        let report = Report {
            file: self.image.display().to_string(),
            crop,
            answer: &answer,
            cuts: &self.cut,
            label,
            logit: coarse.logit,
            bias: coarse.bias,
            quadrants: &coarse.cells,
            class_map: ClassMap {
                logit: fine.logit,
                cells: &fine.cells,
            },
            occlusion,
            words: &words,
        };
        let write = |name: &str, bytes: &[u8]| files::write(&self.out.join(name), bytes);
        write("input.png", &drawing::input(&input)?)?;
        for (name, evidence) in [("quadrants.png", coarse), ("class-map.png", fine)] {
            write(name, &drawing::over(&input, &evidence.heat_map())?)?;
        }
        let map = HeatMap::of_windows(occlusion);
        write("occlusion.png", &drawing::over(&input, &map)?)?;
        let places = inspector.places().to_vec();
        let names: Vec<&str> = places.iter().map(|place| &place.name[..]).collect();
        for (name, maps) in names
            .iter()
            .zip(block_on(inspector.maps(&input, &self.cut, &names))?)
        {
            write(&format!("{name}.png"), &drawing::maps(&maps)?)?;
        }
        write("explanation.txt", words.as_bytes())?;
        write("explanation.json", &serde_json::to_vec_pretty(&report)?)?;
        output::line(words.trim_end())?;
        output::note(format_args!("wrote {}", self.out.display()));
        Ok(ExitCode::SUCCESS)
    }

    /// What is explained: what was asked for, or the answer.
    fn target(&self, inspector: &Inspector, answer: &Answer) -> Result<(String, Target)> {
        let labels = inspector.labels();
        let Some(label) = &self.label else {
            if answer
                .presence
                .is_some_and(|presence| presence < self.threshold)
            {
                return Ok((PRESENCE.into(), Target::Presence));
            }
            let best = argmax(&answer.logits);
            return Ok((labels[best].clone(), Target::Class(best)));
        };
        if let Some(class) = labels.iter().position(|other| other == label) {
            return Ok((label.clone(), Target::Class(class)));
        }
        if [PRESENCE, NO_SIGN].contains(&label.as_str()) && inspector.has_detector() {
            return Ok((PRESENCE.into(), Target::Presence));
        }
        bail!(
            "the network has no label {label}; it knows {}",
            labels.join(", ")
        );
    }
}

/// Parses BLOCK:PART.
fn cut(text: &str) -> Result<Cut, String> {
    let (block, part) = text
        .split_once(':')
        .ok_or("it is not BLOCK:PART, such as 2b:branch")?;
    let part = match part {
        "branch" => Part::Branch,
        "skip" => Part::Skip,
        _ => return Err("a part is branch or skip".into()),
    };
    let block = block.to_owned();
    Ok(Cut { block, part })
}
