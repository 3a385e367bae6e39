//! Runs a network on a GPU.

use super::device::{Dispatch, Gpu, GpuError, MR, NR, Shader, WORKGROUP_SIDE};
use super::weights::GpuWeights;
use crate::cut::{self, Action, Cut};
use crate::graph::{Graph, Operation};
use crate::layout::{Layout, Slot};
use crate::lru::LruCache;
use crate::output::Output;
use crate::packing::Layer;
use crate::plan::Plan;
use crate::pool::Pool;
use crate::timing::{BUSY, mean_time};
use bytemuck::cast_slice;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::time::Duration;
use web_time::Instant;
use wgpu::{Buffer, BufferUsages, ComputePassDescriptor, MapMode};

/// Input sizes whose plans are kept.
const PLANS: usize = 4;

/// How many invocations of a workgroup may share the sums of a tile.
const SPLITS: [usize; 2] = [8, WORKGROUP_SIDE * WORKGROUP_SIDE];

/// Values of [`GpuNetwork::split_k`] that [`GpuNetwork::autotune`] tries: never split; about what a
/// laptop's GPU runs at once; a large GPU.
const CANDIDATES: [usize; 3] = [0, 1 << 12, 1 << 15];

/// A plan with its buffers on the GPU.
#[derive(Debug)]
struct GpuPlan {
    plan: Plan,
    buffers: Vec<Buffer>,
    /// For each step the indirection buffer of its convolution.
    indirection: Vec<Option<Buffer>>,
    /// For each step that of the whole network.
    dispatches: Vec<Dispatch>,
}

/// A network on a GPU. Made by [`Builder::finish_on`](crate::Builder::finish_on).
#[derive(Debug)]
pub struct GpuNetwork {
    gpu: Gpu,
    graph: Graph,
    /// For each step those of its convolution.
    weights: Vec<Option<GpuWeights>>,
    plans: RefCell<LruCache<Rc<GpuPlan>>>,
    min_invocations: Cell<usize>,
}

/// The outputs of one run.
#[derive(Debug)]
pub struct Outputs {
    /// For each output that was computed its channels, its layout and its first index in `values`.
    layouts: Vec<Option<(usize, Layout, usize)>>,
    values: Vec<f32>,
}

impl Outputs {
    /// The output of that index, in the order given to
    /// [`Builder::finish_on`](crate::Builder::finish_on).
    ///
    /// # Panics
    ///
    /// When there is no such output, or the run didn't compute it.
    pub fn output(&self, index: usize) -> Output<'_> {
        let layout = self.layouts[index].as_ref();
        let (channels, layout, first) = layout.expect("the run computed this output");
        Output::new(layout, *channels, &self.values[*first..][..layout.len()])
    }
}

impl GpuNetwork {
    pub(crate) fn new(mut graph: Graph, gpu: &Gpu) -> Self {
        let steps = graph.steps.iter_mut();
        let weights = steps.map(|step| match &mut step.operation {
            Operation::Conv { layer, .. } => Some(GpuWeights::upload(layer, gpu)),
            Operation::Pool { .. } => None,
        });
        Self {
            weights: weights.collect(),
            graph,
            gpu: gpu.clone(),
            plans: RefCell::new(LruCache::new(PLANS)),
            min_invocations: Cell::new(gpu.split_k.get().unwrap_or(0)),
        }
    }

    /// Splits the sums over input channels and kernel positions (K) of small convolutions among
    /// invocations, so that each convolution has at least `min_invocations` where it can. 0 never
    /// splits.
    pub fn split_k(&self, min_invocations: usize) {
        // Plans for another number are of no use.
        if self.min_invocations.replace(min_invocations) != min_invocations {
            self.plans.replace(LruCache::new(PLANS));
        }
    }

