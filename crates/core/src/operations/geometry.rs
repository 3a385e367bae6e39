//! Stride and padding of a convolution.

use burn::nn::{PaddingConfig2d, conv::Conv2d};

/// Stride and symmetric padding of a convolution, `[height, width]`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Geometry {
    pub stride: [usize; 2],
    pub padding: [usize; 2],
}

impl Geometry {
    /// None where the padding differs between opposite sides, or the convolution is dilated or grouped.
    pub fn of(conv: &Conv2d) -> Option<Self> {
        if conv.dilation != [1, 1] || conv.groups != 1 {
            return None;
        }
        let padding = match conv.padding {
            PaddingConfig2d::Valid => [0, 0],
            PaddingConfig2d::Explicit(top, left, bottom, right)
                if (top, left) == (bottom, right) =>
            {
                [top, left]
            }
            PaddingConfig2d::Same if conv.kernel_size.iter().all(|side| side % 2 == 1) => {
                conv.kernel_size.map(|side| side / 2)
            }
            _ => return None,
        };
        Some(Self {
            stride: conv.stride,
            padding,
        })
    }
}
