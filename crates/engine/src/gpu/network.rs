//! A network on a card: its weights, its plans, its runs.

use super::card::{Card, Pass, Program, Weights};
use super::{CardError, GROUP, PANEL, TILE};
use crate::graph::{Graph, Operation, Slot};
use crate::kernel;
use crate::layer::{Layer, Packed};
use crate::network::{Output, write};
use crate::plan::{Plan, Recent, View};
use crate::pool::Pool;
use bytemuck::cast_slice;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::time::Duration;
use web_time::Instant;
use wgpu::{Buffer, BufferUsages, ComputePassDescriptor, MapMode};

/// How many sizes of pictures are remembered.
const PLANS: usize = 4;

/// In a work group that computes sums together how many invocations may share one.
const SHARES: [usize; 2] = [8, GROUP * GROUP];

/// What [`CardNetwork::tune`] tries: none shared; about what a card of a laptop runs at once; a large card.
const INVOCATIONS: [usize; 3] = [0, 1 << 12, 1 << 15];
/// Runs of each at most, after one which compiles the programs.
const TRIALS: u32 = 4;
/// A card that takes longer for a run computes, and doesn't wait: there is nothing to gain by sharing.
const COMPUTING: Duration = Duration::from_millis(60);

/// A convolution's weights on the card.
#[derive(Debug)]
struct Uploaded {
    kind: Weights,
    weights: Buffer,
    /// See `convolve.wgsl`.
    affine: Buffer,
}

/// A plan on the card, with buffers of its own.
#[derive(Debug)]
struct Prepared {
    plan: Plan,
    buffers: Vec<Buffer>,
    passes: Vec<Pass>,
}

/// A network on a card. Made by [`Builder::finish_on`](crate::Builder::finish_on).
#[derive(Debug)]
pub struct CardNetwork {
    card: Card,
    graph: Graph,
    /// One for each step that is a convolution.
    layers: Vec<Option<Uploaded>>,
    plans: RefCell<Recent<Rc<Prepared>>>,
    invocations: Cell<usize>,
}

/// What a run has written to a network's outputs.
#[derive(Debug)]
pub struct Outputs {
    /// Of each its channels, and where it lies in `values`.
    views: Vec<(usize, View, usize)>,
    values: Vec<f32>,
}

impl Outputs {
    /// The output of that index.
    ///
    /// # Panics
    ///
    /// When there is no such output.
    pub fn output(&self, index: usize) -> Output<'_> {
        let (channels, view, first) = &self.views[index];
        Output::new(view, *channels, &self.values[*first..][..view.len()])
    }
}

impl CardNetwork {
    pub(crate) fn new(mut graph: Graph, card: &Card) -> Self {
        let steps = graph.steps.iter_mut();
        let layers = steps.map(|step| match &mut step.operation {
            Operation::Conv { layer, .. } => Some(upload(layer, card)),
            Operation::Pool { .. } => None,
        });
        Self {
            layers: layers.collect(),
            graph,
            card: card.clone(),
            plans: RefCell::new(Recent::new(PLANS)),
            invocations: Cell::new(card.invocations.get().unwrap_or(0)),
        }
    }

    /// Layers with so few sums that a card is not busy have several invocations share each, so that a layer has
    /// at least `invocations` if it can. With 0 none is shared.
    pub fn spread(&self, invocations: usize) {
        // Plans for another number are of no use.
        if self.invocations.replace(invocations) != invocations {
            self.plans.replace(Recent::new(PLANS));
        }
    }

