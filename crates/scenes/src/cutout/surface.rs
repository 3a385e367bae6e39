//! Smooth surfaces fitted to scattered pixels.

use glam::{Vec3, vec3};

/// Terms of a quadratic surface.
const TERMS: usize = 6;

/// A pixel that the backdrop is fitted to.
pub(crate) struct Sample {
    pub(crate) terms: [f32; TERMS],
    pub(crate) pixel: Vec3,
    pub(crate) weight: f32,
}

/// A quadratic surface for each of the three features.
pub(crate) struct Surface([Vec3; TERMS]);

impl Surface {
    /// What the surface's factors are multiplied with at a pixel.
    pub(crate) fn terms(at: usize, side: usize) -> [f32; TERMS] {
        let place = |k: usize| 2.0 * k as f32 / (side - 1) as f32 - 1.0;
        let (x, y) = (place(at % side), place(at / side));
        [1.0, x, y, x * x, x * y, y * y]
    }

    /// Weighted least squares; `None` where too few pixels have a say.
    pub(crate) fn fit(samples: &[Sample]) -> Option<Self> {
        // Three columns beyond the matrix hold the right-hand sides.
        let mut system = [[0.0_f64; TERMS + 3]; TERMS];
        for sample in samples.iter().filter(|sample| sample.weight > 0.0) {
            for (row, term) in system.iter_mut().zip(sample.terms) {
                let term = f64::from(term * sample.weight);
                let known = sample.terms.into_iter().chain(sample.pixel.to_array());
                for (sum, known) in row.iter_mut().zip(known) {
                    *sum += term * f64::from(known);
                }
            }
        }
        let weight = system[0][0];
        if weight < samples.len() as f64 * 0.1 {
            return None;
        }
        // Ridge: curvature that the seen part doesn't show isn't made up for the hidden part.
        for (k, row) in system.iter_mut().enumerate().skip(1) {
            row[k] += weight * 0.002;
        }
        solve(&mut system);
        Some(Self(system.map(|row| {
            let [.., first, second, third] = row.map(|value| value as f32);
            vec3(first, second, third)
        })))
    }

    /// What is left of a pixel without the surface.
    pub(crate) fn subtract(&self, terms: [f32; TERMS], pixel: Vec3) -> Vec3 {
        pixel
            - self
                .0
                .iter()
                .zip(terms)
                .map(|(factor, term)| factor * term)
                .sum::<Vec3>()
    }
}

/// Gauss-Jordan elimination; the matrix is positive definite, which spares the pivoting.
fn solve(system: &mut [[f64; TERMS + 3]; TERMS]) {
    for pivot in 0..TERMS {
        let scale = 1.0 / system[pivot][pivot];
        system[pivot].iter_mut().for_each(|value| *value *= scale);
        let line = system[pivot];
        for (row, values) in system.iter_mut().enumerate() {
            if row != pivot {
                let factor = values[pivot];
                for (value, other) in values.iter_mut().zip(line) {
                    *value -= factor * other;
                }
            }
        }
    }
}
