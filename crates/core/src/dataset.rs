//! Labelled pictures in memory, and pictures without a sign beside them.

use signet_recognizer::{Error, InputImage, Result};

/// A picture and the index of its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The network's input.
    pub input: InputImage,
    /// Index into the dataset's labels.
    pub label: usize,
}

/// Labelled pictures, and pictures without a sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    labels: Vec<String>,
    samples: Vec<Sample>,
    negatives: Vec<InputImage>,
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
        Ok(Self {
            labels,
            samples,
            negatives: Vec::new(),
        })
    }

    /// The same with pictures that show no sign. As a training set it then trains a detector's
    /// presence, and as a validation set it scores it.
    pub fn with_negatives(self, negatives: Vec<InputImage>) -> Self {
        Self { negatives, ..self }
    }

    /// The labels that [`Sample::label`] indexes.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The samples in the order given.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// The pictures without a sign.
    pub fn negatives(&self) -> &[InputImage] {
        &self.negatives
    }

    /// All pictures: the samples', then those without a sign.
    pub fn inputs(&self) -> impl Iterator<Item = &InputImage> {
        let samples = self.samples.iter().map(|sample| &sample.input);
        samples.chain(&self.negatives)
    }

    /// Whether there are no pictures.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of pictures.
    pub fn len(&self) -> usize {
        self.samples.len() + self.negatives.len()
    }
}
