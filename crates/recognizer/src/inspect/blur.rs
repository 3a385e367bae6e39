//! Hiding parts of an input behind its blurred self.

use crate::preprocess::{INPUT_SIDE, InputImage};

/// Side of a cell in pixels.
pub const CELL: usize = 8;

/// Cells in a row, and in a column, of an input.
pub const CELLS: usize = INPUT_SIDE / CELL;

/// Pixels to either side that a box filter averages.
const RADIUS: usize = 8;

/// The input blurred so that no hand can be read: three box filters of 17 pixels, about a Gaussian with a
/// standard deviation of 8.5 pixels, with the border repeated. In integers, so that every machine
/// computes the same.
pub fn blurred(input: &InputImage) -> InputImage {
    let mut rgb = input.rgb().to_vec();
    for _ in 0..3 {
        for axis in [0, 1] {
            rgb = boxed(&rgb, input.side(), axis);
        }
    }
    InputImage::from_fn(input.side(), |x, y| {
        let at = (y * input.side() + x) * 3;
        [rgb[at], rgb[at + 1], rgb[at + 2]]
    })
}

/// A box filter along rows (0) or columns (1).
fn boxed(rgb: &[u8], side: usize, axis: usize) -> Vec<u8> {
    let width = 2 * RADIUS as u32 + 1;
    let mut result = vec![0; rgb.len()];
    for line in 0..side {
        for channel in 0..3 {
            let index = |at: usize| {
                let [x, y] = if axis == 0 { [at, line] } else { [line, at] };
                (y * side + x) * 3 + channel
            };
            let value = |at: usize| {
                let inside = at.saturating_sub(RADIUS).min(side - 1);
                u32::from(rgb[index(inside)])
            };
            // Places are counted from RADIUS in front of the line.
            let mut sum: u32 = (0..2 * RADIUS + 1).map(value).sum();
            for at in 0..side {
                result[index(at)] = ((sum + width / 2) / width) as u8;
                sum = sum + value(at + 2 * RADIUS + 1) - value(at);
            }
        }
    }
    result
}

/// The input with those pixels of `other` for which `hides(x, y)` says so.
pub fn replaced(
    input: &InputImage,
    other: &InputImage,
    hides: impl Fn(usize, usize) -> bool,
) -> InputImage {
    InputImage::from_fn(input.side(), |x, y| {
        let from = if hides(x, y) { other } else { input };
        from.pixel(x, y)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blur_is_the_mean_of_its_box_three_times_over() {
        let input = InputImage::from_fn(INPUT_SIDE, |x, y| {
            [(x * 4) as u8, (y * 3) as u8, ((x * 7 + y * 13) % 256) as u8]
        });
        let mut expected: Vec<u8> = input.rgb().to_vec();
        for _ in 0..3 {
            for [right, down] in [[1, 0], [0, 1]] {
                let at = |x: isize, y: isize, channel: usize| {
                    let [x, y] = [x, y].map(|n| n.clamp(0, 63) as usize);
                    f64::from(expected[(y * 64 + x) * 3 + channel])
                };
                let mean = |x: isize, y: isize, channel| {
                    let taps = (-8..=8).map(|by| at(x + by * right, y + by * down, channel));
                    (taps.sum::<f64>() / 17.0).round() as u8
                };
                let pixels = (0..64 * 64).map(|n| [n % 64, n / 64]);
                expected = pixels
                    .flat_map(|[x, y]| [0, 1, 2].map(|channel| mean(x, y, channel)))
                    .collect();
            }
        }
        assert!(blurred(&input).rgb() == expected);
    }
}
