//! Keras' files: `.h5` of Keras 2 and 3, `.weights.h5` of Keras 3 and of tf.keras 2.13 to 2.15, `.keras`.
//!
//! 1. [`KerasFile`](file) lists a file's layers with the shapes of their variables, in the [legacy] or the [native]
//!    layout, and has the model's config where there is one.
//! 2. A [plan] says which layer is which of the network's: by the config's [graph], in which the network is
//!    [found](trunk) from its output to its input; else by real [names]; else by [order] and shapes, where the batch
//!    norms' stored [statistics](crate::statistics) decide what shapes leave open; else the first layer that doesn't fit
//!    is refused.
//! 3. The plan's weights have every variable of the file at its place.

mod file;
mod graph;
mod layer;
mod legacy;
mod names;
mod native;
mod network;
mod order;
mod plan;
mod store;
mod trunk;
mod walk;
mod write;

use crate::error::{Error, Result};
use crate::imported::{Imported, Note};
use crate::statistics;
use file::KerasFile;
use graph::Graph;
use names::Scheme;
use plan::{Plan, misfit};
use signet_recognizer::Weights;
use signet_recognizer::weights::keras::Pixels;

pub use file::is_keras;
pub use write::{Format, export, write};

/// The classes of ImageNet.
const IMAGENET: usize = 1000;

/// The preference, of at most 4, that is no chance: the fixtures, with 16 channels, have 0.8.
const SURE: f64 = 0.2;

/// Reads a `.h5`, a `.weights.h5` or a `.keras` file of Keras, whichever the bytes are.
///
/// # Errors
///
/// [`Error::KerasFormat`] for what is no such file, and [`Error::KerasLayer`] naming the first layer that doesn't fit.
pub fn import(bytes: Vec<u8>) -> Result<Imported> {
    let file = KerasFile::open(bytes)?;
    let scheme = names::scheme(&file.layers);
    let mut notes = Vec::new();
    let graph = file.config.as_ref().map(Graph::of).transpose()?.flatten();
    let mut found = match &graph {
        Some(graph) => {
            let trunk = trunk::find(graph, &file)?;
            notes.extend(trunk.training.map(|layer| Note::TrainingMode { layer }));
            Found {
                plan: trunk.plan,
                padded_pool: trunk.padded_pool,
                input: trunk.input,
                unsure: Vec::new(),
            }
        }
        None => Found::without_graph(&file)?,
    };
    let classes = found
        .plan
        .head
        .map(|head| file.layers[head].variables[0].shape[1]);
    let is_imagenet =
        classes == Some(IMAGENET) || classes.is_none() && scheme == Some(Scheme::Applications);
    if is_imagenet {
        found.plan.leave_out_head();
        if found.plan.pixels == Pixels::UNIT_RGB {
            found.plan.pixels = Pixels::CAFFE_BGR;
        }
    } else if found.padded_pool {
        return Err(Error::KerasLayer {
            layer: "pool1_pad".into(),
            reason: "pads the maximum pooling, as Keras' own ResNet50 does and this network doesn't: with a head of its own the \
                     answers would be others. Of that network only the ImageNet features are read, to train from"
                .into(),
        });
    } else if let Some(layer) = found.input {
        return Err(Error::KerasLayer {
            layer,
            reason: "takes pictures of another size than 64x64, which is what is read here".into(),
        });
    }
    let mut weights = found.weights(&file)?;
    let labels = file.store.labels(weights.labels().len());
    if let (Some(labels), false) = (&labels, is_imagenet) {
        weights = Weights::new(
            weights.config().clone(),
            labels.clone(),
            weights.into_tensors(),
        )?;
    }
    match (is_imagenet, classes) {
        (true, _) => notes.push(Note::FeaturesOnly),
        (false, None) => notes.push(Note::HeadMissing),
        (false, Some(_)) if labels.is_some() => {}
        (false, Some(classes)) => notes.push(Note::LabelsNumbered { classes }),
    }
    if !found.plan.pixels.is_exact() {
        notes.push(Note::BorderDiffers);
    }
    if graph.is_none() && !is_imagenet {
        notes.push(Note::PreprocessingUnknown);
    }
    Ok(Imported { weights, notes })
}

/// A network in a file.
struct Found {
    plan: Plan,
    padded_pool: bool,
    /// The input, where it takes pictures of another size.
    input: Option<String>,
    /// Blocks whose last convolution of the main path and shortcut may be exchanged.
    unsure: Vec<usize>,
}

impl Found {
    /// By real names, else by order and shapes.
    fn without_graph(file: &KerasFile) -> Result<Self> {
        let scheme = names::scheme(&file.layers);
        let (plan, unsure) = match names::find(&file.layers) {
            Some(plan) => (plan, Vec::new()),
            None => {
                let ordered = order::find(&file.layers)?;
                (ordered.plan, ordered.unsure)
            }
        };
        Ok(Self {
            plan,
            padded_pool: scheme == Some(Scheme::Applications),
            input: None,
            unsure,
        })
    }

    /// The weights, once the stored statistics have decided what is unsure.
    fn weights(&mut self, file: &KerasFile) -> Result<Weights> {
        let mut weights = self.plan.weights(file)?;
        let pictures = statistics::drawn_pictures();
        for &at in &self.unsure {
            let preference = statistics::preference(&weights, at, &pictures);
            if preference.abs() < SURE {
                let block = &self.plan.blocks[at];
                let layer = &file.layers[block.main[2].conv];
                let other = block
                    .shortcut
                    .map_or("", |unit| file.layers[unit.conv].shown());
                let reason = format!(
                    "may be the last convolution of its block or, instead of `{other}`, the one on its shortcut: both have one shape, \
                     and their batch norms' statistics don't tell. Save the model as .keras, which says how its layers are joined"
                );
                return Err(misfit(layer, reason));
            }
            if preference < 0.0 {
                self.plan.exchange(at);
                weights = self.plan.weights(file)?;
            }
        }
        Ok(weights)
    }
}
