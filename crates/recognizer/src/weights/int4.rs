//! Kernels in 4 bits a weight: integers of -8 to 7 times a factor for each group of [`GROUP`] weights,
//! times a scale for each output channel.
//!
//! Factors are integers, so that every integer times its factor is an int8 and the channel's scale is the
//! int8's own. A kernel is therefore read as int8 exactly, without a second rounding, and an int8 kernel
//! whose groups are such products is written as int4 exactly. A factor takes one byte where a float16
//! would take two, and the sum of squared errors is the same within a percent. Its sign chooses which
//! side of zero has eight steps instead of seven: a fifth less of squared error.

use std::ops::RangeInclusive;

/// Weights of an output channel that share a factor, in the order of the kernel.
pub(crate) const GROUP: usize = 64;

/// Kernels of fewer weights are not worth rounding this far: 0.5 % of the network.
const LEAST_WEIGHTS: usize = 30_000;

/// What the integers are, of a factor above zero.
const INTEGERS: RangeInclusive<i32> = -8..=7;

/// Added to an integer, which then is in half a byte.
const OFFSET: i8 = 8;

/// The largest factor that is chosen; times the largest integer it is the largest weight of a channel.
const MOST_FACTOR: f32 = 15.0;

/// The largest weight of a channel, in units of the channel's scale.
const MOST: f32 = MOST_FACTOR * OFFSET as f32;

/// What int8 kernels are made of, -128 left out.
const INT8: RangeInclusive<i16> = -127..=127;

/// Whether kernels of this shape become int4: large ones of convolutions.
pub(crate) fn applies(shape: &[usize]) -> bool {
    shape.len() == 4 && shape.iter().product::<usize>() >= LEAST_WEIGHTS
}

/// The scale of an output channel.
pub(crate) fn scale(row: &[f32]) -> f32 {
    let largest = row.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
    if largest > 0.0 { largest / MOST } else { 1.0 }
}

/// The factor for a group of weights, which are in units of their channel's scale: the one of the least
/// sum of squared errors, of all that could be.
pub(crate) fn factor(group: &[f32]) -> f32 {
    let largest = group.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
    // Without clipping the smaller side, which no error is worth.
    let most = (largest / f32::from(OFFSET - 1)).ceil();
    let most = most.clamp(1.0, MOST_FACTOR) as i8;
    let squared = |factor: f32| -> f32 {
        let errors = group.iter().map(|&weight| weight - rounded(weight, factor));
        errors.map(|error| error * error).sum()
    };
    let candidates = (1..=most).flat_map(|factor| [f32::from(factor), -f32::from(factor)]);
    let candidates = candidates.map(|factor| (squared(factor), factor));
    let best = candidates.min_by(|(a, _), (b, _)| a.total_cmp(b));
    best.map_or(1.0, |(_, factor)| factor)
}

/// The product of the factor and an integer that is nearest to a weight in units of its channel's scale.
pub(crate) fn rounded(weight: f32, factor: f32) -> f32 {
    let [least, most] = [*INTEGERS.start(), *INTEGERS.end()].map(|integer| integer as f32);
    (weight / factor).round().clamp(least, most) * factor
}

/// The scales of a kernel's channels, and its int8, whose groups are all products.
pub(crate) fn quantize(kernel: &[f32], channels: usize) -> (Vec<f32>, Vec<i8>) {
    let mut integers = Vec::with_capacity(kernel.len());
    let mut units = Vec::with_capacity(GROUP);
    let rows = kernel.chunks((kernel.len() / channels).max(1));
    let scales = rows.map(|row| {
        let scale = scale(row);
        for group in row.chunks(GROUP) {
            units.clear();
            units.extend(group.iter().map(|weight| weight / scale));
            let factor = factor(&units);
            integers.extend(units.iter().map(|weight| rounded(*weight, factor) as i8));
        }
        scale
    });
    (scales.collect(), integers)
}

