//! The network as a burn module: stem, four stages, head, detector.

use crate::batch::read;
use crate::block::{Block, ConvNorm};
use crate::detector::Detector;
use crate::parameters::ParameterSource;
use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::module::{avg_pool2d, max_pool2d};
use burn::tensor::ops::{AvgPoolOptions, MaxPoolOptions};
use burn::tensor::{Device, FloatDType, Tensor};
use signet_recognizer::{ResNetConfig, Result, Tensors, Weights};
use std::collections::btree_map::Entry;
use std::ops::Range;

/// The ResNet of a [`ResNetConfig`], with batch norm or folded.
#[derive(Module, Debug)]
pub struct ResNet {
    /// The 7x7 convolution.
    pub stem: ConvNorm,
    /// Stages 2 to 5.
    pub stages: Vec<Stage>,
    /// Features to logits.
    pub head: Linear,
    /// Features to presence and bounding box, in networks that have a detector.
    pub detector: Option<Detector>,
    #[module(skip)]
    config: ResNetConfig,
}

/// A convolutional block and the identity blocks behind it.
#[derive(Module, Debug)]
pub struct Stage {
    /// The blocks in order.
    pub blocks: Vec<Block>,
}

impl ResNet {
    /// Builds the network on `device` and moves the weights into it.
    ///
    /// `momentum` is the weight of a batch's statistics in the running ones, as burn counts it:
    /// Keras' 0.99 is 0.01 here. A folded network doesn't use it.
    pub fn load(weights: Weights, momentum: f64, device: &Device) -> Self {
        let config = weights.config().clone();
        let mut source = ParameterSource::new(weights, momentum);
        let stem = ConvNorm::load(&config.stem_layer(), &mut source, device);
        let stages = config.blocks().into_iter().map(|layers| {
            let blocks = layers
                .iter()
                .map(|layers| Block::load(layers, &mut source, device));
            let blocks = blocks.collect();
            Stage { blocks }
        });
        let stages = stages.collect();
        let head = Linear {
            weight: source.dense_param("fc", device),
            bias: Some(source.param("fc", "bias", device)),
        };
        let detector = config.detector.then(|| Detector::load(&mut source, device));
        Self {
            stem,
            stages,
            head,
            detector,
            config,
        }
    }

    /// The device on which the network is.
    pub(crate) fn device(&self) -> Device {
        self.head.weight.val().device()
    }

    /// The configuration of this network.
    pub fn config(&self) -> &ResNetConfig {
        &self.config
    }

    /// Inputs to logits.
    ///
    /// # Shapes
    ///
    /// - `input`: `[batch, 3, 64, 64]`, RGB in 0 to 1
    /// - output: `[batch, classes]`
    pub fn forward(&self, input: Tensor<4>) -> Tensor<2> {
        let features = self.forward_until(self.config.parts(), input);
        self.head.forward(features.flatten::<2>(1, 3))
    }

    /// The feature map behind the first `parts` of the network's [parts](ResNetConfig::parts).
    ///
    /// # Shapes
    ///
    /// - `input`: `[batch, 3, 64, 64]`, RGB in 0 to 1
    /// - output: `[batch, channels, height, width]`
    pub fn forward_until(&self, parts: usize, input: Tensor<4>) -> Tensor<4> {
        self.run(0..parts, input)
    }

