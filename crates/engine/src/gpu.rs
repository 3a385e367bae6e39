//! The same networks on a graphics card, through the browser's WebGPU: from the same plans and packed
//! weights, in float32.

use crate::graph::{Graph, Operation, Slot};
use crate::kernel::{PANEL, TILE};
use crate::layer::{Layer, Packed};
use crate::network::{Output, write};
use crate::plan::{Plan, View};
use crate::pool::Pool;
use bytemuck::cast_slice;
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use wgpu::util::{BufferInitDescriptor, DeviceExt};
use wgpu::{
    Backends, BindGroup, BindGroupDescriptor, BindGroupEntry, Buffer, BufferDescriptor,
    BufferUsages, ComputePassDescriptor, ComputePipeline, ComputePipelineDescriptor, Device,
    DeviceDescriptor, Instance, InstanceDescriptor, MapMode, Queue, RequestAdapterOptions,
    ShaderModuleDescriptor, ShaderSource,
};

/// How many sizes of pictures are remembered.
const PLANS: usize = 4;

/// Invocations of a work group in each direction, as the shaders have it.
const GROUP: usize = 8;

// The convolution's shader has them, too.
const _: () = assert!(PANEL == 8 && TILE == 4);

/// Why a graphics card can't be used, or can't any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardError(String);

impl fmt::Display for CardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CardError {}

/// A graphics card that is open, with the programs that it runs.
#[derive(Debug, Clone)]
pub struct Card {
    device: Device,
    queue: Queue,
    float: ComputePipeline,
    integer: ComputePipeline,
    pool: ComputePipeline,
    /// What the card has complained of: it does so when it has time, and not where it is asked.
    complaint: Arc<Mutex<Option<String>>>,
}

impl Card {
    /// Opens the card that the browser offers.
    ///
    /// # Errors
    ///
    /// [`CardError`] where there is none, or it doesn't open.
    pub async fn open() -> Result<Self, CardError> {
        let instance = Instance::new(InstanceDescriptor {
            backends: Backends::BROWSER_WEBGPU,
            ..InstanceDescriptor::new_without_display_handle()
        });
        let adapter = instance.request_adapter(&RequestAdapterOptions::default());
        let adapter = adapter.await.map_err(|e| CardError(e.to_string()))?;
        let device = adapter.request_device(&DeviceDescriptor::default());
        let (device, queue) = device.await.map_err(|e| CardError(e.to_string()))?;

        let complaint = Arc::new(Mutex::new(None));
        let complain = |complaint: &Arc<Mutex<Option<String>>>, reason: String| {
            let mut first = complaint.lock().unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert(reason);
        };
        let heard = complaint.clone();
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            complain(&heard, error.to_string());
        }));
        let heard = complaint.clone();
        device.set_device_lost_callback(move |_, reason| {
            complain(&heard, format!("the device was lost: {reason}"));
        });

        let convolve = include_str!("gpu/convolve.wgsl");
        let float = [include_str!("gpu/float.wgsl"), convolve].concat();
        let integer = [include_str!("gpu/integer.wgsl"), convolve].concat();
        Ok(Self {
            float: program(&device, "convolve", float),
            integer: program(&device, "convolve", integer),
            pool: program(&device, "pool", include_str!("gpu/pool.wgsl").into()),
            device,
            queue,
            complaint,
        })
    }

    fn check(&self) -> Result<(), CardError> {
        let complaint = self.complaint.lock();
        let complaint = complaint.unwrap_or_else(PoisonError::into_inner);
        complaint.clone().map_or(Ok(()), |c| Err(CardError(c)))
    }

    fn filled(&self, usage: BufferUsages, contents: &[u8]) -> Buffer {
        // No buffer may be empty, and the table of a window that is larger than the picture is.
        let contents = if contents.is_empty() {
            &[0; 4]
        } else {
            contents
        };
        self.device.create_buffer_init(&BufferInitDescriptor {
            label: None,
            contents,
            usage,
        })
    }

    fn empty(&self, usage: BufferUsages, floats: usize) -> Buffer {
        self.device.create_buffer(&BufferDescriptor {
            label: None,
            size: (floats * size_of::<f32>()) as u64,
            usage,
            mapped_at_creation: false,
        })
    }

    /// `job` is what the shader calls so; the other buffers follow it in the order of their bindings.
    fn pass(&self, program: Program, job: &[u32], buffers: &[&Buffer], size: [usize; 2]) -> Pass {
        let job = self.filled(BufferUsages::UNIFORM, cast_slice(job));
        let buffers = std::iter::once(&job).chain(buffers.iter().copied());
        let entries: Vec<_> = (0..)
            .zip(buffers)
            .map(|(binding, buffer)| BindGroupEntry {
                binding,
                resource: buffer.as_entire_binding(),
            })
            .collect();
        let bindings = self.device.create_bind_group(&BindGroupDescriptor {
            label: None,
            layout: &self.pipeline(program).get_bind_group_layout(0),
            entries: &entries,
        });
        Pass {
            program,
            bindings,
            // One at least, for the pixel of zeros.
            groups: size.map(|length| length.div_ceil(GROUP).max(1) as u32),
        }
    }

    fn pipeline(&self, program: Program) -> &ComputePipeline {
        match program {
            Program::Float => &self.float,
            Program::Integer => &self.integer,
            Program::Pool => &self.pool,
        }
    }
}

