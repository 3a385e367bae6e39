//! Weights under the labels of somebody's own pictures.

use crate::dataset::Dataset;
use signet_recognizer::{Arithmetic, Classifier, InputImage, Result, Weights, argmax};

/// Pictures of a label that are looked at. More would only cost time: they say roughly what the
/// label looks like, and training says the rest.
const LOOKS: usize = 4;

/// As [`Weights::with_labels`], but a new label starts as what the network takes its pictures for:
/// its part of the head is the old labels' parts, weighted by their mean probabilities. Fists
/// called `rock` start as zeros, and a sign that is none of the old ones as a mixture. A known
/// label starts so, too, where its pictures show another one whose own pictures show it no more:
/// names that have been swapped. So few pictures are looked at on the processor, whatever learns.
///
/// # Errors
///
/// As [`Weights::with_labels`], and [`crate::Error::Device`].
pub async fn initialize_head(weights: Weights, pictures: &Dataset) -> Result<Weights> {
    let known = weights.labels().to_vec();
    let labels = pictures.labels();
    let classifier = Classifier::on_cpu(&weights, Arithmetic::Fastest);
    let mut mixtures = Vec::new();
    for label in 0..labels.len() {
        let samples = pictures.samples().iter();
        let of_label = samples.filter(|sample| sample.label == label).take(LOOKS);
        let inputs: Vec<InputImage> = of_label.map(|sample| sample.input.clone()).collect();
        let answers = classifier.classify(&inputs).await?;
        let mut mixture = vec![0.0; known.len()];
        for answer in &answers {
            for (share, p) in mixture.iter_mut().zip(&answer.probabilities) {
                *share += p / answers.len() as f32;
            }
        }
        mixtures.push((label, mixture));
    }
    let seen_as = |label: usize| &known[argmax(&mixtures[label].1)];
    let shown = |label: usize| pictures.samples().iter().any(|s| s.label == label);
    let moves = |label: usize| {
        let (name, seen) = (&labels[label], seen_as(label));
        let taken = labels.iter().position(|other| other == seen);
        let free = taken.is_none_or(|other| shown(other) && seen_as(other) != seen);
        shown(label) && (!known.contains(name) || (seen != name && free))
    };
    let moved: Vec<bool> = (0..labels.len()).map(moves).collect();
    mixtures.retain(|(label, _)| moved[*label]);
    weights.with_mixed_labels(labels.to_vec(), &mixtures)
}
