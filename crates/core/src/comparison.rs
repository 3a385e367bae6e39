//! Narrow networks of one depth, with and without skip connections, trained side by side and measured.
//!
//! [`Comparison::step`] trains each network on the same batch and returns its loss and, for each layer,
//! the norm of the gradient of its kernel, from the backward pass that the step itself takes. The first
//! step measures the networks as they were initialized.
//!
//! All networks have the same initial kernels, batches, learning rate and optimizer: gradient descent
//! with a momentum of 0.9, as He et al. 2015 (arXiv 1512.03385, section 3.4). Adam would divide each
//! gradient by its own size, and hide what is to be seen.

mod config;
mod network;
#[cfg(test)]
mod tests;

pub use config::{ComparisonConfig, DEPTHS, Variant, WeightLayer};

use crate::batch::read;
use crate::dataset::Dataset;
use crate::train::TrainingSet;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::momentum::MomentumConfig;
use burn::optim::{GradientsParams, ModuleOptimizer, SgdConfig};
use burn::tensor::{Device, Int, Tensor, TensorData};
use network::NarrowNetwork;
use serde::Serialize;
use signet_recognizer::weights::initial_tensors;
use signet_recognizer::{Error, INPUT_SIDE, InputImage, Result, argmax};

/// Side of what the networks read, in pixels: half an input's.
const SIDE: usize = INPUT_SIDE / 2;

/// The optimizer's momentum.
const MOMENTUM: f64 = 0.9;

/// What a step measured of a network, before it changed the weights.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    /// Mean cross-entropy over the batch, in nats.
    pub loss: f64,
    /// Share of the batch that is answered right.
    pub accuracy: f64,
    /// The Euclidean norm of the gradient of each kernel, in the order of [`Comparison::layers`].
    pub norms: Vec<f64>,
}

/// A step of all networks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// Counted from 1.
    pub step: usize,
    /// In the order of [`ComparisonConfig::variants`]. None from the step on in which the loss or a
    /// gradient is not finite: such a network is not trained on.
    pub networks: Vec<Option<Measured>>,
}

/// Networks in training, a step at a time.
pub struct Comparison {
    config: ComparisonConfig,
    layers: Vec<WeightLayer>,
    /// None where a training has diverged.
    networks: Vec<Option<(NarrowNetwork, ModuleOptimizer)>>,
    pictures: Dataset,
    /// Of each picture `[3, SIDE, SIDE]`.
    inputs: Vec<Vec<f32>>,
    device: Device,
    steps: usize,
}

impl Comparison {
    /// Networks that are initialized from the config's seed, for the labels of `pictures`. Pictures are
    /// halved to 32x32; each channel is centered and scaled by its mean and deviation over all of them.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for a setting out of range, or fewer than two pictures.
    pub fn new(config: ComparisonConfig, pictures: Dataset, device: &Device) -> Result<Self> {
        config.validate()?;
        if pictures.len() < 2 {
            return Err(Error::Setting {
                name: "pictures",
                reason: format!("{} given, at least 2 needed", pictures.len()),
            });
        }
        let samples = pictures.samples().iter();
        let inputs = normalized(samples.map(|sample| halved(&sample.input)).collect());
        let device = device.clone().autodiff();
        let network = config.network(pictures.labels().len());
        let tensors = initial_tensors(&network, config.seed);
        let networks = config.variants.iter().map(|&variant| {
            let network = NarrowNetwork::load(&network, variant, tensors.clone(), &device);
            let momentum = MomentumConfig::new().with_momentum(MOMENTUM);
            let momentum = momentum.with_dampening(0.0);
            let optimizer = SgdConfig::new().with_momentum(Some(momentum)).init();
            Some((network, optimizer))
        });
        Ok(Self {
            networks: networks.collect(),
            layers: config::weight_layers(&network, &tensors),
            config,
            pictures,
            inputs,
            device,
            steps: 0,
        })
    }

    /// The layers whose gradients are measured: as many as the networks are deep. Convolutions on
    /// shortcuts are not among them, since networks without skip connections have none.
    pub fn layers(&self) -> &[WeightLayer] {
        &self.layers
    }

    /// Trains each network on the next batch.
    ///
    /// # Errors
    ///
    /// [`Error::Device`] when the device fails.
    pub async fn step(&mut self) -> Result<Step> {
        let (inputs, labels) = self.next_batch();
        let mut measured = Vec::new();
        for place in &mut self.networks {
            let Some((network, _)) = &place else {
                measured.push(None);
                continue;
            };
            let (found, gradients) = measure(network, inputs.clone(), &labels).await?;
            let values = found.norms.iter().copied().chain([found.loss]);
            let finite = values.into_iter().all(f64::is_finite);
            *place = place.take().filter(|_| finite).map(|(network, mut it)| {
                let rate = self.config.learning_rate;
                (it.step(rate, network, gradients), it)
            });
            measured.push(finite.then_some(found));
        }
        self.steps += 1;
        Ok(Step {
            step: self.steps,
            networks: measured,
        })
    }

