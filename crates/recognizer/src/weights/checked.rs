//! A complete, checked set of weights.

use super::fold;
use super::tensor::{HostTensor, Tensors};
use crate::config::{ConvLayer, ResNetConfig};
use crate::detector;
use crate::error::{Error, Result};
use crate::labels;
use std::collections::BTreeMap;

/// A complete set of weights, with the configuration of their network and the labels of its classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    pub(super) config: ResNetConfig,
    pub(super) labels: Vec<String>,
    pub(super) tensors: Tensors,
    pub(super) reference_logits: Option<Vec<f32>>,
}

impl Weights {
    /// Checks that `tensors` are the network's, with batch norm or folded, and nothing else.
    ///
    /// # Errors
    ///
    /// What [`ResNetConfig::validate`] and [`labels::checked`](crate::labels::checked) refuse, then
    /// the first tensor that is missing, unknown, misshapen or not finite, as it is or folded.
    pub fn new(config: ResNetConfig, labels: Vec<String>, tensors: Tensors) -> Result<Self> {
        config.validate()?;
        let labels = labels::checked(&labels, config.classes)?;
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

    /// The same weights with changed values. The reference logits are dropped, since they no longer
    /// apply. `change` must leave shapes alone and values finite.
    pub(crate) fn map_tensors(mut self, change: impl Fn(&str, &mut HostTensor)) -> Self {
        for (name, tensor) in &mut self.tensors {
            change(name, tensor);
        }
        self.reference_logits = None;
        self
    }

    /// The same function without batch norms, which are folded into the convolutions before them. Folded
    /// weights are returned unchanged.
    pub fn fold(mut self) -> Self {
        if !self.is_folded() {
            fold::fold(&self.config, &mut self.tensors);
        }
        self
    }

    /// The configuration of the network.
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

    /// The tensors without configuration and labels.
    pub fn into_tensors(self) -> Tensors {
        self.tensors
    }

    /// Whether batch norm is folded into the convolutions.
    pub fn is_folded(&self) -> bool {
        !self.tensors.contains_key("bn_conv1.gamma")
    }

    /// The stored logits for the [reference input](crate::InputImage::reference), if any.
    pub fn reference_logits(&self) -> Option<&[f32]> {
        self.reference_logits.as_deref()
    }

    /// Stores the logits for the reference input, with which
    /// [`Classifier::self_check`](crate::Classifier::self_check) compares a device's.
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
pub(super) fn expected_tensors(
    config: &ResNetConfig,
    folded: bool,
) -> impl Iterator<Item = (String, Vec<usize>)> {
    let convs = config
        .conv_layers()
        .into_iter()
        .flat_map(move |layer| conv_tensors(&layer, folded));
    let detector = config
        .detector
        .then(|| detector::tensors(config.features()));
    convs
        .chain(head_tensors(config))
        .chain(detector.into_iter().flatten())
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
        let leaves = fold::NORM_LEAVES.iter();
        tensors.extend(leaves.map(|leaf| (format!("{}.{leaf}", layer.norm), vec![layer.output])));
    }
    tensors
}

/// Names and shapes of the head's tensors.
pub(super) fn head_tensors(
    config: &ResNetConfig,
) -> impl Iterator<Item = (String, Vec<usize>)> + use<> {
    let (classes, features) = (config.classes, config.features());
    [
        ("fc.kernel".into(), vec![classes, features]),
        ("fc.bias".into(), vec![classes]),
    ]
    .into_iter()
}
