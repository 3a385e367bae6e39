//! Adam's step in half the passes over the weights: burn composes it of thirteen.
#![expect(
    deprecated,
    reason = "burn still ships LibTorch, and no other crate does"
)]

use super::serves;
use burn::backend::libtorch::TchTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, ExtensionType, LibTorch, backend_extension};
use burn::optim::{self, AdamConfig, AdamState, LearningRate, Optimizer};
use burn::tensor::{Device, Tensor};

/// How far the moments move towards a gradient: Keras' and burn's constants.
const TOWARDS: [f64; 2] = [1.0 - 0.9, 1.0 - 0.999];

/// burn's Adam, with its state, and with steps of its own on LibTorch.
#[derive(Clone)]
pub(crate) struct Adam {
    burn: optim::Adam,
    epsilon: f64,
}

/// Adam with burn's constants but for the epsilon.
pub(crate) fn adam(epsilon: f32) -> Adam {
    Adam {
        burn: AdamConfig::new().with_epsilon(epsilon).build(),
        epsilon: f64::from(epsilon),
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
        let mut state = match state {
            Some(state) if serves(&weight.device()) => state,
            state => return self.burn.step(rate, weight, gradient, state),
        };
        let moments = &mut state.momentum;
        moments.time += 1;
        let [first, second] = TOWARDS.map(|share| 1.0 - (1.0 - share).powf(moments.time as f64));
        let factors = Factors {
            rate: -rate * second.sqrt() / first,
            epsilon: self.epsilon * second.sqrt(),
        };
        let stepped = <Dispatch as AdamStep>::adam_step(
            weight.into_dispatch(),
            gradient.into_dispatch(),
            moments.moment_1.clone().into_dispatch(),
            moments.moment_2.clone().into_dispatch(),
            factors,
        );
        moments.moment_1 = Tensor::from_dispatch(stepped.moment_1);
        moments.moment_2 = Tensor::from_dispatch(stepped.moment_2);
        (Tensor::from_dispatch(stepped.weight), Some(state))
    }

    fn to_device<const D: usize>(state: AdamState<D>, device: &Device) -> AdamState<D> {
        optim::Adam::to_device(state, device)
    }
}

/// What the moments are corrected by for having begun at zero, drawn together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Factors {
    rate: f64,
    epsilon: f64,
}

/// A weight and its moments after a step.
#[derive(ExtensionType)]
pub(crate) struct Stepped<B: Backend> {
    weight: FloatTensor<B>,
    moment_1: FloatTensor<B>,
    moment_2: FloatTensor<B>,
}

#[backend_extension(LibTorch)]
pub(crate) trait AdamStep: Backend {
    fn adam_step(
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        moment_1: FloatTensor<Self>,
        moment_2: FloatTensor<Self>,
        factors: Factors,
    ) -> Stepped<Self>;
}

impl AdamStep for LibTorch {
    fn adam_step(
        weight: TchTensor,
        gradient: TchTensor,
        moment_1: TchTensor,
        moment_2: TchTensor,
        factors: Factors,
    ) -> Stepped<Self> {
        let lerp = |moment: TchTensor, target: &tch::Tensor, share: f64| {
            moment.unary_ops(
                |mut moment| moment.lerp_(target, share),
                |moment| moment.lerp(target, share),
            )
        };
        let [first, second] = TOWARDS;
        let moment_1 = lerp(moment_1, &gradient.tensor, first);
        let moment_2 = lerp(moment_2, &gradient.tensor.square(), second);
        let mut divisor = moment_2.tensor.sqrt();
        // tch has no factor for `addcdiv`, so it is in the divisor.
        let _ = divisor.g_add_scalar_(factors.epsilon);
        let _ = divisor.g_mul_scalar_(1.0 / factors.rate);
        let weight = weight.unary_ops(
            |mut weight| weight.addcdiv_(&moment_1.tensor, &divisor),
            |weight| weight.addcdiv(&moment_1.tensor, &divisor),
        );
        Stepped {
            weight,
            moment_1,
            moment_2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weights after a few steps by gradients that differ in size and sign.
    fn steps(device: &Device) -> Vec<f32> {
        let adam = adam(1e-3);
        let mut weight = Tensor::<1>::from_floats([0.5, -1.0, 2.0, 0.0], device);
        let mut state = None;
        for step in 1..=5 {
            let scale = step as f32 - 2.5;
            let gradient = Tensor::<1>::from_floats([scale, 1e-4, -40.0 * scale, 0.0], device);
            (weight, state) = adam.step(0.01, weight, gradient, state);
        }
        let data = weight.into_data();
        data.try_into_vec_as().expect("floats")
    }

    #[test]
    fn steps_on_libtorch_are_burns() {
        let found = steps(&Device::libtorch());
        let expected = steps(&Device::flex());
        for (found, expected) in found.iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
        }
    }
}
