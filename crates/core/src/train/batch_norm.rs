//! Batch norm again for weights that have it folded in, so that they learn as they once did.

use super::config::TrainConfig;
use super::example::{AugmentationKey, TrainingSet};
use crate::batch::{batch, read};
use crate::model::ResNet;
use crate::operations::relu;
use burn::tensor::{Device, Tensor};
use signet_recognizer::{EPSILON, HostTensor, Result, Weights};

/// Pictures that the statistics are of, at most.
const PICTURES: usize = 256;

/// The same function with batch norms, whose statistics are those of the first pictures that a
/// training with `config` would learn from: a batch's own are close to them, so the first steps
/// go on from where the folded weights were. Weights that are not folded come back as they are.
///
/// # Errors
///
/// [`Error::Device`](crate::Error::Device) when the device failed.
pub async fn restore_batch_norm(
    weights: Weights,
    training: &dyn TrainingSet,
    config: &TrainConfig,
    device: &Device,
) -> Result<Weights> {
    if !weights.is_folded() {
        return Ok(weights);
    }
    let key = AugmentationKey {
        augmentation: &config.augmentation,
        seed: config.seed,
        epoch: 0,
    };
    let mut order = training.order(config.seed, 0);
    order.truncate(PICTURES);
    let examples = training.examples(&order, Some(key)).into_iter();
    let inputs: Vec<_> = examples.map(|example| example.input).collect();

    let device = device.clone().without_autodiff();
    let network = ResNet::load(weights.clone(), 0.0, &device);
    let found = statistics(&network, batch(&inputs, &device));
    let mut tensors = weights.tensors().clone();
    for (layer, [mean, variance]) in weights.config().conv_layers().iter().zip(found) {
        let mean = read(mean).await?.into_floats();
        let variance = read(variance).await?.into_floats();
        let deviation = variance.iter().map(|&v| (v + EPSILON as f32).sqrt());
        for (leaf, values) in [
            ("gamma", deviation.collect()),
            ("beta", mean.clone()),
            ("running_mean", mean),
            ("running_variance", variance),
        ] {
            let tensor = HostTensor::new(vec![layer.output], values);
            tensors.insert(format!("{}.{leaf}", layer.norm), tensor);
        }
    }
    Weights::new(weights.config().clone(), weights.labels().to_vec(), tensors)
}

/// Mean and variance of what every convolution gives, for each channel, in the order of
/// [`ResNetConfig::conv_layers`](crate::ResNetConfig::conv_layers).
fn statistics(network: &ResNet, input: Tensor<4>) -> Vec<[Tensor<1>; 2]> {
    // At once: all outputs together would be a gigabyte.
    let of = |output: Tensor<4>| {
        let channels = output.permute([1, 0, 2, 3]).flatten::<2>(1, 3);
        let (variance, mean) = channels.var_mean_bias(1);
        [mean.squeeze_dim(1), variance.squeeze_dim(1)]
    };
    let mut found = vec![of(network.stem.forward(input.clone()))];
    let mut x = network.forward_until(1, input);
    for block in network.stages.iter().flat_map(|stage| &stage.blocks) {
        let layers = block.layers();
        let (main, shortcut) = layers.split_at(3);
        let mut inside = x.clone();
        for layer in main {
            let output = layer.forward(inside);
            inside = relu(output.clone());
            found.push(of(output));
        }
        found.extend(shortcut.iter().map(|layer| of(layer.forward(x.clone()))));
        x = block.forward(x);
    }
    found
}
