//! How a tensor lies in a weights file, at each precision.
//!
//! int8 holds a kernel as integers in -127 to 127, with one float32 scale per output channel in a second
//! tensor, `NAME.scale`; biases and batch norms stay float32. Fine-tuned kernels have a third tensor,
//! `NAME.steps`, with [finer steps](super::fine) around each int8.
//!
//! [int4](super::int4) holds the large kernels of convolutions as `NAME.int4`, two integers in a byte and
//! each output channel in whole bytes, with an int8 factor for each 64 weights in `NAME.factor` and the
//! channels' scales in `NAME.scale`. Their shape is the network's. Other kernels are int8.

use super::checked::Weights;
use super::container::{Content, Stored};
use super::difference;
use super::fine;
use super::int4;
use super::tensor::{HostTensor, Tensors, Values};
use crate::error::{Error, Result};
use half::f16;
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};

const KERNEL: &str = ".kernel";
const SCALE: &str = ".scale";
const STEPS: &str = ".steps";
const INT4: &str = ".int4";
const FACTOR: &str = ".factor";
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
    /// Large kernels as 4-bit integers with a factor for each 64 of them and a scale per output channel, an
    /// eighth; others as 8-bit integers.
    Int4,
    /// Kernels that are integers stay as they are; others are 32-bit floats: exact.
    Kept,
}

