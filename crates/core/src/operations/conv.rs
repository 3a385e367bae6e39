//! A convolution, the sum with a shortcut and ReLU as one operation on Flex.
//!
//! burn-flex computes convolutions and their gradients picture by picture, and permutes all values
//! before and after. Here each of them is im2col and one matrix product for the whole batch. Values
//! are N H W C in memory from layer to layer, though a tensor's axes are N C H W.

mod epilogue;
mod im2col;

use super::device::on_flex;
use super::geometry::Geometry;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{
    Autodiff, Backend, Dispatch, ExtensionType, Flex, TensorMetadata, backend_extension,
};
use burn::nn::conv::Conv2d;
use burn::tensor::{Shape, Tensor};
use im2col::Im2col;

/// See [`operations::conv`](super::conv). None where Flex computes no gradients, or the convolution has
/// no [`Geometry`].
pub(crate) fn conv(
    conv: &Conv2d,
    input: &Tensor<4>,
    shortcut: Option<&Tensor<4>>,
    relu: bool,
) -> Option<Tensor<4>> {
    let device = input.device();
    if !(device.is_autodiff() && on_flex(&device)) {
        return None;
    }
    let geometry = Geometry::of(conv)?;
    let bias = conv.bias.as_ref()?.val().into_dispatch();
    let [input, kernel] = [input.clone(), conv.weight.val()].map(Tensor::into_dispatch);
    let inputs = match shortcut {
        None => Inputs::Plain(input, kernel, bias),
        Some(shortcut) => Inputs::Residual(input, kernel, bias, shortcut.clone().into_dispatch()),
    };
    let output = <Dispatch as ConvTraining>::conv(inputs, geometry, relu);
    Some(Tensor::from_dispatch(output))
}

/// See [`operations::fork`](super::fork).
pub(crate) fn fork(tensor: Tensor<4>) -> [Tensor<4>; 2] {
    if on_flex(&tensor.device()) {
        let nhwc = tensor.permute([0, 2, 3, 1]);
        [nhwc.clone(), nhwc].map(|nhwc| nhwc.permute([0, 3, 1, 2]))
    } else {
        [tensor.clone(), tensor]
    }
}

/// Input, kernel, bias, and in a residual block's last convolution the shortcut.
#[derive(ExtensionType)]
pub(crate) enum Inputs<B: Backend> {
    Plain(FloatTensor<B>, FloatTensor<B>, FloatTensor<B>),
    Residual(
        FloatTensor<B>,
        FloatTensor<B>,
        FloatTensor<B>,
        FloatTensor<B>,
    ),
}

#[backend_extension(Flex, Autodiff)]
pub(crate) trait ConvTraining: Backend {
    fn conv(
        #[extension_type] inputs: Inputs<Self>,
        geometry: Geometry,
        relu: bool,
    ) -> FloatTensor<Self>;
}

impl ConvTraining for Flex {
    fn conv(inputs: Inputs<Self>, geometry: Geometry, relu: bool) -> FlexTensor {
        let inputs = match inputs {
            Inputs::Plain(input, kernel, bias) => vec![input, kernel, bias],
            Inputs::Residual(input, kernel, bias, shortcut) => vec![input, kernel, bias, shortcut],
        };
        forward(inputs, geometry, relu).0
    }
}

impl<C: CheckpointStrategy> ConvTraining for Autodiff<Flex, C> {
    fn conv(inputs: Inputs<Self>, geometry: Geometry, relu: bool) -> FloatTensor<Self> {
        match inputs {
            Inputs::Plain(input, kernel, bias) => {
                record::<C, 3>([input, kernel, bias], geometry, relu)
            }
            Inputs::Residual(input, kernel, bias, shortcut) => {
                record::<C, 4>([input, kernel, bias, shortcut], geometry, relu)
            }
        }
    }
}

/// Computes a convolution of tracked inputs and records what its gradients need.
fn record<C: CheckpointStrategy, const N: usize>(
    inputs: [FloatTensor<Autodiff<Flex, C>>; N],
    geometry: Geometry,
    relu: bool,
) -> FloatTensor<Autodiff<Flex, C>> {
    let nodes = inputs.each_ref().map(|input| input.node());
    let inputs = inputs.map(|input| input.into_primitive());
    let (output, recorded) = forward(inputs.into(), geometry, relu);
    match ConvBackward.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(prep) => prep.finish(recorded, output),
        OpsKind::UnTracked(prep) => prep.finish(output),
    }
}

