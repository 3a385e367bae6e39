//! Rounding with error feedback.
//!
//! With errors e of an output channel's weights, the sum of the squared errors of its outputs is e^T H e,
//! H the moments of its inputs. With H = L L^T, L a lower triangular matrix, that is the sum over i of
//! (L_ii e_i + sum over j > i of L_ji e_j)^2. From the last weight to the first each can make its square
//! smallest, given the errors that were made before: it is rounded from where it is plus
//! (sum of L_ji e_j) / L_ii.
//!
//! That is GPTQ (Frantar and others 2022, arXiv:2210.17323), in the form and with the name, LDLQ, of Chee and
//! others 2023 (arXiv:2307.13304), which needs no inverse of H.

use super::moments::Moments;
use crate::weights::int4;

/// Added to the diagonal of the moments, as a share of its mean: inputs that no example has are rounded alone,
/// and few examples aren't trusted too far.
const DAMPING: f64 = 0.01;

/// Rows of the factor that are computed together, so that they stay in the cache.
const ROWS: usize = 16;

/// A Cholesky factor of damped moments.
pub struct Factor {
    size: usize,
    /// The lower triangle, row by row, zeros above it.
    rows: Vec<f64>,
}

impl Factor {
    /// Factorizes moments.
    pub fn of(moments: Moments) -> Self {
        let Moments {
            size,
            sums: mut rows,
        } = moments;
        let diagonal = (0..size).map(|at| rows[at * size + at]);
        let mean = diagonal.sum::<f64>() / size as f64;
        let damping = if mean > 0.0 { mean * DAMPING } else { 1.0 };
        for at in 0..size {
            rows[at * size + at] += damping;
        }
        for first in (0..size).step_by(ROWS) {
            let last = (first + ROWS).min(size);
            let (above, block) = rows[..last * size].split_at_mut(first * size);
            for column in 0..last {
                let Some(own) = column.checked_sub(first) else {
                    let other = &above[column * size..][..=column];
                    let rows = block.chunks_mut(size);
                    rows.for_each(|row| eliminate(row, other, column));
                    continue;
                };
                // The rows of the block in front of the column's own are done.
                let (own, below) = block[own * size..].split_at_mut(size);
                let squares = dot(&own[..column], &own[..column]);
                own[column] = (own[column] - squares).max(damping * 1e-6).sqrt();
                own[column + 1..].fill(0.0);
                let rows = below.chunks_mut(size);
                rows.for_each(|row| eliminate(row, &own[..=column], column));
            }
        }
        Self { size, rows }
    }

    /// The scales and the int8, products of factors and 4 bits, of a kernel's channels.
    pub fn round(&self, kernel: &[f32], channels: usize) -> (Vec<f32>, Vec<i8>) {
        let size = self.size;
        let scales: Vec<f32> = kernel.chunks(size).map(int4::scale).collect();
        let mut values = vec![0; channels * size];
        // What later errors call for, not yet divided by L_ii.
        let mut fed = vec![0.0; size];
        let channels = kernel.chunks(size).zip(values.chunks_mut(size));
        for ((row, values), scale) in channels.zip(&scales) {
            fed.fill(0.0);
            for first in (0..size).step_by(int4::GROUP).rev() {
                let group = first..(first + int4::GROUP).min(size);
                let target = |at: usize, fed: &[f64]| {
                    f64::from(row[at] / scale) + fed[at] / self.rows[at * size + at]
                };
                let targets: Vec<_> = group.clone().map(|at| target(at, &fed) as f32).collect();
                let factor = int4::factor(&targets);
                for at in group.rev() {
                    let rounded = int4::rounded(target(at, &fed) as f32, factor);
                    values[at] = rounded as i8;
                    let error = f64::from(row[at] / scale) - f64::from(rounded);
                    let others = &self.rows[at * size..][..at];
                    for (fed, other) in fed.iter_mut().zip(others) {
                        *fed += other * error;
                    }
                }
            }
        }
        (scales, values)
    }

