//! Winograd convolutions against the definition of a convolution in float64.

use super::*;
use crate::builder::CHANNEL_ALIGNMENT;
use crate::packing::Arithmetic;
use crate::{Builder, Conv, Cut, Kernel, Output, Padding, Slot};
use cases::{Images, compare, kernel, random, rng};

#[path = "../../tests/cases/mod.rs"]
mod cases;

fn layout([batch, height, width]: [usize; 3], pixel_stride: usize) -> Layout {
    Layout {
        batch,
        height,
        width,
        pixel_stride,
        buffer: 0,
    }
}

/// The values of a slot: images after the zero pixel, with padded channels.
fn slot(images: &Images, layout: &Layout) -> Vec<f32> {
    let mut slot = vec![0.0; layout.len()];
    let pixels = slot.chunks_exact_mut(layout.pixel_stride).skip(1);
    for (pixel, channels) in pixels.zip(images.values.chunks_exact(images.channels)) {
        pixel[..images.channels].copy_from_slice(channels);
    }
    slot
}

fn convolve(
    winograd: &mut Winograd,
    conv: &Conv<'_>,
    images: &Images,
    residual: Option<&Images>,
) -> Images {
    let [output, channels, ..] = conv.shape;
    let from = layout(images.size, channels.next_multiple_of(CHANNEL_ALIGNMENT));
    let layer = Layer::pack(conv, from.pixel_stride, Arithmetic::Float32);
    let [height, width] = layer.output_size([from.height, from.width]);
    let to = layout([from.batch, height, width], layer.panels * NR);
    let residual = residual.map(|residual| slot(residual, &to));
    let mut found = vec![0.0; to.len()];
    let epilogue = Epilogue {
        bias: &layer.bias,
        relu: layer.relu,
        pixel_stride: to.pixel_stride,
        residual: residual.as_ref().map(|slot| &slot[to.pixel_stride..]),
        output: Disjoint::new(&mut found[to.pixel_stride..]),
    };
    let input = slot(images, &from);
    winograd.convolve(&layer, (&from, &input), &to, &epilogue);
    Output::new(&to, output, &found).into()
}

#[test]
fn convolutions_of_any_size_and_padding_are_right() {
    let mut rng = rng(1);
    let sizes = [
        [1, 1, 1],
        [1, 1, 9],
        [2, 6, 1],
        [1, 2, 2],
        [2, 5, 8],
        [1, 9, 7],
        // More tiles than a block.
        [3, 11, 10],
        [1, 4, 5],
    ];
    let uneven = Padding {
        top: 0,
        left: 2,
        bottom: 3,
        right: 1,
    };
    // Reused, with the values of the last size in its buffers.
    let mut winograd = Winograd::default();
    let mut count = 0;
    for size in sizes {
        for padding in [Padding::same(WINDOW), Padding::default(), uneven] {
            for [channels, output] in [[3, 8], [20, 5], [64, 33]] {
                for integers in [false, true] {
                    let shape = [output, channels, WINDOW, WINDOW];
                    let kernel = kernel(shape, integers, &mut rng);
                    let bias = random(output, &mut rng);
                    let conv = Conv {
                        padding,
                        relu: count % 2 == 0,
                        ..Conv::new(&kernel, shape, &bias)
                    };
                    let images = Images::random(size, channels, &mut rng);
                    let mut residual = images.conv(&conv, None);
                    residual.values = random(residual.values.len(), &mut rng);
                    let expected = images.conv(&conv, Some(&residual));
                    let found = convolve(&mut winograd, &conv, &images, Some(&residual));
                    let what = (size, shape, padding, integers);
                    compare(&found, &expected, 2e-6, what);
                    count += 1;
                }
            }
        }
    }
}

#[test]
fn nan_and_infinity_are_kept() {
    let shape = [8, 8, WINDOW, WINDOW];
    let kernel = kernel(shape, true, &mut rng(2));
    let conv = Conv {
        padding: Padding::same(WINDOW),
        ..Conv::new(&kernel, shape, &[0.5; 8])
    };
    for bad in [f32::NAN, f32::INFINITY] {
        let mut images = Images::random([1, 5, 5], 8, &mut rng(3));
        // Row 2, column 2.
        images.values[(2 * 5 + 2) * 8 + 3] = bad;
        let found = convolve(&mut Winograd::default(), &conv, &images, None);
        for pixel in [(1, 1), (2, 2), (3, 3)].map(|(y, x)| y * 5 + x) {
            let outputs = &found.values[pixel * 8..][..8];
            assert!(outputs.iter().all(|v| !v.is_finite()), "{bad} was lost");
        }
    }
}

#[test]
fn it_is_used_only_where_it_pays() {
    let shape = [8, CHANNELS, WINDOW, WINDOW];
    let kernel = kernel(shape, true, &mut rng(3));
    let conv = Conv {
        padding: Padding::same(WINDOW),
        ..Conv::new(&kernel, shape, &[0.5; 8])
    };
    let pack = |conv: &Conv<'_>, arithmetic| Layer::pack(conv, CHANNELS, arithmetic);
    let [least, _] = TILES;
    let wide = layout([1, 1, 2 * least - 1], CHANNELS);
    // Of one image, however many there are.
    let few = layout([least, 2, 2 * least - 2], CHANNELS);

    let layer = pack(&conv, Arithmetic::Float32);
    assert!(pays(&layer, &wide, &wide));
    assert!(!pays(&layer, &few, &few));
    let shallow = layout([1, 64, 64], CHANNELS - 4);
    assert!(!pays(&layer, &shallow, &wide));

    let integers = pack(&conv, Arithmetic::Fastest);
    assert!(!pays(&integers, &wide, &wide));
    let strided = pack(&Conv { stride: 2, ..conv }, Arithmetic::Float32);
    assert!(!pays(&strided, &wide, &wide));
    let shape = [8, CHANNELS, 1, POSITIONS];
    let row = pack(&Conv { shape, ..conv }, Arithmetic::Float32);
    assert!(!pays(&row, &wide, &wide));
}
