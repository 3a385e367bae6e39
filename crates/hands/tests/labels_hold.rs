//! A hand shows the number it was drawn for, and a hard negative shows none.

use signet_hands::{FORMS, Form, Hand, Subject, other_form};

fn count(fingers: [bool; 5]) -> u8 {
    fingers.iter().filter(|up| **up).count() as u8
}

#[test]
fn as_many_fingers_are_up_as_the_label_says() {
    for label in 0..=5 {
        for seed in 0..200 {
            let hand = Hand::random(Subject::Sign(label), seed);
            assert_eq!(hand.label(), Some(label));
            match hand.fingers() {
                Some(fingers) => assert_eq!(count(fingers), label),
                None => assert_eq!((hand.form, label), (Form::RoundO, 0)),
            }
        }
    }
}

#[test]
fn a_chosen_set_of_fingers_is_kept() {
    for form in FORMS {
        assert_eq!(count(form.fingers), form.label);
        let hand = Hand::with_fingers(form.fingers, 5);
        assert_eq!(hand.fingers(), Some(form.fingers));
    }
}

#[test]
fn other_forms_are_labelled_and_come_in_every_number() {
    let mut seen = [false; 6];
    for seed in 0..100 {
        let (label, hand) = other_form(seed);
        assert_eq!(hand.label(), Some(label));
        assert_ne!(hand.form, Form::RoundO);
        seen[usize::from(label)] = true;
    }
    assert_eq!(seen, [true; 6]);
}

#[test]
fn hard_negatives_have_no_label() {
    for seed in 0..200 {
        let hand = Hand::random(Subject::HardNegative, seed);
        assert!(hand.fingers().is_none() && hand.label().is_none());
        assert!(matches!(hand.form, Form::HardNegative(_)));
    }
}
