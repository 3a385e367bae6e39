//! A convolution and its batch norm as one operation, and ReLU, on LibTorch.
//!
//! burn-tch computes a kernel's gradient by a convolution that takes the batch for channels, and batch
//! norm from sums and products, which is half as fast as LibTorch's own. LibTorch is fastest in the
//! channels-last layout, and in bfloat16 on processors with instructions for it. The input's type
//! chooses the precision.
#![expect(
    deprecated,
    reason = "burn still ships LibTorch, and no other crate does"
)]

use super::device::on_libtorch;
use super::geometry::Geometry;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, unary};
use burn::backend::libtorch::TchTensor;
use burn::backend::ops::ActivationOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{
    Autodiff, AutodiffBackend, Backend, Dispatch, ExtensionType, LibTorch, backend_extension,
};
use burn::nn::{BatchNorm, conv::Conv2d};
use burn::tensor::{Tensor, activation};

/// As `norm.forward(conv.forward(input))` in training mode, running statistics included, in the type
/// of `input`. The convolution's bias gets no gradient: batch norm subtracts the mean, and the bias
/// with it, so that the gradient is zero.
///
/// None on another device, in evaluation mode, and for a convolution without [`Geometry`].
pub(crate) fn conv_norm(conv: &Conv2d, norm: &BatchNorm, input: &Tensor<4>) -> Option<Tensor<4>> {
    let device = input.device();
    if !(device.is_autodiff() && norm.training.is_enabled() && on_libtorch(&device)) {
        return None;
    }
    let geometry = Geometry::of(conv)?;
    let Normed {
        output,
        mean,
        variance,
    } = <Dispatch as LayerTraining>::conv_norm(
        input.clone().into_dispatch(),
        conv.weight.val().into_dispatch(),
        norm.gamma.val().into_dispatch(),
        norm.beta.val().into_dispatch(),
        geometry,
        norm.epsilon,
    );
    let [mean, variance] = [mean, variance].map(|t| Tensor::<1>::from_dispatch(t).detach());
    let mean = match &conv.bias {
        Some(bias) => mean + bias.val().detach(),
        None => mean,
    };
    for (running, batch) in [(&norm.running_mean, mean), (&norm.running_var, variance)] {
        let kept = running.value_sync().mul_scalar(1.0 - norm.momentum);
        running.update((kept + batch.mul_scalar(norm.momentum)).detach());
    }
    Some(Tensor::from_dispatch(output))
}

/// Output of a convolution without bias and its batch norm, and the batch's statistics.
#[derive(ExtensionType)]
pub(crate) struct Normed<B: Backend> {
    output: FloatTensor<B>,
    mean: FloatTensor<B>,
    variance: FloatTensor<B>,
}

/// As burn's `relu`, whose gradient takes two passes; LibTorch's takes one.
pub(crate) fn relu(input: Tensor<4>) -> Tensor<4> {
    if input.device().is_autodiff() && on_libtorch(&input.device()) {
        let output = <Dispatch as LayerTraining>::rectify(input.into_dispatch());
        Tensor::from_dispatch(output)
    } else {
        activation::relu(input)
    }
}

#[backend_extension(LibTorch, Autodiff)]
pub(crate) trait LayerTraining: Backend {
    fn rectify(input: FloatTensor<Self>) -> FloatTensor<Self>;

    fn conv_norm(
        input: FloatTensor<Self>,
        kernel: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        geometry: Geometry,
        epsilon: f64,
    ) -> Normed<Self>;
}

impl LayerTraining for LibTorch {
    fn rectify(input: TchTensor) -> TchTensor {
        Self::relu(input)
    }

    fn conv_norm(
        input: TchTensor,
        kernel: TchTensor,
        gamma: TchTensor,
        beta: TchTensor,
        geometry: Geometry,
        epsilon: f64,
    ) -> Normed<Self> {
        let inputs = [input, kernel, gamma, beta].map(|tensor| tensor.tensor);
        let [output, mean, variance] = compute(&inputs, geometry, epsilon).map(TchTensor::new);
        Normed {
            output,
            mean,
            variance,
        }
    }
}

/// Output, mean and variance. LibTorch's own autograd records what the gradients need.
fn compute(
    [input, kernel, gamma, beta]: &[tch::Tensor; 4],
    Geometry { stride, padding }: Geometry,
    epsilon: f64,
) -> [tch::Tensor; 3] {
    let [stride, padding] = [stride, padding].map(|sides| sides.map(|n| n as i64));
    let kernel = channels_last(&kernel.to_kind(input.kind()));
    let bias: Option<&tch::Tensor> = None;
    let x = channels_last(input).conv2d(&kernel, bias, stride, padding, [1, 1], 1);
    let norm = (Some(gamma), Some(beta));
    let (output, mean, deviation) =
        x.native_batch_norm(norm.0, norm.1, None, None, true, 0.0, epsilon);
    // LibTorch returns the reciprocal of the standard deviation, epsilon included.
    let variance = deviation.pow_tensor_scalar(-2) - epsilon;
    [output, mean, variance]
}

