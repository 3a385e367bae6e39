//! The left operand of a convolution as a matrix product.

use std::array::from_fn;

/// Output pixels in rows; in columns the inputs at each kernel position, found through an indirection
/// buffer. An input is a float, or a pair of int16 in one int32.
pub(crate) struct IndirectInput<'a, Input> {
    /// Pixels, the first of zeros.
    pub values: &'a [Input],
    /// Inputs from one pixel to the next.
    pub pixel_stride: usize,
    /// Inputs that are read from each pixel in the indirection buffer on.
    pub k_per_tap: usize,
    /// Entries of the indirection buffer for each output pixel.
    pub kernel_size: usize,
    /// See [`Plan::indirection`](crate::plan::Plan::indirection).
    pub indirection: &'a [u32],
}

impl<Input> IndirectInput<'_, Input> {
    /// Tap by tap the inputs of `P` output pixels, [`k_per_tap`](Self::k_per_tap) each, and the
    /// weights for them, `weights_per_input` for each. `pixels` is the tile's part of the indirection
    /// buffer.
    #[inline(always)]
    pub fn taps<'a, Weight, const P: usize>(
        &'a self,
        pixels: &'a [u32],
        weights: &'a [Weight],
        weights_per_input: usize,
    ) -> impl Iterator<Item = ([&'a [Input]; P], &'a [Weight])> {
        let weights = weights.chunks_exact(self.k_per_tap * weights_per_input);
        pixels.chunks_exact(P).zip(weights).map(|(tap, weights)| {
            let first = |p: usize| tap[p] as usize * self.pixel_stride;
            let row = |p: usize| &self.values[first(p)..][..self.k_per_tap];
            (from_fn(row), weights)
        })
    }
}
