//! A network's operations, independent of the size of its input.

use crate::layout::{Layout, Slot};
use crate::packing::Layer;
use crate::pool::Pool;

#[derive(Debug)]
pub(crate) enum Operation {
    Conv {
        layer: Box<Layer>,
        /// Added before the ReLU.
        residual: Option<Slot>,
    },
    Pool {
        pool: Pool,
        /// Side of the square window.
        window: usize,
        stride: usize,
    },
}

#[derive(Debug)]
pub(crate) struct Step {
    pub operation: Operation,
    pub input: Slot,
}

/// The channels of a slot's pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Channels {
    pub count: usize,
    /// `count` and the zeros that pad it: values from one pixel to the next.
    pub stride: usize,
}

#[derive(Debug)]
pub(crate) struct Graph {
    /// Rows and columns of zeros kept around the input.
    pub border: usize,
    /// Of the input, then of each step's result.
    pub channels: Vec<Channels>,
    pub steps: Vec<Step>,
    pub outputs: Vec<Slot>,
}

impl Graph {
    /// Each step's convolution; [`None`] for a pooling.
    pub fn layers(&self) -> impl Iterator<Item = Option<&Layer>> + Clone {
        self.steps.iter().map(|step| match &step.operation {
            Operation::Conv { layer, .. } => Some(&**layer),
            Operation::Pool { .. } => None,
        })
    }

    /// # Panics
    ///
    /// When `images` has another length than `size`, `[batch, height, width]`, says.
    pub fn check(&self, images: &[f32], size: [usize; 3]) {
        let length = size.iter().product::<usize>() * self.channels[0].count;
        assert_eq!(images.len(), length, "images of the size given");
    }

    /// Copies images into the input slot, with the border around them and their channels padded.
    pub fn write_input(
        &self,
        images: &[f32],
        [_, height, width]: [usize; 3],
        (layout, output): (&Layout, &mut [f32]),
    ) {
        let channels = self.channels[0].count;
        output[..layout.len()].fill(0.0);
        let rows = images.chunks_exact((width * channels).max(1));
        for (index, row) in rows.enumerate() {
            let (n, y) = (index / height, index % height + self.border);
            let first = layout.pixel(n, Some(y), Some(self.border));
            let stride = layout.pixel_stride;
            let to = output[first * stride..].chunks_exact_mut(stride);
            for (pixel, to) in row.chunks_exact(channels).zip(to) {
                to[..channels].copy_from_slice(pixel);
            }
        }
    }
}
