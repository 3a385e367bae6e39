//! An open GPU, and the shaders that run on it.

use crate::kernel;
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

// Sizes that the shaders have, too.

/// Side of a square workgroup, in invocations.
pub(super) const WORKGROUP_SIDE: usize = 8;

/// Output pixels and output channels of an invocation's tile: those of WebAssembly.
pub(super) const MR: usize = 4;
pub(super) const NR: usize = 8;
const _: () = assert!(kernel::NR.is_multiple_of(NR));

/// Why a GPU can't be used, or can't be used any more: the driver's message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct GpuError(pub(super) String);

/// An open GPU with its compiled shaders. Clones share them.
#[derive(Debug, Clone)]
pub struct Gpu {
    pub(super) device: Device,
    pub(super) queue: Queue,
    /// Compiled when first used: a driver may take long to compile one.
    pipelines: Rc<RefCell<HashMap<Shader, ComputePipeline>>>,
    /// What [`GpuNetwork::autotune`](super::network::GpuNetwork::autotune) has found.
    pub(super) split_k: Rc<Cell<Option<usize>>>,
    /// The first uncaptured error or loss of the device: both are reported asynchronously.
    failure: Arc<Mutex<Option<String>>>,
}

impl Gpu {
    /// Opens the GPU that the browser offers; elsewhere the fastest there is.
    ///
    /// # Errors
    ///
    /// Where there is none, or it doesn't open.
    pub async fn open() -> Result<Self, GpuError> {
        let instance = Instance::new(InstanceDescriptor::new_without_display_handle());
        let adapter = instance.request_adapter(&RequestAdapterOptions {
            // A browser decides on power by itself.
            #[cfg(not(target_arch = "wasm32"))]
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..Default::default()
        });
        let adapter = adapter.await.map_err(|e| GpuError(e.to_string()))?;
        let device = adapter.request_device(&DeviceDescriptor::default());
        let (device, queue) = device.await.map_err(|e| GpuError(e.to_string()))?;

        let failure = Arc::new(Mutex::new(None));
        let record = |failure: &Mutex<Option<String>>, reason: String| {
            let mut first = failure.lock().unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert(reason);
        };
        let on_error = failure.clone();
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            record(&on_error, error.to_string());
        }));
        let on_loss = failure.clone();
        device.set_device_lost_callback(move |_, reason| {
            record(&on_loss, format!("the device was lost: {reason}"));
        });

        Ok(Self {
            pipelines: Rc::default(),
            split_k: Rc::default(),
            device,
            queue,
            failure,
        })
    }

    /// Name, API and driver of the GPU, for people. Browsers tell little or nothing.
    pub fn name(&self) -> String {
        let info = self.device.adapter_info();
        format!("{}, {} {}", info.name, info.backend, info.driver_info)
    }

    /// # Errors
    ///
    /// The first failure since the GPU was opened.
    pub(super) fn check(&self) -> Result<(), GpuError> {
        let failure = self.failure.lock();
        let failure = failure.unwrap_or_else(PoisonError::into_inner);
        failure.clone().map_or(Ok(()), |f| Err(GpuError(f)))
    }

    /// A buffer with contents.
    pub(super) fn upload(&self, usage: BufferUsages, contents: &[u8]) -> Buffer {
        // A buffer may not be empty, but the indirection buffer of a kernel larger than its input is.
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

    /// An uninitialized buffer of so many floats.
    pub(super) fn allocate(&self, usage: BufferUsages, floats: usize) -> Buffer {
        self.device.create_buffer(&BufferDescriptor {
            label: None,
            size: (floats * size_of::<f32>()) as u64,
            usage,
            mapped_at_creation: false,
        })
    }

    /// `params` is the shader's uniform of that name; `buffers` are its other bindings, in order.
    pub(super) fn dispatch(
        &self,
        shader: Shader,
        params: &[u32],
        buffers: &[&Buffer],
        workgroups: [usize; 2],
    ) -> Dispatch {
        let params = self.upload(BufferUsages::UNIFORM, cast_slice(params));
        let buffers = std::iter::once(&params).chain(buffers.iter().copied());
        let entries: Vec<_> = (0..)
            .zip(buffers)
            .map(|(binding, buffer)| BindGroupEntry {
                binding,
                resource: buffer.as_entire_binding(),
            })
            .collect();
        let pipeline = self.pipeline(shader);
        let bindings = self.device.create_bind_group(&BindGroupDescriptor {
            label: None,
            layout: &pipeline.get_bind_group_layout(0),
            entries: &entries,
        });
        Dispatch {
            pipeline,
            bindings,
            // At least one, for the zero pixel.
            workgroups: workgroups.map(|count| count.max(1) as u32),
        }
    }

    fn pipeline(&self, shader: Shader) -> ComputePipeline {
        let mut pipelines = self.pipelines.borrow_mut();
        let compile = || self.compile(shader);
        pipelines.entry(shader).or_insert_with(compile).clone()
    }

    fn compile(&self, shader: Shader) -> ComputePipeline {
        let (name, source) = match shader {
            Shader::Pool => ("pool", include_str!("pool.wgsl").to_owned()),
            Shader::Convolve { weights, split_k } => {
                let weights = match weights {
                    WeightType::F32 => include_str!("weights_f32.wgsl"),
                    WeightType::I8 => include_str!("weights_i8.wgsl"),
                };
                let split_k = match split_k {
                    1 => include_str!("full_k.wgsl").to_owned(),
                    _ => format!(
                        "const SPLIT_K = {split_k}u;\n{}",
                        include_str!("split_k.wgsl")
                    ),
                };
                let source = [weights, include_str!("convolve.wgsl"), &split_k].concat();
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

/// A shader and what it is specialized for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Shader {
    Convolve {
        weights: WeightType,
        /// Invocations that share the sums of a tile.
        split_k: usize,
    },
    Pool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum WeightType {
    F32,
    I8,
}

/// A step of a network for one input size.
#[derive(Debug)]
pub(super) struct Dispatch {
    pub pipeline: ComputePipeline,
    pub bindings: BindGroup,
    /// Across and down.
    pub workgroups: [u32; 2],
}
