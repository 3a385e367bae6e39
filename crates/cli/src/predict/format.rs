//! Answers as a table, CSV, JSON lines or JSON, each written when it is there.

use super::answer::{Answer, Outcome};
use super::csv;
use crate::output::{self, percent};
use anyhow::Result;
use clap::ValueEnum;

/// How answers are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table for people: files that can't be read are named beside it
    #[default]
    Table,
    /// Comma-separated values with a header, for spreadsheets
    Csv,
    /// An object in a line of its own for each file
    JsonLines,
    /// A list of these objects
    Json,
}

/// What the table says behind the file's name where a second hand was found.
const TWO_HANDS: &str = "  (two hands: the larger one's answer)";

/// Writes answers to standard output.
pub struct Writer<'a> {
    format: Format,
    labels: &'a [String],
    has_detector: bool,
    localises: bool,
    /// Width of the columns of labels.
    width: usize,
    written: usize,
}

impl<'a> Writer<'a> {
    pub fn new(format: Format, labels: &'a [String], has_detector: bool, localises: bool) -> Self {
        let widths = labels.iter().map(|label| label.chars().count());
        Self {
            format,
            labels,
            has_detector,
            localises,
            width: widths.max().unwrap_or(0).max("answer".len()),
            written: 0,
        }
    }

    /// Writes an answer, the first one's header before it.
    pub fn write(&mut self, answer: &Answer) -> Result<()> {
        let is_first = self.written == 0;
        match self.format {
            Format::Table => {
                let Outcome::Prediction {
                    prediction,
                    class,
                    presence,
                    second_hand,
                    ..
                } = &answer.outcome
                else {
                    return Ok(());
                };
                if is_first {
                    self.row(["answer", "presence", "class", "probability", "file"])?;
                }
                let share = |share: f32| percent(f64::from(share));
                let presence = presence.map(share).unwrap_or_default();
                let label = output::shown(&prediction.label);
                let [class, file] = [class, &answer.file].map(output::shown);
                let probability = share(prediction.probability);
                let note = second_hand.map_or("", |_| TWO_HANDS);
                let file = format!("{file}{note}");
                self.row([&label, &presence, &class, &probability, &file])?;
            }
            Format::Csv => {
                if is_first {
                    output::data(csv::header(self.labels, self.localises))?;
                }
                output::data(csv::row(answer, self.labels.len(), self.localises))?;
            }
            Format::JsonLines => output::data(serde_json::to_string(answer)? + "\n")?,
            Format::Json => {
                let before = if is_first { "[\n" } else { ",\n" };
                // Indented as the list that serde_json writes. Strings have no line breaks of their own.
                let entry = serde_json::to_string_pretty(answer)?.replace('\n', "\n  ");
                output::data(format_args!("{before}  {entry}"))?;
            }
        }
        self.written += 1;
        Ok(())
    }

    /// Ends the output.
    pub fn finish(self) -> Result<()> {
        match (self.format, self.written) {
            (Format::Json, 0) => output::line("[]"),
            (Format::Json, _) => output::line("\n]"),
            _ => Ok(()),
        }
    }

    /// A row of the table: label, presence, class, probability and, of whatever length, the file.
    fn row(&self, [answer, presence, class, probability, file]: [&str; 5]) -> Result<()> {
        let width = self.width;
        let presence = if self.has_detector {
            format!("{presence:>9}  ")
        } else {
            String::new()
        };
        output::line(format_args!(
            "{answer:width$}  {presence}{class:width$}  {probability:>11}  {file}"
        ))
    }
}
