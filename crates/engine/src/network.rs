//! Runs a network on the CPU.

use crate::cut::{self, Action, Cut};
use crate::graph::{Graph, Operation};
use crate::kernel::{self, Epilogue, IndirectInput, MR};
use crate::layout::Layout;
use crate::lru::LruCache;
use crate::output::Output;
use crate::packing::{Layer, Packed};
use crate::plan::Plan;
use crate::pool::pool;
use crate::quantize::QuantizedActivations;
use crate::scratch::Scratch;
use crate::threads::{Disjoint, PerThread};
use crate::winograd::{self, Winograd};

/// Input sizes whose plans are kept.
const PLANS: usize = 8;

/// A network with packed weights, its plans and its buffers. Made by
/// [`Builder::finish`](crate::Builder::finish).
#[derive(Debug)]
pub struct Network {
    graph: Graph,
    /// For each slot the smallest [`Layer::qmax`] of the convolutions that read it.
    qmax: Vec<i32>,
    plans: LruCache<Plan>,
    buffers: Vec<Vec<f32>>,
    quantized: QuantizedActivations,
    /// The dequantized weights of a panel.
    dequantized: PerThread<Scratch>,
    winograd: Winograd,
    /// What the last run did at each step, where that was not all.
    actions: Option<Vec<Action>>,
}

impl Network {
    pub(crate) fn new(graph: Graph) -> Self {
        let mut qmax = vec![i32::from(i16::MAX); graph.channels.len()];
        for (step, layer) in graph.steps.iter().zip(graph.layers()) {
            if let Some(of_layer) = layer.and_then(|layer| layer.qmax) {
                let of_slot = &mut qmax[step.input.0];
                *of_slot = of_layer.min(*of_slot);
            }
        }
        Self {
            graph,
            qmax,
            plans: LruCache::new(PLANS),
            buffers: Vec::new(),
            quantized: QuantizedActivations::default(),
            dequantized: PerThread::default(),
            winograd: Winograd::default(),
            actions: None,
        }
    }

    /// How many of its convolutions use integer arithmetic, and how many convolutions it has.
    pub fn integer_layers(&self) -> (usize, usize) {
        let layers = self.graph.layers().flatten();
        (
            layers.clone().filter_map(|l| l.qmax).count(),
            layers.count(),
        )
    }

    /// Runs a batch of `images`, row-major `[batch, height, width, channels]`. `size` is
    /// `[batch, height, width]`. A size that ran before needs no allocation.
    ///
    /// # Panics
    ///
    /// When `images` is not of that size.
    pub fn run(&mut self, images: &[f32], size: [usize; 3]) {
        self.actions = None;
        self.compute(images, size);
    }

    /// As [`run`](Self::run), of the network without `cuts`. Computes only what `outputs` need, indices in
    /// the order given to [`Builder::finish`](crate::Builder::finish); only these can be read then.
    /// Without cuts they are to the bit what [`run`](Self::run) computes.
    ///
    /// # Panics
    ///
    /// As [`run`](Self::run); when a cut's slot is no convolution with a residual, or there is no such
    /// output.
    pub fn run_part(&mut self, images: &[f32], size: [usize; 3], cuts: &[Cut], outputs: &[usize]) {
        self.actions = Some(cut::select(&self.graph, cuts, outputs));
        self.compute(images, size);
    }