/// What the gradients need.
#[derive(Debug, Clone)]
struct Recorded {
    im2col: Im2col,
    /// `[batch, height, width, channels]`.
    input: FlexTensor,
    /// The kernel's shape, `[output, input, height, width]`.
    kernel_shape: [usize; 4],
    /// The kernel as a matrix, `[output, height * width * input]`.
    kernel: FlexTensor,
    /// `[batch, height, width, channels]`, where there is ReLU.
    output: Option<FlexTensor>,
}

/// The output, and what the gradients of input, kernel, bias and, if there is a fourth input, shortcut
/// need.
fn forward(inputs: Vec<FlexTensor>, geometry: Geometry, relu: bool) -> (FlexTensor, Recorded) {
    let mut inputs = inputs.into_iter();
    let [input, kernel, bias] = [(); 3].map(|()| inputs.next().expect("three inputs at least"));
    let kernel_shape @ [channels, _, height, width] = kernel.shape().dims();
    let input = to_nhwc(input);
    let im2col = Im2col::new(input.shape().dims(), [height, width], geometry);
    let kernel = to_nhwc(kernel);
    let columns = kernel.layout().num_elements() / channels;
    let kernel = kernel.reshape(Shape::new([channels, columns]));

    let rows = im2col.gather(&input);
    let mut output = Flex::float_matmul(rows, Flex::float_transpose(kernel.clone()));
    let shortcut = inputs.next().map(to_nhwc);
    let shortcut: Option<&[f32]> = shortcut.as_ref().map(FlexTensor::storage);
    let bias = bias.to_contiguous();
    epilogue::forward(output.storage_mut(), bias.storage(), shortcut, relu);

    let [batch, height, width] = im2col.output();
    let output = output.reshape(Shape::new([batch, height, width, channels]));
    let recorded = Recorded {
        im2col,
        input,
        kernel_shape,
        kernel,
        output: relu.then(|| output.clone()),
    };
    (to_nchw(output), recorded)
}

/// The gradients of input, kernel, bias and, where there is one, shortcut.
#[derive(Debug)]
struct ConvBackward;

impl<const N: usize> Backward<Flex, N> for ConvBackward {
    type State = Recorded;

    fn backward(self, ops: Ops<Recorded, N>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = to_nhwc(grads.consume::<Flex>(&ops.node));
        let Recorded {
            im2col,
            input,
            kernel_shape,
            kernel,
            output,
        } = ops.state;
        let [channels, depth, height, width] = kernel_shape;
        let (gradient, bias) = epilogue::backward(gradient, output.as_ref(), channels);
        let mut register = |at: usize, gradient: &dyn Fn() -> FlexTensor| {
            if let Some(Some(node)) = ops.parents.get(at) {
                grads.register::<Flex>(node.id, gradient());
            }
        };
        register(3, &|| to_nchw(gradient.clone()));
        register(2, &|| bias.clone());
        let rows = gradient.layout().num_elements() / channels;
        let gradient = gradient.reshape(Shape::new([rows, channels]));
        register(1, &|| {
            let rows = im2col.gather(&input);
            let kernel = Flex::float_matmul(Flex::float_transpose(gradient.clone()), rows);
            to_nchw(kernel.reshape(Shape::new([channels, height, width, depth])))
        });
        register(0, &|| {
            let rows = Flex::float_matmul(gradient.clone(), kernel.clone());
            to_nchw(im2col.scatter(rows))
        });
    }
}

/// Moves the channels last, also in memory.
fn to_nhwc(tensor: FlexTensor) -> FlexTensor {
    Flex::float_permute(tensor, &[0, 2, 3, 1]).to_contiguous()
}

