//! Kernels in finer steps than int8: of each int8 step [`STEPS`], which is 10.3 bits a weight.
//!
//! What a fine-tuning has changed by a few int8 steps is stored so: its answers stay within 1e-3 of the
//! float32 network's, in 8/3 bits a weight beside the int8. A file holds the nearest int8 and, three in a
//! byte, which of the steps around it.

/// Steps in one of int8. Odd, so that they lie evenly around the int8.
pub(super) const STEPS: i16 = 5;

/// The middle one of the steps.
const MIDDLE: i16 = STEPS / 2;

/// Weights whose steps are in one byte: `STEPS`^3 is below 256.
const IN_A_BYTE: usize = 3;

/// The nearest int8 of each value, and the steps beside it.
pub(super) fn split(values: &[i16]) -> (Vec<i8>, Vec<u8>) {
    let coarse = |value: &i16| (value + MIDDLE).div_euclid(STEPS);
    let step = |value: &i16| (value + MIDDLE).rem_euclid(STEPS);
    let packed = values.chunks(IN_A_BYTE).map(|chunk| {
        let steps = chunk.iter().rev().map(step);
        steps.fold(0, |byte, step| byte * STEPS + step) as u8
    });
    (
        values.iter().map(|value| coarse(value) as i8).collect(),
        packed.collect(),
    )
}

/// How many bytes the steps of so many weights take.
pub(super) fn packed_len(weights: usize) -> usize {
    weights.div_ceil(IN_A_BYTE)
}

/// The reverse of [`split`]; bytes that it doesn't write count as what is left of them.
pub(super) fn join(coarse: &[i8], packed: &[u8]) -> Vec<i16> {
    let weights = coarse.chunks(IN_A_BYTE).zip(packed);
    let values = weights.flat_map(|(coarse, &byte)| {
        let mut left = i16::from(byte);
        coarse.iter().map(move |&coarse| {
            let step = left % STEPS;
            left /= STEPS;
            i16::from(coarse) * STEPS + step - MIDDLE
        })
    });
    values.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back_from_its_int8_and_step() {
        let most = 127 * STEPS + MIDDLE;
        let values: Vec<i16> = (-most..=most).collect();
        let (coarse, packed) = split(&values);
        assert_eq!(packed.len(), packed_len(values.len()));
        assert_eq!(join(&coarse, &packed), values);
        for (value, coarse) in values.iter().zip(coarse) {
            assert!((value - i16::from(coarse) * STEPS).abs() <= MIDDLE);
        }
    }
}
