//! Inference: what computes a network's outputs, and the two backends of `signet-engine`, for the CPU
//! and for a GPU.

use crate::error::Result;
use crate::graph;
#[cfg(feature = "webgpu")]
use crate::preprocess::INPUT_SIDE;
use crate::preprocess::InputImage;
use crate::weights::Weights;
use signet_engine::{Arithmetic, Builder, Network, Output, Slot};
#[cfg(feature = "webgpu")]
use signet_engine::{Gpu, GpuNetwork};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

/// Inputs in a batch on the CPU. Larger batches are no faster and take more memory.
pub const CPU_BATCH: usize = 8;

/// Inputs in a batch on a GPU, which computes a batch in little more time than one input.
#[cfg(feature = "webgpu")]
const GPU_BATCH: usize = 32;

/// Computes a network, or its first parts, on some device.
pub trait Backend: std::fmt::Debug {
    /// Computes the outputs for `inputs`, which are at least one and of one size.
    ///
    /// # Errors
    ///
    /// [`Error::Device`](crate::Error::Device) when the device fails.
    fn run<'a>(&'a self, inputs: &'a [InputImage]) -> Running<'a>;
}

/// A computation under way. Boxed, so that [`Backend`] can be a trait object; not `Send`, since a
/// browser's GPU is bound to its thread.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<Outputs>> + 'a>>;

/// What a [`Backend`] has computed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outputs {
    /// A row for each input. A whole network's row has the logits, then the detector's
    /// [outputs](crate::DETECTOR_OUTPUTS) where the network has a detector. The row of a network's
    /// first parts is the feature map, flattened from [`shape`](Self::shape).
    pub rows: Vec<Vec<f32>>,
    /// Channels, height and width of the first output: `[classes, 1, 1]` of a whole network.
    pub shape: [usize; 3],
}

/// A network, or its first parts, packed for the CPU.
#[derive(Debug)]
pub struct CpuBackend {
    /// Locked, since a run writes to the network's buffers.
    network: Mutex<Network>,
    outputs: usize,
}

impl CpuBackend {
    /// Packs the whole network: logits, and the detector's outputs.
    pub fn new(weights: &Weights, arithmetic: Arithmetic) -> Self {
        let (builder, outputs) = graph::whole(weights, arithmetic);
        Self::of(builder, &outputs)
    }

    /// Packs the first `parts` of the network's [parts](crate::ResNetConfig::parts): a feature extractor.
    pub fn first_parts(weights: &Weights, parts: usize) -> Self {
        let (builder, output) = graph::first_parts(weights, parts, Arithmetic::Fastest);
        Self::of(builder, &[output])
    }

    fn of(builder: Builder, outputs: &[Slot]) -> Self {
        Self {
            network: Mutex::new(builder.finish(outputs)),
            outputs: outputs.len(),
        }
    }

    fn compute(&self, inputs: &[InputImage]) -> Outputs {
        // A run reads nothing that an earlier run, which may have panicked, has left in the buffers.
        let network = self.network.lock();
        let mut network = network.unwrap_or_else(PoisonError::into_inner);
        let mut rows = vec![Vec::new(); inputs.len()];
        for (inputs, rows) in inputs.chunks(CPU_BATCH).zip(rows.chunks_mut(CPU_BATCH)) {
            let (pixels, size) = pixels(inputs);
            network.run(&pixels, size);
            for output in 0..self.outputs {
                append(rows, &network.output(output));
            }
        }
        Outputs {
            rows,
            shape: shape_of(&network.output(0)),
        }
    }
}

impl Backend for CpuBackend {
    fn run<'a>(&'a self, inputs: &'a [InputImage]) -> Running<'a> {
        Box::pin(async { Ok(self.compute(inputs)) })
    }
}

/// A network, or its first parts, packed for a GPU.
#[cfg(feature = "webgpu")]
#[derive(Debug)]
pub struct GpuBackend {
    network: GpuNetwork,
    outputs: usize,
}

#[cfg(feature = "webgpu")]
impl GpuBackend {
    /// As [`CpuBackend::new`], in float32.
    ///
    /// # Errors
    ///
    /// [`Error::Device`](crate::Error::Device) when the GPU fails.
    pub async fn new(weights: &Weights, gpu: &Gpu) -> Result<Self> {
        let (builder, outputs) = graph::whole(weights, Arithmetic::Float32);
        Self::of(builder, &outputs, gpu).await
    }

    /// As [`CpuBackend::first_parts`].
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub async fn first_parts(weights: &Weights, parts: usize, gpu: &Gpu) -> Result<Self> {
        let (builder, output) = graph::first_parts(weights, parts, Arithmetic::Float32);
        Self::of(builder, &[output], gpu).await
    }

    async fn of(builder: Builder, outputs: &[Slot], gpu: &Gpu) -> Result<Self> {
        let network = builder.finish_on(outputs, gpu);
        // Autotuned for one input, which leaves most of a GPU idle.
        network.autotune([1, INPUT_SIDE, INPUT_SIDE]).await?;
        Ok(Self {
            network,
            outputs: outputs.len(),
        })
    }

    async fn compute(&self, inputs: &[InputImage]) -> Result<Outputs> {
        let mut rows = vec![Vec::new(); inputs.len()];
        let mut shape = [0; 3];
        for (inputs, rows) in inputs.chunks(GPU_BATCH).zip(rows.chunks_mut(GPU_BATCH)) {
            let (pixels, size) = pixels(inputs);
            let outputs = self.network.run(&pixels, size).await?;
            for output in 0..self.outputs {
                append(rows, &outputs.output(output));
            }
            shape = shape_of(&outputs.output(0));
        }
        Ok(Outputs { rows, shape })
    }
}

#[cfg(feature = "webgpu")]
impl Backend for GpuBackend {
    fn run<'a>(&'a self, inputs: &'a [InputImage]) -> Running<'a> {
        Box::pin(self.compute(inputs))
    }
}

/// Inputs of one size as the engine's input, N H W C in 0 to 1, and its batch, height and width.
pub(crate) fn pixels(inputs: &[InputImage]) -> (Vec<f32>, [usize; 3]) {
    let side = inputs[0].side();
    let bytes = inputs.iter().flat_map(InputImage::rgb);
    let input = bytes.map(|&value| f32::from(value) / 255.0).collect();
    (input, [inputs.len(), side, side])
}

/// Channels, height and width of an output.
pub(crate) fn shape_of(output: &Output<'_>) -> [usize; 3] {
    [output.channels, output.height, output.width]
}

/// Appends each input's part of an output to that input's row, as `[channels, height, width]`.
pub(crate) fn append(rows: &mut [Vec<f32>], output: &Output<'_>) {
    let pixels: Vec<&[f32]> = output.pixels().collect();
    let inputs = pixels.chunks(output.height * output.width);
    for (row, pixels) in rows.iter_mut().zip(inputs) {
        for channel in 0..output.channels {
            row.extend(pixels.iter().map(|pixel| pixel[channel]));
        }
    }
}
