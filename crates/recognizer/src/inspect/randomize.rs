//! Networks of which a stage has learned nothing: a map that stays the same explains nothing. Adebayo
//! and others, "Sanity Checks for Saliency Maps" (2018), arXiv:1810.03292.

use crate::weights::Weights;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The same network, folded, with the convolutions of a stage drawn anew from a seed: uniformly, with the
/// mean and the standard deviation that a tensor had, so that activations keep their size.
pub fn randomized_stage(weights: Weights, stage: usize, seed: u64) -> Weights {
    let prefix = format!("res{stage}");
    weights.fold().map_tensors(|name, tensor| {
        if !name.starts_with(&prefix) {
            return;
        }
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        // Each tensor has its own random stream, told from its name.
        let stream = name
            .bytes()
            .fold(0_u64, |sum, byte| sum * 31 % 0xffff_fffb + u64::from(byte));
        rng.set_stream(stream);
        let values = tensor.floats_mut();
        let count = values.len() as f64;
        let mean = values.iter().map(|v| f64::from(*v)).sum::<f64>() / count;
        let squares = values.iter().map(|v| (f64::from(*v) - mean).powi(2));
        // A uniform distribution of half-width l has the standard deviation l / sqrt(3).
        let half = (squares.sum::<f64>() / count * 3.0).sqrt();
        for value in values {
            *value = (mean + half * (rng.random::<f64>() * 2.0 - 1.0)) as f32;
        }
    })
}