/// The same tensor in the channels-last layout.
fn channels_last(tensor: &tch::Tensor) -> tch::Tensor {
    let tensor = tensor.permute([0, 2, 3, 1]).contiguous();
    tensor.permute([0, 3, 1, 2])
}

/// An operation that LibTorch's autograd has recorded. The inputs are burn's tensors, whose reference
/// counts keep burn from reusing their memory.
#[derive(Debug, Clone)]
struct Recorded {
    inputs: [TchTensor; 4],
    output: TchTensor,
}

#[derive(Debug)]
struct ConvNormBackward;

impl Backward<LibTorch, 4> for ConvNormBackward {
    type State = Recorded;

    fn backward(self, ops: Ops<Recorded, 4>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = channels_last(&grads.consume::<LibTorch>(&ops.node).tensor);
        let Recorded { inputs, output } = ops.state;
        let [input, kernel, gamma, beta] = &ops.parents;
        let nodes = [input, kernel, gamma, beta].map(|node| node.as_ref().map(|node| node.id));
        let wanted = nodes.iter().zip(&inputs).filter(|(node, _)| node.is_some());
        let wanted: Vec<_> = wanted.map(|(_, input)| &input.tensor).collect();
        // tch's backward pass starts from a scalar's gradient of one.
        let kind = grad.kind();
        let product = (output.tensor * grad).sum(kind);
        let found = tch::Tensor::run_backward(&[product], &wanted, false, false);
        let kernel = nodes[1];
        for (node, grad) in nodes.into_iter().flatten().zip(found) {
            // The optimizer is slow where gradient and weight differ in layout.
            let grad = if Some(node) == kernel {
                grad.contiguous()
            } else {
                grad
            };
            grads.register::<LibTorch>(node, TchTensor::new(grad));
        }
    }
}

#[derive(Debug)]
struct RectifyBackward;

impl Backward<LibTorch, 1> for RectifyBackward {
    type State = TchTensor;

    fn backward(self, ops: Ops<TchTensor, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let output = ops.state.tensor;
        unary::<LibTorch, _>(ops.parents, ops.node, grads, |grad| {
            TchTensor::new(output.threshold_backward(&grad.tensor, 0))
        });
    }
}

impl<C: CheckpointStrategy> LayerTraining for Autodiff<LibTorch, C> {
    fn rectify(input: FloatTensor<Self>) -> FloatTensor<Self> {
        let (input, node) = input.into_parts();
        let output = LibTorch::rectify(input);
        match RectifyBackward
            .prepare::<C>([node])
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(prep) => prep.finish(output.clone(), output),
            OpsKind::UnTracked(prep) => prep.finish(output),
        }
    }

    fn conv_norm(
        input: FloatTensor<Self>,
        kernel: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        geometry: Geometry,
        epsilon: f64,
    ) -> Normed<Self> {
        let inputs = [input, kernel, gamma, beta];
        let nodes = inputs.each_ref().map(|input| input.node());
        let inputs = inputs.map(|input| input.into_primitive());
        let (output, mean, variance) = match ConvNormBackward
            .prepare::<C>(nodes)
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(prep) => {
                let inputs = inputs.map(|TchTensor { tensor, storage }| TchTensor {
                    tensor: tensor.detach().set_requires_grad(true),
                    storage,
                });
                let tensors = inputs.each_ref().map(|input| input.tensor.shallow_clone());
                let [recorded, mean, variance] = compute(&tensors, geometry, epsilon);
                let plain = recorded.detach();
                let recorded = TchTensor::new(recorded);
                let output = TchTensor::from_existing(plain, recorded.storage.clone());
                let state = Recorded {
                    inputs,
                    output: recorded,
                };
                // Copied, since the record shares the mean's memory.
                let mean = TchTensor::new(mean.detach().copy());
                let variance = TchTensor::new(variance.detach());
                (prep.finish(state, output), mean, variance)
            }
            OpsKind::UnTracked(prep) => {
                let [input, kernel, gamma, beta] = inputs;
                let normed = LibTorch::conv_norm(input, kernel, gamma, beta, geometry, epsilon);
                (prep.finish(normed.output), normed.mean, normed.variance)
            }
        };
        Normed {
            output,
            mean: Self::from_inner(mean),
            variance: Self::from_inner(variance),
        }
    }
}