    /// Tries on pictures of `size` how far it pays on this card that invocations [share](Self::spread) sums, and
    /// computes so from then on, as do all networks that are put on the card later. Takes a few dozen runs;
    /// none where the card knows from an earlier network.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub async fn tune(&self, size: [usize; 3]) -> Result<(), CardError> {
        if self.card.invocations.get().is_some() {
            return Ok(());
        }
        let pictures = vec![0.5; size.iter().product::<usize>() * self.graph.pixels[0].channels];
        let mut best = (INVOCATIONS[0], Duration::MAX);
        for invocations in INVOCATIONS {
            self.spread(invocations);
            self.run(&pictures, size).await?;
            let start = Instant::now();
            let mut runs = 0;
            while runs < TRIALS && start.elapsed() < COMPUTING {
                self.run(&pictures, size).await?;
                runs += 1;
            }
            let took = start.elapsed() / runs;
            if took < best.1 {
                best = (invocations, took);
            }
            if best.1 >= COMPUTING {
                break;
            }
        }
        self.spread(best.0);
        self.card.invocations.set(Some(best.0));
        Ok(())
    }

    /// Runs `pictures`, `[batch, height, width, channels]`. Runs that overlap are computed one after
    /// the other; the card need not wait between them.
    ///
    /// # Errors
    ///
    /// [`CardError`] when the card fails or has been lost.
    ///
    /// # Panics
    ///
    /// When `pictures` is not of that size.
    pub async fn run(&self, pictures: &[f32], size: [usize; 3]) -> Result<Outputs, CardError> {
        let count = size.iter().product::<usize>() * self.graph.pixels[0].channels;
        assert_eq!(pictures.len(), count, "pictures of the size given");
        self.card.check()?;
        let prepare = || Rc::new(self.prepare(size));
        let prepared = self.plans.borrow_mut().get(size, prepare).clone();
        let views = self.graph.outputs.iter().scan(0, |end, &Slot(slot)| {
            let first = *end;
            let view = prepared.plan.views[slot];
            *end += view.len();
            Some((self.graph.pixels[slot].channels, view, first))
        });
        let views: Vec<_> = views.collect();

        let view = &prepared.plan.views[0];
        let mut picture = vec![0.0; view.len()];
        write(pictures, size, &self.graph, (view, &mut picture));
        let queue = &self.card.queue;
        queue.write_buffer(&prepared.buffers[view.buffer], 0, cast_slice(&picture));
        let mut commands = self.card.device.create_command_encoder(&Default::default());
        let mut computing = commands.begin_compute_pass(&ComputePassDescriptor::default());
        for pass in &prepared.passes {
            let [x, y] = pass.groups;
            computing.set_pipeline(&pass.pipeline);
            computing.set_bind_group(0, &pass.bindings, &[]);
            computing.dispatch_workgroups(x, y, 1);
        }
        drop(computing);
        let floats = views.iter().map(|(_, view, _)| view.len()).sum();
        let result = self
            .card
            .empty(BufferUsages::MAP_READ | BufferUsages::COPY_DST, floats);
        for (_, view, first) in &views {
            let [first, length] = [*first, view.len()].map(|n| (n * size_of::<f32>()) as u64);
            let from = &prepared.buffers[view.buffer];
            commands.copy_buffer_to_buffer(from, 0, &result, first, length);
        }
        queue.submit([commands.finish()]);

        let (done, is_done) = oneshot::channel();
        result.map_async(MapMode::Read, .., move |mapped| {
            // Nobody may be waiting any more.
            let _ = done.send(mapped);
        });
        let failed = |error: &dyn fmt::Display| CardError::new(format!("no answer: {error}"));
        // A browser calls back by itself; elsewhere nobody does but who waits for the card.
        #[cfg(not(target_arch = "wasm32"))]
        let polled = self.card.device.poll(wgpu::PollType::wait_indefinitely());
        #[cfg(not(target_arch = "wasm32"))]
        polled.map_err(|e| failed(&e))?;
        let mapped = is_done.await;
        self.card.check()?;
        mapped.map_err(|e| failed(&e))?.map_err(|e| failed(&e))?;
        let bytes = result.get_mapped_range(..).map_err(|e| failed(&e))?;
        let values = cast_slice(&bytes).to_vec();
        Ok(Outputs { views, values })
    }

    fn prepare(&self, size: [usize; 3]) -> Prepared {
        let plan = Plan::new(size, &self.graph, TILE);
        let usage = BufferUsages::STORAGE | BufferUsages::COPY_DST | BufferUsages::COPY_SRC;
        let lengths = plan.buffers.iter();
        let buffers: Vec<_> = lengths.map(|&n| self.card.empty(usage, n)).collect();
        let steps = self.graph.steps.iter().enumerate();
        let passes = steps.map(|(index, step)| {
            let (from, to) = (&plan.views[step.input.0], &plan.views[index + 1]);
            let (input, output) = (&buffers[from.buffer], &buffers[to.buffer]);
            match (&step.operation, &self.layers[index]) {
                (Operation::Conv { layer, residual }, Some(uploaded)) => {
                    let added = residual.map_or(input, |slot| &buffers[plan.views[slot.0].buffer]);
                    let table = &plan.tables[index];
                    let table = self.card.filled(BufferUsages::STORAGE, cast_slice(table));
                    let Uploaded {
                        kind,
                        weights,
                        affine,
                    } = uploaded;
                    let buffers = [input, added, &table, weights, affine, output];
                    let job = job(layer, residual.is_some(), [from, to]);
                    let [panels, tiles] = [to.depth / PANEL, to.pixels().div_ceil(TILE)];
                    let shares = shares(panels * tiles, self.invocations.get());
                    let groups = match shares {
                        1 => [panels, tiles].map(|count| count.div_ceil(GROUP)),
                        _ => [panels.div_ceil(GROUP * GROUP / shares), tiles],
                    };
                    let program = Program::Convolve {
                        weights: *kind,
                        shares,
                    };
                    self.card.pass(program, &job, &buffers, groups)
                }
                (
                    Operation::Pool {
                        pool,
                        window,
                        stride,
                    },
                    _,
                ) => {
                    let mean = usize::from(*pool == Pool::Mean);
                    let job = [
                        to.pixels(),
                        to.height,
                        to.width,
                        from.height,
                        from.width,
                        from.depth / 4,
                        *window,
                        *stride,
                        mean,
                    ];
                    let job = job.map(|number| number as u32);
                    let groups = [to.depth / 4, to.pixels()].map(|count| count.div_ceil(GROUP));
                    self.card
                        .pass(Program::Pool, &job, &[input, output], groups)
                }
                (Operation::Conv { .. }, None) => unreachable!("every convolution is uploaded"),
            }
        });
        Prepared {
            passes: passes.collect(),
            plan,
            buffers,
        }
    }
}

