//! What a training tells of itself: the trainer's own events and records, with their types in TypeScript.

use serde::Serialize;
use signet_wasm::Thrown;
use wasm_bindgen::prelude::*;

/// The forms that [`signet_core::Event`] and [`signet_core::EpochRecord`] are serialized to.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** How good the network is on a set of pictures. */
export interface Score {
    /** Mean cross-entropy in nats. */
    loss: number;
    /** Share of right answers. */
    accuracy: number;
}

/** What an epoch came to. */
export interface EpochRecord {
    /** Counted from 1. */
    epoch: number;
    /** On the training pictures as they were seen, changed at random, while the network was trained. */
    training: Score;
    /** One for the validation set; none where there are no validation pictures. */
    validation: Score[];
    /** Whether no earlier epoch was better, nor the start. */
    best: boolean;
}

/** What a step did. */
export type TrainEvent =
    /** The frozen part computed the features of some pictures, variants by augmentation included: once for each. */
    | { kind: "features"; done: number; total: number }
    /** How good the weights are that the training starts from; not told without validation pictures. */
    | { kind: "start"; validation: Score[] }
    /** The network was trained on a batch, from 1. The score is over the epoch so far. */
    | { kind: "batch"; epoch: number; batch: number; batches: number; training: Score }
    /** Some validation pictures were scored; in epoch 0 for the start. */
    | { kind: "validation"; epoch: number; done: number; total: number }
    /** An epoch ended. */
    | ({ kind: "epoch" } & EpochRecord)
    /** There is nothing left to do. */
    | { kind: "done" };
"#;

/// A plain object of JavaScript.
pub fn object(event: &impl Serialize) -> Result<JsValue, Thrown> {
    let object = serde_wasm_bindgen::to_value(event);
    object.map_err(|error| Thrown::setting("event", error))
}
