//! Adam's step in one pass over the weights on Flex, and in six passes on LibTorch, where burn's takes
//! thirteen.
#![cfg_attr(
    feature = "libtorch",
    expect(
        deprecated,
        reason = "burn still ships LibTorch, and no other crate does"
    )
)]

#[cfg(feature = "flex")]
mod flex;
#[cfg(feature = "libtorch")]
mod libtorch;

use super::device::{on_flex, on_libtorch};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, ExtensionType, backend_extension};
use burn::optim::{self, AdamConfig, AdamState, AdaptiveMomentumState, LearningRate, Optimizer};
use burn::tensor::{Device, Tensor};

/// beta 1 and beta 2, the decay rates of the moments: Keras' and burn's constants.
const BETAS: [f32; 2] = [0.9, 0.999];

/// burn's Adam and its state, with fused steps on Flex and LibTorch.
#[derive(Clone)]
pub(crate) struct Adam {
    burn: optim::Adam,
    epsilon: f32,
    before_correction: bool,
}

impl Adam {
    /// burn's constants but for the epsilon and its place.
    pub fn new(epsilon: f32, before_correction: bool) -> Self {
        Self {
            burn: AdamConfig::new().with_epsilon(epsilon).build(),
            epsilon,
            before_correction,
        }
    }
}

impl Optimizer for Adam {
    type State<const D: usize> = AdamState<D>;

    fn step<const D: usize>(
        &self,
        rate: LearningRate,
        weight: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<AdamState<D>>,
    ) -> (Tensor<D>, Option<AdamState<D>>) {
        let device = weight.device();
        if !(on_flex(&device) || on_libtorch(&device)) {
            return self.burn.step(rate, weight, gradient, state);
        }
        let moments = match state {
            Some(state) => state.momentum,
            None => AdaptiveMomentumState::new(0, weight.zeros_like(), weight.zeros_like()),
        };
        let time = moments.time + 1;
        let [first, second] = BETAS.map(|beta| 1.0 - beta.powi(time as i32));
        let factors = Factors {
            correction: second.sqrt() / first,
            epsilon: if self.before_correction {
                self.epsilon
            } else {
                self.epsilon * second.sqrt()
            },
            rate: rate as f32,
        };
        // The tensors are moved, so that each step can work in place.
        let Stepped {
            weight,
            moment_1,
            moment_2,
        } = <Dispatch as AdamStep>::adam_step(
            weight.into_dispatch(),
            gradient.into_dispatch(),
            moments.moment_1.into_dispatch(),
            moments.moment_2.into_dispatch(),
            factors,
        );
        let [moment_1, moment_2] = [moment_1, moment_2].map(Tensor::from_dispatch);
        let moments = AdaptiveMomentumState::new(time, moment_1, moment_2);
        (Tensor::from_dispatch(weight), Some(AdamState::new(moments)))
    }

    fn to_device<const D: usize>(state: AdamState<D>, device: &Device) -> AdamState<D> {
        optim::Adam::to_device(state, device)
    }
}

/// Scalars of a step. The bias correction of both moments (Kingma and Ba 2015, the reordered form of
/// section 2) is folded into one factor and the epsilon.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Factors {
    correction: f32,
    epsilon: f32,
    rate: f32,
}

/// A weight and its moments after a step.
#[derive(ExtensionType)]
pub(crate) struct Stepped<B: Backend> {
    weight: FloatTensor<B>,
    moment_1: FloatTensor<B>,
    moment_2: FloatTensor<B>,
}

#[backend_extension(Flex: cfg(feature = "flex"), LibTorch: cfg(feature = "libtorch"))]
pub(crate) trait AdamStep: Backend {
    fn adam_step(
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        moment_1: FloatTensor<Self>,
        moment_2: FloatTensor<Self>,
        factors: Factors,
    ) -> Stepped<Self>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::optim::AdamConfig;

    const EPSILON: f32 = 1e-3;

    /// A weight after each of a few steps. The gradients differ in size and sign, and every other one is
    /// transposed in memory.
    fn steps(adam: &impl Optimizer, rows: usize, columns: usize, device: &Device) -> Vec<Vec<f32>> {
        let values = |scale: f32| {
            let value = |at: usize| scale * ((at * 7919 % 251) as f32 - 125.0).powi(3) * 1e-5;
            let data: Vec<f32> = (0..rows * columns).map(value).collect();
            Tensor::<1>::from_floats(data.as_slice(), device)
        };
        let mut weights = vec![values(0.1).reshape([rows, columns])];
        let mut state = None;
        for step in 0..5 {
            let gradient = values(step as f32 - 1.5);
            let gradient: Tensor<2> = if step % 2 == 0 {
                gradient.reshape([columns, rows]).transpose()
            } else {
                gradient.reshape([rows, columns])
            };
            let weight = weights[step].clone();
            let stepped = adam.step(0.01, weight, gradient, state);
            weights.push(stepped.0);
            state = stepped.1;
        }
        // Read at the end, so that a step that alters its input fails the test.
        let read = |weight: Tensor<2>| weight.into_data().try_into_vec_as().expect("floats");
        weights.into_iter().map(read).collect()
    }

    fn expected(rows: usize, columns: usize) -> Vec<Vec<f32>> {
        let adam = AdamConfig::new().with_epsilon(EPSILON).build();
        steps(&adam, rows, columns, &Device::flex())
    }

    #[test]
    fn steps_on_flex_equal_burns_own_to_the_bit() {
        for (rows, columns) in [(1, 1), (3, 5), (300, 401)] {
            let found = steps(&Adam::new(EPSILON, false), rows, columns, &Device::flex());
            assert!(found == expected(rows, columns), "{rows} x {columns}");
        }
    }

    #[test]
    fn a_step_on_flex_works_in_place() {
        let device = Device::flex();
        let address = |tensor: &Tensor<1>| match tensor.clone().into_dispatch().kind {
            burn::backend::DispatchTensorKind::Flex(tensor) => tensor.float().bytes().as_ptr(),
            _ => panic!("a tensor of another backend"),
        };
        let tensors = [0, 1].map(|_| Tensor::<1>::from_floats([0.5, -1.0], &device));
        let [weight, gradient] = tensors;
        let adam = Adam::new(EPSILON, false);
        let (weight, state) = adam.step(0.01, weight, gradient.clone(), None);
        let addresses = |weight: &Tensor<1>, state: &Option<AdamState<1>>| {
            let moments = &state.as_ref().expect("it has one").momentum;
            [weight, &moments.moment_1, &moments.moment_2].map(address)
        };
        let before = addresses(&weight, &state);
        let (weight, state) = adam.step(0.01, weight, gradient, state);
        assert_eq!(addresses(&weight, &state), before);
    }

    #[cfg(feature = "libtorch")]
    #[test]
    fn steps_on_libtorch_equal_burns_own() {
        let found = steps(&Adam::new(EPSILON, false), 3, 5, &Device::libtorch());
        for (found, expected) in found.iter().flatten().zip(expected(3, 5).iter().flatten()) {
            assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
        }
    }
}
