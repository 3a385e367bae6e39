//! Batch norms' statistics, computed anew.

use crate::fixtures::fixture;
use crate::written::{largest_difference, picture};
use signet_interop::keras::import;
use signet_interop::statistics::recompute;
use signet_recognizer::{HostTensor, InputImage, Weights};

fn pictures() -> Vec<InputImage> {
    // As the fixtures' script has settled the statistics, in steps of a 64th.
    (100..116).map(picture).collect()
}

#[test]
fn lost_statistics_come_back_from_the_pictures() {
    let whole = import(fixture("named-3.h5")).unwrap().weights;
    let mut tensors = whole.tensors().clone();
    for (name, tensor) in &mut tensors {
        if name.contains("running_") {
            let value = if name.ends_with("mean") { 0.0 } else { 1.0 };
            *tensor = HostTensor::new(tensor.shape.clone(), vec![value; tensor.count()]);
        }
    }
    let lost = Weights::new(whole.config().clone(), whole.labels().to_vec(), tensors).unwrap();
    let apart = |weights: &Weights| {
        let all = whole.tensors().iter();
        let pairs = all.map(|(name, tensor)| {
            [
                tensor.floats().to_vec(),
                weights.tensors()[name].floats().to_vec(),
            ]
        });
        let [left, right]: [Vec<_>; 2] =
            pairs.fold([Vec::new(), Vec::new()], |[mut a, mut b], [c, d]| {
                a.push(c);
                b.push(d);
                [a, b]
            });
        largest_difference(&left, &right)
    };
    assert!(apart(&lost) > 1.0);
    let found = recompute(&lost, &pictures()).unwrap();
    // The script's steps of a 64th are all that differs.
    let difference = apart(&found);
    assert!(difference < 0.01, "{difference}");
    // Nothing but the statistics changes.
    for (name, tensor) in found.tensors() {
        assert_eq!(
            name.contains("running_"),
            &whole.tensors()[name] != tensor,
            "{name}"
        );
    }
}

#[test]
fn statistics_are_refused_where_there_can_be_none() {
    let weights = import(fixture("named-3.h5")).unwrap().weights;
    let code =
        |weights: &Weights, count| recompute(weights, &pictures()[..count]).unwrap_err().code();
    assert_eq!(code(&weights, 7), "statistics-pictures");
    assert_eq!(code(&weights.clone().fold(), 16), "statistics-folded");
}
