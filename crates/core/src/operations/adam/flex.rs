//! Adam's step on Flex: everything is read and written once, in place.

use super::{AdamStep, Factors, KEPT, Stepped};
use burn::backend::Flex;
use burn::backend::flex::FlexTensor;
#[cfg(feature = "rayon")]
use rayon::prelude::*;

/// Weights that a thread steps at a time: few beside a layer's, so that all threads have a share.
#[cfg(feature = "rayon")]
const PIECE: usize = 1 << 16;

impl AdamStep for Flex {
    fn adam_step(
        weight: FlexTensor,
        gradient: FlexTensor,
        moment_1: FlexTensor,
        moment_2: FlexTensor,
        factors: Factors,
    ) -> Stepped<Self> {
        let gradient = contiguous(gradient);
        let [mut weight, mut moment_1, mut moment_2] = [weight, moment_1, moment_2].map(contiguous);
        let numbers = (
            weight.storage_mut(),
            gradient.storage(),
            moment_1.storage_mut(),
            moment_2.storage_mut(),
        );
        step_all(numbers, factors);
        Stepped {
            weight,
            moment_1,
            moment_2,
        }
    }
}

/// The same numbers one after another, as all but the gradients of transposed weights are already.
fn contiguous(tensor: FlexTensor) -> FlexTensor {
    tensor.to_contiguous()
}

/// Weights, their gradients, and both moments.
type Numbers<'a> = (&'a mut [f32], &'a [f32], &'a mut [f32], &'a mut [f32]);

#[cfg(feature = "rayon")]
fn step_all((weights, gradients, firsts, seconds): Numbers, factors: Factors) {
    (
        weights.par_chunks_mut(PIECE),
        gradients.par_chunks(PIECE),
        firsts.par_chunks_mut(PIECE),
        seconds.par_chunks_mut(PIECE),
    )
        .into_par_iter()
        .for_each(|numbers| step(numbers, factors));
}

#[cfg(not(feature = "rayon"))]
use step as step_all;

/// As burn's, operation by operation, so that every number is the same to the bit.
fn step((weights, gradients, firsts, seconds): Numbers, factors: Factors) {
    let Factors {
        correction,
        epsilon,
        rate,
    } = factors;
    let [kept_1, kept_2] = KEPT;
    let moments = firsts.iter_mut().zip(seconds);
    for ((weight, gradient), (first, second)) in weights.iter_mut().zip(gradients).zip(moments) {
        *first = *first * kept_1 + gradient * (1.0 - kept_1);
        *second = *second * kept_2 + gradient * gradient * (1.0 - kept_2);
        *weight -= *first * correction / (second.sqrt() + epsilon) * rate;
    }
}
