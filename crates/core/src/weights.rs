//! The network's numbers on the host: named, checked, independent of any device.
//!
//! A [`Weights`] is complete by construction: every tensor that its network needs is there, has
//! its shape and is finite, and there is no other. Whoever holds one needs no further check, and
//! a file that fails a check leaves nothing half-loaded.
//!
//! Kernels are `[output, input, height, width]`, the dense kernel `[classes, features]`.

mod container;
mod file;
mod fold;
mod tensor;
pub mod tfjs;

pub use container::Container;
#[cfg(feature = "train")]
pub(crate) use container::{Content, Stored};
pub use file::{Precision, sha256, verify_sha256};
pub use tensor::HostTensor;

use crate::config::{ConvLayer, ResNetConfig};
use crate::error::{Error, Result};
use crate::finder::Finder;
use crate::labels;
use burn::module::{Param, ParamId};
use burn::tensor::{Device, Tensor, TensorData};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

/// Tensors by name, such as `res2a_branch2a.kernel`.
pub type Tensors = BTreeMap<String, HostTensor>;

/// The leaves of a batch norm, in weights files.
const NORM_LEAVES: [&str; 4] = ["gamma", "beta", "running_mean", "running_variance"];

/// A complete set of weights with the network they belong to and the labels it answers with.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    config: ResNetConfig,
    labels: Vec<String>,
    tensors: Tensors,
    reference_logits: Option<Vec<f32>>,
}

impl Weights {
    /// Checks that `tensors` are the network's, with batch norm or folded, and nothing else.
    ///
    /// # Errors
    ///
    /// The first tensor found missing, unknown, misshapen or not finite, be it only once it is
    /// folded; labels that are not one
    /// per class, empty or repeated.
    pub fn new(config: ResNetConfig, labels: Vec<String>, tensors: Tensors) -> Result<Self> {
        config.validate()?;
        labels::validate(&labels, config.classes)?;
        let folded = !tensors.keys().any(|name| name.starts_with("bn"));
        let expected: BTreeMap<_, _> = expected_tensors(&config, folded).collect();
        for (name, shape) in &expected {
            let Some(tensor) = tensors.get(name) else {
                return Err(Error::WeightsMissingTensor { name: name.clone() });
            };
            if &tensor.shape != shape || tensor.count() != shape.iter().product::<usize>() {
                return Err(Error::WeightsShape {
                    name: name.clone(),
                    expected: format!("{shape:?}"),
                    found: format!("{:?} with {} values", tensor.shape, tensor.count()),
                });
            }
            if let Some(index) = tensor.not_finite() {
                return Err(Error::WeightsValues {
                    name: name.clone(),
                    index,
                });
            }
        }
        if let Some(name) = tensors.keys().find(|name| !expected.contains_key(*name)) {
            return Err(Error::WeightsUnknownTensor { name: name.clone() });
        }
        if !folded {
            fold::check(&config, &tensors)?;
        }
        Ok(Self {
            config,
            labels,
            tensors,
            reference_logits: None,
        })
    }

    /// A network that has learned nothing: Glorot-uniform kernels, zero biases, neutral batch
    /// norms. The same seed gives the same weights everywhere, since the host draws them.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), for the configuration and the labels.
    pub fn initial(config: ResNetConfig, labels: Vec<String>, seed: u64) -> Result<Self> {
        config.validate()?;
        let tensors = expected_tensors(&config, false).enumerate();
        let tensors = tensors.map(|(stream, (name, shape))| {
            let tensor = initial_tensor(&name, shape, seed, stream as u64);
            (name, tensor)
        });
        Self::new(config.clone(), labels, tensors.collect())
    }

    /// The same features under other labels. A label that was known keeps what its part of the
    /// head has learned; for a new one that part is zero, since a few pictures would never unlearn
    /// what a random draw says in the many directions that they do not show. A finder goes: what
    /// it takes for no sign may be one of the new ones.
    ///
    /// # Errors
    ///
    /// Labels that are empty or repeated.
    pub fn with_labels(self, labels: Vec<String>) -> Result<Self> {
        self.with_mixed_labels(labels, &[])
    }

