//! A convolution, a shortcut and ReLU as one operation on Flex.
//!
//! burn-flex computes convolutions and their gradients picture by picture, and turns the order of
//! all numbers before and after. Here each is one product of matrices for the whole batch, and the
//! channels of a pixel lie together from layer to layer, though a tensor says N C H W.

mod tail;
mod windows;

use super::device::on_flex;
use super::geometry::Geometry;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, NodeGuard, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::nn::conv::Conv2d;
use burn::tensor::{Shape, Tensor};
use windows::Windows;

/// As `conv` and, where they are asked for, the sum with a shortcut and ReLU.
///
/// None where Flex computes no gradients, or the convolution has no [`Geometry`].
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
    Some(Tensor::from_dispatch(match shortcut {
        Some(shortcut) => {
            let shortcut = shortcut.clone().into_dispatch();
            <Dispatch as ConvTraining>::conv_beside(input, kernel, bias, shortcut, geometry, relu)
        }
        None => <Dispatch as ConvTraining>::conv(input, kernel, bias, geometry, relu),
    }))
}

/// The tensor twice, so that its two gradients are added as they lie in memory.
pub(crate) fn fork(tensor: Tensor<4>) -> [Tensor<4>; 2] {
    if on_flex(&tensor.device()) {
        let pixels = tensor.permute([0, 2, 3, 1]);
        [pixels.clone(), pixels].map(|pixels| pixels.permute([0, 3, 1, 2]))
    } else {
        [tensor.clone(), tensor]
    }
}

#[backend_extension(Flex, Autodiff)]
pub(crate) trait ConvTraining: Backend {
    fn conv(
        input: FloatTensor<Self>,
        kernel: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        geometry: Geometry,
        relu: bool,
    ) -> FloatTensor<Self>;

    fn conv_beside(
        input: FloatTensor<Self>,
        kernel: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        shortcut: FloatTensor<Self>,
        geometry: Geometry,
        relu: bool,
    ) -> FloatTensor<Self>;
}

impl ConvTraining for Flex {
    fn conv(
        input: FlexTensor,
        kernel: FlexTensor,
        bias: FlexTensor,
        geometry: Geometry,
        relu: bool,
    ) -> FlexTensor {
        forward([input, kernel, bias], None, geometry, relu).0
    }

    fn conv_beside(
        input: FlexTensor,
        kernel: FlexTensor,
        bias: FlexTensor,
        shortcut: FlexTensor,
        geometry: Geometry,
        relu: bool,
    ) -> FlexTensor {
        forward([input, kernel, bias], Some(shortcut), geometry, relu).0
    }
}

impl<C: CheckpointStrategy> ConvTraining for Autodiff<Flex, C> {
    fn conv(
        input: FloatTensor<Self>,
        kernel: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        geometry: Geometry,
        relu: bool,
    ) -> FloatTensor<Self> {
        let inputs = [input, kernel, bias];
        let nodes = inputs.each_ref().map(|input| input.node());
        let inputs = inputs.map(|input| input.into_primitive());
        record::<C, 3>(nodes, inputs, None, geometry, relu)
    }

    fn conv_beside(
        input: FloatTensor<Self>,
        kernel: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        shortcut: FloatTensor<Self>,
        geometry: Geometry,
        relu: bool,
    ) -> FloatTensor<Self> {
        let inputs = [input, kernel, bias, shortcut];
        let nodes = inputs.each_ref().map(|input| input.node());
        let [input, kernel, bias, shortcut] = inputs.map(|input| input.into_primitive());
        record::<C, 4>(nodes, [input, kernel, bias], Some(shortcut), geometry, relu)
    }
}

/// What the gradients need.
#[derive(Debug, Clone)]
struct Recorded {
    windows: Windows,
    /// `[batch, height, width, channels]`.
    input: FlexTensor,
    /// The kernel's four sides, and the kernel as a matrix.
    kernel_shape: [usize; 4],
    kernel: FlexTensor,
    /// `[batch, height, width, channels]`, where there is ReLU.
    output: Option<FlexTensor>,
}

fn forward(
    [input, kernel, bias]: [FlexTensor; 3],
    shortcut: Option<FlexTensor>,
    geometry: Geometry,
    relu: bool,
) -> (FlexTensor, Recorded) {
    let kernel_shape @ [channels, _, height, width] = kernel.shape().dims();
    let input = pixels(input);
    let windows = Windows::new(input.shape().dims(), [height, width], geometry);
    let kernel = pixels(kernel);
    let kernel = kernel.reshape(Shape::new([
        channels,
        kernel.layout().num_elements() / channels,
    ]));

    let cut = windows.cut(&input);
    let mut output = Flex::float_matmul(cut, Flex::float_transpose(kernel.clone()));
    let shortcut = shortcut.map(pixels);
    let shortcut: Option<&[f32]> = shortcut.as_ref().map(FlexTensor::storage);
    tail::forward(
        output.storage_mut(),
        bias.to_contiguous().storage(),
        shortcut,
        relu,
    );

    let [pictures, rows, columns] = windows.places();
    let output = output.reshape(Shape::new([pictures, rows, columns, channels]));
    let recorded = Recorded {
        windows,
        input,
        kernel_shape,
        kernel,
        output: relu.then(|| output.clone()),
    };
    (planes(output), recorded)
}

