//! The description of a convolution.

/// Zero padding, in pixels.
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

    /// Keeps height and width at stride 1. Where the padding of a square kernel of side `kernel` is
    /// odd, the extra row and column are at the bottom and right, as in TensorFlow's `SAME`.
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

/// The weights of a convolution: `[output channels, input channels, height, width]`, row-major.
#[derive(Debug, Clone, Copy)]
pub enum Kernel<'a> {
    /// float32 weights.
    Floats(&'a [f32]),
    /// Symmetric int8 weights. A weight is `value * scale of its output channel`.
    Integers {
        /// Values from -127 to 127.
        values: &'a [i8],
        /// One scale per output channel.
        scales: &'a [f32],
    },
}

impl<'a, T: AsRef<[f32]> + ?Sized> From<&'a T> for Kernel<'a> {
    fn from(floats: &'a T) -> Self {
        Self::Floats(floats.as_ref())
    }
}

/// A 2-d convolution (cross-correlation) with bias and optional ReLU. Batch norm is to be folded
/// into kernel and bias.
#[derive(Debug, Clone, Copy)]
pub struct Conv<'a> {
    /// Weights.
    pub kernel: Kernel<'a>,
    /// The kernel's shape: `[output channels, input channels, height, width]`.
    pub shape: [usize; 4],
    /// One bias per output channel.
    pub bias: &'a [f32],
    /// Input pixels from one output to the next, in both directions.
    pub stride: usize,
    /// Zero padding of the input.
    pub padding: Padding,
    /// Whether a ReLU follows, after a residual is added.
    pub relu: bool,
}

impl<'a> Conv<'a> {
    /// A convolution with stride 1, without padding and ReLU.
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
