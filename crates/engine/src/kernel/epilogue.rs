//! What happens to a convolution's sums before they are stored.
#![allow(unsafe_code)]

use crate::threads::Disjoint;

/// Bias, residual, ReLU, and where the results go.
pub(crate) struct Epilogue<'a> {
    /// One per output channel, padded to whole panels.
    pub bias: &'a [f32],
    pub relu: bool,
    /// Values from one output pixel to the next.
    pub pixel_stride: usize,
    pub residual: Option<&'a [f32]>,
    /// Threads write different pixels, or different channels of the same pixels.
    pub output: Disjoint<'a, f32>,
}

impl Epilogue<'_> {
    /// Stores the sums of `N` channels of one pixel, from `channel` on.
    ///
    /// # Safety
    ///
    /// No other thread stores sums of these meanwhile.
    #[inline(always)]
    pub unsafe fn store<const N: usize>(&self, pixel: usize, channel: usize, sums: [f32; N]) {
        let at = pixel * self.pixel_stride + channel;
        let bias = &self.bias[channel..][..N];
        let mut values = sums;
        for (value, bias) in values.iter_mut().zip(bias) {
            *value += bias;
        }
        if let Some(residual) = self.residual {
            for (value, residual) in values.iter_mut().zip(&residual[at..][..N]) {
                *value += residual;
            }
        }
        if self.relu {
            // Not f32::max, which makes 0 of a NaN.
            for value in &mut values {
                *value = if *value < 0.0 { 0.0 } else { *value };
            }
        }
        // SAFETY: the caller's.
        unsafe { self.output.part(at..at + N) }.copy_from_slice(&values);
    }
}
