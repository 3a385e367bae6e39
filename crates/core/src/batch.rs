//! Between the host and the device: inputs as a tensor, tensors read back.

use burn::tensor::{Device, ExecutionError, Tensor, TensorData};
use signet_recognizer::{Error, HostTensor, INPUT_SIDE, InputImage, Result};

/// Inputs as a tensor, pixels divided by 255.
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

/// Copies a tensor from its device.
///
/// # Errors
///
/// [`Error::Device`] when the device failed.
pub(crate) async fn read<const D: usize>(tensor: Tensor<D>) -> Result<HostTensor> {
    let shape = tensor.dims().to_vec();
    let data = tensor.into_data_async().await.map_err(failed)?;
    let data = data.try_into_vec_as::<f32>();
    let data = data.map_err(|error| Error::Device {
        reason: format!("{error:?}"),
    })?;
    Ok(HostTensor::new(shape, data))
}

fn failed(error: ExecutionError) -> Error {
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
