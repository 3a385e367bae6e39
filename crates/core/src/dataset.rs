//! Labelled pictures in memory.

use signet_recognizer::{Error, InputImage, Result};

/// A picture and the index of its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The network's input.
    pub input: InputImage,
    /// Index into the dataset's labels.
    pub label: usize,
}

/// Labelled pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    labels: Vec<String>,
    samples: Vec<Sample>,
}

impl Dataset {
    /// A dataset of `samples` in the order given.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] when a sample's label is not an index into `labels`.
    pub fn new(labels: Vec<String>, samples: Vec<Sample>) -> Result<Self> {
        if let Some(bad) = samples.iter().find(|sample| sample.label >= labels.len()) {
            return Err(Error::Setting {
                name: "label",
                reason: format!("{} is none of {} labels", bad.label, labels.len()),
            });
        }
        Ok(Self { labels, samples })
    }

    /// The labels that [`Sample::label`] indexes.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The samples in the order given.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// Whether there are no samples.
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// The number of samples.
    pub fn len(&self) -> usize {
        self.samples.len()
    }
}
