//! Initialization of weights from a seed.

use super::checked::{Weights, expected_tensors};
use super::tensor::{HostTensor, Tensors};
use crate::config::ResNetConfig;
use crate::error::Result;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

impl Weights {
    /// An untrained network: Glorot-uniform kernels, zero biases, neutral batch norms. The same seed
    /// gives the same weights on every device, since they are drawn on the host.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`](crate::Error::Setting) for a bad configuration or bad labels.
    pub fn initial(config: ResNetConfig, labels: Vec<String>, seed: u64) -> Result<Self> {
        config.validate()?;
        let tensors = initial_tensors(&config, seed);
        Self::new(config, labels, tensors)
    }
}

/// The tensors of [`Weights::initial`], also of networks of other depths than a weights file holds.
pub fn initial_tensors(config: &ResNetConfig, seed: u64) -> Tensors {
    let tensors = expected_tensors(config, false).enumerate();
    let tensors = tensors.map(|(stream, (name, shape))| {
        let tensor = initial_tensor(&name, shape, seed, stream as u64);
        (name, tensor)
    });
    tensors.collect()
}

/// Initializes a tensor by the leaf of its name: draws a kernel, or fills a bias or a leaf of a batch norm
/// with its neutral value. Seed and stream choose the random numbers.
///
/// Glorot uniform: U(-l, l) with l = sqrt(6 / (fan in + fan out)), Glorot and Bengio 2010.
///
/// # Shapes
///
/// - a kernel: `[output, input, ...]`
pub(super) fn initial_tensor(name: &str, shape: Vec<usize>, seed: u64, stream: u64) -> HostTensor {
    let count = shape.iter().product();
    let data = match name.rsplit('.').next() {
        Some("kernel") => {
            let taps: usize = shape[2..].iter().product();
            let limit = (6.0 / ((shape[0] + shape[1]) * taps) as f32).sqrt();
            // Each tensor has its own random stream: adding a layer changes no other layer.
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
