//! How a tensor lies in a weights file, at each precision.
//!
//! int8 holds a kernel as integers in -127 to 127, with one float32 scale per output channel in a second
//! tensor, `NAME.scale`; biases and batch norms stay float32. Fine-tuned kernels have a third tensor,
//! `NAME.steps`, with [finer steps](super::fine) around each int8.

use super::checked::Weights;
use super::container::{Content, Stored};
use super::difference;
use super::fine;
use super::tensor::{HostTensor, Tensors, Values};
use crate::error::{Error, Result};
use half::f16;
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};

const KERNEL: &str = ".kernel";
const SCALE: &str = ".scale";
const STEPS: &str = ".steps";
const DIFFERENCE: &str = ".difference";

/// How kernels are stored in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// 32-bit floats: exact.
    F32,
    /// 16-bit floats: half the size.
    F16,
    /// 8-bit integers with a scale per output channel: a quarter.
    Int8,
    /// Kernels that are integers stay as they are; others are 32-bit floats: exact.
    Kept,
}

/// Whether a name is that of a part of another tensor.
pub(super) fn is_part(name: &str) -> bool {
    [SCALE, STEPS, DIFFERENCE]
        .iter()
        .any(|part| name.ends_with(part))
}

/// The tensors of a file for a kernel of floats, as what it differs by from `other`; none where that is too much.
pub(super) fn difference(
    name: &str,
    tensor: &HostTensor,
    other: &HostTensor,
) -> Option<Vec<(String, Stored<'static>)>> {
    if tensor.shape.len() != 4 || tensor.shape != other.shape || tensor.is_quantized() {
        return None;
    }
    let (scales, packed) = difference::between(&tensor.floats(), &other.floats(), tensor.shape[0])?;
    let of = |part, dtype, length, content| {
        let shape = vec![length];
        let stored = Stored {
            dtype,
            shape,
            content,
        };
        (format!("{name}{part}"), stored)
    };
    Some(vec![
        of(
            SCALE,
            Dtype::F32,
            scales.len(),
            Content::Floats(scales.into()),
        ),
        of(DIFFERENCE, Dtype::U8, packed.len(), Content::Bytes(packed)),
    ])
}

/// Reads the kernels that a file has as differences from `tensors`, in their place.
pub(super) fn add_differences(tensors: &mut Tensors, file: &SafeTensors<'_>) -> Result<()> {
    for part in file.names() {
        let Some(name) = part.strip_suffix(DIFFERENCE) else {
            continue;
        };
        let Some(tensor) = tensors.get_mut(name) else {
            return Err(Error::WeightsMissingTensor { name: name.into() });
        };
        let (count, channels) = (tensor.count(), tensor.shape.first().copied().unwrap_or(0));
        let packed = file.tensor(part).map_err(unreadable)?;
        let scale = file.tensor(&format!("{name}{SCALE}")).map_err(unreadable)?;
        let fits = packed.dtype() == Dtype::U8
            && packed.shape() == [difference::packed_len(count)]
            && scale.dtype() == Dtype::F32
            && scale.shape() == [channels]
            && channels > 0;
        if !fits {
            return Err(Error::WeightsShape {
                name: part.into(),
                expected: format!("4 bits for {count} weights and {channels} scales"),
                found: format!("{:?} and {:?}", packed.shape(), scale.shape()),
            });
        }
        let scales = decode_f32(scale.data());
        let values = difference::beside(&tensor.floats(), &scales, packed.data());
        *tensor.floats_mut() = values;
    }
    Ok(())
}

/// The tensors of a file for one tensor of the network.
pub(super) fn stored(
    name: String,
    tensor: HostTensor,
    precision: Precision,
) -> Vec<(String, Stored<'static>)> {
    let shape = tensor.shape.clone();
    let of = |dtype, shape, content| Stored {
        dtype,
        shape,
        content,
    };
    let integers = |values: Vec<i8>, scales: Vec<f32>| {
        let bytes = values.into_iter().map(|n| n as u8).collect();
        let count = vec![scales.len()];
        let scales = of(Dtype::F32, count, Content::Floats(scales.into()));
        let integers = of(Dtype::I8, shape.clone(), Content::Bytes(bytes));
        vec![(format!("{name}{SCALE}"), scales), (name.clone(), integers)]
    };
    let fine = |values: &[i16], scales: Vec<f32>| {
        let (coarse, steps) = fine::split(values);
        let mut stored = integers(coarse, scales);
        let steps = of(Dtype::U8, vec![steps.len()], Content::Bytes(steps));
        stored.push((format!("{name}{STEPS}"), steps));
        stored
    };
    let tensor = match (tensor.values, precision) {
        (Values::Integers { values, scales }, Precision::Kept) => return integers(values, scales),
        (Values::Fine { values, scales }, Precision::Kept) => return fine(&values, scales),
        (values, _) => HostTensor { values, ..tensor },
    };
    let floats = tensor.into_floats();
    match precision {
        Precision::Int8 if name.ends_with(KERNEL) => {
            let (scales, values) = quantize(&shape, &floats, 1);
            integers(values.into_iter().map(|n| n as i8).collect(), scales)
        }
        Precision::F16 if name.ends_with(KERNEL) => {
            vec![(name, of(Dtype::F16, shape, Content::Halves(floats.into())))]
        }
        _ => vec![(name, of(Dtype::F32, shape, Content::Floats(floats.into())))],
    }
}

