//! Restoring batch norm in folded weights, for a training with batch norm.

use super::config::TrainConfig;
use super::example::{AugmentationKey, TrainingSet};
use crate::batch::{batch, read};
use crate::model::ResNet;
use crate::operations::relu;
use burn::tensor::{Device, Tensor};
use signet_recognizer::{EPSILON, HostTensor, Result, Weights};

/// Largest number of pictures from which the statistics are computed.
const PICTURES: usize = 256;

/// The same function with batch norms. Their running statistics are those of the first pictures of a
/// training with `config`. The statistics of that training's batches are close to them, so the
/// network in training mode starts with the answers of the folded weights. Weights that are not
/// folded are returned unchanged.
///
/// # Errors
///
/// [`Error::Device`](signet_recognizer::Error::Device) when the device fails.
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
        let [mean, variance] =
            [read(mean).await?, read(variance).await?].map(HostTensor::into_floats);
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

/// Mean and variance of every convolution's output, for each channel, in the order of
/// [`ResNetConfig::conv_layers`](signet_recognizer::ResNetConfig::conv_layers).
fn statistics(network: &ResNet, input: Tensor<4>) -> Vec<[Tensor<1>; 2]> {
    // Computed output by output: all outputs together would take a gigabyte.
    let of = |output: Tensor<4>| {
        let channels = output.permute([1, 0, 2, 3]).flatten::<2>(1, 3);
        let (variance, mean) = channels.var_mean_bias(1);
        [mean.squeeze_dim(1), variance.squeeze_dim(1)]
    };
    let mut found = vec![of(network.stem.forward(input.clone()))];
    let mut x = network.forward_until(1, input);
    for block in network.stages.iter().flat_map(|stage| &stage.blocks) {
        let mut inside = x.clone();
        let (main, shortcut) = block.parts();
        for layer in main {
            let output = layer.forward(inside);
            inside = relu(output.clone());
            found.push(of(output));
        }
        found.extend(
            shortcut
                .into_iter()
                .map(|layer| of(layer.forward(x.clone()))),
        );
        x = block.forward(x);
    }
    found
}
