//! Adam's step on Flex: every value is read and written once, in place.

use super::{AdamStep, BETAS, Factors, Stepped};
use burn::backend::Flex;
use burn::backend::flex::FlexTensor;
#[cfg(feature = "rayon")]
use rayon::prelude::*;

/// Weights that a thread updates at a time: few compared to a layer's, so that the load is balanced.
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
        // Only gradients of transposed weights are copied.
        let contiguous = |tensor: FlexTensor| tensor.to_contiguous();
        let gradient = contiguous(gradient);
        let [mut weight, mut moment_1, mut moment_2] = [weight, moment_1, moment_2].map(contiguous);
        let slices = (
            weight.storage_mut(),
            gradient.storage(),
            moment_1.storage_mut(),
            moment_2.storage_mut(),
        );
        step_all(slices, factors);
        Stepped {
            weight,
            moment_1,
            moment_2,
        }
    }
}

/// Weights, their gradients, and both moments.
type Slices<'a> = (&'a mut [f32], &'a [f32], &'a mut [f32], &'a mut [f32]);

#[cfg(feature = "rayon")]
fn step_all((weights, gradients, firsts, seconds): Slices, factors: Factors) {
    (
        weights.par_chunks_mut(PIECE),
        gradients.par_chunks(PIECE),
        firsts.par_chunks_mut(PIECE),
        seconds.par_chunks_mut(PIECE),
    )
        .into_par_iter()
        .for_each(|slices| step(slices, factors));
}

#[cfg(not(feature = "rayon"))]
use step as step_all;

/// The operations of burn's Adam in the same order, so that the result is the same to the bit.
fn step((weights, gradients, firsts, seconds): Slices, factors: Factors) {
    let Factors {
        correction,
        epsilon,
        rate,
    } = factors;
    let [beta_1, beta_2] = BETAS;
    let moments = firsts.iter_mut().zip(seconds);
    for ((weight, gradient), (first, second)) in weights.iter_mut().zip(gradients).zip(moments) {
        *first = *first * beta_1 + gradient * (1.0 - beta_1);
        *second = *second * beta_2 + gradient * gradient * (1.0 - beta_2);
        *weight -= *first * correction / (second.sqrt() + epsilon) * rate;
    }
}
