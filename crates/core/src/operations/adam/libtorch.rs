//! Adam's step on LibTorch, from fused operations (`lerp`, `addcdiv`).
#![expect(
    deprecated,
    reason = "burn still ships LibTorch, and no other crate does"
)]

use super::{AdamStep, BETAS, Factors, Stepped};
use burn::backend::LibTorch;
use burn::backend::libtorch::TchTensor;

impl AdamStep for LibTorch {
    fn adam_step(
        weight: TchTensor,
        gradient: TchTensor,
        moment_1: TchTensor,
        moment_2: TchTensor,
        factors: Factors,
    ) -> Stepped<Self> {
        let lerp = |moment: TchTensor, target: &tch::Tensor, beta: f32| {
            let share = f64::from(1.0 - beta);
            moment.unary_ops(
                |mut moment| moment.lerp_(target, share),
                |moment| moment.lerp(target, share),
            )
        };
        let [beta_1, beta_2] = BETAS;
        let moment_1 = lerp(moment_1, &gradient.tensor, beta_1);
        let moment_2 = lerp(moment_2, &gradient.tensor.square(), beta_2);
        let mut divisor = moment_2.tensor.sqrt();
        // tch's `addcdiv` has no scale, so the divisor includes it.
        let _ = divisor.g_add_scalar_(f64::from(factors.epsilon));
        let _ = divisor.g_mul_scalar_(-1.0 / f64::from(factors.correction * factors.rate));
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
