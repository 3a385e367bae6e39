//! The second moments of a convolution's inputs.

use crate::config::{Border, ConvLayer};
use signet_engine::{Arithmetic, Builder, Conv, Output, Padding};

/// Positions of outputs that are looked at, at most: several for each weight of the largest kernels' channels.
const MOST_POSITIONS: usize = 24_000;

/// Positions that are multiplied at once.
const AT_ONCE: usize = 2048;

/// The sums of products of each two of the inputs, that is X^T X, row by row.
pub struct Moments {
    /// How many inputs there are: weights of an output channel.
    pub size: usize,
    /// Symmetric.
    pub sums: Vec<f64>,
}

/// What a convolution reads: for each weight of an output channel its inputs, position after position.
pub struct Samples {
    layer: ConvLayer,
    padding: Padding,
    columns: Vec<Vec<f32>>,
    /// Positions that were met.
    met: usize,
    moments: Moments,
}

impl Samples {
    /// No samples so far.
    pub fn new(layer: &ConvLayer) -> Self {
        let size = layer.input * layer.kernel * layer.kernel;
        Self {
            padding: match layer.border {
                Border::Valid => Padding::default(),
                Border::Same => Padding::same(layer.kernel),
                Border::Zeros(pixels) => Padding::all(pixels),
            },
            layer: layer.clone(),
            columns: vec![Vec::new(); size],
            met: 0,
            moments: Moments {
                size,
                sums: vec![0.0; size * size],
            },
        }
    }

    /// Adds the positions of a batch of maps, which is one of `inputs` maps altogether.
    pub fn add(&mut self, maps: &Output<'_>, inputs: usize) {
        let (layer, padding) = (&self.layer, self.padding);
        let positions = |length: usize, before: usize, after: usize| {
            (length + before + after - layer.kernel) / layer.stride + 1
        };
        let rows = positions(maps.height, padding.top, padding.bottom);
        let columns = positions(maps.width, padding.left, padding.right);
        // Odd, so that it does not meet the same columns of each map.
        let step = (rows * columns * inputs / MOST_POSITIONS) | 1;
        let pixels: Vec<&[f32]> = maps.pixels().collect();
        for map in pixels.chunks(maps.height * maps.width) {
            for position in 0..rows * columns {
                self.met += 1;
                if !self.met.is_multiple_of(step) {
                    continue;
                }
                let corner = [position / columns, position % columns].map(|at| at * layer.stride);
                let window = layer.kernel * layer.kernel;
                for (tap, (y, x)) in
                    (0..window).map(|tap| (tap, (tap / layer.kernel, tap % layer.kernel)))
                {
                    let y = (corner[0] + y).checked_sub(padding.top);
                    let x = (corner[1] + x).checked_sub(padding.left);
                    let inside = y
                        .zip(x)
                        .filter(|(y, x)| *y < maps.height && *x < maps.width);
                    let pixel = inside.map(|(y, x)| map[y * maps.width + x]);
                    for channel in 0..layer.input {
                        let value = pixel.map_or(0.0, |pixel| pixel[channel]);
                        self.columns[channel * window + tap].push(value);
                    }
                }
            }
        }
        if self.columns[0].len() >= AT_ONCE {
            self.multiply();
        }
    }

    /// The moments of all samples.
    pub fn moments(mut self) -> Moments {
        if !self.columns[0].is_empty() {
            self.multiply();
        }
        self.moments
    }

    /// Adds the samples' products to the moments. As a convolution of one pixel for each column, the engine
    /// multiplies matrices.
    fn multiply(&mut self) {
        let (size, count) = (self.moments.size, self.columns[0].len());
        let columns = self.columns.concat();
        let mut builder = Builder::new(count, 0);
        builder.arithmetic(Arithmetic::Float32);
        let bias = vec![0.0; size];
        let conv = Conv::new(&columns, [size, count, 1, 1], &bias);
        let products = builder.conv(builder.input(), &conv, None);
        let mut network = builder.finish(&[products]);
        network.run(&columns, [1, size, 1]);
        let products = network.output(0);
        for (sums, products) in self.moments.sums.chunks_mut(size).zip(products.pixels()) {
            for (sum, product) in sums.iter_mut().zip(products) {
                *sum += f64::from(*product);
            }
        }
        self.columns.iter_mut().for_each(Vec::clear);
    }
}
