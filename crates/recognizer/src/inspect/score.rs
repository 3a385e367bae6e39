//! How good the network is on a set of inputs, with cuts.

use super::answer::margin;
use super::cut::Cut;
use super::inspector::Inspector;
use crate::classifier::argmax;
use crate::error::{Error, Result};
use crate::preprocess::InputImage;

/// A set of inputs, answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// Inputs answered right.
    pub right: usize,
    /// For each input the right class's logit less the best other: above 0 where it is answered right.
    /// It falls long before the accuracy does.
    pub margins: Vec<f32>,
    /// For each input the class that it is taken for.
    pub answers: Vec<usize>,
}

impl Scores {
    /// The share answered right; 0 of none.
    pub fn accuracy(&self) -> f64 {
        self.right as f64 / self.margins.len().max(1) as f64
    }

    /// The mean margin; 0 of none.
    pub fn mean_margin(&self) -> f64 {
        let sum: f64 = self.margins.iter().map(|margin| f64::from(*margin)).sum();
        sum / self.margins.len().max(1) as f64
    }
}

impl Inspector {
    /// Scores the network with cuts on inputs whose classes are `truths`.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for a class that isn't there, or another number of classes than inputs; as
    /// [`answers`](Self::answers).
    pub async fn score(
        &self,
        inputs: &[InputImage],
        truths: &[usize],
        cuts: &[Cut],
    ) -> Result<Scores> {
        let classes = self.labels().len();
        if truths.len() != inputs.len() || truths.iter().any(|truth| *truth >= classes) {
            return Err(Error::Setting {
                name: "labels",
                reason: format!("they are not {} from 0 to {}", inputs.len(), classes - 1),
            });
        }
        let rows = self.rows(inputs, cuts).await?;
        let logits = rows.iter().map(|row| &row[..classes]);
        let answers: Vec<usize> = logits.clone().map(argmax).collect();
        let margins = logits
            .zip(truths)
            .map(|(logits, truth)| margin(logits, *truth));
        Ok(Scores {
            right: answers.iter().zip(truths).filter(|(a, b)| a == b).count(),
            margins: margins.collect(),
            answers,
        })
    }
}
