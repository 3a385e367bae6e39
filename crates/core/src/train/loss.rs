//! What a training makes small: cross-entropy over the labels, and the detector's two terms.

use super::example::Target;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::tensor::activation::log_sigmoid;
use burn::tensor::{Device, Int, Tensor, TensorData};
use signet_recognizer::DETECTOR_OUTPUTS;

/// Weights of the detector's terms beside the cross-entropy. The region's error is small in numbers
/// (a tenth of the picture's side is far off), hence its larger weight.
const SIGN_WEIGHT: f64 = 0.5;
const REGION_WEIGHT: f64 = 2.0;

/// Beyond this error, in the region's columns, the loss grows linearly (Huber 1964): one hopeless
/// picture must not outweigh a batch.
const REGION_TURN: f64 = 0.25;

/// The loss of a batch, and the part of it that is the cross-entropy of the labels.
pub(super) struct Loss {
    /// What to make small.
    pub total: Tensor<1>,
    /// Mean over the pictures with a label; none when there is none.
    pub labels: Option<Tensor<1>>,
}

/// Compares what the network says of a batch with the targets.
///
/// # Shapes
///
/// - `answers`: as [`ResNet::answer_from`](crate::ResNet::answer_from) gives them
pub(super) fn loss(
    answers: Tensor<2>,
    classes: usize,
    targets: &[Target],
    label_smoothing: f32,
) -> Loss {
    let device = answers.device();
    let [batch, columns] = answers.dims();
    let detector = columns == classes + DETECTOR_OUTPUTS;
    let column = |from, to| answers.clone().slice([0..batch, from..to]);
    let mut terms = Vec::new();

    let known = rows(targets, |target| target.label);
    let labels = (!known.is_empty()).then(|| {
        // Most trainings have neither detector nor unlabelled pictures: nothing is cut out then.
        let logits = match (detector, known.len() == batch) {
            (false, true) => answers.clone(),
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
            let signs = known.iter().map(|(_, sign)| f32::from(u8::from(*sign)));
            let signs = floats(signs.collect(), [known.len(), 1], &device);
            // -y log s(x) - (1 - y) log s(-x), by a form that can't overflow.
            let both = signs.clone() * log_sigmoid(logits.clone())
                + (signs.neg() + 1.0) * log_sigmoid(logits.neg());
            terms.push(both.mean().neg() * SIGN_WEIGHT);
        }
        let known = rows(targets, |target| target.bounding_box);
        if !known.is_empty() {
            let found = select(column(classes + 1, columns), &known, &device);
            let regions = known.iter().flat_map(|(_, region)| region.to_targets());
            let error = found
                - floats(
                    regions.collect(),
                    [known.len(), DETECTOR_OUTPUTS - 1],
                    &device,
                );
            terms.push(huber(error) * REGION_WEIGHT);
        }
    }
    let total = terms.into_iter().reduce(|sum, term| sum + term);
    Loss {
        // Nothing known of any picture: nothing to learn, and no gradient either.
        total: total.unwrap_or_else(|| answers.sum() * 0.0),
        labels,
    }
}

/// Mean over all values: e^2 / 2 up to the turn, and the tangent beyond.
fn huber(error: Tensor<2>) -> Tensor<1> {
    let size = error.abs();
    let near = size.clone().clamp_max(REGION_TURN);
    (near.clone() * (size - near * 0.5)).mean()
}

/// The rows of which something is known, with what is known.
fn rows<T>(targets: &[Target], known: impl Fn(&Target) -> Option<T>) -> Vec<(usize, T)> {
    let rows = targets.iter().enumerate();
    rows.filter_map(|(row, target)| Some((row, known(target)?)))
        .collect()
}

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