fn program(device: &Device, name: &str, source: String) -> ComputePipeline {
    let module = device.create_shader_module(ShaderModuleDescriptor {
        label: Some(name),
        source: ShaderSource::Wgsl(source.into()),
    });
    device.create_compute_pipeline(&ComputePipelineDescriptor {
        label: Some(name),
        layout: None,
        module: &module,
        entry_point: Some(name),
        compilation_options: Default::default(),
        cache: None,
    })
}

#[derive(Debug, Clone, Copy)]
enum Program {
    Float,
    Integer,
    Pool,
}

/// One step of a network for one size of pictures.
#[derive(Debug)]
struct Pass {
    program: Program,
    bindings: BindGroup,
    groups: [u32; 2],
}

/// A convolution's weights on the card.
#[derive(Debug)]
struct Uploaded {
    program: Program,
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
    /// The size that ran last is the last.
    plans: RefCell<Vec<Rc<Prepared>>>,
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
            plans: RefCell::default(),
        }
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
        let prepared = self.prepared(size);
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
            computing.set_pipeline(self.card.pipeline(pass.program));
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
        let mapped = is_done.await;
        self.card.check()?;
        let failed = |error: &dyn fmt::Display| CardError(format!("no answer: {error}"));
        mapped.map_err(|e| failed(&e))?.map_err(|e| failed(&e))?;
        let bytes = result.get_mapped_range(..).map_err(|e| failed(&e))?;
        let values = cast_slice(&bytes).to_vec();
        Ok(Outputs { views, values })
    }

    /// The plan for a size, which becomes the last one.
    fn prepared(&self, size: [usize; 3]) -> Rc<Prepared> {
        let mut plans = self.plans.borrow_mut();
        if let Some(known) = plans.iter().position(|known| known.plan.size == size) {
            plans[known..].rotate_left(1);
        } else {
            if plans.len() == PLANS {
                plans.remove(0);
            }
            plans.push(Rc::new(self.prepare(size)));
        }
        plans[plans.len() - 1].clone()
    }

    fn prepare(&self, size: [usize; 3]) -> Prepared {
        let plan = Plan::new(size, &self.graph);
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
                        program,
                        weights,
                        affine,
                    } = uploaded;
                    let buffers = [input, added, &table, weights, affine, output];
                    let job = job(layer, residual.is_some(), [from, to]);
                    let size = [layer.panels, to.pixels().div_ceil(TILE)];
                    self.card.pass(*program, &job, &buffers, size)
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
                    let size = [to.depth / 4, to.pixels()];
                    self.card.pass(Program::Pool, &job, &[input, output], size)
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

/// The convolution's job, as `convolve.wgsl` has it.
fn job(layer: &Layer, has_residual: bool, [from, to]: [&View; 2]) -> [u32; 7] {
    let ([rows, columns], across) = layer.taps();
    [
        to.pixels(),
        layer.panels,
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
    let (program, factors, weights) = match std::mem::replace(&mut layer.weights, nothing) {
        Packed::Float(weights) => {
            let weights = card.filled(BufferUsages::STORAGE, cast_slice(&weights));
            (Program::Float, vec![1.0; layer.bias.len()], weights)
        }
        Packed::Integer {
            weights, scales, ..
        } => {
            let weights = card.filled(BufferUsages::STORAGE, cast_slice(&weights));
            // The shader reads integers as shares of the largest.
            let factors = scales.iter().map(|scale| scale * 127.0).collect();
            (Program::Integer, factors, weights)
        }
    };
    let panels = factors.chunks(PANEL).zip(layer.bias.chunks(PANEL));
    let affine: Vec<f32> = panels.flat_map(|(f, b)| [f, b].concat()).collect();
    Uploaded {
        program,
        weights,
        affine: card.filled(BufferUsages::STORAGE, cast_slice(&affine)),
    }
}
