//! Symmetric quantization of weights and activations: `value = integer * scale`.

use crate::kernel;
use crate::layout::{Layout, Slot};
use crate::threads;
use std::borrow::Cow;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

/// The largest absolute value. NaN or infinite where a value is.
pub(crate) fn max_abs(values: &[f32]) -> f32 {
    // Without the sign bit, the bits of floats are ordered as the floats are; infinity and then NaN
    // follow the finite numbers.
    let bits = |value: &f32| value.to_bits() & 0x7fff_ffff;
    let mut most = [0_u32; 16];
    let mut chunks = values.chunks_exact(16);
    for chunk in chunks.by_ref() {
        for (most, value) in most.iter_mut().zip(chunk) {
            *most = bits(value).max(*most);
        }
    }
    let rest = chunks.remainder().iter().map(bits);
    f32::from_bits(most.into_iter().chain(rest).fold(0, u32::max))
}

/// int8 weights with one scale per output channel.
pub(crate) struct QuantizedKernel<'a> {
    pub values: Cow<'a, [i8]>,
    pub scales: Vec<f32>,
}

impl QuantizedKernel<'_> {
    /// The largest distance of `weight / scale` from an integer that counts as rounding of float32,
    /// whose 24 bits hold an int8 times a scale with a smaller error.
    const ROUNDING: f32 = 1e-3;

    /// Magic-number rounding: adding 1.5 * 2^23 leaves no fraction bits, so the addition rounds to
    /// the nearest integer, ties to even. 0.1 s faster for the network than `f32::round_ties_even`,
    /// which is a call in WebAssembly.
    const MAGIC: f32 = 12_582_912.0;

    /// Finds the integers and scales of float weights that were quantized before. The scale is
    /// `max_abs / 127`. [`None`] where a weight is no integer multiple of it.
    pub fn recover(kernel: &[f32], output_channels: usize) -> Option<Self> {
        let row = kernel.len() / output_channels;
        let mut values = Vec::with_capacity(kernel.len());
        let mut scales = Vec::with_capacity(output_channels);
        for channel in kernel.chunks(row) {
            let most = max_abs(channel);
            let scale = if most > 0.0 { most / 127.0 } else { 1.0 };
            let inverse = 1.0 / scale;
            let mut exact = true;
            values.extend(channel.iter().map(|weight| {
                let value = weight * inverse;
                let rounded = (value + Self::MAGIC) - Self::MAGIC;
                exact &= (value - rounded).abs() <= Self::ROUNDING;
                rounded as i8
            }));
            if !exact {
                return None;
            }
            scales.push(scale);
        }
        let values = values.into();
        Some(Self { values, scales })
    }

    /// The largest activation that can't overflow an int32 sum, at most `i16::MAX`. [`None`] below
    /// 10 bits, which would cost accuracy; no layer of a common network comes near.
    pub fn qmax(&self) -> Option<i32> {
        let sum_of_abs = |channel: &[i8]| channel.iter().map(|w| u32::from(w.unsigned_abs())).sum();
        let channels = self.values.chunks(self.values.len() / self.scales.len());
        let most: u32 = channels.map(sum_of_abs).fold(1, u32::max);
        let qmax = (i32::MAX as u32 / most).min(i16::MAX as u32) as i32;
        (qmax >= 1 << 10).then_some(qmax)
    }
}

/// A slot's activations as int16, with one scale per image: an image's answer doesn't depend on the
/// other images of its batch. Several convolutions that read the same slot share them.
#[derive(Debug, Default)]
pub(crate) struct QuantizedActivations {
    slot: Option<Slot>,
    /// Two channels in each int32, the first in the lower half.
    pub pairs: Vec<i32>,
    /// One per image.
    scales: Vec<f32>,
    /// For each image the bits of its largest absolute value.
    most: Vec<AtomicU32>,
    /// One per output pixel of the convolution that asked last.
    pub pixel_scales: Vec<f32>,
}

impl QuantizedActivations {
    /// Forgets the slot, whose values change in the next run.
    pub fn clear(&mut self) {
        self.slot = None;
    }

    /// Quantizes a slot's values to at most `qmax`, unless this was done before in this run, for a
    /// convolution with `pixels` output pixels per image. Where a value is NaN or infinite, its
    /// image's scale is, and with it all that is computed from it.
    pub fn update(
        &mut self,
        slot: Slot,
        (layout, values): (&Layout, &[f32]),
        qmax: i32,
        pixels: usize,
    ) {
        if self.slot != Some(slot) {
            self.slot = Some(slot);
            self.quantize((layout, values), qmax);
        }
        self.pixel_scales.clear();
        for scale in &self.scales {
            let end = self.pixel_scales.len() + pixels;
            self.pixel_scales.resize(end, *scale);
        }
    }

    fn quantize(&mut self, (layout, values): (&Layout, &[f32]), qmax: i32) {
        let pairs = values.len() / 2;
        if self.pairs.len() < pairs {
            self.pairs.resize(pairs, 0);
        }
        let stride = layout.pixel_stride;
        let (zero_pixel, pairs) = self.pairs[..pairs].split_at_mut(stride / 2);
        zero_pixel.fill(0);
        let values = &values[stride..];
        self.most.resize_with(layout.batch, AtomicU32::default);
        self.most.iter_mut().for_each(|most| *most.get_mut() = 0);
        let most = &self.most;
        threads::split(layout.pixels(), &|_, pixels| {
            for (n, pixels) in layout.images(pixels) {
                let values = &values[pixels.start * stride..pixels.end * stride];
                // As bits, which are ordered as the absolute values are. Relaxed: the fork's end orders.
                most[n].fetch_max(max_abs(values).to_bits(), Relaxed);
            }
        });
        self.scales.clear();
        self.scales.extend(self.most.iter_mut().map(|most| {
            let most = f32::from_bits(*most.get_mut());
            if most == 0.0 { 1.0 } else { most / qmax as f32 }
        }));
        let scales = &self.scales;
        threads::split_mut(pairs, stride / 2, &|first, pairs| {
            let count = pairs.len() / (stride / 2);
            for (n, pixels) in layout.images(first..first + count) {
                let pairs = &mut pairs[(pixels.start - first) * stride / 2..];
                let pairs = &mut pairs[..pixels.len() * stride / 2];
                let values = &values[pixels.start * stride..pixels.end * stride];
                kernel::quantize(values, 1.0 / scales[n], pairs);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::max_abs;

    #[test]
    fn the_largest_value_is_not_lost_when_it_is_not_finite() {
        let mut values = vec![0.25; 37];
        values[3] = -2.0;
        assert_eq!(max_abs(&values), 2.0);
        values[36] = f32::INFINITY;
        assert_eq!(max_abs(&values), f32::INFINITY);
        values[17] = f32::NAN;
        assert!(max_abs(&values).is_nan());
        assert_eq!(max_abs(&[]), 0.0);
    }
}
