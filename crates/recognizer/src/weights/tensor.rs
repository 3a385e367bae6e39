//! Tensors in host memory, as floats or as integers with scales.

use super::fine::STEPS;
use signet_engine::Kernel;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// Values that are floats at a time where tensors are compared.
const COMPARED_AT_ONCE: usize = 1 << 16;

/// Tensors by name, such as `res2a_branch2a.kernel`.
pub type Tensors = BTreeMap<String, HostTensor>;

/// A tensor in host memory, row-major. A tensor that was read as integers stays so, in a quarter or
/// half of the memory, until its floats are changed or taken.
#[derive(Debug, Clone)]
pub struct HostTensor {
    /// The shape.
    pub shape: Vec<usize>,
    pub(super) values: Values,
}

#[derive(Debug, Clone)]
pub(super) enum Values {
    Floats(Vec<f32>),
    /// From -127 to 127, times the scale of the output channel, which is the first axis.
    Integers {
        values: Vec<i8>,
        scales: Vec<f32>,
    },
    /// As [`Integers`](Self::Integers), in [`STEPS`] steps of each int8 step.
    Fine {
        values: Vec<i16>,
        scales: Vec<f32>,
    },
}

impl HostTensor {
    /// A tensor of floats.
    pub fn new(shape: Vec<usize>, floats: Vec<f32>) -> Self {
        let values = Values::Floats(floats);
        Self { shape, values }
    }

    /// A tensor of integers, each times its channel's scale, with at least one channel. Integer kernels
    /// rely on the symmetric range -127 to 127: with a -128 the tensor becomes floats.
    pub fn of_integers(shape: Vec<usize>, values: Vec<i8>, scales: Vec<f32>) -> Self {
        let symmetric = !values.contains(&i8::MIN);
        let values = Values::Integers { values, scales };
        let mut tensor = Self { shape, values };
        if !symmetric {
            tensor.floats_mut();
        }
        tensor
    }

    /// Number of values.
    pub fn count(&self) -> usize {
        match &self.values {
            Values::Floats(floats) => floats.len(),
            Values::Integers { values, .. } => values.len(),
            Values::Fine { values, .. } => values.len(),
        }
    }

    /// Whether the values are integers with scales.
    pub fn is_quantized(&self) -> bool {
        !matches!(self.values, Values::Floats(_))
    }

    /// The integers and the scale of each output channel, where the values are int8.
    pub fn integers(&self) -> Option<(&[i8], &[f32])> {
        match &self.values {
            Values::Integers { values, scales } => Some((values, scales)),
            _ => None,
        }
    }

    /// Whether the values are integers in finer steps than int8: of a fine-tuned kernel.
    pub fn is_refined(&self) -> bool {
        matches!(self.values, Values::Fine { .. })
    }

    /// The values.
    pub fn floats(&self) -> Cow<'_, [f32]> {
        self.floats_within(0..self.count())
    }

    /// The values of a range that lies within.
    pub fn floats_within(&self, range: Range<usize>) -> Cow<'_, [f32]> {
        match &self.values {
            Values::Floats(floats) => floats[range].into(),
            Values::Integers { values, scales } => products(values, scales, 1, range).into(),
            Values::Fine { values, scales } => products(values, scales, STEPS, range).into(),
        }
    }

    /// Ranges of so many values, which make up the tensor in order: what is done piece by piece needs no floats of a whole
    /// tensor of integers.
    pub fn pieces(&self, length: usize) -> impl Iterator<Item = Range<usize>> + use<> {
        let count = self.count();
        let starts = (0..count).step_by(length);
        starts.map(move |start| start..count.min(start + length))
    }

    /// The values, to be changed.
    pub fn floats_mut(&mut self) -> &mut Vec<f32> {
        if self.is_quantized() {
            self.values = Values::Floats(self.floats().into_owned());
        }
        match &mut self.values {
            Values::Floats(floats) => floats,
            _ => unreachable!("they have just become floats"),
        }
    }

    /// The values without the shape.
    pub fn into_floats(mut self) -> Vec<f32> {
        std::mem::take(self.floats_mut())
    }

    /// Calls `take` with the values as the engine's convolutions take them.
    pub(crate) fn with_kernel<T>(&self, take: impl FnOnce(Kernel<'_>) -> T) -> T {
        match &self.values {
            Values::Integers { values, scales } => take(Kernel::Integers { values, scales }),
            _ => take(Kernel::Floats(&self.floats())),
        }
    }

    /// The index of the first value that is not finite.
    pub(super) fn not_finite(&self) -> Option<usize> {
        match &self.values {
            Values::Floats(floats) => floats.iter().position(|value| !value.is_finite()),
            // No product is larger than 127 times its scale.
            Values::Integers { scales, .. } if scales.iter().all(|s| (s * 127.0).is_finite()) => {
                None
            }
            _ => self.floats().iter().position(|value| !value.is_finite()),
        }
    }
}