    /// The root mean square of the outputs' errors, where `rounded` takes the place of `kernel`, as a share
    /// of the outputs' own.
    pub fn share(&self, kernel: &[f32], rounded: &[f32]) -> f64 {
        let errors = kernel.iter().zip(rounded).map(|(a, b)| a - b);
        let errors: Vec<f32> = errors.collect();
        let [errors, outputs] = [&errors, kernel].map(|rows| {
            let squares = rows.chunks(self.size).map(|row| self.square(row));
            squares.sum::<f64>()
        });
        (errors / outputs.max(f64::MIN_POSITIVE)).sqrt()
    }

    /// w^T H w of a channel's weights.
    fn square(&self, weights: &[f32]) -> f64 {
        let mut sums = vec![0.0; self.size];
        for (at, weight) in weights.iter().enumerate() {
            let row = &self.rows[at * self.size..][..=at];
            for (sum, other) in sums.iter_mut().zip(row) {
                *sum += other * f64::from(*weight);
            }
        }
        sums.iter().map(|sum| sum * sum).sum()
    }
}

/// Computes a row's entry at a column, given the row of that index.
fn eliminate(row: &mut [f64], other: &[f64], column: usize) {
    let products = dot(&row[..column], &other[..column]);
    row[column] = (row[column] - products) / other[column];
}

/// Sums in eight lanes, which compilers make SIMD instructions of.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a, a_rest) = a.as_chunks::<8>();
    let (b, b_rest) = b.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest = a_rest.iter().zip(b_rest).map(|(a, b)| a * b);
    sums.iter().sum::<f64>() + rest.sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Moments of inputs of which neighbors are alike, and one that is always zero.
    fn moments(size: usize) -> Moments {
        let noise = |n: usize| ((n as f64 * 12.9898).sin() * 43758.5453).fract();
        let samples = 3 * size;
        let input = |sample: usize, at: usize| match at {
            5 => 0.0,
            _ => noise(sample * size + at / 4) + 0.2 * noise(7 + sample * size + at),
        };
        let sum = |a: usize, b: usize| (0..samples).map(|s| input(s, a) * input(s, b)).sum();
        let sums = (0..size * size).map(|at| sum(at / size, at % size));
        Moments {
            size,
            sums: sums.collect(),
        }
    }

    #[test]
    fn the_factor_times_its_transpose_is_the_damped_moments() {
        for size in [1, 15, 16, 33, 70] {
            let Moments { sums, .. } = moments(size);
            let mean = (0..size).map(|at| sums[at * size + at]).sum::<f64>() / size as f64;
            let factor = Factor::of(moments(size)).rows;
            for row in 0..size {
                for column in 0..size {
                    let [a, b] = [row, column].map(|at| &factor[at * size..][..size]);
                    let damping = if row == column { DAMPING * mean } else { 0.0 };
                    let expected = sums[row * size + column] + damping;
                    assert!(
                        (dot(a, b) - expected).abs() < 1e-9 * mean,
                        "{row}, {column}"
                    );
                }
            }
        }
    }

    #[test]
    fn feedback_leaves_less_error_than_rounding_alone() {
        let (size, channels) = (130, 6);
        let factor = Factor::of(moments(size));
        let weight = |at: usize| (at as f32 * 0.7).sin() * (1.0 + (at % 7) as f32);
        let kernel: Vec<f32> = (0..size * channels).map(weight).collect();
        let [alone, fed] = [
            int4::quantize(&kernel, channels),
            factor.round(&kernel, channels),
        ]
        .map(|(scales, values)| {
            assert!(int4::split(&values, channels).is_some(), "4 bits hold them");
            let rows = values.chunks(size).zip(&scales);
            let floats =
                rows.flat_map(|(row, scale)| row.iter().map(move |n| f32::from(*n) * scale));
            factor.share(&kernel, &floats.collect::<Vec<_>>())
        });
        println!("{alone:.4} alone, {fed:.4} with feedback");
        assert!(fed < 0.7 * alone, "{fed} of {alone}");
    }
}
