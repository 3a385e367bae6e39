//! Colour models: which colours a class of pixels has.

use glam::{Mat3, Vec3, vec3};

/// A Gaussian mixture of a few colours.
pub(crate) struct Mixture {
    parts: Vec<Gaussian>,
    /// Of all of its samples.
    pub(crate) mean: Vec3,
}

impl Mixture {
    /// Hard-assignment EM that starts from dark, middle and light.
    pub(crate) fn fit(mut samples: Vec<Vec3>) -> Option<Self> {
        const PARTS: usize = 3;
        // Enough for three colours, and the time doesn't grow with the photo.
        let stride = samples.len().div_ceil(900).max(1);
        samples = samples.into_iter().step_by(stride).collect();
        if samples.len() < 10 * PARTS {
            return None;
        }
        samples.sort_unstable_by(|a, b| a.x.total_cmp(&b.x));
        let total = samples.len();
        let mut groups: Vec<usize> = (0..total).map(|k| k * PARTS / total).collect();
        let mut parts = Vec::new();
        for _ in 0..3 {
            parts.clear();
            for group in 0..PARTS {
                let members = samples
                    .iter()
                    .zip(&groups)
                    .filter(|(_, own)| **own == group);
                parts.extend(Gaussian::fit(members.map(|(sample, _)| sample), total));
            }
            for (group, sample) in groups.iter_mut().zip(&samples) {
                let score = |part: &Gaussian| part.log_likelihood(*sample);
                let best =
                    (0..parts.len()).max_by(|&a, &b| score(&parts[a]).total_cmp(&score(&parts[b])));
                *group = best?;
            }
        }
        let mean = samples.iter().sum::<Vec3>() / total as f32;
        Some(Self { parts, mean })
    }

    /// Log density up to a constant that all mixtures share.
    pub(crate) fn log_likelihood(&self, pixel: Vec3) -> f32 {
        let scores = self.parts.iter().map(|part| part.log_likelihood(pixel));
        scores.fold(f32::NEG_INFINITY, f32::max)
    }
}

struct Gaussian {
    mean: Vec3,
    /// Inverse covariance.
    precision: Mat3,
    /// Log of weight over volume.
    level: f32,
}

impl Gaussian {
    fn fit<'a>(members: impl Iterator<Item = &'a Vec3> + Clone, total: usize) -> Option<Self> {
        let count = members.clone().count();
        if count < 8 {
            return None;
        }
        let mean = members.clone().sum::<Vec3>() / count as f32;
        // A floor for noise, and for colour that JPEG's chroma subsampling lets run.
        let mut covariance = Mat3::from_diagonal(vec3(0.003, 0.002, 0.002));
        for sample in members {
            let away = *sample - mean;
            let scaled = away / count as f32;
            covariance += Mat3::from_cols(away * scaled.x, away * scaled.y, away * scaled.z);
        }
        let weight = count as f32 / total as f32;
        Some(Self {
            mean,
            precision: covariance.inverse(),
            level: weight.ln() - 0.5 * covariance.determinant().ln(),
        })
    }

    fn log_likelihood(&self, pixel: Vec3) -> f32 {
        let away = pixel - self.mean;
        self.level - 0.5 * away.dot(self.precision * away)
    }
}
