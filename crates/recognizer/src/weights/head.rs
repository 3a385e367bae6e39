//! Another head on the same features: other labels, with or without a detector.

use super::checked::{Weights, head_tensors};
use super::initial::initial_tensor;
use super::tensor::HostTensor;
use crate::detector;
use crate::error::Result;
use crate::labels;

impl Weights {
    /// The same features under other labels. A label that was known keeps what its part of the
    /// head has learned; for a new one that part is zero, since a few pictures would never unlearn
    /// what a random draw says in the many directions that they do not show. A detector goes: what
    /// it takes for no sign may be one of the new ones.
    ///
    /// # Errors
    ///
    /// Labels that are empty or repeated.
    pub fn with_labels(self, labels: Vec<String>) -> Result<Self> {
        self.with_mixed_labels(labels, &[])
    }

    /// As [`with_labels`](Self::with_labels), but each of some labels, given by its index, starts as
    /// a mixture of the known ones, in the shares given.
    pub fn with_mixed_labels(
        mut self,
        labels: Vec<String>,
        mixtures: &[(usize, Vec<f32>)],
    ) -> Result<Self> {
        if labels == self.labels && mixtures.is_empty() {
            return Ok(self);
        }
        if labels != self.labels {
            self = self.without_detector();
        }
        let config = self.config.with_classes(labels.len());
        // Before there is a head of that size.
        config.validate()?;
        labels::validate(&labels, config.classes)?;
        for (name, shape) in head_tensors(&config) {
            let row: usize = shape[1..].iter().product();
            let mut floats = vec![0.0; shape.iter().product()];
            if let Some(before) = self.tensors.remove(&name) {
                let before = before.into_floats();
                let rows = floats.chunks_mut(row);
                for (index, (to, label)) in rows.zip(&labels).enumerate() {
                    if let Some((_, shares)) = mixtures.iter().find(|(mixed, _)| *mixed == index) {
                        for (share, from) in shares.iter().zip(before.chunks(row)) {
                            to.iter_mut().zip(from).for_each(|(to, w)| *to += share * w);
                        }
                    } else if let Some(from) = self.labels.iter().position(|known| known == label) {
                        to.copy_from_slice(&before[from * row..][..row]);
                    }
                }
            }
            self.tensors.insert(name, HostTensor::new(shape, floats));
        }
        Self::new(config, labels, self.tensors)
    }

    /// The same weights with a detector, drawn from `seed` if there was none.
    pub fn with_detector(mut self, seed: u64) -> Self {
        if !self.config.detector {
            let tensors = detector::tensors(self.config.features()).into_iter();
            for (stream, (name, shape)) in tensors.enumerate() {
                let tensor = initial_tensor(&name, shape, seed, stream as u64);
                self.tensors.insert(name, tensor);
            }
            self.config.detector = true;
        }
        self
    }

    /// The same weights without a detector.
    pub fn without_detector(mut self) -> Self {
        for (name, _) in detector::tensors(self.config.features()) {
            self.tensors.remove(&name);
        }
        self.config.detector = false;
        self
    }
}
