//! Results of a run.

use crate::layout::Layout;

/// One output of a run: pixels in N H W C order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Output<'a> {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Channels of a pixel.
    pub channels: usize,
    /// Values from one pixel to the next.
    pixel_stride: usize,
    values: &'a [f32],
}

impl<'a> Output<'a> {
    /// `values` are the slot's, with its zero pixel.
    pub(crate) fn new(layout: &Layout, channels: usize, values: &'a [f32]) -> Self {
        Self {
            height: layout.height,
            width: layout.width,
            channels,
            pixel_stride: layout.pixel_stride,
            values: &values[layout.pixel_stride..],
        }
    }

    /// The channels of each pixel: image by image, row by row.
    pub fn pixels(&self) -> impl Iterator<Item = &'a [f32]> + use<'a> {
        let channels = self.channels;
        let pixels = self.values.chunks_exact(self.pixel_stride);
        pixels.map(move |pixel| &pixel[..channels])
    }
}
