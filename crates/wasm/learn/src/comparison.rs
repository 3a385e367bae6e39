//! Narrow networks trained side by side, as the page drives it.

use crate::device;
use crate::events::object;
use crate::settings::dataset;
use serde::Deserialize;
use signet_core::{ComparisonConfig, Variant};
use signet_wasm::Thrown;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

/// Settings of a comparison. All networks have the same depth, initial kernels, batches and learning rate.
#[derive(Debug, Clone, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ComparisonSettings {
    /// Layers with weights.
    #[tsify(type = "8 | 14 | 20 | 26 | 38 | 50")]
    pub depth: usize,
    /// What each network has: 1 to 4 of them.
    #[tsify(type = "{ skips: boolean, batchNorm: boolean }[]")]
    pub networks: Vec<Variant>,
    /// Pictures in a step, 2 to 256; all where there are fewer.
    pub batch_size: usize,
    /// That of gradient descent with a momentum of 0.9, above 0.
    pub learning_rate: f64,
    /// The same seed gives the same steps.
    pub seed: u64,
}

/// The forms that [`signet_core::WeightLayer`] and [`signet_core::Step`] are serialized to.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A layer whose gradient is measured. */
export interface ComparisonLayer {
    /** `conv1`, that of a block such as `res2a_branch2a`, or `fc`. */
    name: string;
    /** Side of the square kernel. */
    kernel: number;
    /** Channels in. */
    input: number;
    /** Channels out. */
    output: number;
    /** The Euclidean norm of the kernel as it was initialized. */
    norm: number;
}

/** A step of all networks. */
export interface ComparisonStep {
    /** Counted from 1. */
    step: number;
    /** As they were before the step. `null` from the step on in which the loss or a gradient is not finite. */
    networks: (ComparisonMeasures | null)[];
}

/** What a step measured of a network. */
export interface ComparisonMeasures {
    /** Mean cross-entropy over the batch, in nats. */
    loss: number;
    /** Share of the batch that is answered right. */
    accuracy: number;
    /** The Euclidean norm of the gradient of the kernel of each layer. */
    norms: number[];
}
"#;

/// Narrow networks in training, with skip connections and without, a step at a time.
///
/// One call at a time: a call during another one throws.
#[wasm_bindgen]
pub struct Comparison(signet_core::Comparison);

#[wasm_bindgen]
impl Comparison {
    /// Networks that are not trained yet. `pixels` are inputs, as for `Classifier.classifyInputs`, `labels`
    /// the index of the class of each, below `classes`. Throws `setting`, `picture-size` or `device`.
    pub async fn start(
        settings: Ts<ComparisonSettings>,
        pixels: Vec<u8>,
        labels: Vec<u32>,
        classes: u32,
    ) -> Result<Comparison, Thrown> {
        let settings = settings.to_rust()?;
        let config = ComparisonConfig {
            depth: settings.depth,
            variants: settings.networks,
            batch_size: settings.batch_size,
            learning_rate: settings.learning_rate,
            seed: settings.seed,
        };
        let names = (0..classes).map(|class| class.to_string()).collect();
        let pictures = dataset(names, &pixels, &labels)?;
        if !pictures.negatives().is_empty() {
            let reason = format!("a label is {classes}, where there are {classes} classes");
            return Err(Thrown::setting("labels", reason));
        }
        let device = device::open().await?;
        let comparison = signet_core::Comparison::new(config, pictures, &device)?;
        Ok(Self(comparison))
    }

    /// The layers whose gradients are measured, from the input to the head: as many as the networks are
    /// deep. Convolutions on shortcuts are not among them.
    #[wasm_bindgen(unchecked_return_type = "ComparisonLayer[]")]
    pub fn layers(&self) -> Result<JsValue, Thrown> {
        object(&self.0.layers())
    }

    /// Measures each network on the next batch and trains it on that. Throws `device`.
    #[wasm_bindgen(unchecked_return_type = "ComparisonStep")]
    pub async fn step(&mut self) -> Result<JsValue, Thrown> {
        object(&self.0.step().await?)
    }
}
