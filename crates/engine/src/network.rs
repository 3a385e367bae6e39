//! Running a network.

use crate::graph::{Graph, Operation, Slot};
use crate::kernel::{self, Job, TILE, Target};
use crate::layer::{Layer, Packed};
use crate::plan::{Plan, Recent, View};
use crate::pool::pool;
use crate::scratch::Scratch;
use crate::winograd::{self, Winograd};

/// How many sizes of pictures are remembered.
const PLANS: usize = 8;

/// A network with its weights packed and its buffers at hand.
#[derive(Debug)]
pub struct Network {
    graph: Graph,
    /// For each slot the largest integer that all its readers can take.
    bounds: Vec<i32>,
    plans: Recent<Plan>,
    buffers: Vec<Vec<f32>>,
    rounded: Rounded,
    /// A panel's weights as floats, where they are packed as integers.
    scratch: Scratch,
    winograd: Winograd,
}

/// A slot as integers, for the convolutions that compute with such.
#[derive(Debug, Default)]
struct Rounded {
    /// Which slot of this run it is.
    slot: Option<Slot>,
    /// Two channels in each.
    pairs: Vec<i32>,
    /// What an integer stands for.
    scale: f32,
}

/// What a run has written to a slot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Output<'a> {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Numbers in a pixel.
    pub channels: usize,
    /// Numbers from one pixel to the next.
    depth: usize,
    values: &'a [f32],
}

impl<'a> Output<'a> {
    /// `values` are the slot's, its pixel of zeros included.
    pub(crate) fn new(view: &View, channels: usize, values: &'a [f32]) -> Self {
        Self {
            height: view.height,
            width: view.width,
            channels,
            depth: view.depth,
            values: &values[view.depth..],
        }
    }

    /// The channels of each pixel: picture by picture, row by row.
    pub fn pixels(&self) -> impl Iterator<Item = &'a [f32]> + use<'a> {
        let channels = self.channels;
        let pixels = self.values.chunks_exact(self.depth);
        pixels.map(move |pixel| &pixel[..channels])
    }
}

impl Network {
    pub(crate) fn new(graph: Graph) -> Self {
        let mut bounds = vec![i32::from(i16::MAX); graph.pixels.len()];
        for step in &graph.steps {
            if let Operation::Conv { layer, .. } = &step.operation
                && let Some(largest) = layer.bound
            {
                let bound = &mut bounds[step.input.0];
                *bound = largest.min(*bound);
            }
        }
        Self {
            graph,
            bounds,
            plans: Recent::new(PLANS),
            buffers: Vec::new(),
            rounded: Rounded::default(),
            scratch: Scratch::default(),
            winograd: Winograd::default(),
        }
    }

    /// How many of its convolutions compute with integers, and how many there are.
    pub fn integer_layers(&self) -> (usize, usize) {
        let layers = self
            .graph
            .steps
            .iter()
            .filter_map(|step| match &step.operation {
                Operation::Conv { layer, .. } => Some(layer.bound),
                Operation::Pool { .. } => None,
            });
        (layers.clone().flatten().count(), layers.count())
    }

    /// Runs `pictures`, `[batch, height, width, channels]`.
    ///
    /// # Panics
    ///
    /// When `pictures` is not of that size.
    pub fn run(&mut self, pictures: &[f32], size: [usize; 3]) {
        let count = size.iter().product::<usize>() * self.graph.pixels[0].channels;
        assert_eq!(pictures.len(), count, "pictures of the size given");
        self.prepare(size);
        let Some(plan) = self.plans.latest() else {
            return;
        };
        self.rounded.slot = None;
        let view = plan.views[0];
        let output = &mut self.buffers[view.buffer];
        write(pictures, size, &self.graph, (&view, output));
        for (index, step) in self.graph.steps.iter().enumerate() {
            let (from, to) = (&plan.views[step.input.0], &plan.views[index + 1]);
            // The slots that are read lie in other buffers, or the plan would be wrong.
            let mut written = std::mem::take(&mut self.buffers[to.buffer]);
            written[..to.depth].fill(0.0);
            let output = &mut written[..to.len()];
            let input = &self.buffers[from.buffer][..from.len()];
            match &step.operation {
                Operation::Conv { layer, residual } => {
                    let residual = residual.map(|slot| {
                        let view = &plan.views[slot.0];
                        &self.buffers[view.buffer][..view.len()]
                    });
                    if layer.bound.is_some() && self.rounded.slot != Some(step.input) {
                        self.rounded.round(input, self.bounds[step.input.0]);
                        self.rounded.slot = Some(step.input);
                    }
                    let mut target = Target {
                        bias: &layer.bias,
                        relu: layer.relu,
                        depth: to.depth,
                        residual: residual.map(|residual| &residual[to.depth..]),
                        output: &mut output[to.depth..],
                    };
                    let from = (from, input);
                    if winograd::pays(layer, from.0, to) {
                        self.winograd.convolve(layer, from, to, &mut target);
                    } else {
                        let table = &plan.tables[index];
                        let scratch = &mut self.scratch;
                        convolve(layer, table, from, &self.rounded, scratch, &mut target);
                    }
                }
                Operation::Pool {
                    pool: how,
                    window,
                    stride,
                } => pool(*how, *window, *stride, (from, input), (to, output)),
            }
            self.buffers[to.buffer] = written;
        }
    }