/// Compares shapes and values, whether they are floats or integers.
impl PartialEq for HostTensor {
    fn eq(&self, other: &Self) -> bool {
        self.shape == other.shape
            && self.count() == other.count()
            && self
                .pieces(COMPARED_AT_ONCE)
                .all(|range| self.floats_within(range.clone()) == other.floats_within(range))
    }
}

/// Of the values of a range, each times its channel's scale, of which it counts so many `steps`.
fn products<T: Copy + Into<f32>>(
    values: &[T],
    scales: &[f32],
    steps: i16,
    range: Range<usize>,
) -> Vec<f32> {
    let length = (values.len() / scales.len()).max(1);
    let mut floats = Vec::with_capacity(range.len());
    let mut start = range.start;
    while start < range.end {
        let channel = start / length;
        let end = range.end.min((channel + 1) * length);
        let step = scales[channel] / f32::from(steps);
        let value = |&n: &T| -> f32 { n.into() };
        floats.extend(values[start..end].iter().map(|n| value(n) * step));
        start = end;
    }
    floats
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integers(values: &[i8], scales: &[f32]) -> HostTensor {
        let shape = vec![scales.len(), values.len() / scales.len()];
        HostTensor::of_integers(shape, values.to_vec(), scales.to_vec())
    }

    #[test]
    fn integers_are_the_floats_that_they_stand_for() {
        let mut tensor = integers(&[1, -2, 127, -127], &[0.5, 2.0]);
        assert!(tensor.with_kernel(|kernel| matches!(kernel, Kernel::Integers { .. })));
        assert_eq!(tensor.count(), 4);
        assert_eq!(*tensor.floats(), [0.5, -1.0, 254.0, -254.0]);
        // Of one channel, of the other, across both.
        for range in [0..2, 3..4, 1..3, 2..2] {
            assert_eq!(*tensor.floats_within(range.clone()), tensor.floats()[range]);
        }
        assert_eq!(tensor.pieces(3).collect::<Vec<_>>(), [0..3, 3..4]);
        let floats = HostTensor::new(vec![2, 2], tensor.floats().into_owned());
        assert_eq!(tensor, floats);
        tensor.floats_mut()[1] = 7.0;
        assert_ne!(tensor, floats);
        assert_eq!(tensor.into_floats(), [0.5, 7.0, 254.0, -254.0]);
    }

    #[test]
    fn minus_128_turns_a_tensor_into_floats() {
        let tensor = integers(&[1, -128], &[0.5]);
        assert!(tensor.with_kernel(|kernel| matches!(kernel, Kernel::Floats([0.5, -64.0]))));
    }

    #[test]
    fn the_first_value_that_is_not_finite_is_found_in_integers_as_in_floats() {
        for (scales, expected) in [
            ([0.5, 1e36], None),
            ([0.5, 1e37], Some(3)),
            ([1e37, f32::NAN], Some(2)),
            ([0.5, f32::INFINITY], Some(2)),
            // 127 times this scale overflows, but the channel's values don't.
            ([3e37, 0.5], None),
        ] {
            let tensor = integers(&[1, -2, 0, 127], &scales);
            assert_eq!(tensor.not_finite(), expected, "{scales:?}");
            let floats = HostTensor::new(vec![2, 2], tensor.floats().into_owned());
            assert_eq!(floats.not_finite(), expected, "{scales:?}");
        }
    }
}
