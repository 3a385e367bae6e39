//! The one blur: of canvases, of fields and of masks.

/// Blurs rows of `width` pixels by about `radius` pixels (the deviation of a Gaussian); beyond the
/// border lies the border's value.
pub(crate) fn blur<const N: usize>(pixels: &mut [[f32; N]], width: usize, radius: f32) {
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
    let mut padded = vec![[0.0; N]; width + 2 * (reach + 1)];
    let mut sums = vec![[0.0; N]; width];
    for _ in 0..2 {
        for row in pixels.chunks_exact_mut(width) {
            let (first, last) = (row[0], row[width - 1]);
            padded[..=reach].fill(first);
            padded[reach + 1..][..width].copy_from_slice(row);
            padded[reach + 1 + width..].fill(last);
            let mut sum = [0.0; N];
            for value in &padded[1..2 * reach + 2] {
                for c in 0..N {
                    sum[c] += value[c];
                }
            }
            for (x, pixel) in row.iter_mut().enumerate() {
                let (before, after) = (padded[x], padded[x + 2 * reach + 2]);
                let leaving = padded[x + 1];
                for c in 0..N {
                    pixel[c] = (sum[c] + share * (before[c] + after[c])) * scale;
                    sum[c] += after[c] - leaving[c];
                }
            }
        }
        // All columns at once, so that memory is read in its order.
        let source = pixels.to_vec();
        let row = |y: usize, shift: usize| {
            // Rows are counted from `reach + 1` above the first, for there's none below zero.
            let y = (y + shift).saturating_sub(reach + 1).min(height - 1);
            source[y * width..(y + 1) * width].as_flattened()
        };
        sums.fill([0.0; N]);
        for shift in 1..2 * reach + 2 {
            for (sum, value) in sums.as_flattened_mut().iter_mut().zip(row(0, shift)) {
                *sum += value;
            }
        }
        for (y, pixels) in pixels.chunks_exact_mut(width).enumerate() {
            let around = row(y, 0).iter().zip(row(y, 2 * reach + 2)).zip(row(y, 1));
            let sums = sums.as_flattened_mut().iter_mut();
            let pixels = pixels.as_flattened_mut().iter_mut();
            for ((pixel, sum), ((before, after), leaving)) in pixels.zip(sums).zip(around) {
                *pixel = (*sum + share * (before + after)) * scale;
                *sum += after - leaving;
            }
        }
    }
}
