//! From checked weights to parameters of burn modules.

use burn::module::{Param, ParamId};
use burn::tensor::{Device, Tensor, TensorData};
use signet_recognizer::{HostTensor, Tensors, Weights};

/// Moves checked tensors into burn modules one by one, so that each is in host memory once.
pub(crate) struct ParameterSource {
    pub tensors: Tensors,
    /// Whether the weights have batch norms.
    pub norms: bool,
    /// The momentum of batch norms.
    pub momentum: f64,
    /// How many parameters were taken out of the source.
    pub taken: u64,
}

impl ParameterSource {
    pub(crate) fn new(weights: Weights, momentum: f64) -> Self {
        Self {
            norms: !weights.is_folded(),
            tensors: weights.into_tensors(),
            momentum,
            taken: 0,
        }
    }

    /// The next parameter. Parameters are numbered in the order of the layers, so that an optimizer's
    /// saved state finds its parameters again in another process.
    pub(crate) fn param<const D: usize>(
        &mut self,
        layer: &str,
        leaf: &str,
        device: &Device,
    ) -> Param<Tensor<D>> {
        let tensor = self.take(layer, leaf);
        let shape = tensor.shape.clone();
        let data = TensorData::new(tensor.into_floats(), shape);
        self.numbered(Tensor::from_data(data, device))
    }

    /// The next dense kernel. burn keeps it as `[input, output]`, weights keep `[output, input]`. It is
    /// transposed here and not by a strided view on the device: the first training step would make
    /// the view contiguous, and a training resumed after that step would start from another memory
    /// layout, whose sums round differently.
    pub(crate) fn dense_param(&mut self, layer: &str, device: &Device) -> Param<Tensor<2>> {
        let tensor = self.take(layer, "kernel");
        let (output, input) = (tensor.shape[0], tensor.shape[1]);
        let data = tensor.into_floats();
        let transposed = (0..input).flat_map(|i| (0..output).map(move |o| o * input + i));
        let transposed = transposed.map(|at| data[at]).collect();
        let tensor = Tensor::from_data(TensorData::new(transposed, [input, output]), device);
        self.numbered(tensor)
    }

    fn numbered<const D: usize>(&mut self, tensor: Tensor<D>) -> Param<Tensor<D>> {
        self.taken += 1;
        let tensor = if tensor.device().is_autodiff() {
            tensor.require_grad()
        } else {
            tensor
        };
        Param::initialized(ParamId::from(self.taken), tensor)
    }

    fn take(&mut self, layer: &str, leaf: &str) -> HostTensor {
        self.tensors
            .remove(&format!("{layer}.{leaf}"))
            .expect("Weights::new has checked that every layer's tensors are there")
    }
}
