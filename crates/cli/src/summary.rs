//! `signet summary`: the table of layers, shapes and parameters.

use crate::output;
use anyhow::Result;
use signet_recognizer::{ResNetConfig, Summary};
use std::fmt::Write;
use std::process::ExitCode;

/// Show the network's layers, output shapes and parameters
///
/// Lists every layer of the ResNet-50 in the order of computation, a block's shortcut after its
/// main path, with the shape of its output for one picture (channels x height x width) and its
/// parameters. The batch norms' running statistics count as not trainable.
#[derive(clap::Args)]
#[command(after_help = "Example:
  signet summary --classes 10

JSON: {total, trainable, non_trainable, layers: [{name, block, kind, output, parameters,
trainable}]}")]
pub struct Args {
    /// Labels that the network tells apart
    #[arg(long, value_name = "N", default_value_t = ResNetConfig::default().classes)]
    classes: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let config = ResNetConfig::default().with_classes(self.classes);
        config.validate()?;
        let summary = Summary::new(&config);
        if self.json {
            output::json(&summary)?;
        } else {
            output::line(table(&summary)?)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn table(summary: &Summary) -> Result<String> {
    let mut text = String::new();
    let row = |text: &mut String, [layer, kind, output, parameters]: [&str; 4]| {
        writeln!(text, "{layer:<18}{kind:<14}{output:>16}{parameters:>14}")
    };
    row(&mut text, ["layer", "kind", "output", "parameters"])?;
    for layer in &summary.layers {
        let output: Vec<_> = layer.output.iter().map(usize::to_string).collect();
        let (output, parameters) = (output.join(" x "), grouped(layer.parameters));
        row(&mut text, [&layer.name, layer.kind, &output, &parameters])?;
    }
    writeln!(text)?;
    writeln!(text, "parameters     {:>12}", grouped(summary.total))?;
    writeln!(text, "trainable      {:>12}", grouped(summary.trainable))?;
    let fixed = grouped(summary.non_trainable);
    write!(text, "not trainable  {fixed:>12}")?;
    Ok(text)
}

/// A number with a comma before every three digits.
fn grouped(n: usize) -> String {
    match n {
        0..1000 => n.to_string(),
        _ => format!("{},{:03}", grouped(n / 1000), n % 1000),
    }
}