    /// All outputs of the network from the feature map behind its first `parts` parts, in one tensor,
    /// since reading a tensor back costs a round trip on a GPU.
    ///
    /// # Shapes
    ///
    /// - `input`: as [`forward_until`](Self::forward_until) returns it
    /// - output: `[batch, classes]`, or `[batch, classes + 4]` where there is a detector, whose
    ///   [columns](Detector::forward) follow the logits. From the pooled features, behind the last
    ///   part, only the logits can be computed: the detector reads the map before the pooling
    pub fn answer_from(&self, parts: usize, input: Tensor<4>) -> Tensor<2> {
        let pooling = self.config.parts() - 1;
        let detector = self.detector.as_ref().filter(|_| parts <= pooling);
        let map = self.run(parts..pooling, input);
        // In a training with mixed precision the head and the detector compute in float32.
        let map = map.cast(FloatDType::F32);
        let features = self.run(parts.max(pooling)..pooling + 1, map.clone());
        let features = features.flatten::<2>(1, 3);
        let logits = self.head.forward(features.clone());
        match detector {
            Some(detector) => Tensor::cat(vec![logits, detector.forward(features, map)], 1),
            None => logits,
        }
    }

    fn run(&self, parts: Range<usize>, input: Tensor<4>) -> Tensor<4> {
        parts.fold(input, |x, part| {
            if part == 0 {
                let x = self.stem.rectified(x, None);
                max_pool2d(x, MaxPoolOptions::new([3, 3]).with_stride([2, 2]))
            } else if let Some(stage) = self.stages.get(part - 1) {
                stage.blocks.iter().fold(x, |x, block| block.forward(x))
            } else {
                avg_pool2d(x, AvgPoolOptions::new([2, 2]))
            }
        })
    }

    /// Every convolution in the order of [`ResNetConfig::conv_layers`].
    pub fn layers(&self) -> impl Iterator<Item = &ConvNorm> {
        let blocks = self.stages.iter().flat_map(|stage| &stage.blocks);
        std::iter::once(&self.stem).chain(blocks.flat_map(Block::layers))
    }

    /// Reads the weights back from the device, for classes named by `labels`.
    ///
    /// # Errors
    ///
    /// [`Error::Device`](signet_recognizer::Error::Device) when the device fails, and what
    /// [`Weights::new`] refuses, such as a value that is not finite.
    pub async fn to_weights(&self, labels: &[String]) -> Result<Weights> {
        self.to_weights_with(labels, &Tensors::new()).await
    }

    /// As [`to_weights`](Self::to_weights), but the tensors in `known` are not read back.
    pub(crate) async fn to_weights_with(
        &self,
        labels: &[String],
        known: &Tensors,
    ) -> Result<Weights> {
        let mut tensors = known.clone();
        for (layer, module) in self.config.conv_layers().iter().zip(self.layers()) {
            let conv = &module.conv;
            put(&mut tensors, &layer.name, "kernel", conv.weight.val()).await?;
            if let Some(bias) = &conv.bias {
                put(&mut tensors, &layer.name, "bias", bias.val()).await?;
            }
            if let Some(norm) = &module.norm {
                for (leaf, tensor) in [
                    ("gamma", norm.gamma.val()),
                    ("beta", norm.beta.val()),
                    // value_sync applies pending updates.
                    ("running_mean", norm.running_mean.value_sync()),
                    ("running_variance", norm.running_var.value_sync()),
                ] {
                    put(&mut tensors, &layer.norm, leaf, tensor).await?;
                }
            }
        }
        let detector = self.detector.iter().flat_map(Detector::layers);
        for (name, layer) in std::iter::once(("fc", &self.head)).chain(detector) {
            // burn keeps a dense kernel as [input, output]; files hold [output, input] like every
            // other kernel.
            put(&mut tensors, name, "kernel", layer.weight.val().transpose()).await?;
            if let Some(bias) = &layer.bias {
                put(&mut tensors, name, "bias", bias.val()).await?;
            }
        }
        Weights::new(self.config.clone(), labels.to_vec(), tensors)
    }
}

/// Reads a tensor back into `tensors`, unless it is there.
async fn put<const D: usize>(
    tensors: &mut Tensors,
    layer: &str,
    leaf: &str,
    tensor: Tensor<D>,
) -> Result<()> {
    if let Entry::Vacant(entry) = tensors.entry(format!("{layer}.{leaf}")) {
        entry.insert(read(tensor).await?);
    }
    Ok(())
}
