//! Slots, and where their pixels lie in memory.

use std::ops::Range;

/// Handle to the network's input or to the result of an operation, for operations to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot(pub(crate) usize);

/// A slot's values for inputs of one size, in N H W C order. Its buffer begins with one pixel of
/// zeros, which stands for every pixel in the padding: an indirection entry of 0 points to it. The
/// images' pixels follow, row by row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    pub batch: usize,
    pub height: usize,
    pub width: usize,
    /// Values from one pixel to the next: its channels and the zeros that pad them.
    pub pixel_stride: usize,
    /// Index of the buffer that holds the slot. Slots that don't live at the same time share one.
    pub buffer: usize,
}

impl Layout {
    /// Pixels of all images, without the zero pixel.
    pub fn pixels(&self) -> usize {
        self.batch * self.height * self.width
    }

    /// Values in the buffer, with the zero pixel.
    pub fn len(&self) -> usize {
        (self.pixels() + 1) * self.pixel_stride
    }

    /// The images that a range of the pixels without the zero pixel is of, and the range's pixels of each.
    pub fn images(
        &self,
        pixels: Range<usize>,
    ) -> impl Iterator<Item = (usize, Range<usize>)> + use<> {
        let image = (self.height * self.width).max(1);
        let images = pixels.start / image..pixels.end.div_ceil(image);
        images.map(move |n| {
            let (start, end) = (n * image, (n + 1) * image);
            (n, start.max(pixels.start)..end.min(pixels.end))
        })
    }

    /// Index of a pixel in the buffer, counted in pixels. `y` and `x` are [`None`] or too large in
    /// the padding, whose index is that of the zero pixel.
    pub fn pixel(&self, n: usize, y: Option<usize>, x: Option<usize>) -> usize {
        match (y, x) {
            (Some(y), Some(x)) if y < self.height && x < self.width => {
                (n * self.height + y) * self.width + x + 1
            }
            _ => 0,
        }
    }
}

/// How many windows of a length fit into `length` at a stride.
pub(crate) fn windows(length: usize, window: usize, stride: usize) -> usize {
    length
        .checked_sub(window)
        .map_or(0, |room| room / stride + 1)
}
