//! The network with a tap at each place, as the page asks it.

use crate::objects::{CheckSet, Evidence, Maps, Scores, object};
use js_sys::Float32Array;
use signet_recognizer::inspect::{Cut, Target, random_branches, read_sprite};
use signet_recognizer::{InputImage, Weights, inspect};
use signet_wasm::{JsFile, Thrown, bytes_of, decode, split_inputs};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What is left out of the network.
    #[wasm_bindgen(typescript_type = "Cut[]")]
    pub type JsCuts;
}

/// The network with a tap at each place, on this module's device. Without cuts it answers as a `Classifier`
/// of the device does, on the CPU to the bit. Calls may overlap. An input is 64 x 64 pixels of red, green,
/// blue, alpha, as `inputOf` gives it. Every method may throw `setting` for an argument that isn't there (a block, a place, a target), `picture-size`
/// for pixels that are no whole inputs, and `device`.
#[wasm_bindgen]
pub struct Inspector(inspect::Inspector);

#[wasm_bindgen]
impl Inspector {
    /// Checks a weights file and packs the network. Throws `weights-...` or `file-unreadable`.
    pub async fn load(weights: JsFile) -> Result<Inspector, Thrown> {
        let file = bytes_of(&weights).await?;
        let weights = Weights::from_bytes(&file)?;
        // The network is packed where the file was: memory that a module has asked for it keeps.
        drop(file);
        Ok(Self(signet_wasm::inspector(&weights).await?))
    }

    /// The labels, in the order of every answer's `logits`.
    #[wasm_bindgen(getter)]
    pub fn labels(&self) -> Vec<String> {
        self.0.labels().to_vec()
    }

    /// Whether the network says if there is a sign: whether the target -1 can be explained.
    #[wasm_bindgen(getter, js_name = hasDetector)]
    pub fn has_detector(&self) -> bool {
        self.0.has_detector()
    }

    /// Whether `evidence` from 2 shifts on reads mirrored inputs, too: where signs of all labels mean the same in a mirror.
    #[wasm_bindgen(getter)]
    pub fn mirrors(&self) -> bool {
        self.0.mirrors()
    }

    /// The network's places in the order of computation: the stem, the blocks, the features.
    #[wasm_bindgen(unchecked_return_type = "Place[]")]
    pub fn places(&self) -> Result<JsValue, Thrown> {
        object(&self.0.places())
    }

    /// The answer for one input.
    #[wasm_bindgen(unchecked_return_type = "Answer")]
    pub async fn answer(&self, pixels: Vec<u8>, cuts: JsCuts) -> Result<JsValue, Thrown> {
        let answers = self.0.answers(&[input(&pixels)?], &cuts_of(cuts)?).await?;
        object(&answers[0])
    }

    /// The activations for one input at places, or behind convolutions, in one pass.
    #[wasm_bindgen(unchecked_return_type = "Maps[]")]
    pub async fn maps(
        &self,
        pixels: Vec<u8>,
        cuts: JsCuts,
        places: Vec<String>,
    ) -> Result<JsValue, Thrown> {
        let places: Vec<&str> = places.iter().map(String::as_str).collect();
        let (input, cuts) = (input(&pixels)?, cuts_of(cuts)?);
        let maps = self.0.maps(&input, &cuts, &places).await?;
        object(&maps.into_iter().map(Maps::from).collect::<Vec<_>>())
    }

    /// The first layer's filters: 64 of 7 x 7 pixels of red, green, blue, batch norm folded in.
    pub fn filters(&self) -> Float32Array {
        self.0.filters().into()
    }

    /// The features of any number of inputs, 2,048 each.
    pub async fn features(&self, pixels: Vec<u8>, cuts: JsCuts) -> Result<Float32Array, Thrown> {
        let (inputs, cuts) = (split_inputs(&pixels)?, cuts_of(cuts)?);
        let features = self.0.features(&inputs, &cuts).await?.concat();
        Ok(features.as_slice().into())
    }

    /// What speaks for a target, and where: a class's index, or -1 for the presence of a sign. From
    /// `shifts` x `shifts` inputs, from 2 on with their mirror images where the network `mirrors`; `shifts` is 1 (2 x 2 cells), 2 (4 x 4) or 3 (8 x 8). Throws `device`
    /// where cells and bias don't add up to the network's logit.
    pub async fn evidence(
        &self,
        pixels: Vec<u8>,
        cuts: JsCuts,
        target: i32,
        shifts: usize,
    ) -> Result<Ts<Evidence>, Thrown> {
        let (input, cuts) = (input(&pixels)?, cuts_of(cuts)?);
        let evidence = self.0.evidence(&input, &cuts, target_of(target), shifts);
        let evidence = evidence.await?;
        Ok(Evidence::from(evidence).into_ts()?)
    }

