//! Accuracy, confusion and calibration, against numbers worked out by hand.

use signet_recognizer::{Evaluation, argmax, labels, softmax};

#[test]
fn an_evaluation_counts_right_answers_mistakes_and_calibration() {
    let labels = vec!["a".to_owned(), "b".to_owned(), "c".to_owned()];
    let sure = [0.9, 0.1, 0.0];
    let unsure = [0.3, 0.6, 0.1];
    let answers = [
        (0, &sure[..]),
        (0, &sure[..]),
        (1, &sure[..]),
        (1, &unsure[..]),
    ];
    let found = Evaluation::new(&labels, answers);
    assert_eq!(found.images, 4);
    assert_eq!(found.accuracy, 0.75);
    assert_eq!(found.confusion, [[2, 0, 0], [1, 1, 0], [0, 0, 0]]);
    assert_eq!(found.per_class.len(), 2);
    assert_eq!(found.per_class["a"], 1.0);
    assert_eq!(found.per_class["b"], 0.5);
    // Confidence 0.9, right 2 of 3; confidence 0.6, right 1 of 1.
    let expected = (3.0 * (0.9 - 2.0 / 3.0) + (1.0 - 0.6)) / 4.0;
    assert!((found.ece - expected).abs() < 1e-6, "{}", found.ece);
}

#[test]
fn an_evaluation_of_nothing_is_zero_and_not_nan() {
    let found = Evaluation::new(&labels::digits(), []);
    assert_eq!((found.images, found.accuracy, found.ece), (0, 0.0, 0.0));
}

#[test]
fn softmax_survives_large_logits() {
    let probabilities = softmax(&[1000.0, 1000.0, -1000.0]);
    assert_eq!(probabilities, [0.5, 0.5, 0.0]);
    assert_eq!(argmax(&probabilities), 0);
    assert_eq!(argmax(&[f32::NAN, 1.0]), 0);
}
