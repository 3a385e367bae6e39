//! Files that Keras, and the course's notebook with it, loads unchanged.
//!
//! Where batch norm is folded into the convolutions, as in everything that ships or was fine-tuned, the file has batch
//! norms that do nothing: gamma 1, beta 0, mean 0, variance 1 - epsilon. A detector is left out: Keras' network has none.

use super::network::{self, Written};
use super::store::LABELS;
use crate::archive::ZipFiles;
use crate::error::{Error, Result};
use crate::hdf5::{Attribute, Tree};
use serde_json::json;
use signet_recognizer::weights::keras::{floats_of, shape_of};
use signet_recognizer::{EPSILON, HostTensor, Tensors, Weights};
use std::collections::HashMap;
use std::io::{Cursor, Seek, Write};

/// The version of Keras whose formats are written.
const KERAS_2: &str = "2.15.0";
const KERAS_3: &str = "3.0.0";

/// The formats of Keras that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `.keras`: network and weights, for `keras.models.load_model` of Keras 3.
    Keras,
    /// `.weights.h5`: for `model.load_weights` of Keras 3, and of tf.keras from 2.15 on.
    Weights,
    /// `.h5`: network and weights, for `load_model` and `load_weights` of Keras 2 and 3.
    H5,
}

/// The values of a variable, which become floats in Keras' arrangement when they are written.
enum Values {
    Stored(HostTensor),
    Same { value: f32, count: usize },
}

impl Values {
    fn floats(self) -> Vec<f32> {
        match self {
            Self::Stored(tensor) => floats_of(&tensor),
            Self::Same { value, count } => vec![value; count],
        }
    }
}