    /// How much lower a target's logit is with a window hidden behind the blurred input: above 0 where
    /// the window speaks for the target. Windows of 16 pixels each 8, 7 x 7, row by row: `count` from
    /// `first` on.
    pub async fn occlusion(
        &self,
        pixels: Vec<u8>,
        cuts: JsCuts,
        target: i32,
        first: usize,
        count: usize,
    ) -> Result<Float32Array, Thrown> {
        let (input, cuts) = (input(&pixels)?, cuts_of(cuts)?);
        let target = target_of(target);
        let changes = self.0.occlusion(&input, &cuts, target, first, count);
        let changes = changes.await?;
        Ok(changes.as_slice().into())
    }

    /// Scores the network on inputs, whose labels are given by their indexes.
    pub async fn score(
        &self,
        pixels: Vec<u8>,
        labels: Vec<u32>,
        cuts: JsCuts,
    ) -> Result<Ts<Scores>, Thrown> {
        let truths: Vec<usize> = labels.into_iter().map(|label| label as usize).collect();
        let (inputs, cuts) = (split_inputs(&pixels)?, cuts_of(cuts)?);
        let scores = self.0.score(&inputs, &truths, &cuts).await?;
        Ok(Scores::from(scores).into_ts()?)
    }

    /// The inputs of a file such as `inside/check-set.jpg`: a picture of tiles of 64 x 64 pixels, with a row
    /// for each of the signs from 0 on. Throws `picture-...` or `setting`.
    #[wasm_bindgen(js_name = checkSet)]
    pub fn check_set(&self, file: &[u8]) -> Result<Ts<CheckSet>, Thrown> {
        Ok(CheckSet::from(read_sprite(&decode(file)?)?).into_ts()?)
    }

    /// The branches of `count` identity blocks, drawn from a seed as `signet lesion` draws them.
    #[wasm_bindgen(js_name = randomCuts, unchecked_return_type = "Cut[]")]
    pub fn random_cuts(&self, count: usize, seed: u32) -> Result<JsValue, Thrown> {
        object(&random_branches(self.0.places(), count, seed.into()))
    }

    /// The answer with the first `cells` of `order` hidden behind the blurred input: squares of 8 x 8 pixels,
    /// counted row by row from 0 to 63.
    #[wasm_bindgen(unchecked_return_type = "Answer")]
    pub async fn blurred(
        &self,
        pixels: Vec<u8>,
        cuts: JsCuts,
        order: Vec<u32>,
        cells: usize,
    ) -> Result<JsValue, Thrown> {
        let (input, cuts, order) = (input(&pixels)?, cuts_of(cuts)?, cells_of(order));
        let answer = self.0.answer_blurred(&input, &cuts, &order, cells).await?;
        object(&answer)
    }

    /// The input that `blurred` answers for, to show it.
    #[wasm_bindgen(js_name = blurredInput)]
    pub fn blurred_input(
        &self,
        pixels: Vec<u8>,
        order: Vec<u32>,
        cells: usize,
    ) -> Result<Vec<u8>, Thrown> {
        let hidden = inspect::Inspector::hide_cells(&input(&pixels)?, &cells_of(order), cells)?;
        Ok(hidden.to_rgba())
    }
}

fn input(pixels: &[u8]) -> Result<InputImage, Thrown> {
    let mut inputs = split_inputs(pixels)?;
    match (inputs.pop(), inputs.len()) {
        (Some(input), 0) => Ok(input),
        (_, rest) => Err(Thrown::setting(
            "pixels",
            format!("{} inputs, not one", rest + 1),
        )),
    }
}

fn cuts_of(cuts: JsCuts) -> Result<Vec<Cut>, Thrown> {
    let cuts = serde_wasm_bindgen::from_value(cuts.into());
    cuts.map_err(|error| Thrown::setting("cuts", error))
}

/// A class that isn't there is refused by the recognizer.
fn target_of(target: i32) -> Target {
    match usize::try_from(target) {
        Ok(class) => Target::Class(class),
        Err(_) => Target::Presence,
    }
}

fn cells_of(order: Vec<u32>) -> Vec<usize> {
    order.into_iter().map(|cell| cell as usize).collect()
}
