//! The one blur: of canvases, of fields and of masks.

use std::ops::{Add, Mul, Sub};

/// Blurs rows of `width` pixels by about `radius` pixels (the deviation of a Gaussian); beyond the
/// border lies the border's value.
pub(crate) fn blur<T>(pixels: &mut [T], width: usize, radius: f32)
where
    T: Copy + Default + Add<Output = T> + Sub<Output = T> + Mul<f32, Output = T>,
{
    if radius < 0.05 || width == 0 {
        return;
    }
    // Two boxes in a row are a triangle, near enough to a Gaussian. A box over h pixels either
    // way has the variance h² / 3; the last pixel on each side counts by a share.
    let height = pixels.len() / width;
    let half = (radius * 1.22).min(width.max(height) as f32);
    let reach = half as usize;
    let share = half - reach as f32;
    let scale = 1.0 / (2.0 * half + 1.0);
    let mut sums = vec![T::default(); width];
    for _ in 0..2 {
        for row in pixels.chunks_exact_mut(width) {
            let source = row.to_vec();
            // Columns are counted from `reach + 1` before the first, for there's none below zero.
            let at = |x: usize| source[x.saturating_sub(reach + 1).min(width - 1)];
            let mut sum = (1..2 * reach + 2).fold(T::default(), |sum, x| sum + at(x));
            for (x, pixel) in row.iter_mut().enumerate() {
                let (before, after) = (at(x), at(x + 2 * reach + 2));
                *pixel = (sum + (before + after) * share) * scale;
                sum = sum + after - at(x + 1);
            }
        }
        // All columns at once, so that memory is read in its order.
        let source = pixels.to_vec();
        let row = |y: usize| {
            let y = y.saturating_sub(reach + 1).min(height - 1);
            &source[y * width..(y + 1) * width]
        };
        sums.fill(T::default());
        for y in 1..2 * reach + 2 {
            for (sum, value) in sums.iter_mut().zip(row(y)) {
                *sum = *sum + *value;
            }
        }
        for (y, pixels) in pixels.chunks_exact_mut(width).enumerate() {
            let (before, leaving, after) = (row(y), row(y + 1), row(y + 2 * reach + 2));
            for (x, pixel) in pixels.iter_mut().enumerate() {
                *pixel = (sums[x] + (before[x] + after[x]) * share) * scale;
                sums[x] = sums[x] + after[x] - leaving[x];
            }
        }
    }
}