/// A layer's variables by their names in Keras, with shapes as Keras has them.
type Variables = Vec<(&'static str, Vec<usize>, Values)>;

type File = Tree<Values>;

/// A whole file of Keras.
///
/// # Errors
///
/// As [`write`].
pub fn export(weights: Weights, format: Format) -> Result<Vec<u8>> {
    let mut file = Cursor::new(Vec::new());
    write(weights, format, &mut file)?;
    Ok(file.into_inner())
}

/// Writes a file of Keras. The weights go as they are written: a layer's floats are in memory at a time.
///
/// # Errors
///
/// [`Error::ExportWrong`] where the format can't hold the weights, or `out` can't take them.
pub fn write(weights: Weights, format: Format, out: &mut (impl Write + Seek)) -> Result<()> {
    let layers = network::layers(weights.config());
    let labels = weights.labels().to_vec();
    let mut tensors = weights.into_tensors();
    match format {
        Format::Weights => native(&labels, &mut tensors, &layers).write(Values::floats, out),
        Format::H5 => legacy(&labels, &mut tensors, &layers).write(Values::floats, out),
        Format::Keras => {
            let metadata = json!({"keras_version": KERAS_3, "signet_labels": labels});
            let mut archive = ZipFiles::new(out);
            for (name, json) in [
                ("metadata.json", metadata),
                ("config.json", network::config_3(&layers)),
            ] {
                let text = json.to_string();
                let written = archive.begin(name, false)?.write_all(text.as_bytes());
                written.map_err(|error| Error::ExportWrong {
                    reason: error.to_string(),
                })?;
            }
            let file = native(&labels, &mut tensors, &layers);
            file.write(
                Values::floats,
                &mut archive.begin("model.weights.h5", false)?,
            )?;
            archive.finish()?;
            Ok(())
        }
    }
}

/// `layers/conv2d_1/vars/0`: groups by class and number.
fn native(labels: &[String], tensors: &mut Tensors, layers: &[Written]) -> File {
    let mut file = File::new();
    file.set(File::ROOT, LABELS, attribute_of(labels));
    // Keras 2.15 asks for the variables of every layer, and of the model itself, where there are none as well.
    file.group(File::ROOT, "vars");
    let all = file.group(File::ROOT, "layers");
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for layer in layers {
        let base = group(layer.class);
        let count = counts.entry(base).or_default();
        let name = if *count == 0 {
            base.to_owned()
        } else {
            format!("{base}_{count}")
        };
        *count += 1;
        let group = file.group(all, &name);
        let vars = file.group(group, "vars");
        file.set(vars, "name", Attribute::Text(layer.name.clone()));
        for (at, (_, shape, values)) in variables(tensors, layer).into_iter().enumerate() {
            file.data_set(vars, &at.to_string(), shape, values);
        }
    }
    file
}

/// `model_weights/conv1/conv1/kernel:0`, with lists of names as attributes.
fn legacy(labels: &[String], tensors: &mut Tensors, layers: &[Written]) -> File {
    let mut file = File::new();
    let all = file.group(File::ROOT, "model_weights");
    for group in [File::ROOT, all] {
        file.set(group, "keras_version", Attribute::Text(KERAS_2.into()));
        file.set(group, "backend", Attribute::Text("tensorflow".into()));
    }
    let config = network::config_2(layers).to_string();
    file.set(File::ROOT, "model_config", Attribute::LongText(config));
    file.set(File::ROOT, LABELS, attribute_of(labels));
    let with_weights = || layers.iter().filter(|layer| has_weights(layer.class));
    let names = with_weights().map(|layer| layer.name.clone()).collect();
    file.set(all, "layer_names", Attribute::Texts(names));
    for layer in with_weights() {
        let outer = file.group(all, &layer.name);
        let inner = file.group(outer, &layer.name);
        let mut names = Vec::new();
        for (leaf, shape, values) in variables(tensors, layer) {
            let name = format!("{leaf}:0");
            file.data_set(inner, &name, shape, values);
            names.push(format!("{}/{name}", layer.name));
        }
        file.set(outer, "weight_names", Attribute::Texts(names));
    }
    file
}

/// The group's name of a class.
fn group(class: &str) -> &'static str {
    match class {
        "Conv2D" => "conv2d",
        "BatchNormalization" => "batch_normalization",
        "Dense" => "dense",
        "InputLayer" => "input_layer",
        "ZeroPadding2D" => "zero_padding2d",
        "Activation" => "activation",
        "MaxPooling2D" => "max_pooling2d",
        "Add" => "add",
        "AveragePooling2D" => "average_pooling2d",
        _ => "flatten",
    }
}

/// Whether layers of a class have weights.
fn has_weights(class: &str) -> bool {
    ["Conv2D", "BatchNormalization", "Dense"].contains(&class)
}

/// Takes a layer's variables.
fn variables(tensors: &mut Tensors, layer: &Written) -> Variables {
    if !has_weights(layer.class) {
        return Vec::new();
    }
    let name = if layer.class == "Dense" {
        "fc"
    } else {
        &layer.name
    };
    let mut read = |leaf: &'static str, from: &str| {
        let tensor = tensors.remove(&format!("{name}.{from}"))?;
        Some((leaf, shape_of(&tensor), Values::Stored(tensor)))
    };
    if layer.class != "BatchNormalization" {
        return [read("kernel", "kernel"), read("bias", "bias")]
            .into_iter()
            .flatten()
            .collect();
    }
    let leaves = [
        ("gamma", "gamma", 1.0),
        ("beta", "beta", 0.0),
        ("moving_mean", "running_mean", 0.0),
        (
            "moving_variance",
            "running_variance",
            (1.0 - EPSILON) as f32,
        ),
    ];
    let channels = layer.shape.last().copied().unwrap_or_default();
    let neutral = |(leaf, from, value)| {
        let same = || Values::Same {
            value,
            count: channels,
        };
        read(leaf, from).unwrap_or_else(|| (leaf, vec![channels], same()))
    };
    leaves.map(neutral).into()
}

fn attribute_of(labels: &[String]) -> Attribute {
    Attribute::LongText(json!(labels).to_string())
}