/// Moves the channels second, as a strided view.
fn to_nchw(tensor: FlexTensor) -> FlexTensor {
    Flex::float_permute(tensor, &[0, 3, 1, 2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::module::Param;
    use burn::nn::PaddingConfig2d;
    use burn::tensor::{Device, activation};

    /// A convolution.
    struct Case {
        /// Batch, channels, height, width.
        input: [usize; 4],
        channels: usize,
        side: usize,
        stride: usize,
        padding: PaddingConfig2d,
    }

    /// Values around zero without a pattern.
    fn values<const D: usize>(shape: [usize; D], seed: usize) -> Tensor<D> {
        let count = shape.iter().product();
        let value = |at: usize| ((at + 1) * (seed * 7919 + 104_729) % 1009) as f32 / 504.0 - 1.0;
        let floats: Vec<f32> = (0..count).map(value).collect();
        let device = Device::flex().autodiff();
        Tensor::<1>::from_floats(floats.as_slice(), &device).reshape(shape)
    }

    fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
        tensor.into_data().try_into_vec_as().expect("floats")
    }

    /// Output and gradients of input, kernel, bias and shortcut.
    fn run(
        case: &Case,
        shortcut: bool,
        relu: bool,
        forward: impl Fn(&Conv2d, &Tensor<4>, Option<&Tensor<4>>, bool) -> Tensor<4>,
    ) -> Vec<Vec<f32>> {
        let Case {
            input,
            channels,
            side,
            ..
        } = *case;
        let conv = Conv2d {
            weight: Param::from_tensor(values([channels, input[1], side, side], 1)),
            bias: Some(Param::from_tensor(values([channels], 2))),
            stride: [case.stride; 2],
            kernel_size: [side; 2],
            dilation: [1; 2],
            groups: 1,
            padding: case.padding.clone(),
        };
        let input = values(input, 3).require_grad();
        let shape = conv.forward(input.clone()).dims();
        let shortcut = shortcut.then(|| values(shape, 4).require_grad());
        let output = forward(&conv, &input, shortcut.as_ref(), relu);
        let gradients = (output.clone() * values(shape, 5)).sum().backward();
        let (kernel, bias) = (conv.weight.val(), conv.bias.expect("it has one").val());
        let mut found = vec![floats(output), floats(bias.grad(&gradients).expect("one"))];
        for tensor in [Some(input), Some(kernel), shortcut].into_iter().flatten() {
            found.push(floats(tensor.grad(&gradients).expect("one")));
        }
        found
    }

    #[test]
    fn output_and_gradients_equal_burns_own() {
        let case = |input, channels, side, stride, padding| Case {
            input,
            channels,
            side,
            stride,
            padding,
        };
        let border = |n| PaddingConfig2d::Explicit(n, n, n, n);
        for case in [
            case([3, 5, 13, 14], 64, 1, 1, PaddingConfig2d::Valid),
            case([2, 6, 7, 8], 5, 1, 2, PaddingConfig2d::Valid),
            case([3, 4, 9, 6], 7, 3, 1, PaddingConfig2d::Same),
            case([2, 3, 5, 1], 4, 3, 1, PaddingConfig2d::Same),
            case([2, 3, 16, 15], 8, 7, 2, border(3)),
            case([1, 2, 2, 3], 3, 5, 3, border(4)),
        ] {
            for (shortcut, relu) in [(false, false), (false, true), (true, false), (true, true)] {
                let found = run(&case, shortcut, relu, |c, input, shortcut, relu| {
                    conv(c, input, shortcut, relu).expect("it is Flex's")
                });
                let expected = run(&case, shortcut, relu, |conv, input, shortcut, relu| {
                    let output = conv.forward(input.clone());
                    let output = match shortcut {
                        Some(shortcut) => output + shortcut.clone(),
                        None => output,
                    };
                    if relu {
                        activation::relu(output)
                    } else {
                        output
                    }
                });
                assert_eq!(found.len(), expected.len());
                for (found, expected) in found.iter().zip(&expected) {
                    assert_eq!(found.len(), expected.len());
                    let most = expected.iter().fold(0.0_f32, |most, n| most.max(n.abs()));
                    let worst = found.iter().zip(expected).map(|(a, b)| (a - b).abs());
                    let worst = worst.fold(0.0, f32::max);
                    assert!(worst <= 1e-5 * most, "{worst} of {most}");
                }
            }
        }
    }

    /// An identity block's input is both input and shortcut.
    #[test]
    fn a_forked_tensor_has_the_sum_of_both_gradients() {
        let input = values([2, 3, 4, 5], 1).require_grad();
        let [a, b] = fork(input.clone());
        let gradients = (a * values([2, 3, 4, 5], 2) + b).sum().backward();
        let found = floats(input.grad(&gradients).expect("one"));
        let expected = floats(values([2, 3, 4, 5], 2) + 1.0);
        assert_eq!(found, expected);
    }
}