    /// What the last run has written to the output of that index.
    ///
    /// # Panics
    ///
    /// When nothing has run yet, or there is no such output.
    pub fn output(&self, index: usize) -> Output<'_> {
        let plan = self.plans.latest().expect("a run comes before its output");
        let slot = self.graph.outputs[index].0;
        let view = &plan.views[slot];
        let values = &self.buffers[view.buffer][..view.len()];
        Output::new(view, self.graph.pixels[slot].channels, values)
    }

    /// Makes the plan of that size the latest, and the buffers as long as it needs.
    fn prepare(&mut self, size: [usize; 3]) {
        let plan = self.plans.get(size, || Plan::new(size, &self.graph, TILE));
        let more = plan.buffers.len().max(self.buffers.len());
        self.buffers.resize_with(more, Vec::new);
        for (buffer, &length) in self.buffers.iter_mut().zip(&plan.buffers) {
            if buffer.len() < length {
                buffer.resize(length, 0.0);
            }
        }
    }
}

impl Rounded {
    /// Rounds to integers of at most `bound`. A value that is no number makes the scale, and with it
    /// all that is computed from here, no number.
    fn round(&mut self, values: &[f32], bound: i32) {
        let most = kernel::largest(values);
        self.scale = if most == 0.0 {
            1.0
        } else {
            most / bound as f32
        };
        if self.pairs.len() < values.len() / 2 {
            self.pairs.resize(values.len() / 2, 0);
        }
        kernel::round(
            values,
            1.0 / self.scale,
            &mut self.pairs[..values.len() / 2],
        );
    }
}

/// Lays pictures into their slot, with channels padded and a border around them.
pub(crate) fn write(
    pictures: &[f32],
    [_, height, width]: [usize; 3],
    graph: &Graph,
    (view, output): (&View, &mut [f32]),
) {
    let (channels, border) = (graph.pixels[0].channels, graph.border);
    output[..view.len()].fill(0.0);
    let rows = pictures.chunks_exact((width * channels).max(1));
    for (index, row) in rows.enumerate() {
        let (n, y) = (index / height, index % height);
        let first = (n * view.height + y + border) * view.width + border + 1;
        let to = output[first * view.depth..].chunks_exact_mut(view.depth);
        for (pixel, to) in row.chunks_exact(channels).zip(to) {
            to[..channels].copy_from_slice(pixel);
        }
    }
}

fn convolve(
    layer: &Layer,
    table: &[u32],
    (from, input): (&View, &[f32]),
    rounded: &Rounded,
    scratch: &mut Scratch,
    target: &mut Target<'_>,
) {
    let ([rows, columns], across) = layer.taps();
    let taps = rows * columns;
    let floats = Job {
        input,
        depth: from.depth,
        run: from.depth * across,
        taps,
        table,
    };
    match (&layer.weights, layer.bound) {
        (Packed::Float(weights), _) => kernel::float(&floats, weights, target),
        (Packed::Integer { weights, scales }, None) => {
            kernel::widened(&floats, (weights, scales), scratch, target);
        }
        (Packed::Integer { weights, scales }, Some(_)) => kernel::integer(
            &Job {
                input: &rounded.pairs[..input.len() / 2],
                depth: from.depth / 2,
                run: from.depth * across / 2,
                taps,
                table,
            },
            (weights, scales, rounded.scale),
            target,
        ),
    }
}
