//! A weights file as a training of the last stage leaves it, for the tests with other programs' readers:
//! `taught WEIGHTS OUT` stores the kernels of stage 5 in finer steps than int8, and leaves the others as they are.

use signet_recognizer::{Precision, Weights};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut given = std::env::args().skip(1);
    let (Some(weights), Some(out)) = (given.next(), given.next()) else {
        return Err("usage: taught WEIGHTS OUT".into());
    };
    let weights = Weights::from_bytes(&std::fs::read(weights)?)?;
    let (config, labels) = (weights.config().clone(), weights.labels().to_vec());
    let is_trained = |name: &str| name.starts_with("res5");
    let mut tensors = weights.into_tensors();
    for (name, tensor) in &mut tensors {
        if is_trained(name) {
            tensor.floats_mut();
        }
    }
    let taught = Weights::new(config, labels, tensors)?.refined(is_trained);
    std::fs::write(out, taught.to_bytes(Precision::Kept)?)?;
    Ok(())
}
