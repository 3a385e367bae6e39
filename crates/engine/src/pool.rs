//! Poolings.

use crate::plan::View;

/// How a pooling makes one number of many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pool {
    Max,
    Mean,
}

/// Pools every window of `input` into `output`; both begin with their pixel of zeros.
pub(crate) fn pool(
    pool: Pool,
    window: usize,
    stride: usize,
    (from, input): (&View, &[f32]),
    (to, output): (&View, &mut [f32]),
) {
    let mut outputs = output[to.depth..].chunks_exact_mut(to.depth.max(1));
    for n in 0..to.batch {
        for y in 0..to.height {
            for x in 0..to.width {
                let Some(sums) = outputs.next() else { return };
                sums.fill(match pool {
                    Pool::Max => f32::NEG_INFINITY,
                    Pool::Mean => 0.0,
                });
                for row in 0..window {
                    let first = (n * from.height + y * stride + row) * from.width + x * stride + 1;
                    let pixels = &input[first * from.depth..][..window * from.depth];
                    for pixel in pixels.chunks_exact(from.depth) {
                        let both = sums.iter_mut().zip(pixel);
                        match pool {
                            // Not f32::max, which would lose a value that is no number.
                            Pool::Max => both.for_each(|(sum, &value)| {
                                *sum = if *sum > value { *sum } else { value };
                            }),
                            Pool::Mean => both.for_each(|(sum, value)| *sum += value),
                        }
                    }
                }
                if pool == Pool::Mean {
                    let share = 1.0 / (window * window) as f32;
                    sums.iter_mut().for_each(|sum| *sum *= share);
                }
            }
        }
    }
}
