//! The network with a tap at each place, and cuts.

use super::answer::Answer;
use super::cut::{Cut, Part};
use super::device::{Device, Tapped};
use super::place::{Place, places};
use crate::detector::PRESENCE_LAYER;
use crate::error::{Error, Result};
use crate::graph::{self, FEATURES, Tap};
use crate::preprocess::InputImage;
use crate::weights::Weights;
use signet_engine::{self as engine, Arithmetic};

/// What is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The class of that index.
    Class(usize),
    /// That there is a sign at all.
    Presence,
}

/// The activations at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Maps {
    /// Channels, height, width.
    pub size: [usize; 3],
    /// Channel by channel, row by row.
    pub values: Vec<f32>,
}

/// The network with a tap at each place, on the CPU or on a GPU. On the CPU it computes as
/// [`Classifier::on_cpu`](crate::Classifier::on_cpu) does, and without cuts it gives the same logits to the bit.
/// Every method that asks the network may end in [`Error::Device`], where the GPU fails.
#[derive(Debug)]
pub struct Inspector {
    device: Device,
    labels: Vec<String>,
    places: Vec<Place>,
    /// The network's outputs behind the logits and the detector's.
    taps: Vec<Tap>,
    /// Outputs in front of the taps.
    answers: usize,
    /// For each target, the classes and then the presence, the weights on the features and the bias.
    pub(super) head: Vec<(Vec<f32>, f32)>,
    filters: Vec<f32>,
}

impl Inspector {
    /// On the CPU. Packs its own copy of `weights`, which may be dropped then.
    pub fn on_cpu(weights: &Weights, arithmetic: Arithmetic) -> Self {
        let weights = graph::folded(weights);
        let (builder, outputs, taps) = graph::tapped(&weights, arithmetic);
        Self::new(&weights, taps, Device::cpu(builder, &outputs))
    }

    /// On a GPU, in float32, as [`Classifier::on_gpu`](crate::Classifier::on_gpu) computes.
    ///
    /// # Errors
    ///
    /// [`Error::Device`] when the GPU fails.
    #[cfg(feature = "webgpu")]
    pub async fn on_gpu(weights: &Weights, gpu: &engine::Gpu) -> Result<Self> {
        let weights = graph::folded(weights);
        let (builder, outputs, taps) = graph::tapped(&weights, Arithmetic::Float32);
        let device = Device::gpu(builder, &outputs, gpu).await?;
        Ok(Self::new(&weights, taps, device))
    }

    /// Of folded weights.
    fn new(weights: &Weights, taps: Vec<Tap>, device: Device) -> Self {
        let tensors = weights.tensors();
        let floats = |layer: &str, leaf: &str| tensors[&format!("{layer}.{leaf}")].floats();
        let layers = graph::heads(weights);
        let head = layers.iter().flat_map(|layer| {
            let kernel = floats(layer, "kernel").into_owned();
            let rows = kernel
                .chunks(weights.config().features())
                .map(<[f32]>::to_vec);
            let biases = floats(layer, "bias").into_owned();
            rows.zip(biases).collect::<Vec<_>>()
        });
        Self {
            head: head.collect(),
            filters: filters(&floats("conv1", "kernel")),
            device,
            labels: weights.labels().to_vec(),
            places: places(weights.config()),
            // The logits, and the detector's two.
            answers: if weights.config().detector { 3 } else { 1 },
            taps,
        }
    }

    /// The labels in the order of the logits.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Whether the network has a detector: whether [`Target::Presence`] can be explained.
    pub fn has_detector(&self) -> bool {
        self.head.len() > self.labels.len()
    }

    /// The network's [places].
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// The first layer's filters, `[filters, height, width, red green blue]`, batch norm folded in.
    pub fn filters(&self) -> &[f32] {
        &self.filters
    }

    /// The answers for inputs, with cuts.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for a cut of a block that isn't there; [`Error::Device`] when a logit is not
    /// finite.
    pub async fn answers(&self, inputs: &[InputImage], cuts: &[Cut]) -> Result<Vec<Answer>> {
        let rows = self.rows(inputs, cuts).await?.into_iter();
        Ok(rows.map(|row| Answer::new(row, &self.labels)).collect())
    }

    /// The activations for one input at places, or behind convolutions, in one pass; behind the last
    /// convolution of a block's main path are the block's own. All are behind the ReLU but those of a
    /// shortcut.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for a place or a block that isn't there.
    pub async fn maps(
        &self,
        input: &InputImage,
        cuts: &[Cut],
        places: &[&str],
    ) -> Result<Vec<Maps>> {
        let taps = places.iter().map(|place| self.tap(place));
        let taps = taps.collect::<Result<Vec<_>>>()?;
        let found = self.run(std::slice::from_ref(input), cuts, &taps).await?;
        let maps = found.into_iter().map(|mut tapped| Maps {
            size: tapped.size,
            values: tapped.rows.remove(0),
        });
        Ok(maps.collect())
    }

