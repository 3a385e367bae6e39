//! Colour models: which colours a class of pixels has.

/// A Gaussian mixture of a few colours.
pub(crate) struct Mixture {
    parts: Vec<Gaussian>,
    /// Of all of its samples.
    pub(crate) mean: [f32; 3],
}

impl Mixture {
    /// Hard-assignment EM that starts from dark, middle and light.
    pub(crate) fn fit(mut samples: Vec<[f32; 3]>) -> Option<Self> {
        const PARTS: usize = 3;
        // Enough for three colours, and the time doesn't grow with the photo.
        let stride = samples.len().div_ceil(900).max(1);
        samples = samples.into_iter().step_by(stride).collect();
        if samples.len() < 10 * PARTS {
            return None;
        }
        samples.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]));
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
                let score = |part: &Gaussian| part.log_likelihood(sample);
                let best =
                    (0..parts.len()).max_by(|&a, &b| score(&parts[a]).total_cmp(&score(&parts[b])));
                *group = best?;
            }
        }
        let mut mean = [0.0; 3];
        for sample in &samples {
            for (sum, value) in mean.iter_mut().zip(sample) {
                *sum += value / total as f32;
            }
        }
        Some(Self { parts, mean })
    }

    /// Log density up to a constant that all mixtures share.
    pub(crate) fn log_likelihood(&self, pixel: &[f32; 3]) -> f32 {
        let scores = self.parts.iter().map(|part| part.log_likelihood(pixel));
        scores.fold(f32::NEG_INFINITY, f32::max)
    }
}

struct Gaussian {
    mean: [f32; 3],
    /// Inverse covariance: the diagonal, then 01, 02, 12.
    precision: [f32; 6],
    /// Log of weight over volume.
    level: f32,
}

impl Gaussian {
    fn fit<'a>(members: impl Iterator<Item = &'a [f32; 3]> + Clone, total: usize) -> Option<Self> {
        let count = members.clone().count();
        if count < 8 {
            return None;
        }
        let mut mean = [0.0_f32; 3];
        for sample in members.clone() {
            mean.iter_mut()
                .zip(sample)
                .for_each(|(sum, value)| *sum += value / count as f32);
        }
        // A floor for noise, and for colour that JPEG's chroma subsampling lets run.
        let mut cov = [0.003, 0.002, 0.002, 0.0, 0.0, 0.0_f32];
        for sample in members {
            let d: [f32; 3] = std::array::from_fn(|k| sample[k] - mean[k]);
            let products = [
                d[0] * d[0],
                d[1] * d[1],
                d[2] * d[2],
                d[0] * d[1],
                d[0] * d[2],
                d[1] * d[2],
            ];
            cov.iter_mut()
                .zip(products)
                .for_each(|(sum, product)| *sum += product / count as f32);
        }
        Some(Self::new(mean, cov, count as f32 / total as f32))
    }

    fn new(mean: [f32; 3], cov: [f32; 6], weight: f32) -> Self {
        let [a, b, c, d, e, f] = cov;
        let det = a * (b * c - f * f) - d * (d * c - f * e) + e * (d * f - b * e);
        let adjoint = [
            b * c - f * f,
            a * c - e * e,
            a * b - d * d,
            e * f - d * c,
            d * f - e * b,
            d * e - a * f,
        ];
        Self {
            mean,
            precision: adjoint.map(|value| value / det),
            level: weight.ln() - 0.5 * det.ln(),
        }
    }

    fn log_likelihood(&self, pixel: &[f32; 3]) -> f32 {
        let [x, y, z]: [f32; 3] = std::array::from_fn(|k| pixel[k] - self.mean[k]);
        let [a, b, c, d, e, f] = self.precision;
        let square = a * x * x + b * y * y + c * z * z + 2.0 * (d * x * y + e * x * z + f * y * z);
        self.level - 0.5 * square
    }
}