/// By how many invocations each sum is computed, so that there are as many as wanted.
fn shares(sums: usize, invocations: usize) -> usize {
    if sums >= invocations {
        return 1;
    }
    let enough = |shares: &usize| sums * shares >= invocations;
    SHARES.into_iter().find(enough).unwrap_or(GROUP * GROUP)
}

/// The convolution's job, as `convolve.wgsl` has it.
fn job(layer: &Layer, has_residual: bool, [from, to]: [&View; 2]) -> [u32; 7] {
    let ([rows, columns], across) = layer.taps();
    [
        to.pixels(),
        to.depth / PANEL,
        rows * columns,
        from.depth * across / 4,
        from.depth / 4,
        usize::from(layer.relu),
        usize::from(has_residual),
    ]
    .map(|number| number as u32)
}

/// Moves a layer's weights to the card.
fn upload(layer: &mut Layer, card: &Card) -> Uploaded {
    let nothing = Packed::Float(Vec::new());
    let (kind, factors, weights) = match std::mem::replace(&mut layer.weights, nothing) {
        Packed::Float(weights) => {
            let weights = by_panel(weights, layer.panels, 1);
            let weights = card.filled(BufferUsages::STORAGE, cast_slice(&weights));
            (Weights::Float, vec![1.0; layer.bias.len()], weights)
        }
        Packed::Integer {
            weights, scales, ..
        } => {
            let weights = by_panel(weights, layer.panels, 2);
            let weights = card.filled(BufferUsages::STORAGE, cast_slice(&weights));
            // The shader reads integers as shares of the largest.
            let factors = scales.iter().map(|scale| scale * 127.0).collect();
            (Weights::Integer, factors, weights)
        }
    };
    let panels = factors.chunks(PANEL).zip(layer.bias.chunks(PANEL));
    let affine: Vec<f32> = panels.flat_map(|(f, b)| [f, b].concat()).collect();
    Uploaded {
        kind,
        weights,
        affine: card.filled(BufferUsages::STORAGE, cast_slice(&affine)),
    }
}

/// Packed weights by the shader's panels, which are parts of the processor's `panels`; `together` input
/// channels lie after each other for each output.
fn by_panel<Weight: Copy>(weights: Vec<Weight>, panels: usize, together: usize) -> Vec<Weight> {
    if kernel::PANEL == PANEL {
        return weights;
    }
    let [row, part] = [kernel::PANEL, PANEL].map(|outputs| outputs * together);
    let mut parts = Vec::with_capacity(weights.len());
    for panel in weights.chunks(weights.len() / panels) {
        for first in (0..row).step_by(part) {
            let rows = panel.chunks(row).map(|row| &row[first..][..part]);
            parts.extend(rows.flatten());
        }
    }
    parts
}
