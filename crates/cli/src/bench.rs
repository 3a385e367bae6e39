//! `signet bench`: how long inference and a training step take here.

use crate::device::DeviceChoice;
use crate::threads::{parser, start};
use crate::{output, weights};
use anyhow::Result;
use serde::Serialize;
use signet_core::{Augmentation, Dataset, Event, ResNet, Sample, TrainConfig, Trainer, batch};
#[cfg(feature = "wgpu")]
use signet_recognizer::Gpu;
use signet_recognizer::{Arithmetic, Classifier, INPUT_SIDE, InputImage, Weights, threads};
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Instant;

/// Measure inference and a training step on this machine
///
/// Classifies the same inputs with the engine (in integers where the weights are such, and in
/// float32; by one thread, and by --threads beside it) and with burn on the device, in turn, one and
/// eight at a time; then learns from 32 inputs a few times with everything trainable. With
/// `--device wgpu` the engine runs on the graphics card, too, and the card gets 64 at a time besides.
/// Times are milliseconds for a batch. Leave the machine alone while it runs.
#[derive(clap::Args)]
#[command(after_help = "Example:
  signet bench --weights signet.safetensors

JSON: a list of {work, batch, runs, median, least, most}, in milliseconds.")]
pub struct Args {
    /// The weights file, of any precision
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// Turns of each contestant, after two to warm up
    #[arg(long, value_name = "N", default_value_t = 20)]
    rounds: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Where burn computes
    #[arg(long, value_enum, default_value_t)]
    device: DeviceChoice,
    /// Leave burn out, training with it: it may tune itself to a graphics card for minutes first
    #[arg(long)]
    engine_only: bool,
    /// Have several threads compute the engine's inference on the processor, in rows beside those of one
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = parser())]
    threads: u8,
}

#[derive(Serialize)]
struct Row {
    work: String,
    batch: usize,
    runs: usize,
    median: f64,
    least: f64,
    most: f64,
}

const WARM_UP: usize = 2;
const LEARNED_TOGETHER: usize = 32;
/// The processor gains nothing by more.
const TOGETHER: [usize; 2] = [1, 8];
const TOGETHER_ON_CARD: usize = 64;

type Work<'a> = (String, Box<dyn FnMut() -> Result<()> + 'a>);

impl Args {
    /// Does what was asked.
    pub fn run(self) -> Result<ExitCode> {
        let weights = weights::read(&self.weights)?;
        start(self.threads.into());
        let mut rows = Vec::new();
        let on_gpu = (self.device == DeviceChoice::Wgpu).then_some(TOGETHER_ON_CARD);
        for together in TOGETHER.into_iter().chain(on_gpu) {
            rows.extend(self.tell(self.inference(&weights, together)?)?);
        }
        if !self.engine_only {
            rows.extend(self.tell(self.training(&weights)?)?);
        }
        if self.json {
            output::json(&rows)?;
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Prints rows as soon as they are there; JSON comes in the end.
    fn tell(&self, rows: Vec<Row>) -> Result<Vec<Row>> {
        for row in rows.iter().filter(|_| !self.json) {
            output::line(format!(
                "{:<36} {:>2} together: {:8.2} ms ({:.2} to {:.2})",
                row.work, row.batch, row.median, row.least, row.most
            ))?;
        }
        Ok(rows)
    }

    fn inference(&self, weights: &Weights, together: usize) -> Result<Vec<Row>> {
        let inputs = inputs(together);
        let engine = |what: &str, classifier: Rc<Classifier>, threads: usize| -> Work<'_> {
            let inputs = &inputs;
            let run = move || {
                threads::set_threads(threads);
                Ok(pollster::block_on(classifier.classify(inputs)).map(drop)?)
            };
            (format!("inference, {what}"), Box::new(run))
        };
        let mut works = Vec::new();
        if TOGETHER.contains(&together) {
            let most = usize::from(self.threads);
            for (what, arithmetic) in [
                ("engine", Arithmetic::Fastest),
                ("engine in float32", Arithmetic::Float32),
            ] {
                let classifier = Rc::new(Classifier::on_cpu(weights, arithmetic));
                works.push(engine(what, classifier.clone(), 1));
                if most > 1 {
                    works.push(engine(&format!("{what}, {most} threads"), classifier, most));
                }
            }
        }
        #[cfg(feature = "wgpu")]
        if self.device == DeviceChoice::Wgpu {
            let gpu = pollster::block_on(Gpu::open())?;
            let classifier = pollster::block_on(Classifier::on_gpu(weights, &gpu))?;
            works.push(engine(
                &format!("engine on {}", self.device),
                Rc::new(classifier),
                1,
            ));
        }
        if !self.engine_only {
            let device = self.device.open()?;
            let network = ResNet::load(weights.clone().fold(), 0.0, &device);
            let inputs = &inputs;
            let run = move || {
                let answers = network.answer_from(0, batch(inputs, &device));
                answers.into_data();
                Ok(())
            };
            works.push((format!("inference, burn on {}", self.device), Box::new(run)));
        }
        measure(works, together, self.rounds)
    }

    /// Steps of the whole network; the same inputs each time, since only the time counts.
    fn training(&self, weights: &Weights) -> Result<Vec<Row>> {
        let classes = weights.labels().len();
        let samples = inputs(LEARNED_TOGETHER).into_iter().enumerate();
        let samples = samples.map(|(at, input)| Sample {
            input,
            label: at % classes,
        });
        let dataset = Dataset::new(weights.labels().to_vec(), samples.collect())?;
        let config = TrainConfig {
            epochs: usize::MAX,
            batch_size: LEARNED_TOGETHER,
            learning_rate: 1e-6,
            augmentation: Augmentation::NONE,
            ..TrainConfig::default()
        };
        let device = self.device.open()?;
        let mut trainer = Trainer::new(weights.clone(), dataset, Vec::new(), config, &device)?;
        let step = || {
            // An epoch is one batch here, and its end costs nothing.
            while !matches!(pollster::block_on(trainer.step())?, Event::Batch { .. }) {}
            Ok(())
        };
        let work: Work<'_> = (format!("training step on {}", self.device), Box::new(step));
        measure(vec![work], LEARNED_TOGETHER, self.rounds.div_ceil(4))
    }
}

/// Runs all works in turn, so that what else the machine does meets all of them alike.
fn measure(mut works: Vec<Work<'_>>, batch: usize, rounds: usize) -> Result<Vec<Row>> {
    let mut times = vec![Vec::new(); works.len()];
    for round in 0..WARM_UP + rounds.max(1) {
        for ((_, work), times) in works.iter_mut().zip(&mut times) {
            let start = Instant::now();
            work()?;
            if round >= WARM_UP {
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
        }
    }
    let rows = works.into_iter().zip(times).map(|((work, _), mut times)| {
        times.sort_by(f64::total_cmp);
        Row {
            work,
            batch,
            runs: times.len(),
            median: times[times.len() / 2],
            least: times[0],
            most: times[times.len() - 1],
        }
    });
    Ok(rows.collect())
}

/// Inputs of noise; what they show makes no difference to the time.
fn inputs(count: usize) -> Vec<InputImage> {
    let noise = |at: usize, x: usize, y: usize| {
        [1, 2, 3].map(|channel| ((x * 31 + y * 57 + at * 13) * channel * 7919 % 251) as u8)
    };
    let inputs = (0..count).map(|at| InputImage::from_fn(INPUT_SIDE, |x, y| noise(at, x, y)));
    inputs.collect()
}
