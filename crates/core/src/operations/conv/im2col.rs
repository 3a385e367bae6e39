//! im2col: the receptive field of each output pixel as a row of a matrix, whose product with the
//! kernel is the convolution. Values are N H W C.

use crate::operations::chunks;
use crate::operations::geometry::Geometry;
use burn::backend::flex::FlexTensor;
use burn::tensor::{DType, Shape};

/// Sizes of a convolution's input, kernel and output.
#[derive(Debug, Clone)]
pub(super) struct Im2col {
    /// `[batch, height, width, channels]`.
    input: [usize; 4],
    /// Height and width of the kernel.
    kernel: [usize; 2],
    /// `[batch, height, width]`.
    output: [usize; 3],
    geometry: Geometry,
}

impl Im2col {
    /// For inputs of `[batch, height, width, channels]` and kernels of `[height, width]`.
    pub fn new(input: [usize; 4], kernel: [usize; 2], geometry: Geometry) -> Self {
        let Geometry { stride, padding } = geometry;
        let [height, width] = [0, 1]
            .map(|axis| (input[axis + 1] + 2 * padding[axis] - kernel[axis]) / stride[axis] + 1);
        Self {
            input,
            kernel,
            output: [input[0], height, width],
            geometry,
        }
    }

    /// Batch, height and width of the output.
    pub fn output(&self) -> [usize; 3] {
        self.output
    }

    /// Whether the matrix is the input itself: each receptive field is one pixel.
    fn is_identity(&self) -> bool {
        self.kernel == [1, 1] && self.geometry.stride == [1, 1]
    }

    /// Length of a row: the values of a receptive field.
    fn columns(&self) -> usize {
        self.kernel[0] * self.kernel[1] * self.input[3]
    }

    /// The matrix of receptive fields, with zeros for padding.
    ///
    /// # Shapes
    ///
    /// - `input`: `[batch, height, width, channels]`, contiguous
    /// - output: `[output pixels, kernel height * kernel width * channels]`
    pub fn gather(&self, input: &FlexTensor) -> FlexTensor {
        let [batch, height, width] = self.output;
        let columns = self.columns();
        let shape = Shape::new([batch * height * width, columns]);
        if self.is_identity() {
            return input.reshape(shape);
        }
        let image = self.input[1..].iter().product::<usize>();
        let input: &[f32] = input.storage();
        let mut matrix = FlexTensor::empty(shape, DType::F32);
        chunks::each(matrix.storage_mut(), width * columns, |line, rows| {
            let image = &input[line / height * image..][..image];
            for (x, row) in rows.chunks_exact_mut(columns).enumerate() {
                self.each_span([line % height, x], |from, to, length| {
                    row[to..][..length].copy_from_slice(&image[from..][..length]);
                });
            }
        });
        matrix
    }

    /// col2im: the input-sized tensor in which each value is the sum of the matrix' values that
    /// [`gather`](Self::gather) takes from there.
    ///
    /// # Shapes
    ///
    /// As [`gather`](Self::gather), the other way.
    pub fn scatter(&self, matrix: FlexTensor) -> FlexTensor {
        let shape = Shape::new(self.input);
        if self.is_identity() {
            return matrix.reshape(shape);
        }
        let [_, height, width] = self.output;
        let columns = self.columns();
        let matrix: &[f32] = matrix.storage();
        let mut sums = FlexTensor::empty(shape, DType::F32);
        let image = self.input[1..].iter().product();
        chunks::each(sums.storage_mut(), image, |at, image| {
            let rows = matrix[at * height * width * columns..].chunks_exact(columns);
            for (pixel, row) in rows.take(height * width).enumerate() {
                self.each_span([pixel / width, pixel % width], |to, from, length| {
                    let sums = image[to..][..length].iter_mut();
                    let row = &row[from..][..length];
                    sums.zip(row).for_each(|(sum, value)| *sum += value);
                });
            }
        });
        sums
    }

    /// Calls `visit` with each contiguous span that the input image and the row of the output pixel
    /// `[y, x]` have in common: its start in the image, its start in the row, and its length.
    fn each_span(&self, pixel: [usize; 2], mut visit: impl FnMut(usize, usize, usize)) {
        let [_, height, width, channels] = self.input;
        let Geometry { stride, padding } = self.geometry;
        // In the padded image.
        let [top, left] = [0, 1].map(|axis| pixel[axis] * stride[axis]);
        let first = padding[1].saturating_sub(left);
        let end = self.kernel[1].min((width + padding[1]).saturating_sub(left));
        for row in 0..self.kernel[0] {
            let y = (top + row).wrapping_sub(padding[0]);
            if y < height && first < end {
                let x = left + first - padding[1];
                let from = (y * width + x) * channels;
                let to = (row * self.kernel[1] + first) * channels;
                visit(from, to, (end - first) * channels);
            }
        }
    }
}
