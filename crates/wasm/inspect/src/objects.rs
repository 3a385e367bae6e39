//! What goes to JavaScript, with its types in TypeScript.

use js_sys::{Float32Array, Uint8Array, Uint32Array};
use serde::Serialize;
use signet_recognizer::{InputImage, inspect};
use signet_wasm::Thrown;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

/// The forms that the recognizer's `Place`, `Cut` and `Answer` are serialized to.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A convolution with its batch norm. */
export interface Convolution {
    /** The name in the reference, such as `res2a_branch2a`. */
    name: string;
    /** Side of the square kernel. */
    kernel: number;
    /** Stride in both directions. */
    stride: number;
    /** Channels in. */
    input: number;
    /** Channels out. */
    output: number;
    /** Side of the square result. */
    side: number;
    /** Parameters, batch norm's with them. */
    parameters: number;
    /** Multiplications, each with an addition. */
    multiplyAdds: number;
    /** Whether it is the shortcut's. */
    shortcut: boolean;
}

/** A place of the network, for an input of 64x64 pixels. Parameters count batch norm, also where it is folded. */
export interface Place {
    /** `stem`, the block's name such as `2a`, or `features`. */
    name: string;
    /** The features are the average pooling with the dense layer on it. */
    kind: "stem" | "identity" | "convolutional" | "features";
    /** 1 for the stem, 2 to 5 for blocks, 6 for the features. */
    stage: number;
    /** Channels, height and width of its result. */
    size: [number, number, number];
    parameters: number;
    /** Multiplications, each with an addition, for one input. */
    multiplyAdds: number;
    /** The main path, then the shortcut. */
    convolutions: Convolution[];
}

/** A part of a block that is left out: F(x) with its bias, or x (the shortcut's convolution of it). */
export interface Cut {
    /** The block's name, such as `2a`. */
    block: string;
    part: "branch" | "skip";
}

/** The answer for one input. */
export interface Answer {
    /** The most probable label. */
    label: string;
    /** The probability of each label, if there is a sign. */
    probabilities: number[];
    /** The logit of each label. */
    logits: number[];
    /** The probability that there is a sign at all; only from a network with a detector. */
    presence?: number;
    /** The best logit less the second. */
    margin: number;
}
"#;

/// A plain object of JavaScript.
pub fn object(value: &impl Serialize) -> Result<JsValue, Thrown> {
    let object = serde_wasm_bindgen::to_value(value);
    object.map_err(|error| Thrown::setting("object", error))
}

/// The activations at a place.
#[derive(Serialize, Tsify)]
pub struct Maps {
    /// Number of maps.
    pub channels: usize,
    /// Rows of a map.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Channel by channel, row by row.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array")]
    pub values: Float32Array,
}

impl From<inspect::Maps> for Maps {
    fn from(maps: inspect::Maps) -> Self {
        let [channels, height, width] = maps.size;
        Self {
            channels,
            height,
            width,
            values: maps.values.as_slice().into(),
        }
    }
}

/// What speaks for a target, and where.
#[derive(Serialize, Tsify)]
pub struct Evidence {
    /// Cells in a row, and in a column: 2, 4 or 8.
    pub side: usize,
    /// What each cell adds to the logit, row by row.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array")]
    pub cells: Float32Array,
    /// What is added without looking.
    pub bias: f32,
    /// The mean of the network's logits for the inputs that were read; without shifts the logit itself. The cells and the bias
    /// add up to it.
    pub logit: f32,
}

impl From<inspect::Evidence> for Evidence {
    fn from(evidence: inspect::Evidence) -> Self {
        Self {
            side: evidence.side,
            cells: evidence.cells.as_slice().into(),
            bias: evidence.bias,
            logit: evidence.logit,
        }
    }
}

/// A set of inputs, answered.
#[derive(Serialize, Tsify)]
pub struct Scores {
    /// Inputs answered right.
    pub right: usize,
    /// Inputs.
    pub count: usize,
    /// For each input the right class's logit less the best other.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array")]
    pub margins: Float32Array,
    /// For each input the index of the label that it is taken for.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint32Array")]
    pub labels: Uint32Array,
}

impl From<inspect::Scores> for Scores {
    fn from(scores: inspect::Scores) -> Self {
        let answers: Vec<u32> = scores.answers.iter().map(|&answer| answer as u32).collect();
        Self {
            right: scores.right,
            count: scores.margins.len(),
            margins: scores.margins.as_slice().into(),
            labels: answers.as_slice().into(),
        }
    }
}

/// The inputs of a sprite.
#[derive(Serialize, Tsify)]
pub struct CheckSet {
    /// 64 x 64 pixels of red, green, blue, alpha each, one after another.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8Array")]
    pub pixels: Uint8Array,
    /// Their labels.
    pub labels: Vec<String>,
}

impl From<(Vec<InputImage>, Vec<String>)> for CheckSet {
    fn from((inputs, labels): (Vec<InputImage>, Vec<String>)) -> Self {
        let pixels = inputs
            .iter()
            .flat_map(InputImage::to_rgba)
            .collect::<Vec<_>>();
        Self {
            pixels: pixels.as_slice().into(),
            labels,
        }
    }
}