    fn compute(&mut self, images: &[f32], size: [usize; 3]) {
        self.graph.check(images, size);
        let plan = self.plans.get(size, || Plan::new(size, &self.graph, MR));
        let count = plan.buffers.len().max(self.buffers.len());
        self.buffers.resize_with(count, Vec::new);
        for (buffer, &length) in self.buffers.iter_mut().zip(&plan.buffers) {
            if buffer.len() < length {
                buffer.resize(length, 0.0);
            }
        }
        self.quantized.clear();
        let layout = &plan.layouts[0];
        let input = &mut self.buffers[layout.buffer];
        self.graph.write_input(images, size, (layout, input));
        for (index, step) in self.graph.steps.iter().enumerate() {
            let actions = self.actions.as_ref();
            let Action::Compute { branch, residual } =
                actions.map_or(Action::WHOLE, |actions| actions[index])
            else {
                continue;
            };
            let (from, to) = (&plan.layouts[step.input.0], &plan.layouts[index + 1]);
            // The plan never puts an operation's result into a buffer that the operation reads.
            let mut written = std::mem::take(&mut self.buffers[to.buffer]);
            written[..to.pixel_stride].fill(0.0);
            let output = &mut written[..to.len()];
            let input = &self.buffers[from.buffer][..from.len()];
            match &step.operation {
                Operation::Conv { layer, .. } => {
                    let added = step.operation.residual().filter(|_| residual).map(|slot| {
                        let layout = &plan.layouts[slot.0];
                        &self.buffers[layout.buffer][to.pixel_stride..layout.len()]
                    });
                    if !branch {
                        let output = &mut output[to.pixel_stride..];
                        cut::without_branch(added, layer.relu, output);
                        self.buffers[to.buffer] = written;
                        continue;
                    }
                    if layer.qmax.is_some() {
                        let qmax = self.qmax[step.input.0];
                        let pixels = to.height * to.width;
                        let quantized = &mut self.quantized;
                        quantized.update(step.input, (from, input), qmax, pixels);
                    }
                    let epilogue = Epilogue {
                        bias: &layer.bias,
                        relu: layer.relu,
                        pixel_stride: to.pixel_stride,
                        residual: added,
                        output: Disjoint::new(&mut output[to.pixel_stride..]),
                    };
                    let from = (from, input);
                    if winograd::pays(layer, from.0, to) {
                        self.winograd.convolve(layer, from, to, &epilogue);
                    } else {
                        let indirection = &plan.indirection[index];
                        let (quantized, scratch) = (&self.quantized, &self.dequantized);
                        convolve(layer, indirection, from, quantized, scratch, &epilogue);
                    }
                }
                Operation::Pool {
                    pool: kind,
                    window,
                    stride,
                } => pool(*kind, *window, *stride, (from, input), (to, output)),
            }
            self.buffers[to.buffer] = written;
        }
    }

    /// The output of that index in the order given to [`Builder::finish`](crate::Builder::finish),
    /// as the last run left it.
    ///
    /// # Panics
    ///
    /// Before the first run, when there is no such output, or when the last run didn't compute it.
    pub fn output(&self, index: usize) -> Output<'_> {
        let plan = self.plans.latest().expect("a run comes before its output");
        let slot = self.graph.outputs[index].0;
        let action = self.actions.as_ref().zip(slot.checked_sub(1));
        let is_computed = action.is_none_or(|(actions, step)| actions[step] != Action::Skip);
        assert!(is_computed, "the last run computed this output");
        let layout = &plan.layouts[slot];
        let values = &self.buffers[layout.buffer][..layout.len()];
        Output::new(layout, self.graph.channels[slot].count, values)
    }
}

fn convolve(
    layer: &Layer,
    indirection: &[u32],
    (from, input): (&Layout, &[f32]),
    quantized: &QuantizedActivations,
    scratch: &PerThread<Scratch>,
    epilogue: &Epilogue<'_>,
) {
    let ([rows, columns], pixels) = layer.taps();
    let floats = IndirectInput {
        values: input,
        pixel_stride: from.pixel_stride,
        k_per_tap: from.pixel_stride * pixels,
        kernel_size: rows * columns,
        indirection,
    };
    match (&layer.weights, layer.qmax) {
        (Packed::Float(weights), _) => kernel::convolve_f32(&floats, weights, epilogue),
        (Packed::Integer { weights, scales }, None) => {
            kernel::convolve_dequantized(&floats, (weights, scales), scratch, epilogue);
        }
        (Packed::Integer { weights, scales }, Some(_)) => {
            let pairs = IndirectInput {
                values: &quantized.pairs[..input.len() / 2],
                pixel_stride: floats.pixel_stride / 2,
                k_per_tap: floats.k_per_tap / 2,
                kernel_size: floats.kernel_size,
                indirection,
            };
            let scales = (&scales[..], &quantized.pixel_scales[..]);
            kernel::convolve_i8(&pairs, weights, scales, epilogue);
        }
    }
}
