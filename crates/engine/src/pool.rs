//! Pooling.

use crate::layout::Layout;
use crate::threads;

/// How a pooling reduces a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pool {
    Max,
    Mean,
}

/// Pools every `window` x `window` pixels of `input` into one of `output`, without padding. Both
/// begin with their zero pixel.
pub(crate) fn pool(
    pool: Pool,
    window: usize,
    stride: usize,
    (from, input): (&Layout, &[f32]),
    (to, output): (&Layout, &mut [f32]),
) {
    let row = to.width * to.pixel_stride;
    let rows = &mut output[to.pixel_stride..];
    threads::split_mut(rows, row, &|first, rows| {
        for (index, pixels) in rows.chunks_exact_mut(row.max(1)).enumerate() {
            let (n, y) = ((first + index) / to.height, (first + index) % to.height);
            for (x, sums) in pixels.chunks_exact_mut(to.pixel_stride).enumerate() {
                sums.fill(match pool {
                    Pool::Max => f32::NEG_INFINITY,
                    Pool::Mean => 0.0,
                });
                for row in 0..window {
                    let first = from.pixel(n, Some(y * stride + row), Some(x * stride));
                    let pixels = &input[first * from.pixel_stride..][..window * from.pixel_stride];
                    for pixel in pixels.chunks_exact(from.pixel_stride) {
                        let both = sums.iter_mut().zip(pixel);
                        match pool {
                            // Not f32::max, which drops a NaN.
                            Pool::Max => both.for_each(|(sum, &value)| {
                                *sum = if *sum > value { *sum } else { value };
                            }),
                            Pool::Mean => both.for_each(|(sum, value)| *sum += value),
                        }
                    }
                }
                if pool == Pool::Mean {
                    let factor = 1.0 / (window * window) as f32;
                    sums.iter_mut().for_each(|sum| *sum *= factor);
                }
            }
        }
    });
}