/// Whether a name is that of a part of another tensor.
pub(super) fn is_part(name: &str) -> bool {
    [SCALE, STEPS, DIFFERENCE, INT4, FACTOR]
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
    let scale_count = vec![scales.len()];
    let scales = part(Dtype::F32, scale_count, Content::Floats(scales.into()));
    let length = vec![packed.len()];
    let packed = part(Dtype::U8, length, Content::Bytes(packed));
    Some(vec![
        (format!("{name}{SCALE}"), scales),
        (format!("{name}{DIFFERENCE}"), packed),
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
    let HostTensor { shape, values } = tensor;
    let values = match (values, precision) {
        (Values::Integers { values, scales }, Precision::Int8) => {
            return int8(&name, &shape, &values, scales);
        }
        (Values::Integers { values, scales }, Precision::Kept | Precision::Int4) => {
            if let Some(parts) = int4(&name, &shape, &values, &scales) {
                return parts;
            }
            if precision == Precision::Kept || !int4::applies(&shape) {
                return int8(&name, &shape, &values, scales);
            }
            Values::Integers { values, scales }
        }
        (Values::Fine { values, scales }, Precision::Kept) => {
            let (coarse, steps) = fine::split(&values);
            let mut parts = int8(&name, &shape, &coarse, scales);
            let count = vec![steps.len()];
            let steps = part(Dtype::U8, count, Content::Bytes(steps));
            parts.push((format!("{name}{STEPS}"), steps));
            return parts;
        }
        (values, _) => values,
    };
    let floats = HostTensor {
        shape: Vec::new(),
        values,
    }
    .into_floats();
    match precision {
        Precision::Int4 if name.ends_with(KERNEL) && int4::applies(&shape) => {
            let (scales, values) = int4::quantize(&floats, shape[0]);
            let parts = int4(&name, &shape, &values, &scales);
            parts.unwrap_or_else(|| int8(&name, &shape, &values, scales))
        }
        Precision::Int8 | Precision::Int4 if name.ends_with(KERNEL) => {
            let (scales, values) = quantize(&shape, &floats, 1);
            let values: Vec<_> = values.into_iter().map(|n| n as i8).collect();
            int8(&name, &shape, &values, scales)
        }
        Precision::F16 if name.ends_with(KERNEL) => {
            vec![(
                name,
                part(Dtype::F16, shape, Content::Halves(floats.into())),
            )]
        }
        _ => vec![(
            name,
            part(Dtype::F32, shape, Content::Floats(floats.into())),
        )],
    }
}

fn part(dtype: Dtype, shape: Vec<usize>, content: Content<'static>) -> Stored<'static> {
    Stored {
        dtype,
        shape,
        content,
    }
}

fn int8(
    name: &str,
    shape: &[usize],
    values: &[i8],
    scales: Vec<f32>,
) -> Vec<(String, Stored<'static>)> {
    let count = vec![scales.len()];
    let scales = part(Dtype::F32, count, Content::Floats(scales.into()));
    let values = part(Dtype::I8, shape.to_vec(), Content::Bytes(bytes(values)));
    vec![
        (format!("{name}{SCALE}"), scales),
        (name.to_owned(), values),
    ]
}

/// None where the kernel is small, or int8 that 4 bits don't hold.
fn int4(
    name: &str,
    shape: &[usize],
    values: &[i8],
    scales: &[f32],
) -> Option<Vec<(String, Stored<'static>)>> {
    if !int4::applies(shape) {
        return None;
    }
    let (factors, packed) = int4::split(values, shape[0])?;
    let rows = |count: usize| vec![shape[0], count / shape[0]];
    let count = vec![scales.len()];
    let scales = part(Dtype::F32, count, Content::Floats(scales.to_vec().into()));
    let of_factors = rows(factors.len());
    let factors = part(Dtype::I8, of_factors, Content::Bytes(bytes(&factors)));
    let packed = part(Dtype::U8, rows(packed.len()), Content::Bytes(packed));
    Some(vec![
        (format!("{name}{SCALE}"), scales),
        (format!("{name}{FACTOR}"), factors),
        (format!("{name}{INT4}"), packed),
    ])
}

fn bytes(integers: &[i8]) -> Vec<u8> {
    integers.iter().map(|n| *n as u8).collect()
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

impl HostTensor {
    /// The values as int8 with a scale per output channel, as [`Precision::Int8`] has kernels.
    pub fn to_int8(&self) -> Self {
        let (scales, values) = quantize(&self.shape, &self.floats(), 1);
        let values = values.into_iter().map(|n| n as i8).collect();
        Self::of_integers(self.shape.clone(), values, scales)
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

/// The name of the kernel that a file's tensor is the int4 of.
pub(super) fn name_of_int4(part: &str) -> Option<&str> {
    part.strip_suffix(INT4)
}

/// Reads a kernel of that shape that a file has as int4.
pub(super) fn decode_int4(
    name: &str,
    shape: &[usize],
    file: &SafeTensors<'_>,
) -> Result<HostTensor> {
    let channels = shape.first().copied().unwrap_or(0).max(1);
    let length = shape.iter().skip(1).product::<usize>().max(1);
    let [groups, bytes] = int4::packed_lens(length);
    let packed = typed(
        file,
        &format!("{name}{INT4}"),
        Dtype::U8,
        &[channels, bytes],
    )?;
    let factors = typed(
        file,
        &format!("{name}{FACTOR}"),
        Dtype::I8,
        &[channels, groups],
    )?;
    let scales = typed(file, &format!("{name}{SCALE}"), Dtype::F32, &[channels])?;
    let factors: Vec<_> = factors.iter().map(|&byte| byte as i8).collect();
    let values = int4::join(length, &factors, packed).map_err(|index| Error::WeightsValues {
        name: name.to_owned(),
        index,
    })?;
    let scales = decode_f32(scales);
    Ok(HostTensor::of_integers(shape.to_vec(), values, scales))
}

/// The bytes of a part of a tensor, which must have that type and shape.
fn typed<'a>(
    file: &SafeTensors<'a>,
    name: &str,
    dtype: Dtype,
    shape: &[usize],
) -> Result<&'a [u8]> {
    let Ok(view) = file.tensor(name) else {
        return Err(Error::WeightsMissingTensor { name: name.into() });
    };
    if view.dtype() == dtype && view.shape() == shape {
        return Ok(view.data());
    }
    Err(Error::WeightsShape {
        name: name.into(),
        expected: format!("{dtype:?} {shape:?}"),
        found: format!("{:?} {:?}", view.dtype(), view.shape()),
    })
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
            let channels = shape.first().copied().unwrap_or(0);
            let scales = typed(file, &format!("{name}{SCALE}"), Dtype::F32, &[channels])?;
            if channels == 0 {
                return Err(Error::WeightsShape {
                    name: name.to_owned(),
                    expected: "channels".into(),
                    found: format!("{shape:?}"),
                });
            }
            let integers: Vec<_> = view.data().iter().map(|&byte| byte as i8).collect();
            let scales = decode_f32(scales);
            let steps_name = format!("{name}{STEPS}");
            if file.tensor(&steps_name).is_err() {
                return Ok(HostTensor::of_integers(shape, integers, scales));
            }
            let length = fine::packed_len(integers.len());
            let steps = typed(file, &steps_name, Dtype::U8, &[length])?;
            let values = fine::join(&integers, steps);
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