    /// Finds the fastest [`split_k`](Self::split_k) for inputs of `[batch, height, width]` on this
    /// GPU, and uses it from then on, as do all networks made on the GPU later. Takes a few dozen
    /// runs; none where an earlier network has found it.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub async fn autotune(&self, size: [usize; 3]) -> Result<(), GpuError> {
        if self.gpu.split_k.get().is_some() {
            return Ok(());
        }
        let images = vec![0.5; size.iter().product::<usize>() * self.graph.channels[0].count];
        let mut best = (CANDIDATES[0], Duration::MAX);
        for candidate in CANDIDATES {
            self.split_k(candidate);
            self.run(&images, size).await?;
            let start = Instant::now();
            let run = async || self.run(&images, size).await.map(drop);
            let time = mean_time(|| start.elapsed(), run).await?;
            if time < best.1 {
                best = (candidate, time);
            }
            if best.1 >= BUSY {
                break;
            }
        }
        self.split_k(best.0);
        self.gpu.split_k.set(Some(best.0));
        Ok(())
    }

    /// Runs a batch of `images`, row-major `[batch, height, width, channels]`. `size` is
    /// `[batch, height, width]`. Overlapping runs are computed one after the other, without the GPU
    /// waiting between them.
    ///
    /// # Errors
    ///
    /// When the GPU fails or is lost.
    ///
    /// # Panics
    ///
    /// When `images` is not of that size.
    pub async fn run(&self, images: &[f32], size: [usize; 3]) -> Result<Outputs, GpuError> {
        let all: Vec<usize> = (0..self.graph.outputs.len()).collect();
        self.compute(images, size, None, &all).await
    }

    /// As [`run`](Self::run), of the network without `cuts`. Computes only what `outputs` need, indices in
    /// the order given to [`Builder::finish_on`](crate::Builder::finish_on); only these can be read then.
    /// Without cuts they are to the bit what [`run`](Self::run) computes.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    ///
    /// # Panics
    ///
    /// As [`run`](Self::run); when a cut's slot is no convolution with a residual, or there is no such
    /// output.
    pub async fn run_part(
        &self,
        images: &[f32],
        size: [usize; 3],
        cuts: &[Cut],
        outputs: &[usize],
    ) -> Result<Outputs, GpuError> {
        let actions = cut::select(&self.graph, cuts, outputs);
        self.compute(images, size, Some(&actions), outputs).await
    }

    async fn compute(
        &self,
        images: &[f32],
        size: [usize; 3],
        actions: Option<&[Action]>,
        outputs: &[usize],
    ) -> Result<Outputs, GpuError> {
        self.graph.check(images, size);
        self.gpu.check()?;
        let prepare = || Rc::new(self.prepare(size));
        let prepared = self.plans.borrow_mut().get(size, prepare).clone();
        let mut layouts = vec![None; self.graph.outputs.len()];
        let mut floats = 0;
        for &output in outputs {
            let slot = self.graph.outputs[output].0;
            let layout = prepared.plan.layouts[slot];
            layouts[output] = Some((self.graph.channels[slot].count, layout, floats));
            floats += layout.len();
        }

        let layout = &prepared.plan.layouts[0];
        let mut input = vec![0.0; layout.len()];
        self.graph.write_input(images, size, (layout, &mut input));
        let queue = &self.gpu.queue;
        queue.write_buffer(&prepared.buffers[layout.buffer], 0, cast_slice(&input));
        let mut commands = self.gpu.device.create_command_encoder(&Default::default());
        let mut pass = commands.begin_compute_pass(&ComputePassDescriptor::default());
        for (index, whole) in prepared.dispatches.iter().enumerate() {
            let part;
            let dispatch = match actions.map_or(Action::WHOLE, |actions| actions[index]) {
                Action::Skip => continue,
                Action::WHOLE => whole,
                Action::Compute { branch, residual } => {
                    part = self.dispatch(&prepared, index, [branch, residual]);
                    &part
                }
            };
            let [x, y] = dispatch.workgroups;
            pass.set_pipeline(&dispatch.pipeline);
            pass.set_bind_group(0, &dispatch.bindings, &[]);
            pass.dispatch_workgroups(x, y, 1);
        }
        drop(pass);
        let usage = BufferUsages::MAP_READ | BufferUsages::COPY_DST;
        let result = self.gpu.allocate(usage, floats);
        for (_, layout, first) in layouts.iter().flatten() {
            let [first, length] = [*first, layout.len()].map(|n| (n * size_of::<f32>()) as u64);
            let from = &prepared.buffers[layout.buffer];
            commands.copy_buffer_to_buffer(from, 0, &result, first, length);
        }
        queue.submit([commands.finish()]);

        let (sender, receiver) = oneshot::channel();
        result.map_async(MapMode::Read, .., move |mapped| {
            // The receiver is gone where the run was dropped.
            let _ = sender.send(mapped);
        });
        let failed = |error: &dyn fmt::Display| GpuError(format!("no answer: {error}"));
        // A browser calls back by itself. Native wgpu calls back from a poll.
        #[cfg(not(target_arch = "wasm32"))]
        let polled = self.gpu.device.poll(wgpu::PollType::wait_indefinitely());
        #[cfg(not(target_arch = "wasm32"))]
        polled.map_err(|e| failed(&e))?;
        let mapped = receiver.await;
        self.gpu.check()?;
        mapped.map_err(|e| failed(&e))?.map_err(|e| failed(&e))?;
        let bytes = result.get_mapped_range(..).map_err(|e| failed(&e))?;
        let values = cast_slice(&bytes).to_vec();
        Ok(Outputs { layouts, values })
    }

    fn prepare(&self, size: [usize; 3]) -> GpuPlan {
        let plan = Plan::new(size, &self.graph, MR);
        let usage = BufferUsages::STORAGE | BufferUsages::COPY_DST | BufferUsages::COPY_SRC;
        let lengths = plan.buffers.iter();
        let buffers: Vec<_> = lengths.map(|&n| self.gpu.allocate(usage, n)).collect();
        let entries = plan.indirection.iter().zip(&self.weights);
        let upload = |entries| self.gpu.upload(BufferUsages::STORAGE, cast_slice(entries));
        let indirection =
            entries.map(|(entries, weights)| weights.is_some().then(|| upload(entries)));
        let mut prepared = GpuPlan {
            indirection: indirection.collect(),
            dispatches: Vec::new(),
            plan,
            buffers,
        };
        let steps = 0..self.graph.steps.len();
        let dispatches = steps.map(|step| self.dispatch(&prepared, step, [true; 2]));
        prepared.dispatches = dispatches.collect();
        prepared
    }

    /// A step, with what is left of its sum: the convolution, the residual.
    fn dispatch(&self, prepared: &GpuPlan, index: usize, left: [bool; 2]) -> Dispatch {
        let step = &self.graph.steps[index];
        let buffer = |slot: Slot| {
            let layout = &prepared.plan.layouts[slot.0];
            (layout, &prepared.buffers[layout.buffer])
        };
        let ((from, input), (to, output)) = (buffer(step.input), buffer(Slot(index + 1)));
        match &step.operation {
            Operation::Conv { layer, residual } => {
                let weights = self.weights[index].as_ref();
                let indirection = prepared.indirection[index].as_ref();
                let (weights, indirection) = weights
                    .zip(indirection)
                    .expect("every convolution has weights and an indirection buffer");
                let added = residual.map_or(input, |slot| buffer(slot).1);
                let [branch, kept] = left;
                let mut params = conv_params(layer, residual.is_some() && kept, [from, to]);
                let [panels, tiles] = [to.pixel_stride / NR, to.pixels().div_ceil(MR)];
                // Of one image: sums that are split round differently, and an image's answer
                // doesn't depend on the size of its batch.
                let alone = panels * (to.height * to.width).div_ceil(MR);
                let mut split_k = split_factor(alone, self.min_invocations.get());
                let mut affine = weights.affine.clone();
                if !branch {
                    // A convolution of no taps, and without its bias.
                    params[KERNEL_SIZE] = 0;
                    split_k = 1;
                    let zeros = vec![0; affine.size() as usize];
                    affine = self.gpu.upload(BufferUsages::STORAGE, &zeros);
                }
                let buffers = [input, added, indirection, &weights.weights, &affine, output];
                let workgroups = match split_k {
                    1 => [panels, tiles].map(|count| count.div_ceil(WORKGROUP_SIDE)),
                    _ => [
                        panels.div_ceil(WORKGROUP_SIDE * WORKGROUP_SIDE / split_k),
                        tiles,
                    ],
                };
                let shader = Shader::Convolve {
                    weights: weights.kind,
                    split_k,
                };
                self.gpu.dispatch(shader, &params, &buffers, workgroups)
            }
            Operation::Pool {
                pool,
                window,
                stride,
            } => {
                let params = [
                    to.pixels(),
                    to.height,
                    to.width,
                    from.height,
                    from.width,
                    from.pixel_stride / 4,
                    *window,
                    *stride,
                    usize::from(*pool == Pool::Mean),
                ]
                .map(|number| number as u32);
                let workgroups =
                    [to.pixel_stride / 4, to.pixels()].map(|count| count.div_ceil(WORKGROUP_SIDE));
                let buffers = [input, output];
                self.gpu
                    .dispatch(Shader::Pool, &params, &buffers, workgroups)
            }
        }
    }
}

/// How many invocations share the sums of each of an image's `tiles`, so that there are
/// `min_invocations`.
fn split_factor(tiles: usize, min_invocations: usize) -> usize {
    if tiles >= min_invocations {
        return 1;
    }
    let enough = |factor: &usize| tiles * factor >= min_invocations;
    SPLITS.into_iter().find(enough).unwrap_or(SPLITS[1])
}

/// The index of `kernel_size` in the `Params` of `convolve.wgsl`.
const KERNEL_SIZE: usize = 2;

/// `Params` of `convolve.wgsl`.
fn conv_params(layer: &Layer, has_residual: bool, [from, to]: [&Layout; 2]) -> [u32; 7] {
    let ([rows, columns], pixels) = layer.taps();
    [
        to.pixels(),
        to.pixel_stride / NR,
        rows * columns,
        from.pixel_stride * pixels / 4,
        from.pixel_stride / 4,
        usize::from(layer.relu),
        usize::from(has_residual),
    ]
    .map(|number| number as u32)
}
