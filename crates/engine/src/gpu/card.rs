//! A graphics card that is open, and the programs that run on it.

use super::CardError;
use bytemuck::cast_slice;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use wgpu::util::{BufferInitDescriptor, DeviceExt};
use wgpu::{
    BindGroup, BindGroupDescriptor, BindGroupEntry, Buffer, BufferDescriptor, BufferUsages,
    ComputePipeline, ComputePipelineDescriptor, Device, DeviceDescriptor, Instance,
    InstanceDescriptor, Queue, RequestAdapterOptions, ShaderModuleDescriptor, ShaderSource,
};

/// A graphics card that is open, with the programs that it runs.
#[derive(Debug, Clone)]
pub struct Card {
    pub(super) device: Device,
    pub(super) queue: Queue,
    /// Those that something has asked for: a driver may take long to compile one.
    pipelines: Rc<RefCell<HashMap<Program, ComputePipeline>>>,
    /// See [`CardNetwork::tune`](super::CardNetwork::tune); none before.
    pub(super) invocations: Rc<Cell<Option<usize>>>,
    /// What the card has complained of: it does so when it has time, and not where it is asked.
    complaint: Arc<Mutex<Option<String>>>,
}

impl Card {
    /// Opens the card that the browser offers; elsewhere the fastest there is.
    ///
    /// # Errors
    ///
    /// [`CardError`] where there is none, or it doesn't open.
    pub async fn open() -> Result<Self, CardError> {
        // By any way that is compiled in: in a browser that is its WebGPU alone.
        let instance = Instance::new(InstanceDescriptor::new_without_display_handle());
        let adapter = instance.request_adapter(&RequestAdapterOptions {
            // A browser weighs power by itself.
            #[cfg(not(target_arch = "wasm32"))]
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..Default::default()
        });
        let adapter = adapter.await.map_err(|e| CardError::new(e.to_string()))?;
        let device = adapter.request_device(&DeviceDescriptor::default());
        let (device, queue) = device.await.map_err(|e| CardError::new(e.to_string()))?;

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

        Ok(Self {
            pipelines: Rc::default(),
            invocations: Rc::default(),
            device,
            queue,
            complaint,
        })
    }

    /// The card's name and how it is driven, for people; browsers tell little or nothing.
    pub fn name(&self) -> String {
        let info = self.device.adapter_info();
        format!("{}, {} {}", info.name, info.backend, info.driver_info)
    }

    pub(super) fn check(&self) -> Result<(), CardError> {
        let complaint = self.complaint.lock();
        let complaint = complaint.unwrap_or_else(PoisonError::into_inner);
        complaint.clone().map_or(Ok(()), |c| Err(CardError::new(c)))
    }

    pub(super) fn filled(&self, usage: BufferUsages, contents: &[u8]) -> Buffer {
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

    pub(super) fn empty(&self, usage: BufferUsages, floats: usize) -> Buffer {
        self.device.create_buffer(&BufferDescriptor {
            label: None,
            size: (floats * size_of::<f32>()) as u64,
            usage,
            mapped_at_creation: false,
        })
    }

    /// `job` is what the shader calls so; the other buffers follow it in the order of their bindings.
    pub(super) fn pass(
        &self,
        program: Program,
        job: &[u32],
        buffers: &[&Buffer],
        groups: [usize; 2],
    ) -> Pass {
        let job = self.filled(BufferUsages::UNIFORM, cast_slice(job));
        let buffers = std::iter::once(&job).chain(buffers.iter().copied());
        let entries: Vec<_> = (0..)
            .zip(buffers)
            .map(|(binding, buffer)| BindGroupEntry {
                binding,
                resource: buffer.as_entire_binding(),
            })
            .collect();
        let pipeline = self.pipeline(program);
        let bindings = self.device.create_bind_group(&BindGroupDescriptor {
            label: None,
            layout: &pipeline.get_bind_group_layout(0),
            entries: &entries,
        });
        Pass {
            pipeline,
            bindings,
            // One at least, for the pixel of zeros.
            groups: groups.map(|count| count.max(1) as u32),
        }
    }

    fn pipeline(&self, program: Program) -> ComputePipeline {
        let mut pipelines = self.pipelines.borrow_mut();
        let compile = || self.compile(program);
        pipelines.entry(program).or_insert_with(compile).clone()
    }

    fn compile(&self, program: Program) -> ComputePipeline {
        let (name, source) = match program {
            Program::Pool => ("pool", include_str!("pool.wgsl").to_owned()),
            Program::Convolve { weights, shares } => {
                let weights = match weights {
                    Weights::Float => include_str!("float.wgsl"),
                    Weights::Integer => include_str!("integer.wgsl"),
                };
                let convolve = include_str!("convolve.wgsl");
                let source = match shares {
                    1 => [weights, convolve, include_str!("alone.wgsl")].concat(),
                    _ => {
                        let shares = format!("const SHARES = {shares}u;\n");
                        [weights, convolve, &shares, include_str!("shared.wgsl")].concat()
                    }
                };
                ("convolve", source)
            }
        };
        let module = self.device.create_shader_module(ShaderModuleDescriptor {
            label: Some(name),
            source: ShaderSource::Wgsl(source.into()),
        });
        self.device
            .create_compute_pipeline(&ComputePipelineDescriptor {
                label: Some(name),
                layout: None,
                module: &module,
                entry_point: Some(name),
                compilation_options: Default::default(),
                cache: None,
            })
    }
}

/// What runs on a card: a shader, and what it is compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Program {
    Convolve {
        weights: Weights,
        /// How many invocations share a sum.
        shares: usize,
    },
    Pool,
}

/// What a convolution's weights are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Weights {
    Float,
    Integer,
}

/// One step of a network for one size of pictures.
#[derive(Debug)]
pub(super) struct Pass {
    pub pipeline: ComputePipeline,
    pub bindings: BindGroup,
    /// Work groups, across and down.
    pub groups: [u32; 2],
}
