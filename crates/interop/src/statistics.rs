//! Batch norms' statistics, computed of pictures one layer after the other: each layer's input is that of a network whose
//! layers before have their new statistics already.

use crate::error::{Error, Result};
use signet_engine::{Arithmetic, Builder, Conv};
use signet_recognizer::{
    BlockLayers, CPU_BATCH, ConvLayer, EPSILON, HostTensor, InputImage, Tensors, Weights,
};

/// The fewest pictures that statistics are computed of, and the most.
pub const PICTURES: std::ops::RangeInclusive<usize> = 8..=200;

/// The same weights with the statistics of these pictures, of the first [`PICTURES`] where they are more.
///
/// # Errors
///
/// [`Error::StatisticsPictures`] for too few pictures, [`Error::StatisticsFolded`] where there is no batch norm any more,
/// and what [`Weights::new`] refuses.
pub fn recompute(weights: &Weights, pictures: &[InputImage]) -> Result<Weights> {
    if weights.is_folded() {
        return Err(Error::StatisticsFolded);
    }
    if pictures.len() < *PICTURES.start() {
        return Err(Error::StatisticsPictures {
            found: pictures.len(),
            needed: *PICTURES.start(),
        });
    }
    let pictures = &pictures[..pictures.len().min(*PICTURES.end())];
    let mut layers = Layers {
        tensors: weights.tensors().clone(),
        renews: true,
    };
    let config = weights.config();
    let mut x = layers.stem(&config.stem_layer(), &Maps::of(pictures));
    for block in config.blocks().iter().flatten() {
        x = layers.block(block, x);
    }
    let renewed = Weights::new(config.clone(), weights.labels().to_vec(), layers.tensors);
    Ok(renewed?)
}

/// How much better the stored statistics of a block that opens a stage fit its layers as they are than with the last
/// convolution of the main path and the shortcut's exchanged, from -4 to 4.
///
/// The layers before have the pictures' own statistics, so that what reaches the block is spread as in the training,
/// whatever the pictures show.
pub fn preference(weights: &Weights, block: usize, pictures: &[InputImage]) -> f64 {
    let mut layers = Layers {
        tensors: weights.tensors().clone(),
        renews: true,
    };
    let config = weights.config();
    let mut x = layers.stem(&config.stem_layer(), &Maps::of(pictures));
    let blocks = config.blocks();
    let mut blocks = blocks.iter().flatten();
    for before in blocks.by_ref().take(block) {
        x = layers.block(before, x);
    }
    let Some(BlockLayers {
        main: [a, b, c],
        shortcut: Some(shortcut),
        ..
    }) = blocks.next()
    else {
        return 0.0;
    };
    let inner = layers.unit(a, &x).relu();
    let inner = layers.unit(b, &inner).relu();
    let fit = |layer: &ConvLayer, input: &Maps, stride| {
        let layer = ConvLayer {
            stride,
            ..layer.clone()
        };
        let [mean, variance] = layers.convolve(&layer, input).moments();
        let stored =
            ["running_mean", "running_variance"].map(|leaf| layers.floats(&layer.norm, leaf));
        let logarithms = |values: &[f32]| -> Vec<f32> {
            values.iter().map(|v| (v.max(0.0) + 1e-9).ln()).collect()
        };
        correlation(&mean, &stored[0])
            + correlation(&logarithms(&variance), &logarithms(&stored[1]))
    };
    // The block's stride is on the shortcut, and of the main path on its first convolution.
    let stride = shortcut.stride;
    fit(c, &inner, 1) + fit(shortcut, &x, stride) - fit(c, &x, stride) - fit(shortcut, &inner, 1)
}

/// Drawn pictures: ramps, discs and stripes, for what needs pictures and no hands.
pub fn drawn_pictures() -> Vec<InputImage> {
    let draw = |n: usize| {
        InputImage::from_fn(64, move |x, y| {
            let (dx, dy) = (x.abs_diff(20 + 3 * n), y.abs_diff(44 - 3 * n));
            let disc = if dx * dx + dy * dy < 150 + 60 * n {
                110
            } else {
                0
            };
            let stripe = if ((x + n * y) / (3 + n)).is_multiple_of(2) {
                30
            } else {
                0
            };
            let ramp = |n: usize| u8::try_from(n.min(255)).unwrap_or(u8::MAX);
            [
                ramp(x * 2 + disc + stripe / 2),
                ramp((63 - y) * 2 + disc + stripe),
                ramp((x + y) * (1 + n % 2) / 2 + disc),
            ]
        })
    };
    (0..8).map(draw).collect()
}

/// The maps of some pictures, N H W C.
struct Maps {
    values: Vec<f32>,
    pictures: usize,
    height: usize,
    width: usize,
    channels: usize,
}

impl Maps {
    fn of(pictures: &[InputImage]) -> Self {
        let side = pictures.first().map_or(0, InputImage::side);
        let bytes = pictures.iter().flat_map(InputImage::rgb);
        Self {
            values: bytes.map(|&value| f32::from(value) / 255.0).collect(),
            pictures: pictures.len(),
            height: side,
            width: side,
            channels: 3,
        }
    }

    /// The mean and the variance of each channel.
    fn moments(&self) -> [Vec<f32>; 2] {
        let mut sums = vec![[0.0_f64; 2]; self.channels];
        for pixel in self.values.chunks_exact(self.channels) {
            for (sums, value) in sums.iter_mut().zip(pixel) {
                let value = f64::from(*value);
                sums[0] += value;
                sums[1] += value * value;
            }
        }
        let count = (self.values.len() / self.channels.max(1)).max(1) as f64;
        let mean = |sums: &[f64; 2]| sums[0] / count;
        let variance = |sums: &[f64; 2]| (sums[1] / count - mean(sums).powi(2)).max(0.0);
        let means = sums.iter().map(|sums| mean(sums) as f32).collect();
        [
            means,
            sums.iter().map(|sums| variance(sums) as f32).collect(),
        ]
    }

