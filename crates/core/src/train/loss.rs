//! The loss: cross-entropy over the labels, and the detector's two terms.

use super::example::Target;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::tensor::activation::log_sigmoid;
use burn::tensor::{Device, Int, Tensor, TensorData};
use signet_recognizer::DETECTOR_OUTPUTS;

/// Weights of the detector's terms beside the cross-entropy. Errors of the bounding box are small values
/// (a tenth of the input's side is far off), hence the larger weight.
const PRESENCE_WEIGHT: f64 = 0.5;
const BOUNDING_BOX_WEIGHT: f64 = 2.0;

/// The error of a bounding box's target from which on the loss grows linearly (Huber 1964), so that one
/// hopeless picture doesn't outweigh a batch.
const HUBER_DELTA: f64 = 0.25;

/// The loss of a batch, and its cross-entropy term.
pub(super) struct Loss {
    /// The sum of all terms, to be minimized.
    pub total: Tensor<1>,
    /// Mean cross-entropy over the pictures with a label; none when there is no such picture.
    pub labels: Option<Tensor<1>>,
}

/// The loss of a batch's outputs.
///
/// # Shapes
///
/// - `outputs`: as [`ResNet::answer_from`](crate::ResNet::answer_from) returns them
pub(super) fn loss(
    outputs: Tensor<2>,
    classes: usize,
    targets: &[Target],
    label_smoothing: f32,
) -> Loss {
    let device = outputs.device();
    let [batch, columns] = outputs.dims();
    let detector = columns == classes + DETECTOR_OUTPUTS;
    let column = |from, to| outputs.clone().slice([0..batch, from..to]);
    let mut terms = Vec::new();

    let known = rows(targets, |target| target.label);
    let labels = (!known.is_empty()).then(|| {
        // Most trainings have neither detector nor pictures without label: no copy is needed then.
        let logits = match (detector, known.len() == batch) {
            (false, true) => outputs.clone(),
            _ => select(column(0, classes), &known, &device),
        };
        let labels: Vec<i64> = known.iter().map(|(_, label)| *label as i64).collect();
        CrossEntropyLossConfig::new()
            .with_smoothing((label_smoothing > 0.0).then_some(label_smoothing))
            .init(&device)
            .forward(logits, integers(labels, &device))
    });
    terms.extend(labels.clone());

    if detector {
        let known = rows(targets, |target| target.presence);
        if !known.is_empty() {
            let logits = select(column(classes, classes + 1), &known, &device);
            let presence = known
                .iter()
                .map(|(_, present)| f32::from(u8::from(*present)));
            let presence = floats(presence.collect(), [known.len(), 1], &device);
            // Binary cross-entropy -y log s(x) - (1 - y) log s(-x); log_sigmoid doesn't overflow.
            let both = presence.clone() * log_sigmoid(logits.clone())
                + (presence.neg() + 1.0) * log_sigmoid(logits.neg());
            terms.push(both.mean().neg() * PRESENCE_WEIGHT);
        }
        let known = rows(targets, |target| target.bounding_box);
        if !known.is_empty() {
            let found = select(column(classes + 1, columns), &known, &device);
            let boxes = known
                .iter()
                .flat_map(|(_, bounding_box)| bounding_box.to_targets());
            let boxes = floats(boxes.collect(), found.dims(), &device);
            terms.push(huber(found - boxes) * BOUNDING_BOX_WEIGHT);
        }
    }
    let total = terms.into_iter().reduce(|sum, term| sum + term);
    Loss {
        // Without any target the gradients are zero.
        total: total.unwrap_or_else(|| outputs.sum() * 0.0),
        labels,
    }
}

/// Mean Huber loss over all values: e^2 / 2 up to [`HUBER_DELTA`], and linear beyond.
fn huber(error: Tensor<2>) -> Tensor<1> {
    let size = error.abs();
    let near = size.clone().clamp_max(HUBER_DELTA);
    (near.clone() * (size - near * 0.5)).mean()
}

/// The rows whose target is known, with that target.
fn rows<T>(targets: &[Target], known: impl Fn(&Target) -> Option<T>) -> Vec<(usize, T)> {
    let rows = targets.iter().enumerate();
    rows.filter_map(|(row, target)| Some((row, known(target)?)))
        .collect()
}

/// The given rows of `columns`.
fn select<T>(columns: Tensor<2>, rows: &[(usize, T)], device: &Device) -> Tensor<2> {
    let rows: Vec<i64> = rows.iter().map(|(row, _)| *row as i64).collect();
    columns.select(0, integers(rows, device))
}

fn integers(values: Vec<i64>, device: &Device) -> Tensor<1, Int> {
    let count = values.len();
    Tensor::from_data(TensorData::new(values, [count]), device)
}

fn floats(values: Vec<f32>, shape: [usize; 2], device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values, shape), device)
}
