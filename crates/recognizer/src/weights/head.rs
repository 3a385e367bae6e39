//! Exchanging the head on the same features: other labels, with or without a detector.

use super::checked::{Weights, head_tensors};
use super::initial::initial_tensor;
use super::tensor::HostTensor;
use crate::detector;
use crate::error::Result;
use crate::labels;

impl Weights {
    /// The same features under other labels. A known label keeps its row of the head. A new label's
    /// row is zero: a few pictures span few directions of the features, and would not correct random
    /// weights in the others. A detector stays. Who doesn't train it for the new signs should
    /// [drop](Self::without_detector) it, since it may take one of them for no sign.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`](crate::Error::Setting) for labels that are empty, repeated or too many.
    pub fn with_labels(self, labels: Vec<String>) -> Result<Self> {
        self.with_mixed_labels(labels, &[])
    }

    /// As [`with_labels`](Self::with_labels), but the labels whose index is in `mixtures` start with a
    /// mixture of the known labels' rows, weighted by the shares given.
    ///
    /// # Errors
    ///
    /// As [`with_labels`](Self::with_labels).
    pub fn with_mixed_labels(
        mut self,
        labels: Vec<String>,
        mixtures: &[(usize, Vec<f32>)],
    ) -> Result<Self> {
        let config = self.config.clone().with_classes(labels.len());
        // Before a head of that size is allocated.
        config.validate()?;
        let labels = labels::checked(&labels, config.classes)?;
        if labels == self.labels && mixtures.is_empty() {
            return Ok(self);
        }
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

    /// The same weights with a detector, which is initialized from `seed` if there was none.
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

    /// The same weights with a detector to be trained on pictures whose hands' places are not known, if
    /// there was none: it gives each input the presence one half, and all of it as the bounding box.
    pub fn with_blank_detector(mut self) -> Self {
        if !self.config.detector {
            for (name, shape) in detector::tensors(self.config.features()) {
                let zeros = vec![0.0; shape.iter().product()];
                self.tensors.insert(name, HostTensor::new(shape, zeros));
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