impl Weights {
    /// The same weights with the kernels of convolutions that `is_fine` names, and that are floats, in
    /// some 10 bits a weight. Of a fine-tuned network that keeps the probabilities within 1e-3. Dense
    /// layers, which are small, stay floats. To be written with [`Precision::Kept`].
    pub fn refined(mut self, is_fine: impl Fn(&str) -> bool) -> Self {
        let tensors = self.tensors.into_iter();
        let tensors = tensors.map(|(name, tensor)| match is_fine(&name) {
            true => (name, refined(tensor)),
            false => (name, tensor),
        });
        self.tensors = tensors.collect();
        self
    }
}

/// A convolution's kernel of floats in finer steps than int8; any other tensor as it is.
pub(super) fn refined(mut tensor: HostTensor) -> HostTensor {
    if tensor.shape.len() == 4 && !tensor.is_quantized() {
        let (scales, values) = quantize(&tensor.shape, &tensor.floats(), fine::STEPS);
        tensor.values = Values::Fine { values, scales };
    }
    tensor
}

/// Symmetric quantization per output channel: scale = max |w| / 127, integer = round(w / scale) with so
/// many `steps` for each of the scale.
fn quantize(shape: &[usize], kernel: &[f32], steps: i16) -> (Vec<f32>, Vec<i16>) {
    let per_channel = kernel.len() / shape[0];
    let (steps, most) = (f32::from(steps), f32::from(steps * 127));
    let mut integers = Vec::with_capacity(kernel.len());
    let scales = kernel.chunks(per_channel).map(|row| {
        let largest = row.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
        let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        let quantized = row.iter().map(|w| (w / scale * steps).round());
        integers.extend(quantized.map(|n| n.clamp(-most, most) as i16));
        scale
    });
    (scales.collect(), integers)
}

/// Reads one tensor of a file.
pub(super) fn decode(name: &str, file: &SafeTensors<'_>) -> Result<HostTensor> {
    let view = file.tensor(name).map_err(unreadable)?;
    let shape = view.shape().to_vec();
    let data = match view.dtype() {
        Dtype::F32 => decode_f32(view.data()),
        Dtype::F16 => {
            let (pairs, _) = view.data().as_chunks();
            let halves = pairs.iter().map(|pair| f16::from_le_bytes(*pair));
            halves.map(f16::to_f32).collect()
        }
        Dtype::I8 => {
            let scale_name = format!("{name}{SCALE}");
            let Ok(scale) = file.tensor(&scale_name) else {
                return Err(Error::WeightsMissingTensor { name: scale_name });
            };
            let channels = shape.first().copied().unwrap_or(0);
            if scale.dtype() != Dtype::F32 || scale.shape() != [channels] || channels == 0 {
                return Err(Error::WeightsShape {
                    name: scale_name,
                    expected: format!("F32 [{channels}]"),
                    found: format!("{:?} {:?}", scale.dtype(), scale.shape()),
                });
            }
            let integers: Vec<_> = view.data().iter().map(|&byte| byte as i8).collect();
            let scales = decode_f32(scale.data());
            let steps_name = format!("{name}{STEPS}");
            let Ok(steps) = file.tensor(&steps_name) else {
                return Ok(HostTensor::of_integers(shape, integers, scales));
            };
            let length = fine::packed_len(integers.len());
            if steps.dtype() != Dtype::U8 || steps.shape() != [length] {
                return Err(Error::WeightsShape {
                    name: steps_name,
                    expected: format!("U8 [{length}]"),
                    found: format!("{:?} {:?}", steps.dtype(), steps.shape()),
                });
            }
            let values = fine::join(&integers, steps.data());
            let values = Values::Fine { values, scales };
            return Ok(HostTensor { shape, values });
        }
        other => {
            return Err(Error::WeightsShape {
                name: name.to_owned(),
                expected: "F32, F16 or I8".into(),
                found: format!("{other:?}"),
            });
        }
    };
    Ok(HostTensor::new(shape, data))
}

pub(super) fn decode_f32(bytes: &[u8]) -> Vec<f32> {
    let (words, _) = bytes.as_chunks();
    words.iter().map(|word| f32::from_le_bytes(*word)).collect()
}

pub(super) fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::WeightsFormat {
        reason: error.to_string(),
    }
}
