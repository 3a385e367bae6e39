//! Weights on the GPU.

use super::device::{Gpu, NR, WeightType};
use crate::kernel;
use crate::packing::{Layer, Packed};
use bytemuck::cast_slice;
use wgpu::{Buffer, BufferUsages};

/// A convolution's weights on the GPU.
#[derive(Debug)]
pub(super) struct GpuWeights {
    pub kind: WeightType,
    pub weights: Buffer,
    /// Scales and biases. See `convolve.wgsl`.
    pub affine: Buffer,
}

impl GpuWeights {
    /// Moves a layer's weights to the GPU: the layer keeps none.
    pub fn upload(layer: &mut Layer, gpu: &Gpu) -> Self {
        let none = Packed::Float(Vec::new());
        let (kind, scales, weights) = match std::mem::replace(&mut layer.weights, none) {
            Packed::Float(weights) => {
                let weights = repack(weights, layer.panels, 1);
                let weights = gpu.upload(BufferUsages::STORAGE, cast_slice(&weights));
                (WeightType::F32, vec![1.0; layer.bias.len()], weights)
            }
            Packed::Integer { weights, scales } => {
                let weights = repack(weights, layer.panels, 2);
                let weights = gpu.upload(BufferUsages::STORAGE, cast_slice(&weights));
                // The shader unpacks an int8 as value / 127.
                let scales = scales.iter().map(|scale| scale * 127.0).collect();
                (WeightType::I8, scales, weights)
            }
        };
        let panels = scales.chunks(NR).zip(layer.bias.chunks(NR));
        let affine: Vec<f32> = panels.flat_map(|(s, b)| [s, b].concat()).collect();
        Self {
            kind,
            weights,
            affine: gpu.upload(BufferUsages::STORAGE, cast_slice(&affine)),
        }
    }
}

/// Splits the CPU's `panels` into the shader's, which are narrower. Each output channel has the
/// weights of `group` input channels together.
fn repack<Weight: Copy>(weights: Vec<Weight>, panels: usize, group: usize) -> Vec<Weight> {
    if kernel::NR == NR {
        return weights;
    }
    let [row, part] = [kernel::NR, NR].map(|outputs| outputs * group);
    let mut parts = Vec::with_capacity(weights.len());
    for panel in weights.chunks(weights.len() / panels) {
        for first in (0..row).step_by(part) {
            let rows = panel.chunks(row).map(|row| &row[first..][..part]);
            parts.extend(rows.flatten());
        }
    }
    parts
}