/// The factors of an int8 kernel's groups, and the integers, two in a byte and each channel in whole
/// bytes. None where a group is no factor times integers of 4 bits. The same kernel has the same
/// factors, however it was rounded: the greatest common divisors.
pub(crate) fn split(values: &[i8], channels: usize) -> Option<(Vec<i8>, Vec<u8>)> {
    let length = (values.len() / channels).max(1);
    let mut factors = Vec::with_capacity(channels * length.div_ceil(GROUP));
    let mut packed = Vec::with_capacity(channels * length.div_ceil(2));
    let mut halves = Vec::with_capacity(length + 1);
    for row in values.chunks(length) {
        halves.clear();
        for group in row.chunks(GROUP) {
            let factor = common_factor(group)?;
            factors.push(factor);
            // A factor of zero is that of zeros.
            let integer = |value: &i8| value.checked_div(factor).unwrap_or_default();
            halves.extend(group.iter().map(|value| (integer(value) + OFFSET) as u8));
        }
        halves.resize(halves.len().next_multiple_of(2), OFFSET as u8);
        packed.extend(halves.chunks(2).map(|pair| pair[0] | pair[1] << 4));
    }
    Some((factors, packed))
}

/// The greatest common divisor of a group, or its negative, where the quotients are integers of 4 bits.
fn common_factor(group: &[i8]) -> Option<i8> {
    let divisor = group.iter().fold(0, |divisor, value| {
        let value = value.unsigned_abs();
        // Most values are multiples already.
        match divisor {
            1 => 1,
            2.. if value % divisor == 0 => divisor,
            _ => greatest_common_divisor(divisor, value),
        }
    });
    let factor = i32::from(divisor);
    let fits = |factor: i32| {
        let [least, most] = [*INTEGERS.start(), *INTEGERS.end()].map(|integer| integer * factor);
        let range = least.min(most)..=least.max(most);
        group.iter().all(|value| range.contains(&i32::from(*value)))
    };
    let factor = [factor, -factor].into_iter().find(|factor| fits(*factor))?;
    i8::try_from(factor).ok()
}

fn greatest_common_divisor(mut a: u8, mut b: u8) -> u8 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// How many factors, and how many bytes, each of a kernel's channels of `length` weights has.
pub(super) fn packed_lens(length: usize) -> [usize; 2] {
    [length.div_ceil(GROUP), length.div_ceil(2)]
}

/// The reverse of [`split`] for channels of `length` weights.
///
/// # Errors
///
/// The index of a weight that is no int8.
pub(super) fn join(length: usize, factors: &[i8], packed: &[u8]) -> Result<Vec<i8>, usize> {
    let [groups, bytes] = packed_lens(length);
    let mut values = vec![0; factors.len() / groups * length];
    let rows = factors.chunks(groups).zip(packed.chunks(bytes));
    for (row, (factors, packed)) in values.chunks_mut(length).zip(rows) {
        let groups = factors.iter().zip(packed.chunks(GROUP / 2));
        for (values, (factor, packed)) in row.chunks_mut(GROUP).zip(groups) {
            match (values.as_chunks_mut(), packed.as_chunks()) {
                (([values], []), ([packed], [])) => whole_group(*factor, packed, values),
                _ => products(*factor, packed, values),
            }
        }
    }
    // Such factors are in no file that `split` wrote, unless integers are few.
    let large = factors
        .iter()
        .position(|factor| factor.unsigned_abs() > MOST_FACTOR as u8);
    let overflow = large.and_then(|first| overflow(length, factors, packed, first));
    overflow.map_or(Ok(values), Err)
}

/// The products of a group's integers and its factor.
fn products(factor: i8, packed: &[u8], values: &mut [i8]) {
    for (pair, byte) in values.chunks_mut(2).zip(packed) {
        for (value, half) in pair.iter_mut().zip([byte & 15, byte >> 4]) {
            *value = integer(half).wrapping_mul(factor);
        }
    }
}

/// As [`products`], for the two weights of a byte together in 16 bits, in a loop of fixed length: compilers make
/// SIMD instructions of it.
fn whole_group(factor: i8, packed: &[u8; GROUP / 2], values: &mut [i8; GROUP]) {
    let factor = i16::from(factor);
    let product = |half: i16| (half - i16::from(OFFSET)).wrapping_mul(factor);
    let pairs = packed.map(|byte| {
        let [first, second] = [byte & 15, byte >> 4].map(|half| product(i16::from(half)));
        first & 0xff | second << 8
    });
    for (values, pair) in values.as_chunks_mut::<2>().0.iter_mut().zip(pairs) {
        *values = pair.to_le_bytes().map(|byte| byte as i8);
    }
}