    fn relu(mut self) -> Self {
        self.values
            .iter_mut()
            .for_each(|value| *value = value.max(0.0));
        self
    }

    fn plus(mut self, other: &Self) -> Self {
        let sums = self.values.iter_mut().zip(&other.values);
        sums.for_each(|(value, other)| *value += other);
        self
    }

    /// The maximum of each 3x3 pixels, each second pixel, without a border.
    fn max_pool(&self) -> Self {
        let [height, width] = [self.height, self.width].map(|side| (side - 3) / 2 + 1);
        let mut values = Vec::with_capacity(self.pictures * height * width * self.channels);
        for n in 0..self.pictures {
            for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
                let rows = (2 * y..2 * y + 3).map(|row| (n * self.height + row) * self.width);
                let pixels: Vec<usize> = rows
                    .flat_map(|row| (2 * x..2 * x + 3).map(move |x| row + x))
                    .collect();
                values.extend((0..self.channels).map(|channel| {
                    let at = |pixel: &usize| self.values[pixel * self.channels + channel];
                    pixels.iter().map(at).fold(f32::NEG_INFINITY, f32::max)
                }));
            }
        }
        Self {
            values,
            height,
            width,
            ..*self
        }
    }
}

/// A network's layers, with the statistics that are stored, or those of what goes through them.
struct Layers {
    tensors: Tensors,
    renews: bool,
}

impl Layers {
    fn floats(&self, layer: &str, leaf: &str) -> Vec<f32> {
        let tensor = self.tensors.get(&format!("{layer}.{leaf}"));
        tensor
            .map(|tensor| tensor.floats().into_owned())
            .unwrap_or_default()
    }

    fn stem(&mut self, layer: &ConvLayer, pictures: &Maps) -> Maps {
        self.unit(layer, pictures).relu().max_pool()
    }

    fn block(&mut self, block: &BlockLayers, x: Maps) -> Maps {
        let [a, b, c] = &block.main;
        let y = self.unit(a, &x).relu();
        let y = self.unit(b, &y).relu();
        let y = self.unit(c, &y);
        let shortcut = match &block.shortcut {
            Some(layer) => self.unit(layer, &x),
            None => x,
        };
        y.plus(&shortcut).relu()
    }

    /// A convolution and its batch norm.
    fn unit(&mut self, layer: &ConvLayer, input: &Maps) -> Maps {
        let mut output = self.convolve(layer, input);
        if self.renews {
            for (leaf, values) in ["running_mean", "running_variance"]
                .into_iter()
                .zip(output.moments())
            {
                let tensor = HostTensor::new(vec![layer.output], values);
                self.tensors
                    .insert(format!("{}.{leaf}", layer.norm), tensor);
            }
        }
        let [gamma, beta, mean, variance] = ["gamma", "beta", "running_mean", "running_variance"]
            .map(|leaf| self.floats(&layer.norm, leaf));
        let scale: Vec<f32> = gamma
            .iter()
            .zip(&variance)
            .map(|(g, v)| (f64::from(*g) / (f64::from(*v) + EPSILON).sqrt()) as f32)
            .collect();
        for pixel in output.values.chunks_exact_mut(layer.output) {
            for (at, value) in pixel.iter_mut().enumerate() {
                *value = (*value - mean[at]) * scale[at] + beta[at];
            }
        }
        output
    }

    fn convolve(&self, layer: &ConvLayer, input: &Maps) -> Maps {
        let (kernel, bias) = (
            self.floats(&layer.name, "kernel"),
            self.floats(&layer.name, "bias"),
        );
        let mut builder = Builder::new(layer.input, 0);
        builder.arithmetic(Arithmetic::Float32);
        let conv = Conv {
            stride: layer.stride,
            padding: layer.padding(),
            ..Conv::new(&kernel, layer.kernel_shape(), &bias)
        };
        let output = builder.conv(builder.input(), &conv, None);
        let mut network = builder.finish(&[output]);
        let picture = input.height * input.width * input.channels;
        let mut maps = Maps {
            values: Vec::new(),
            pictures: input.pictures,
            height: 0,
            width: 0,
            channels: layer.output,
        };
        for batch in input.values.chunks(picture * CPU_BATCH) {
            network.run(batch, [batch.len() / picture, input.height, input.width]);
            let output = network.output(0);
            (maps.height, maps.width) = (output.height, output.width);
            maps.values.extend(output.pixels().flatten());
        }
        maps
    }
}

/// Pearson's correlation; 0 where one of the two is all the same.
fn correlation(left: &[f32], right: &[f32]) -> f64 {
    let count = left.len().max(1) as f64;
    let mean = |values: &[f32]| values.iter().map(|v| f64::from(*v)).sum::<f64>() / count;
    let (of_left, of_right) = (mean(left), mean(right));
    let [mut both, mut square_left, mut square_right] = [0.0; 3];
    for (a, b) in left.iter().zip(right) {
        let (a, b) = (f64::from(*a) - of_left, f64::from(*b) - of_right);
        both += a * b;
        square_left += a * a;
        square_right += b * b;
    }
    let scale = (square_left * square_right).sqrt();
    if scale > 1e-12 { both / scale } else { 0.0 }
}
