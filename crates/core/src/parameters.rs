//! From checked weights to the parameters of burn modules.

use burn::module::{Param, ParamId};
use burn::tensor::{Device, Tensor, TensorData};
use signet_recognizer::{HostTensor, Tensors, Weights};

/// Hands checked tensors over to burn modules, one by one, so that each is in memory once.
pub(crate) struct ParameterSource {
    tensors: Tensors,
    norms: bool,
    momentum: f64,
    taken: u64,
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

    /// Tensors of a part of a network, for that part's tests.
    #[cfg(test)]
    pub(crate) fn of_tensors(tensors: Tensors) -> Self {
        Self {
            tensors,
            norms: true,
            momentum: 0.0,
            taken: 0,
        }
    }

    /// Whether batch norms are to be built.
    pub(crate) fn has_norms(&self) -> bool {
        self.norms
    }

    pub(crate) fn momentum(&self) -> f64 {
        self.momentum
    }

    /// Parameters are numbered in the order they are taken, which is the order of the layers, so
    /// that an optimiser's saved state finds its parameters again in another process.
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

    /// burn keeps a dense kernel as `[input, output]`, unlike every other kernel. It is turned
    /// here and not by a view on the device: the first training step would make a view whole, and
    /// a training resumed after it would start from another memory layout, whose sums round
    /// differently.
    pub(crate) fn dense_param(&mut self, layer: &str, device: &Device) -> Param<Tensor<2>> {
        let tensor = self.take(layer, "kernel");
        let (output, input) = (tensor.shape[0], tensor.shape[1]);
        let data = tensor.into_floats();
        let turned = (0..input).flat_map(|i| (0..output).map(move |o| o * input + i));
        let turned = turned.map(|at| data[at]).collect();
        let tensor = Tensor::from_data(TensorData::new(turned, [input, output]), device);
        self.numbered(tensor)
    }

    fn numbered<const D: usize>(&mut self, tensor: Tensor<D>) -> Param<Tensor<D>> {
        self.taken += 1;
        Param::initialized(ParamId::from(self.taken), tensor.require_grad_if_tracking())
    }

    fn take(&mut self, layer: &str, leaf: &str) -> HostTensor {
        self.tensors
            .remove(&format!("{layer}.{leaf}"))
            .expect("Weights::new has checked that every layer's tensors are there")
    }
}

/// `require_grad` on a device that tracks gradients; nothing elsewhere.
trait RequireGradIfTracking {
    fn require_grad_if_tracking(self) -> Self;
}

impl<const D: usize> RequireGradIfTracking for Tensor<D> {
    fn require_grad_if_tracking(self) -> Self {
        if self.device().is_autodiff() {
            self.require_grad()
        } else {
            self
        }
    }
}
