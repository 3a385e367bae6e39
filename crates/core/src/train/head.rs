//! Head initialization for the labels of a dataset.

use crate::dataset::Dataset;
use signet_recognizer::{Arithmetic, Classifier, InputImage, Result, Weights, argmax};

/// Pictures of each label that are classified. More would only take time: a rough start is enough for
/// the training.
const CLASSIFIED: usize = 4;

/// As [`Weights::with_labels`], but a new label starts as what the network takes its pictures for: its
/// row of the head is the mean of the known labels' rows, weighted by the mean probabilities of its
/// pictures. Fists called `rock` start as the label `0`, and a sign unlike all known ones as a mixture.
/// A known label is initialized the same way where its pictures show another known label whose own
/// pictures, if there are any, no longer show it: names that were swapped. So few pictures are
/// classified on the CPU, whichever device trains.
///
/// # Errors
///
/// As [`Weights::with_labels`], and [`Error::Device`](signet_recognizer::Error::Device).
pub async fn initialize_head(weights: Weights, pictures: &Dataset) -> Result<Weights> {
    let known = weights.labels().to_vec();
    let labels = pictures.labels();
    let classifier = Classifier::on_cpu(&weights, Arithmetic::Fastest);
    let mut mixtures = Vec::new();
    for label in 0..labels.len() {
        let samples = pictures.samples().iter();
        let of_label = samples
            .filter(|sample| sample.label == label)
            .take(CLASSIFIED);
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