    /// As [`with_labels`](Self::with_labels), but each of some labels, given by its index, starts as
    /// a mixture of the known ones, in the shares given.
    pub(crate) fn with_mixed_labels(
        mut self,
        labels: Vec<String>,
        mixtures: &[(usize, Vec<f32>)],
    ) -> Result<Self> {
        if labels == self.labels && mixtures.is_empty() {
            return Ok(self);
        }
        if labels != self.labels {
            self = self.without_finder();
        }
        let config = self.config.with_classes(labels.len());
        // Before there is a head of that size.
        config.validate()?;
        labels::validate(&labels, config.classes)?;
        for (name, shape) in head_tensors(&config) {
            let row: usize = shape[1..].iter().product();
            let mut floats = vec![0.0; shape.iter().product()];
            if let Some(before) = self.tensors.remove(&name) {
                let before = before.into_floats();
                let rows = floats.chunks_mut(row);
                for (index, (to, label)) in rows.zip(&labels).enumerate() {
                    if let Some((_, shares)) = mixtures.iter().find(|(mixed, _)| *mixed == index) {
                        for (share, from) in shares.iter().zip(before.chunks(row)) {
                            to.iter_mut().zip(from).for_each(|(to, w)| *to += share * w);
                        }
                    } else if let Some(from) = self.labels.iter().position(|known| known == label) {
                        to.copy_from_slice(&before[from * row..][..row]);
                    }
                }
            }
            self.tensors.insert(name, HostTensor::new(shape, floats));
        }
        Self::new(config, labels, self.tensors)
    }

    /// The same weights with a [`Finder`], drawn from `seed` if there was none.
    pub fn with_finder(mut self, seed: u64) -> Self {
        if !self.config.finder {
            let tensors = Finder::tensors(self.config.features()).into_iter();
            for (stream, (name, shape)) in tensors.enumerate() {
                let tensor = initial_tensor(&name, shape, seed, stream as u64);
                self.tensors.insert(name, tensor);
            }
            self.config.finder = true;
        }
        self
    }

    /// The same weights without a finder.
    pub fn without_finder(mut self) -> Self {
        for (name, _) in Finder::tensors(self.config.features()) {
            self.tensors.remove(&name);
        }
        self.config.finder = false;
        self
    }

    /// The same weights with changed values, but for the reference logits, which would no longer be
    /// theirs. `change` must leave shapes alone and values finite.
    pub(crate) fn map_tensors(mut self, change: impl Fn(&str, &mut HostTensor)) -> Self {
        for (name, tensor) in &mut self.tensors {
            change(name, tensor);
        }
        self.reference_logits = None;
        self
    }

    /// The network that these weights are for.
    pub fn config(&self) -> &ResNetConfig {
        &self.config
    }

    /// One label per class, in the order of the logits.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The tensors by name.
    pub fn tensors(&self) -> &Tensors {
        &self.tensors
    }

    /// Whether batch norm has been folded into the convolutions.
    pub fn is_folded(&self) -> bool {
        !self.tensors.contains_key("bn_conv1.gamma")
    }

    /// The logits for the reference picture that were stored with the weights, if any.
    pub fn reference_logits(&self) -> Option<&[f32]> {
        self.reference_logits.as_deref()
    }

    /// Stores the logits by which a device can prove itself: see
    /// [`Classifier::self_check`](crate::Classifier::self_check).
    ///
    /// # Errors
    ///
    /// [`Error::WeightsFormat`] when they are not one finite number per class.
    pub fn with_reference_logits(mut self, logits: Vec<f32>) -> Result<Self> {
        if logits.len() != self.config.classes || logits.iter().any(|logit| !logit.is_finite()) {
            return Err(Error::WeightsFormat {
                reason: "the reference logits are not one finite number per class".into(),
            });
        }
        self.reference_logits = Some(logits);
        Ok(self)
    }
}

/// Names and shapes of all tensors of a network.
fn expected_tensors(
    config: &ResNetConfig,
    folded: bool,
) -> impl Iterator<Item = (String, Vec<usize>)> {
    let convs = config
        .conv_layers()
        .into_iter()
        .flat_map(move |layer| conv_tensors(&layer, folded));
    let finder = config.finder.then(|| Finder::tensors(config.features()));
    convs
        .chain(head_tensors(config))
        .chain(finder.into_iter().flatten())
}

fn conv_tensors(layer: &ConvLayer, folded: bool) -> Vec<(String, Vec<usize>)> {
    let mut tensors = vec![
        (
            format!("{}.kernel", layer.name),
            layer.kernel_shape().to_vec(),
        ),
        (format!("{}.bias", layer.name), vec![layer.output]),
    ];
    if !folded {
        let leaves = NORM_LEAVES.iter();
        tensors.extend(leaves.map(|leaf| (format!("{}.{leaf}", layer.norm), vec![layer.output])));
    }
    tensors
}