/// The index of the first weight, from a group on, that is no int8.
fn overflow(length: usize, factors: &[i8], packed: &[u8], first: usize) -> Option<usize> {
    let [groups, bytes] = packed_lens(length);
    let factors = factors.iter().enumerate().skip(first);
    let mut weights = factors.flat_map(|(at, &factor)| {
        let (row, group) = (at / groups, at % groups);
        let start = row * length + group * GROUP;
        let end = (start + GROUP).min((row + 1) * length);
        let halves = &packed[row * bytes + group * GROUP / 2..];
        (start..end).map(move |at| {
            let within = at - start;
            let half = halves[within / 2] >> (within % 2 * 4) & 15;
            (at, i16::from(integer(half)) * i16::from(factor))
        })
    });
    let found = weights.find(|(_, product)| !INT8.contains(product));
    found.map(|(at, _)| at)
}

/// The integer that is in half a byte.
fn integer(half: u8) -> i8 {
    half as i8 - OFFSET
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weights of all sizes, with an outlier in some channels.
    fn kernel(channels: usize, length: usize) -> Vec<f32> {
        let weight = |at: usize| {
            let noise = (at as f32 * 12.9898).sin() * 43758.547;
            let outlier = if at.is_multiple_of(3 * length) {
                9.0
            } else {
                1.0
            };
            (noise - noise.floor() - 0.5) * outlier * (1.0 + (at / length) as f32)
        };
        (0..channels * length).map(weight).collect()
    }

    #[test]
    fn a_kernel_comes_back_exactly_from_its_halves_of_bytes_and_factors() {
        for (channels, length) in [(4, 64), (3, 576), (5, 65), (7, 127), (2, 1), (6, 130)] {
            let kernel = kernel(channels, length);
            let (scales, values) = quantize(&kernel, channels);
            assert_eq!((scales.len(), values.len()), (channels, kernel.len()));
            let (factors, packed) = split(&values, channels).expect("they are products");
            let lens = packed_lens(length).map(|len| len * channels);
            assert_eq!([factors.len(), packed.len()], lens);
            assert_eq!(join(length, &factors, &packed), Ok(values));
        }
    }

    #[test]
    fn rounding_costs_what_sixteen_levels_must() {
        let (channels, length) = (8, 640);
        let kernel = kernel(channels, length);
        let (scales, values) = quantize(&kernel, channels);
        let rows = kernel.chunks(length).zip(values.chunks(length));
        for ((row, values), scale) in rows.zip(&scales) {
            for (group, values) in row.chunks(GROUP).zip(values.chunks(GROUP)) {
                let largest = group.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
                // The factor that clips nothing but half a step.
                let step = (largest / scale / 7.5).ceil() * scale;
                let errors = group.iter().zip(values);
                let squared = errors.map(|(w, n)| (w - f32::from(*n) * scale).powi(2));
                let mean = squared.sum::<f32>() / GROUP as f32;
                // Of numbers rounded to steps, and of what is clipped on the side with seven of them.
                assert!(mean < step * step / 12.0 * 1.7, "{mean} of {step}");
            }
        }
    }

    #[test]
    fn other_int8_are_no_products_and_zeros_and_both_signs_are() {
        let int8: Vec<i8> = (0..64).map(|n| (n * 5 % 127) as i8).collect();
        assert_eq!(split(&int8, 1), None);
        // Eight steps below zero as well as above.
        assert_eq!(split(&[-16, 16, 2, 0], 1), None);
        for (values, factor) in [
            (&[0, 0, 0, 0][..], 0),
            (&[-16, 14, 2, 0], 2),
            (&[16, -14, 2, 0], -2),
            (&[-120, 105, 15, 0], 15),
            (&[7, 5, 3], 1),
            (&[-127, 0, 127], 127),
        ] {
            let (factors, packed) = split(values, 1).expect("they are products");
            assert_eq!(factors, [factor]);
            assert_eq!(join(values.len(), &factors, &packed).as_deref(), Ok(values));
        }
    }

    #[test]
    fn a_product_beyond_int8_is_found() {
        let row = [0x88, 0xf8, 0x88];
        // 127 times 7, the fourth of the second channel.
        let packed = [row, row].concat();
        assert_eq!(join(5, &[15, 127], &packed), Err(8));
        assert_eq!(join(5, &[15, 18], &packed).map(|values| values[8]), Ok(126));
        // -128 is no int8 of a kernel.
        assert_eq!(join(2, &[16], &[0x80]), Err(0));
    }
}
