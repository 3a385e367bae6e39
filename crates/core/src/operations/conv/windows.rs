//! Convolutions as products of matrices: what a kernel sees of a picture at each of its places,
//! as a row. Pixels lie one after another, with the channels of each together.

use crate::operations::chunks;
use crate::operations::geometry::Geometry;
use burn::backend::flex::FlexTensor;
use burn::tensor::{DType, Shape};

/// The windows of a batch of pictures.
#[derive(Debug, Clone)]
pub(super) struct Windows {
    /// Pictures, and the height, width and channels of each.
    input: [usize; 4],
    /// Height and width of a window.
    side: [usize; 2],
    /// How many there are in a picture, below and beside each other.
    places: [usize; 2],
    geometry: Geometry,
}

impl Windows {
    /// Of `[pictures, height, width, channels]` and kernels of `side`.
    pub fn new(input: [usize; 4], side: [usize; 2], geometry: Geometry) -> Self {
        let Geometry { stride, padding } = geometry;
        let places = [0, 1]
            .map(|axis| (input[axis + 1] + 2 * padding[axis] - side[axis]) / stride[axis] + 1);
        Self {
            input,
            side,
            places,
            geometry,
        }
    }

    /// Pictures, and windows in each, below and beside each other.
    pub fn places(&self) -> [usize; 3] {
        [self.input[0], self.places[0], self.places[1]]
    }

    /// Whether a window is a pixel and each pixel a window.
    fn are_pixels(&self) -> bool {
        self.side == [1, 1] && self.geometry.stride == [1, 1]
    }

    /// Numbers in a window.
    fn numbers(&self) -> usize {
        self.side[0] * self.side[1] * self.input[3]
    }

    /// All windows, with zeros beyond the borders.
    ///
    /// # Shapes
    ///
    /// - `input`: `[pictures, height, width, channels]`, contiguous
    /// - output: `[windows, window height * window width * channels]`
    pub fn cut(&self, input: &FlexTensor) -> FlexTensor {
        let [pictures, rows, columns] = self.places();
        let numbers = self.numbers();
        let shape = Shape::new([pictures * rows * columns, numbers]);
        if self.are_pixels() {
            return input.reshape(shape);
        }
        let image = self.input[1..].iter().product::<usize>();
        let input: &[f32] = input.storage();
        let mut windows = FlexTensor::empty(shape, DType::F32);
        chunks::each(windows.storage_mut(), columns * numbers, |at, windows| {
            let image = &input[at / rows * image..][..image];
            for (column, window) in windows.chunks_exact_mut(numbers).enumerate() {
                self.each_span([at % rows, column], |from, to, length| {
                    window[to..][..length].copy_from_slice(&image[from..][..length]);
                });
            }
        });
        windows
    }

    /// The pictures of which each pixel is the sum of the windows' pixels that were cut from it.
    ///
    /// # Shapes
    ///
    /// As [`cut`](Self::cut), the other way.
    pub fn add_up(&self, windows: FlexTensor) -> FlexTensor {
        let shape = Shape::new(self.input);
        if self.are_pixels() {
            return windows.reshape(shape);
        }
        let [_, rows, columns] = self.places();
        let numbers = self.numbers();
        let windows: &[f32] = windows.storage();
        let mut output = FlexTensor::empty(shape, DType::F32);
        let image = self.input[1..].iter().product();
        chunks::each(output.storage_mut(), image, |at, image| {
            let windows = windows[at * rows * columns * numbers..].chunks_exact(numbers);
            for (place, window) in windows.take(rows * columns).enumerate() {
                self.each_span([place / columns, place % columns], |to, from, length| {
                    let sums = image[to..][..length].iter_mut();
                    sums.zip(&window[from..][..length])
                        .for_each(|(sum, n)| *sum += n);
                });
            }
        });
        output
    }

    /// Calls `visit` with each run of numbers that a picture and the window at `place` have in
    /// common: where it begins in the one and in the other, and its length.
    fn each_span(&self, place: [usize; 2], mut visit: impl FnMut(usize, usize, usize)) {
        let [_, height, width, channels] = self.input;
        let Geometry { stride, padding } = self.geometry;
        // Counted from the border of zeros.
        let [top, left] = [0, 1].map(|axis| place[axis] * stride[axis]);
        let first = padding[1].saturating_sub(left);
        let end = self.side[1].min((width + padding[1]).saturating_sub(left));
        for row in 0..self.side[0] {
            let y = (top + row).wrapping_sub(padding[0]);
            if y < height && first < end {
                let x = left + first - padding[1];
                let from = (y * width + x) * channels;
                let to = (row * self.side[1] + first) * channels;
                visit(from, to, (end - first) * channels);
            }
        }
    }
}
