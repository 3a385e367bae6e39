//! Building a network: operations in order, each with the slots that it reads and writes.

use crate::kernel::{GROUP, PANEL};
use crate::layer::{Arithmetic, Layer};
use crate::network::Network;
use crate::pool::Pool;

/// What an operation has written, for others to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot(pub(crate) usize);

/// Zeros around a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Padding {
    /// Rows above.
    pub top: usize,
    /// Columns to the left.
    pub left: usize,
    /// Rows below.
    pub bottom: usize,
    /// Columns to the right.
    pub right: usize,
}

impl Padding {
    /// The same on every side.
    pub fn all(pixels: usize) -> Self {
        Self {
            top: pixels,
            left: pixels,
            bottom: pixels,
            right: pixels,
        }
    }

    /// As little as keeps the size at stride 1; what doesn't split evenly goes to the bottom and
    /// right.
    pub fn same(kernel: usize) -> Self {
        let before = (kernel - 1) / 2;
        let after = kernel - 1 - before;
        Self {
            top: before,
            left: before,
            bottom: after,
            right: after,
        }
    }
}

/// A convolution's weights, `[output, input, height, width]`, row-major.
#[derive(Debug, Clone, Copy)]
pub enum Kernel<'a> {
    /// As they are.
    Floats(&'a [f32]),
    /// Integers from -127 to 127, each to be multiplied with the scale of its output channel.
    Integers {
        /// The integers.
        values: &'a [i8],
        /// One number for each output channel.
        scales: &'a [f32],
    },
}

impl<'a, T: AsRef<[f32]> + ?Sized> From<&'a T> for Kernel<'a> {
    fn from(floats: &'a T) -> Self {
        Self::Floats(floats.as_ref())
    }
}

/// A convolution, batch norm folded into it.
#[derive(Debug, Clone, Copy)]
pub struct Conv<'a> {
    /// Its weights.
    pub kernel: Kernel<'a>,
    /// The kernel's shape.
    pub shape: [usize; 4],
    /// One number for each output channel.
    pub bias: &'a [f32],
    /// Pixels from one output to the next, in both directions.
    pub stride: usize,
    /// Zeros around its input.
    pub padding: Padding,
    /// Whether negative results become zero.
    pub relu: bool,
}

impl<'a> Conv<'a> {
    /// Stride 1, no padding, no ReLU.
    pub fn new(kernel: impl Into<Kernel<'a>>, shape: [usize; 4], bias: &'a [f32]) -> Self {
        Self {
            kernel: kernel.into(),
            shape,
            bias,
            stride: 1,
            padding: Padding::default(),
            relu: false,
        }
    }
}

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

/// What there is of each pixel of a slot.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pixel {
    pub channels: usize,
    /// Numbers from one pixel to the next: its channels, and zeros behind them.
    pub depth: usize,
}

/// A network's operations and slots, whatever the size of its pictures.
#[derive(Debug)]
pub(crate) struct Graph {
    /// Zeros kept around the picture.
    pub border: usize,
    /// The picture's, then that of each step.
    pub pixels: Vec<Pixel>,
    pub steps: Vec<Step>,
    pub outputs: Vec<Slot>,
}

/// Collects a network's operations, in the order in which they are computed.
#[derive(Debug)]
pub struct Builder {
    graph: Graph,
    arithmetic: Arithmetic,
}

impl Builder {
    /// A network for pictures of that many channels. `border` rows and columns of zeros are kept
    /// around the picture: padding for a first convolution of few channels, which can then read
    /// a whole row of its window at once.
    pub fn new(channels: usize, border: usize) -> Self {
        let picture = Pixel {
            channels,
            depth: channels.next_multiple_of(GROUP),
        };
        Self {
            graph: Graph {
                border,
                pixels: vec![picture],
                steps: Vec::new(),
                outputs: Vec::new(),
            },
            arithmetic: Arithmetic::default(),
        }
    }

    /// How the convolutions to come are computed.
    pub fn arithmetic(&mut self, arithmetic: Arithmetic) {
        self.arithmetic = arithmetic;
    }

    /// The picture, with its border.
    pub fn input(&self) -> Slot {
        Slot(0)
    }

    /// Adds a convolution of `input`, plus `residual`, which must come out as large.
    ///
    /// # Panics
    ///
    /// When kernel, bias, shape and the slots' channels don't fit together, a weight is not finite,
    /// or an integer is -128.
    pub fn conv(&mut self, input: Slot, conv: &Conv<'_>, residual: Option<Slot>) -> Slot {
        let [output, channels, ..] = conv.shape;
        assert_eq!(
            channels,
            self.pixel(input).channels,
            "the kernel's input channels are the slot's"
        );
        if let Some(residual) = residual {
            let fits = self.pixel(residual).channels == output;
            assert!(fits, "a residual fits the sum");
        }
        let layer = Layer::pack(conv, self.pixel(input).depth, self.arithmetic);
        let pixel = Pixel {
            channels: output,
            depth: layer.panels * PANEL,
        };
        let layer = Box::new(layer);
        self.push(input, Operation::Conv { layer, residual }, pixel)
    }

    /// Adds a pooling that takes the largest value of each window, without padding.
    pub fn max_pool(&mut self, input: Slot, window: usize, stride: usize) -> Slot {
        self.pool(input, Pool::Max, window, stride)
    }

    /// Adds a pooling that takes the mean of each window, without padding.
    pub fn mean_pool(&mut self, input: Slot, window: usize, stride: usize) -> Slot {
        self.pool(input, Pool::Mean, window, stride)
    }

    /// The network, which keeps what was written to `outputs`.
    pub fn finish(mut self, outputs: &[Slot]) -> Network {
        self.graph.outputs = outputs.to_vec();
        Network::new(self.graph)
    }

    /// The same on a graphics card.
    #[cfg(feature = "webgpu")]
    pub fn finish_on(
        mut self,
        outputs: &[Slot],
        card: &crate::gpu::Card,
    ) -> crate::gpu::CardNetwork {
        self.graph.outputs = outputs.to_vec();
        crate::gpu::CardNetwork::new(self.graph, card)
    }

    fn pool(&mut self, input: Slot, pool: Pool, window: usize, stride: usize) -> Slot {
        assert!(window > 0 && stride > 0, "a window moves and holds pixels");
        let operation = Operation::Pool {
            pool,
            window,
            stride,
        };
        self.push(input, operation, self.pixel(input))
    }

    fn push(&mut self, input: Slot, operation: Operation, pixel: Pixel) -> Slot {
        self.graph.steps.push(Step { operation, input });
        self.graph.pixels.push(pixel);
        Slot(self.graph.steps.len())
    }

    fn pixel(&self, slot: Slot) -> Pixel {
        self.graph.pixels[slot.0]
    }
}
