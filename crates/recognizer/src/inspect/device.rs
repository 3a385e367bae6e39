//! The network with its taps on a device.

use crate::error::Result;
use crate::inference::{CPU_BATCH, append, pixels, shape_of};
#[cfg(feature = "webgpu")]
use crate::preprocess::INPUT_SIDE;
use crate::preprocess::InputImage;
use signet_engine::{Builder, Cut, Network, Output, Slot};
#[cfg(feature = "webgpu")]
use signet_engine::{Gpu, GpuNetwork};
use std::sync::{Mutex, PoisonError};

/// Inputs in a batch on a GPU. Each keeps all its activations there, 4 MB.
#[cfg(feature = "webgpu")]
const GPU_BATCH: usize = 16;

/// One output for some inputs.
#[derive(Debug)]
pub(super) struct Tapped {
    /// Channels, height, width.
    pub size: [usize; 3],
    /// For each input a row, flattened from `size`.
    pub rows: Vec<Vec<f32>>,
}

/// The network with its taps on a device.
#[derive(Debug)]
pub(super) enum Device {
    /// Locked, since a run writes to the network's buffers.
    Cpu(Box<Mutex<Network>>),
    #[cfg(feature = "webgpu")]
    Gpu(GpuNetwork),
}

impl Device {
    pub fn cpu(builder: Builder, outputs: &[Slot]) -> Self {
        Self::Cpu(Box::new(Mutex::new(builder.finish(outputs))))
    }

    #[cfg(feature = "webgpu")]
    pub async fn gpu(builder: Builder, outputs: &[Slot], gpu: &Gpu) -> Result<Self> {
        let network = builder.finish_on(outputs, gpu);
        // Autotuned for one input, which leaves most of a GPU idle.
        network.autotune([1, INPUT_SIDE, INPUT_SIDE]).await?;
        Ok(Self::Gpu(network))
    }

    /// Runs at least one input, in batches. In the order of `outputs`.
    pub async fn run(
        &self,
        inputs: &[InputImage],
        cuts: &[Cut],
        outputs: &[usize],
    ) -> Result<Vec<Tapped>> {
        let empty = |_| Tapped {
            size: [0; 3],
            rows: vec![Vec::new(); inputs.len()],
        };
        let mut found: Vec<Tapped> = outputs.iter().map(empty).collect();
        let mut first = 0;
        for inputs in inputs.chunks(self.batch()) {
            let (values, size) = pixels(inputs);
            let read = |tapped: &mut Tapped, output: &Output<'_>| {
                tapped.size = shape_of(output);
                append(&mut tapped.rows[first..][..inputs.len()], output);
            };
            match self {
                Self::Cpu(network) => {
                    // A run reads nothing that an earlier run, which may have panicked, has left.
                    let network = network.lock();
                    let mut network = network.unwrap_or_else(PoisonError::into_inner);
                    network.run_part(&values, size, cuts, outputs);
                    for (tapped, output) in found.iter_mut().zip(outputs) {
                        read(tapped, &network.output(*output));
                    }
                }
                #[cfg(feature = "webgpu")]
                Self::Gpu(network) => {
                    let computed = network.run_part(&values, size, cuts, outputs).await?;
                    for (tapped, output) in found.iter_mut().zip(outputs) {
                        read(tapped, &computed.output(*output));
                    }
                }
            }
            first += inputs.len();
        }
        Ok(found)
    }

    fn batch(&self) -> usize {
        match self {
            Self::Cpu(_) => CPU_BATCH,
            #[cfg(feature = "webgpu")]
            Self::Gpu(_) => GPU_BATCH,
        }
    }
}
