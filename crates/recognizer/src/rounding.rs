//! Rounding kernels to 4 bits so that what their layers compute changes least: error feedback.
//!
//! Rounding alone minimizes the error of each weight. What counts is the error of a layer's outputs, in
//! which the errors of several weights can cancel. [`Weights::with_error_feedback`] goes through the network
//! in the order of computation. Of each layer it takes the [moments](moments) of the inputs that the network
//! so far, its kernels rounded, gives it for example pictures, and [rounds](feedback) a weight after the
//! others, each with what the errors before it call for. The kernels are those of
//! [`Precision::Int4`](crate::Precision::Int4), which stores them as they are.

mod feedback;
mod moments;

use crate::config::ConvLayer;
use crate::graph::{STEM, tapped};
use crate::inference::{CPU_BATCH, pixels};
use crate::preprocess::InputImage;
use crate::weights::{HostTensor, Weights, int4};
use feedback::Factor;
use moments::Samples;
use signet_engine::Arithmetic;

/// What rounding has cost the outputs of a layer: root mean squares of the errors, as shares of the outputs'.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundedLayer {
    /// The layer's name.
    pub name: String,
    /// Of rounding each weight alone.
    pub alone: f64,
    /// With error feedback.
    pub with_feedback: f64,
}

impl Weights {
    /// The same network, folded, with its large kernels rounded to 4 bits by error feedback on `inputs`, a
    /// few hundred of the kind that the network is to read. `report` gets each layer when it is done. The
    /// reference logits are dropped.
    pub fn with_error_feedback(
        self,
        inputs: &[InputImage],
        mut report: impl FnMut(RoundedLayer),
    ) -> Self {
        let mut weights = self.fold();
        for (layer, input) in layers(&weights) {
            let name = format!("{}.kernel", layer.name);
            let tensor = &weights.tensors()[&name];
            if inputs.is_empty() || !int4::applies(&tensor.shape) {
                continue;
            }
            let moments = moments_of(&weights, &layer, &input, inputs);
            let kernel = tensor.floats().into_owned();
            let factor = Factor::of(moments);
            let (scales, values) = factor.round(&kernel, layer.output);
            let rounded = HostTensor::of_integers(tensor.shape.clone(), values, scales);
            let (alone_scales, alone) = int4::quantize(&kernel, layer.output);
            let alone = HostTensor::of_integers(tensor.shape.clone(), alone, alone_scales);
            report(RoundedLayer {
                name: layer.name,
                alone: factor.share(&kernel, &alone.floats()),
                with_feedback: factor.share(&kernel, &rounded.floats()),
            });
            weights = weights.map_tensors(|other, tensor| {
                if other == name {
                    *tensor = rounded.clone();
                }
            });
        }
        weights
    }
}

/// The convolutions of the blocks in the order of computation, each with the tap that it reads.
fn layers(weights: &Weights) -> Vec<(ConvLayer, String)> {
    let mut layers = Vec::new();
    let mut input = STEM.to_owned();
    for block in weights.config().blocks().into_iter().flatten() {
        let [a, b, c] = block.main;
        let shortcut = block.shortcut.map(|layer| (layer, input.clone()));
        layers.extend(shortcut);
        let [after_a, after_b, after_c] = [&a, &b, &c].map(|layer| layer.name.clone());
        layers.extend([(a, input), (b, after_a), (c, after_b)]);
        input = after_c;
    }
    layers
}

/// The second moments of what a layer reads at the tap `input` for each of its weights.
fn moments_of(
    weights: &Weights,
    layer: &ConvLayer,
    input: &str,
    inputs: &[InputImage],
) -> moments::Moments {
    let (builder, _, taps) = tapped(weights, Arithmetic::Fastest);
    let tap = taps.into_iter().find(|(name, _)| name == input);
    let (_, slot) = tap.expect("each operation has a tap");
    let mut network = builder.finish(&[slot]);
    let mut samples = Samples::new(layer);
    for batch in inputs.chunks(CPU_BATCH) {
        let (values, size) = pixels(batch);
        network.run_part(&values, size, &[], &[0]);
        samples.add(&network.output(0), inputs.len());
    }
    samples.moments()
}