fn record<C: CheckpointStrategy, const N: usize>(
    nodes: [NodeGuard; N],
    inputs: [FlexTensor; 3],
    shortcut: Option<FlexTensor>,
    geometry: Geometry,
    relu: bool,
) -> FloatTensor<Autodiff<Flex, C>> {
    let (output, recorded) = forward(inputs, shortcut, geometry, relu);
    match ConvBackward.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(prep) => prep.finish(recorded, output),
        OpsKind::UnTracked(prep) => prep.finish(output),
    }
}

/// Of input, kernel, bias, and the shortcut if there is one.
#[derive(Debug)]
struct ConvBackward;

impl<const N: usize> Backward<Flex, N> for ConvBackward {
    type State = Recorded;

    fn backward(self, ops: Ops<Recorded, N>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = pixels(grads.consume::<Flex>(&ops.node));
        let Recorded {
            windows,
            input,
            kernel_shape,
            kernel,
            output,
        } = ops.state;
        let [channels, depth, height, width] = kernel_shape;
        let (gradient, bias) = tail::backward(gradient, output.as_ref(), channels);
        let mut register = |at: usize, gradient: &dyn Fn() -> FlexTensor| {
            if let Some(Some(node)) = ops.parents.get(at) {
                grads.register::<Flex>(node.id, gradient());
            }
        };
        register(3, &|| planes(gradient.clone()));
        register(2, &|| bias.clone());
        let rows = gradient.layout().num_elements() / channels;
        let products = gradient.reshape(Shape::new([rows, channels]));
        register(1, &|| {
            let cut = windows.cut(&input);
            let kernel = Flex::float_matmul(Flex::float_transpose(products.clone()), cut);
            planes(kernel.reshape(Shape::new([channels, height, width, depth])))
        });
        register(0, &|| {
            let cut = Flex::float_matmul(products.clone(), kernel.clone());
            planes(windows.add_up(cut))
        });
    }
}

/// Channels behind height and width, also in memory.
fn pixels(tensor: FlexTensor) -> FlexTensor {
    Flex::float_permute(tensor, &[0, 2, 3, 1]).to_contiguous()
}

/// Channels before height and width, though not in memory.
fn planes(tensor: FlexTensor) -> FlexTensor {
    Flex::float_permute(tensor, &[0, 3, 1, 2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::module::Param;
    use burn::nn::PaddingConfig2d;
    use burn::tensor::{Device, activation};

    /// A convolution of pictures.
    struct Case {
        /// Batch, channels, height, width.
        input: [usize; 4],
        channels: usize,
        side: usize,
        stride: usize,
        padding: PaddingConfig2d,
    }

    /// Numbers around zero without a pattern.
    fn numbers<const D: usize>(shape: [usize; D], seed: usize) -> Tensor<D> {
        let count = shape.iter().product();
        let number = |at: usize| ((at + 1) * (seed * 7919 + 104_729) % 1009) as f32 / 504.0 - 1.0;
        let floats: Vec<f32> = (0..count).map(number).collect();
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
            weight: Param::from_tensor(numbers([channels, input[1], side, side], 1)),
            bias: Some(Param::from_tensor(numbers([channels], 2))),
            stride: [case.stride; 2],
            kernel_size: [side; 2],
            dilation: [1; 2],
            groups: 1,
            padding: case.padding.clone(),
        };
        let input = numbers(input, 3).require_grad();
        let shape = conv.forward(input.clone()).dims();
        let shortcut = shortcut.then(|| numbers(shape, 4).require_grad());
        let output = forward(&conv, &input, shortcut.as_ref(), relu);
        let gradients = (output.clone() * numbers(shape, 5)).sum().backward();
        let (kernel, bias) = (conv.weight.val(), conv.bias.expect("it has one").val());
        let mut found = vec![floats(output), floats(bias.grad(&gradients).expect("one"))];
        for tensor in [Some(input), Some(kernel), shortcut].into_iter().flatten() {
            found.push(floats(tensor.grad(&gradients).expect("one")));
        }
        found
    }

    #[test]
    fn output_and_gradients_are_burns() {
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

    /// A picture that is both input and shortcut, and whose gradient is therefore a sum.
    #[test]
    fn a_forked_tensor_has_the_sum_of_both_gradients() {
        let input = numbers([2, 3, 4, 5], 1).require_grad();
        let [a, b] = fork(input.clone());
        let gradients = (a * numbers([2, 3, 4, 5], 2) + b).sum().backward();
        let found = floats(input.grad(&gradients).expect("one"));
        let expected = floats(numbers([2, 3, 4, 5], 2) + 1.0);
        assert_eq!(found, expected);
    }
}
