//! A look inside against burn's modules, and against definitions in float64.

mod activations;
mod explanations;
mod lesions;
mod refusals;
#[path = "../support/mod.rs"]
mod support;

use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use signet_core::{ResNet, batch};
use signet_recognizer::inspect::{Cut, Part};
use signet_recognizer::{InputImage, Precision, Weights, labels};
use support::narrowed;

/// Folded weights with a detector, of floats and of int8, with the share of the largest logit by which
/// burn's answers differ.
fn kinds() -> [(Weights, f32); 2] {
    let config = narrowed(8).with_detector(true);
    let drawn = Weights::initial(config, labels::digits(), 3).unwrap();
    let folded = drawn.fold();
    let integers = folded.to_bytes(Precision::Int8).unwrap();
    [
        (folded, 1e-5),
        (Weights::from_bytes(&integers).unwrap(), 1e-3),
    ]
}

fn inputs(count: usize) -> Vec<InputImage> {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let blobs = (0..count).map(|_| {
        let [x, y, r] = [0; 3].map(|_| rng.random_range(8..56_usize));
        InputImage::from_fn(64, |column, row| {
            let inside = column.abs_diff(x) + row.abs_diff(y) < r;
            [
                if inside { 220 } else { 40 },
                (column * 4) as u8,
                (row * 3) as u8,
            ]
        })
    });
    blobs.collect()
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec_as().unwrap()
}

/// Burn's modules without the cut parts: the last stage's map, and each input's logits and presence.
fn forward(burn: &ResNet, inputs: &[InputImage], cuts: &[Cut]) -> (Tensor<4>, Vec<Vec<f32>>) {
    let input = batch(inputs, &Device::flex());
    let mut x = burn.forward_until(1, input);
    let mut layers = burn.layers().skip(1);
    let mut next = || layers.next().unwrap();
    for block in burn.config().blocks().iter().flatten() {
        let main = [next(), next(), next()];
        let skip = match block.shortcut {
            Some(_) => next().forward(x.clone()),
            None => x.clone(),
        };
        let [a, b, c] = main;
        let branch = c.forward(relu(b.forward(relu(a.forward(x)))));
        let is_left = |part| {
            let block = block.name.clone();
            !cuts.contains(&Cut { block, part })
        };
        let zeros = skip.zeros_like();
        let branch = if is_left(Part::Branch) {
            branch
        } else {
            zeros.clone()
        };
        x = relu(branch + if is_left(Part::Skip) { skip } else { zeros });
    }
    let rows = floats(burn.answer_from(5, x.clone()));
    (x, rows.chunks(10).map(|row| row[..7].to_vec()).collect())
}

fn close(found: f32, expected: f32, most: f32, what: impl std::fmt::Debug) {
    assert!(
        (found - expected).abs() <= most,
        "{what:?}: {found}, not {expected}"
    );
}