    /// Inputs and labels of the next batch. All batches are of one size: what an epoch leaves over is
    /// left out of it.
    fn next_batch(&self) -> (Tensor<4>, Vec<usize>) {
        let size = self.config.batch_size.min(self.pictures.len());
        let batches = self.pictures.len() / size;
        let (epoch, index) = (self.steps / batches, self.steps % batches);
        let order = self.pictures.order(self.config.seed, epoch);
        let chosen = &order[index * size..(index + 1) * size];
        let floats = chosen.iter().flat_map(|&row| &self.inputs[row]);
        let data = TensorData::new(floats.copied().collect(), [size, 3, SIDE, SIDE]);
        let inputs = Tensor::from_data(data, &self.device);
        let samples = self.pictures.samples();
        let labels = chosen.iter().map(|&row| samples[row].label);
        (inputs, labels.collect())
    }
}

/// A picture's channels one after another, each value the mean of 2x2 pixels.
fn halved(input: &InputImage) -> Vec<f32> {
    let value = |channel: usize, y: usize, x: usize| {
        f32::from(input.rgb()[(y * INPUT_SIDE + x) * 3 + channel])
    };
    let mut halved = Vec::with_capacity(3 * SIDE * SIDE);
    for channel in 0..3 {
        for place in 0..SIDE * SIDE {
            let (y, x) = (place / SIDE * 2, place % SIDE * 2);
            let rows = [y, y + 1].map(|y| value(channel, y, x) + value(channel, y, x + 1));
            halved.push((rows[0] + rows[1]) / 4.0);
        }
    }
    halved
}

/// Each channel less its mean over all pictures, divided by its deviation.
fn normalized(mut pictures: Vec<Vec<f32>>) -> Vec<Vec<f32>> {
    for channel in 0..3 {
        let plane = channel * SIDE * SIDE..(channel + 1) * SIDE * SIDE;
        let values = pictures.iter().flat_map(|picture| &picture[plane.clone()]);
        let values = values.map(|&value| f64::from(value));
        let count = (pictures.len() * SIDE * SIDE) as f64;
        let mean = values.clone().sum::<f64>() / count;
        let variance = values.map(|value| (value - mean).powi(2)).sum::<f64>() / count;
        // A channel without any contrast stays zero.
        let deviation = variance.sqrt().max(1.0);
        for picture in &mut pictures {
            for value in &mut picture[plane.clone()] {
                *value = ((f64::from(*value) - mean) / deviation) as f32;
            }
        }
    }
    pictures
}

/// What there is to measure of a network on a batch, and its gradients.
async fn measure(
    network: &NarrowNetwork,
    inputs: Tensor<4>,
    labels: &[usize],
) -> Result<(Measured, GradientsParams)> {
    let device = inputs.device();
    let logits = network.forward(inputs);
    let targets: Vec<i64> = labels.iter().map(|&label| label as i64).collect();
    let targets = Tensor::<1, Int>::from_data(&targets[..], &device);
    let cross_entropy = CrossEntropyLossConfig::new().init(&device);
    let loss = cross_entropy.forward(logits.clone(), targets);
    let gradients = GradientsParams::from_grads(loss.backward(), network);
    let loss = read(loss.detach()).await?.floats()[0];
    let logits = read(logits.detach()).await?;
    let floats = logits.floats();
    let rows = floats.chunks(logits.shape[1]).zip(labels);
    let right = rows.filter(|(row, label)| argmax(row) == **label).count();
    let (convolutions, head) = network.kernels();
    let mut norms = Vec::new();
    for id in convolutions {
        norms.push(norm(gradients.get::<4>(id)).await?);
    }
    norms.push(norm(gradients.get::<2>(head)).await?);
    let measured = Measured {
        loss: loss.into(),
        accuracy: right as f64 / labels.len() as f64,
        norms,
    };
    Ok((measured, gradients))
}

/// The Euclidean norm. Zero where the loss doesn't depend on the parameter at all.
async fn norm<const D: usize>(gradient: Option<Tensor<D>>) -> Result<f64> {
    Ok(match gradient {
        Some(gradient) => config::euclidean(&read(gradient).await?.floats()),
        None => 0.0,
    })
}
