//! Kernels as what they differ by from others of the same network, in 4 bits a weight.
//!
//! A training under way is near its best epoch. Where no weight of a kernel is farther from there than [`MOST`] of the
//! [finer steps](super::fine), 4 bits tell the difference as exactly as these steps tell the weight.

use super::fine::STEPS;

/// The largest integer of a difference, either way.
const MOST: f32 = 7.0;

/// Added to an integer, which then is in half a byte.
const OFFSET: u8 = 8;

/// For each channel the scale of its differences, and the integers, two in a byte. None where they are too
/// large for that.
pub(super) fn between(
    values: &[f32],
    others: &[f32],
    channels: usize,
) -> Option<(Vec<f32>, Vec<u8>)> {
    let length = (values.len() / channels).max(1);
    let largest =
        |row: &mut dyn Iterator<Item = f32>| row.fold(0.0_f32, |most, v| most.max(v.abs()));
    let mut scales = Vec::with_capacity(channels);
    let mut integers = Vec::with_capacity(values.len());
    for (values, others) in values.chunks(length).zip(others.chunks(length)) {
        let differences = values.iter().zip(others).map(|(a, b)| a - b);
        let scale = largest(&mut differences.clone()) / MOST;
        let step = largest(&mut others.iter().copied()) / 127.0 / f32::from(STEPS);
        if scale > step {
            return None;
        }
        let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
        let rounded = differences.map(|it| (it * inverse).round().clamp(-MOST, MOST));
        integers.extend(rounded.map(|it| (it as i8 + OFFSET as i8) as u8));
        scales.push(scale);
    }
    let packed = integers.chunks(2);
    let packed = packed.map(|pair| pair[0] | pair.get(1).copied().unwrap_or(OFFSET) << 4);
    Some((scales, packed.collect()))
}

/// How many bytes the integers of so many weights take.
pub(super) fn packed_len(weights: usize) -> usize {
    weights.div_ceil(2)
}

/// The values that differ so from `others`: the reverse of [`between`].
pub(super) fn beside(others: &[f32], scales: &[f32], packed: &[u8]) -> Vec<f32> {
    let length = (others.len() / scales.len()).max(1);
    let halves = packed.iter().flat_map(|byte| [byte & 15, byte >> 4]);
    let scales = scales
        .iter()
        .flat_map(|scale| std::iter::repeat_n(scale, length));
    let values = others.iter().zip(halves).zip(scales);
    let value = |((other, half), scale): ((&f32, u8), &f32)| {
        other + f32::from(half as i8 - OFFSET as i8) * scale
    };
    values.map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_differences_come_back_as_exactly_as_fine_steps_and_large_ones_are_left_to_these() {
        let others: Vec<f32> = (0..21).map(|n| (n as f32 * 0.7).sin()).collect();
        let step = 0.9 / 127.0 / f32::from(STEPS);
        let moved = |steps: f32| -> Vec<f32> {
            let by = |n: usize| (n as f32 * 1.3).cos() * steps * step;
            others
                .iter()
                .enumerate()
                .map(|(n, other)| other + by(n))
                .collect()
        };
        for steps in [0.0, 0.3, 6.5] {
            let values = moved(steps);
            let (scales, packed) = between(&values, &others, 3).unwrap();
            assert_eq!((scales.len(), packed.len()), (3, packed_len(21)));
            for (found, value) in beside(&others, &scales, &packed).iter().zip(&values) {
                assert!(
                    (found - value).abs() <= step * 0.6,
                    "{steps}: {found} is not {value}"
                );
            }
        }
        assert!(between(&moved(9.0), &others, 3).is_none());
    }
}