fn head_tensors(config: &ResNetConfig) -> impl Iterator<Item = (String, Vec<usize>)> + use<> {
    let (classes, features) = (config.classes, config.features());
    [
        ("fc.kernel".into(), vec![classes, features]),
        ("fc.bias".into(), vec![classes]),
    ]
    .into_iter()
}

/// Draws a kernel, or fills a bias or batch-norm leaf with its neutral value.
///
/// Glorot uniform: U(-l, l) with l = sqrt(6 / (fan in + fan out)), Glorot and Bengio 2010.
fn initial_tensor(name: &str, shape: Vec<usize>, seed: u64, stream: u64) -> HostTensor {
    let count = shape.iter().product();
    let data = match name.rsplit('.').next() {
        Some("kernel") => {
            let window: usize = shape[2..].iter().product();
            let limit = (6.0 / ((shape[0] + shape[1]) * window) as f32).sqrt();
            // A stream of its own for each tensor: one more layer changes no other one.
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream(stream);
            let draw = || (rng.random::<f32>() * 2.0 - 1.0) * limit;
            std::iter::repeat_with(draw).take(count).collect()
        }
        Some("gamma" | "running_variance") => vec![1.0; count],
        _ => vec![0.0; count],
    };
    HostTensor::new(shape, data)
}

/// Hands checked tensors over to burn modules, one by one, so that each is in memory once.
pub(crate) struct TensorSource {
    tensors: Tensors,
    norms: bool,
    momentum: f64,
    taken: u64,
}

impl TensorSource {
    pub(crate) fn new(weights: Weights, momentum: f64) -> Self {
        Self {
            norms: !weights.is_folded(),
            tensors: weights.tensors,
            momentum,
            taken: 0,
        }
    }

    /// Tensors of a part of a network, for that part's tests.
    #[cfg(test)]
    pub(crate) fn of_tensors(tensors: Tensors) -> Self {
        Self {
            tensors,
            norms: true,
            momentum: 0.0,
            taken: 0,
        }
    }

    /// Whether batch norms are to be built.
    pub(crate) fn has_norms(&self) -> bool {
        self.norms
    }

    pub(crate) fn momentum(&self) -> f64 {
        self.momentum
    }

    /// Parameters are numbered in the order they are taken, which is the order of the layers, so
    /// that an optimiser's saved state finds its parameters again in another process.
    pub(crate) fn param<const D: usize>(
        &mut self,
        layer: &str,
        leaf: &str,
        device: &Device,
    ) -> Param<Tensor<D>> {
        let tensor = self.take(layer, leaf);
        let shape = tensor.shape.clone();
        let data = TensorData::new(tensor.into_floats(), shape);
        self.numbered(Tensor::from_data(data, device))
    }

    /// burn keeps a dense kernel as `[input, output]`, unlike every other kernel. It is turned
    /// here and not by a view on the device: the first training step would make a view whole, and
    /// a training resumed after it would start from another memory layout, whose sums round
    /// differently.
    pub(crate) fn dense_param(&mut self, layer: &str, device: &Device) -> Param<Tensor<2>> {
        let tensor = self.take(layer, "kernel");
        let (output, input) = (tensor.shape[0], tensor.shape[1]);
        let data = tensor.into_floats();
        let turned = (0..input).flat_map(|i| (0..output).map(move |o| o * input + i));
        let turned = turned.map(|at| data[at]).collect();
        let tensor = Tensor::from_data(TensorData::new(turned, [input, output]), device);
        self.numbered(tensor)
    }

    fn numbered<const D: usize>(&mut self, tensor: Tensor<D>) -> Param<Tensor<D>> {
        self.taken += 1;
        Param::initialized(ParamId::from(self.taken), tensor.require_grad_if_tracking())
    }

    fn take(&mut self, layer: &str, leaf: &str) -> HostTensor {
        self.tensors
            .remove(&format!("{layer}.{leaf}"))
            .expect("Weights::new has checked that every layer's tensors are there")
    }
}

/// `require_grad` on a device that tracks gradients; nothing elsewhere.
trait RequireGradIfTracking {
    fn require_grad_if_tracking(self) -> Self;
}

impl<const D: usize> RequireGradIfTracking for Tensor<D> {
    fn require_grad_if_tracking(self) -> Self {
        if self.device().is_autodiff() {
            self.require_grad()
        } else {
            self
        }
    }
}