    /// The pooled features of each input.
    ///
    /// # Errors
    ///
    /// None that is known of.
    pub async fn features(&self, inputs: &[InputImage], cuts: &[Cut]) -> Result<Vec<Vec<f32>>> {
        let tap = self.tap(FEATURES)?;
        Ok(self.run(inputs, cuts, &[tap]).await?.remove(0).rows)
    }

    /// For each input the logits, then the presence's logit where the network has a detector.
    pub(super) async fn rows(&self, inputs: &[InputImage], cuts: &[Cut]) -> Result<Vec<Vec<f32>>> {
        // The bounding box is left out.
        let outputs: &[usize] = if self.has_detector() { &[0, 1] } else { &[0] };
        let found = self.run(inputs, cuts, outputs).await?;
        let row = |at: usize| {
            let parts = found.iter().flat_map(|tapped| &tapped.rows[at]);
            parts.copied().collect()
        };
        let rows: Vec<Vec<f32>> = (0..inputs.len()).map(row).collect();
        finite(&rows)?;
        Ok(rows)
    }

    /// For each input a target's logit, by the dense layer in float32 and as the
    /// [answer](Self::answers) has it, and the last stage's map, flattened from `[channels, 2, 2]`.
    pub(super) async fn logits_and_maps(
        &self,
        inputs: &[InputImage],
        cuts: &[Cut],
        target: Target,
    ) -> Result<Vec<([f32; 2], Vec<f32>)>> {
        let (layer, at) = match target {
            Target::Class(class) => (0, class),
            Target::Presence => (1, 0),
        };
        let exact = self.tap(["fc", PRESENCE_LAYER][layer])?;
        // The place in front of the features.
        let last = self.places[self.places.len() - 2].name.clone();
        let last = self.tap(&last)?;
        let mut found = self.run(inputs, cuts, &[exact, layer, last]).await?;
        let maps = found.remove(2).rows;
        finite(&found[1].rows)?;
        let logits = found[0].rows.iter().zip(&found[1].rows);
        let logits = logits.map(|(exact, rounded)| [exact[at], rounded[at]]);
        Ok(logits.zip(maps).collect())
    }

    /// The index of a target in a [row](Self::rows) and in the head.
    pub(super) fn row_of(&self, target: Target) -> Result<usize> {
        let (row, reason) = match target {
            Target::Class(class) if class < self.labels.len() => return Ok(class),
            Target::Class(class) => (class, format!("there is no class {class}")),
            Target::Presence => (self.labels.len(), "the network has no detector".into()),
        };
        if self.has_detector() && target == Target::Presence {
            return Ok(row);
        }
        Err(Error::Setting {
            name: "target",
            reason,
        })
    }

    /// Runs inputs with cuts; of outputs in their order.
    async fn run(
        &self,
        inputs: &[InputImage],
        cuts: &[Cut],
        outputs: &[usize],
    ) -> Result<Vec<Tapped>> {
        let cuts = cuts.iter().map(|cut| self.engine_cut(cut));
        let cuts = cuts.collect::<Result<Vec<_>>>()?;
        self.device.run(inputs, &cuts, outputs).await
    }

    /// The output behind a place or a convolution.
    fn tap(&self, place: &str) -> Result<usize> {
        let tap = self.taps.iter().position(|(name, _)| {
            name == place
                || name
                    .strip_prefix("res")
                    .and_then(|name| name.strip_suffix("_branch2c"))
                    == Some(place)
        });
        let tap = tap.ok_or_else(|| unknown("place", place))?;
        Ok(self.answers + tap)
    }

    fn engine_cut(&self, cut: &Cut) -> Result<engine::Cut> {
        let sum = format!("res{}_branch2c", cut.block);
        let tap = self.taps.iter().find(|(name, _)| *name == sum);
        let (_, slot) = tap.ok_or_else(|| unknown("block", &cut.block))?;
        Ok(match cut.part {
            Part::Branch => engine::Cut::Branch(*slot),
            Part::Skip => engine::Cut::Residual(*slot),
        })
    }
}

fn finite(rows: &[Vec<f32>]) -> Result<()> {
    if rows.iter().flatten().all(|value| value.is_finite()) {
        return Ok(());
    }
    Err(Error::Device {
        reason: "its output is not finite".into(),
    })
}

/// `[filters, 3, 7, 7]` to `[filters, 7, 7, 3]`.
fn filters(kernel: &[f32]) -> Vec<f32> {
    let filters = kernel.chunks(3 * 49);
    let pixels =
        filters.flat_map(|filter| (0..49).map(move |at| [0, 1, 2].map(|c| filter[c * 49 + at])));
    pixels.flatten().collect()
}

fn unknown(name: &'static str, value: &str) -> Error {
    let reason = format!("the network has no {name} `{value}`");
    Error::Setting { name, reason }
}
