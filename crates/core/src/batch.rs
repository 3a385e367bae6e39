//! Transfers between host and device: inputs to a tensor, tensors back.

use burn::tensor::{Device, Tensor, TensorData};
use signet_recognizer::{Error, HostTensor, INPUT_SIDE, InputImage, Result};

/// Inputs as a tensor on `device`, RGB in 0 to 1.
///
/// # Shapes
///
/// - output: `[inputs, 3, side, side]`
///
/// # Panics
///
/// Panics when the inputs differ in size.
pub fn batch(inputs: &[InputImage], device: &Device) -> Tensor<4> {
    let side = inputs.first().map_or(INPUT_SIDE, InputImage::side);
    let mut data = Vec::with_capacity(inputs.len() * 3 * side * side);
    for input in inputs {
        assert_eq!(input.side(), side, "inputs of one batch have one size");
        for channel in 0..3 {
            let plane = input.rgb().iter().skip(channel).step_by(3);
            data.extend(plane.map(|&value| f32::from(value) / 255.0));
        }
    }
    Tensor::from_data(TensorData::new(data, [inputs.len(), 3, side, side]), device)
}

/// Copies a tensor from its device to the host.
///
/// # Errors
///
/// [`Error::Device`] when the device fails.
pub(crate) async fn read<const D: usize>(tensor: Tensor<D>) -> Result<HostTensor> {
    let shape = tensor.dims().to_vec();
    let data = tensor.into_data_async().await.map_err(failed)?;
    Ok(HostTensor::new(
        shape,
        data.try_into_vec_as().map_err(failed)?,
    ))
}

fn failed(error: impl std::fmt::Debug) -> Error {
    Error::Device {
        reason: format!("{error:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_become_numbers_from_0_to_1_channel_by_channel() {
        let ramp = InputImage::from_fn(INPUT_SIDE, |x, y| [(x * 4) as u8, (y * 4) as u8, 255]);
        let tensor = batch(&[InputImage::reference(), ramp], &Device::flex());
        assert_eq!(tensor.dims(), [2, 3, INPUT_SIDE, INPUT_SIDE]);
        let numbers: Vec<f32> = tensor.into_data().try_into_vec_as().expect("floats");
        assert!(numbers.iter().all(|number| (0.0..=1.0).contains(number)));
        let plane = INPUT_SIDE * INPUT_SIDE;
        let at = |channel: usize, x: usize, y: usize| {
            numbers[(3 + channel) * plane + y * INPUT_SIDE + x]
        };
        assert_eq!([at(0, 5, 9), at(1, 5, 9)], [20.0 / 255.0, 36.0 / 255.0]);
        assert_eq!(at(2, 5, 9), 1.0);
    }
}
