//! Random numbers as poses and looks want them.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

/// A seeded source of numbers; the same seed gives the same hand on every platform.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(ChaCha8Rng::seed_from_u64(seed))
    }

    pub fn unit(&mut self) -> f32 {
        self.0.random::<f32>()
    }

    pub fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    pub fn chance(&mut self, p: f32) -> bool {
        self.unit() < p
    }

    /// Gaussian about zero with the given deviation, never beyond three of it.
    pub fn bell(&mut self, deviation: f32) -> f32 {
        let normal: f32 = self.0.sample(StandardNormal);
        normal.clamp(-3.0, 3.0) * deviation
    }

    /// The index of a weight, drawn in proportion to the weights.
    pub fn weighted(&mut self, weights: &[f32]) -> usize {
        let mut x = self.unit() * weights.iter().sum::<f32>();
        for (i, w) in weights.iter().enumerate() {
            if x < *w {
                return i;
            }
            x -= w;
        }
        weights.len().saturating_sub(1)
    }

    pub fn seed(&mut self) -> u64 {
        self.0.random::<u64>()
    }
}
