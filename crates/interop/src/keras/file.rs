//! A Keras file as a whole: its layers, its config, and its variables.

use super::layer::Layer;
use super::store::{Store, wrong};
use super::{legacy, native};
use crate::archive::{self, Archive};
use crate::error::Result;
use serde_json::Value;

/// HDF5's gzip makes no more of a byte: a shape that claims more is no reason to take memory for it.
const MOST_PER_BYTE: usize = 1032;

/// As many values a model may have, of all variables together: three times the network's.
const MOST_VALUES: usize = 1 << 26;

/// The largest config: that of the network has a tenth.
const LARGEST_CONFIG: usize = 4 << 20;

/// Files of a `.keras` archive.
const CONFIG: &str = "config.json";
const WEIGHTS: &str = "model.weights.h5";

/// An open file.
pub struct KerasFile {
    /// The variables.
    pub store: Store,
    /// In the order of the model's layers, or of their names where the file has no order.
    pub layers: Vec<Layer>,
    /// The model's config, where the file has one.
    pub config: Option<Value>,
}

/// Whether the bytes are an HDF5 file, or an archive with what a `.keras` file has.
pub fn is_keras(bytes: &[u8]) -> bool {
    let has = |name: &[u8]| {
        bytes[..bytes.len().min(4096)]
            .windows(name.len())
            .any(|part| part == name)
    };
    let is_keras_archive =
        || has(b"config.json") || has(b"metadata.json") || has(b"model.weights.h5");
    hdf5_pure::is_hdf5_bytes(bytes) || archive::is_zip(bytes) && is_keras_archive()
}

impl KerasFile {
    /// Opens a `.h5`, a `.weights.h5` or a `.keras` file, whichever the bytes are.
    pub fn open(bytes: Vec<u8>) -> Result<Self> {
        if archive::is_zip(&bytes) {
            let (config, weights) = unzip(bytes)?;
            return Self::of_hdf5(weights, Some(config));
        }
        Self::of_hdf5(bytes, None)
    }

    fn of_hdf5(bytes: Vec<u8>, config: Option<Value>) -> Result<Self> {
        let length = bytes.len();
        let mut keras = Self {
            store: Store::open(bytes)?,
            layers: Vec::new(),
            config,
        };
        match legacy::weights_group(&keras.store)? {
            Some(group) => {
                if keras.config.is_none() {
                    keras.config = legacy::config(&keras.store)?;
                }
                keras.layers = legacy::layers(&group, &keras.store)?;
            }
            None => keras.layers = native::layers(&keras.store)?,
        }
        if keras.layers.is_empty() {
            return Err(wrong(
                "it has no layers with weights, so no Keras model was saved in it",
            ));
        }
        let mut values = 0_usize;
        for variable in keras.layers.iter().flat_map(|layer| &layer.variables) {
            let count = variable
                .shape
                .iter()
                .try_fold(1_usize, |n, &side| n.checked_mul(side));
            values = values.saturating_add(count.unwrap_or(usize::MAX));
        }
        if values > MOST_VALUES || values > length.saturating_mul(MOST_PER_BYTE) {
            let reason = format!(
                "it claims {values} weights, and at most {MOST_VALUES} are read, of a file as large"
            );
            return Err(wrong(reason));
        }
        Ok(keras)
    }
}

/// The config and the weights of a `.keras` file.
fn unzip(bytes: Vec<u8>) -> Result<(Value, Vec<u8>)> {
    let mut archive = Archive::open(bytes, archive::Limits::MODEL)?;
    let lacks = |name: &str| {
        wrong(format!(
            "it has no `{name}`, which a .keras file of Keras 3 has"
        ))
    };
    let find = |name| archive.find(name).ok_or_else(|| lacks(name));
    let [config, weights] = [find(CONFIG)?, find(WEIGHTS)?];
    let config = archive.read(config)?.ok_or_else(|| lacks(CONFIG))?;
    if config.len() > LARGEST_CONFIG {
        return Err(wrong("its config.json is too long"));
    }
    let config = serde_json::from_slice(&config);
    let config = config.map_err(|error| wrong(format!("its config.json: {error}")))?;
    let weights = archive.into_content(weights)?;
    Ok((config, weights.ok_or_else(|| lacks(WEIGHTS))?))
}
